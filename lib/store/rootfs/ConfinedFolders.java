package lib.store.rootfs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import lib.store.tar.ByteName;
import lib.store.tar.EntryPath;
import lib.store.tar.PathWalk;
import lib.store.tar.TarEntry;
import org.jspecify.annotations.Nullable;

/**
 * The folders from the root folder down to where the entry at hand belongs, each looked at: it is a folder and no link.
 * Nothing is ever written but in the last of them, so nothing is written outside the root folder.
 * Links on the way are followed as a process in the container would follow them: an absolute one begins at the root folder.
 * A link to something that is not there is not followed: what is written through it would land where nobody expects it.
 *
 * <p>Writing in a folder changes its time, and may need a permission that the folder does not give. A folder that is left
 * gets back what it had: so all folders left are right, and no list of them is kept to the end.
 */
final class ConfinedFolders {
    /** An open folder: its name, its place, and what it was like before. */
    private static final class Step {
        private final String part;
        private final Path path;
        private final long print;
        private final FileTime modified;
        private final int mode;
        private boolean isChanged;

        Step(String part, Path path, long print, FileTime modified, int mode) {
            this.part = part;
            this.path = path;
            this.print = print;
            this.modified = modified;
            this.mode = mode;
        }
    }

    private final Attributes attributes;
    private final boolean ignoresCase;
    private final Step root;
    private final List<Step> steps = new ArrayList<>();
    private final Deque<Step> held = new ArrayDeque<>();
    private boolean isHolding;
    private TarEntry rootEntry;

    /** @param root a folder that is there, without a link in its path */
    ConfinedFolders(Path root, Attributes attributes) throws IOException {
        this.attributes = attributes;
        this.ignoresCase = attributes.ignoresCase();
        this.root = new Step("", root, SeenPaths.ROOT, null, Attributes.KEPT);
    }

    /** Opens the folder of these parts, to write in it; folders that are missing are made. */
    void open(List<String> parts, String name) throws IOException {
        walk(parts, name, true);
        last().isChanged = true;
    }

    /** Opens the folder of these parts to take something away; returns whether there is such a folder. */
    boolean openIfThere(List<String> parts, String name) throws IOException {
        boolean isThere = walk(parts, name, false);
        last().isChanged |= isThere;
        return isThere;
    }

    /** Returns where something is, or would be, or null when its folder is not there. */
    @Nullable Path find(List<String> parts, String name) throws IOException {
        int end = parts.size() - 1;
        return end < 0 ? root.path : walk(parts.subList(0, end), name, false) ? child(parts.get(end), name) : null;
    }

    /** Returns the last open folder. */
    Path path() {
        return last().path;
    }

    /** Returns the fingerprint of the last open folder's path. */
    long print() {
        return last().print;
    }

    private Step last() {
        return steps.isEmpty() ? root : steps.get(steps.size() - 1);
    }

    private boolean isOpen(List<String> parts) {
        boolean same = parts.size() == steps.size();
        for (int i = parts.size() - 1; same && i >= 0; i--) {
            same = steps.get(i).part.equals(parts.get(i));
        }
        return same;
    }

    private boolean walk(List<String> parts, String name, boolean make) throws IOException {
        return isOpen(parts) || walkFromRoot(parts, name, make);
    }

    private boolean walkFromRoot(List<String> parts, String name, boolean make) throws IOException {
        PathWalk walk = new PathWalk(parts);
        int depth = 0;
        while (walk.hasNext()) {
            String part = walk.next();
            if (part.equals("..")) {
                if (--depth < 0) {
                    throw EntryPath.refused(name, "goes through a link that leads out of the root file system");
                }
            } else if (depth < steps.size() && steps.get(depth).part.equals(part)) {
                depth++;
            } else {
                leave(depth);
                Path next = child(part, name);
                BasicFileAttributes found = attributes.read(next);
                if (found == null && make && !walk.isOfLink()) {
                    found = make(next);
                }
                if (found == null && make) {
                    throw EntryPath.refused(name, "goes through a link that leads out of the root file system or nowhere");
                }
                if (found != null && found.isSymbolicLink()) {
                    Path target = Files.readSymbolicLink(next);
                    depth = target.getRoot() == null ? depth : 0;
                    if (!walk.follow(ByteName.parts(target))) {
                        throw EntryPath.refused(name, "goes through a circle of links");
                    }
                } else if (found != null && found.isDirectory()) {
                    steps.add(step(part, next, found));
                    depth++;
                } else if (make) {
                    throw EntryPath.refused(name, "is below '" + ByteName.shown(part) + "', which is not a folder");
                } else {
                    return false;
                }
            }
        }
        leave(depth);
        return true;
    }

    /** Opens a folder: one that is kept for a hard link knows what it was like before it was changed. */
    private Step step(String part, Path folder, BasicFileAttributes found) throws IOException {
        for (Step kept : held) {
            if (kept.path.equals(folder)) {
                held.remove(kept);
                return kept;
            }
        }
        return new Step(part, folder, SeenPaths.print(last().print, part), found.lastModifiedTime(), attributes.makeUsable(folder, found));
    }

    private BasicFileAttributes make(Path folder) throws IOException {
        Files.createDirectory(folder);
        last().isChanged = true;
        return attributes.read(folder);
    }

    /** Returns a place in the last open folder. What this system cannot name, as Windows cannot name a colon, is left out. */
    Path child(String part, String name) throws IOException {
        Path parent = last().path;
        if (attributes.isUnix()) {
            EntryPath.checkLength(root.path, part, name);
        }
        Path child;
        try {
            child = parent.resolve(ByteName.path(part));
        } catch (InvalidPathException e) {
            throw new UnsupportedEntries.Entry("names that this system cannot have");
        }
        if (part.isEmpty() || part.equals(".") || part.equals("..") || part.indexOf('/') >= 0 || !parent.equals(child.getParent())) {
            throw EntryPath.refused(name, "does not stay in its folder on this system");
        }
        if (ignoresCase && Files.exists(child, LinkOption.NOFOLLOW_LINKS)) {
            String there = ByteName.of(child.toRealPath(LinkOption.NOFOLLOW_LINKS));
            if (!there.equals(part) && there.equalsIgnoreCase(part)) {
                throw new UnsupportedEntries.Entry("names that differ from others only in case, which this system does not tell apart");
            }
        }
        return child;
    }

    /** Leaves the folders below a depth, the deepest first. */
    private void leave(int depth) throws IOException {
        while (steps.size() > depth) {
            Step step = steps.remove(steps.size() - 1);
            if (isHolding) {
                held.add(step);
            } else {
                restore(step);
            }
        }
    }

    private void restore(Step step) throws IOException {
        attributes.restore(step.path, step.isChanged ? step.modified : null, step.mode);
    }

    /** Keeps folders that are left usable until {@link #release()}: a hard link needs two places at a time. */
    void hold() {
        isHolding = true;
    }

    /** Tells that a hard link takes the place of a folder: what was kept of that one is not for what its path leads to from now on. */
    void forget(Path folder) {
        held.removeIf(step -> step.path.startsWith(folder));
    }

    /** Leaves the folders that were kept. */
    void release() throws IOException {
        isHolding = false;
        while (!held.isEmpty()) {
            restore(held.remove());
        }
    }

    /** Keeps what a layer says of the root folder itself, which is open to the end. */
    void setRoot(TarEntry entry) {
        rootEntry = entry;
    }

    /** Leaves all folders. */
    void close() throws IOException {
        leave(0);
        if (rootEntry != null) {
            attributes.set(root.path, rootEntry, false);
            rootEntry = null;
        }
    }
}
