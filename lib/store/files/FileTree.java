package lib.store.files;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lib.failure.WrongContentException;
import lib.store.layer.Whiteouts;
import lib.store.tar.ByteName;
import lib.store.tar.EntryPath;
import lib.store.tar.PathWalk;
import lib.store.tar.TarEntry;
import org.jspecify.annotations.Nullable;

/**
 * The files of an image as its layers make them, in memory: what is where, and in which layer its content is.
 * Layers are applied as {@code lib.store.rootfs.LayerWriter} applies them to a folder, and what it refuses is refused here.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/layer.md#applying-changesets">image-spec, Applying Changesets</a>
 */
public final class FileTree {
    /** Linux has paths of at most 4096 bytes, and so folders of half this depth. */
    private static final int DEEPEST = 2048;
    private static final int NO_LAYER = -1;
    private static final Path TOP = Path.of("/");

    /** Takes a file and the path that it has. */
    public interface Visitor {
        void file(String path, FileNode node) throws IOException;
    }

    private final FileNode root = new FileNode(null, NO_LAYER, 0);
    /** What AUFS kept in the layer at hand for hard links to lead to. */
    private final Map<List<String>, FileNode> aufsLinks = new HashMap<>();
    private int layer = NO_LAYER;
    private long number;

    /** Tells that the entries to come are of the next layer. */
    public void nextLayer() {
        layer++;
        number = 0;
        aufsLinks.clear();
    }

    /** Returns the root folder, as if it had a name. */
    public FileNode.Name root() {
        return new FileNode.Name(root, NO_LAYER);
    }

    /**
     * Applies an entry of the layer at hand.
     *
     * @throws WrongContentException if the entry would lead outside the tree, or is of a type that a layer may not hold
     */
    public void add(TarEntry entry) throws IOException {
        long count = number++;
        List<String> parts = EntryPath.parts(entry.name());
        String last = parts.isEmpty() ? "" : parts.get(parts.size() - 1);
        if (Whiteouts.isOfAufs(parts)) {
            if (Whiteouts.isAufsLink(parts) && entry.isFile()) {
                aufsLinks.put(parts, new FileNode(entry, layer, count));
            }
        } else if (Whiteouts.is(last)) {
            Whiteouts.apply(entry.name(), parts, last, new Hiding());
        } else if (!parts.isEmpty()) {
            place(entry, parts, count);
        } else if (entry.isFolder()) {
            root.describe(entry);
        } else {
            throw EntryPath.refused(entry.name(), "would take the place of the root folder");
        }
    }

    private void place(TarEntry entry, List<String> parts, long count) throws WrongContentException {
        if (!entry.isProper()) {
            throw EntryPath.refused(entry.name(), "is of a type that a layer may not hold");
        }
        EntryPath.checkLength(TOP, parts.get(parts.size() - 1), entry.name());
        if (entry.isSymbolicLink()) {
            EntryPath.checkTarget(entry.link(), entry.name());
        }
        FileNode node = entry.type() == TarEntry.HARD_LINK ? linked(entry) : new FileNode(entry, layer, count);
        String last = parts.get(parts.size() - 1);
        FileNode folder = walk(parts.subList(0, parts.size() - 1), entry.name(), true);
        FileNode.Name old = folder.names().get(last);
        if (old != null && old.node().isFolder() && entry.isFolder()) {
            old.node().describe(entry);
            node = old.node();
        } else if (old != null && old.node().isFolder() && entry.type() == TarEntry.HARD_LINK) {
            folder.names().remove(last);
            if (target(entry) != node) {
                throw EntryPath.refused(entry.name(), "takes the place of what it is a hard link to");
            }
        }
        folder.names().put(last, new FileNode.Name(node, layer));
    }

    private FileNode linked(TarEntry entry) throws WrongContentException {
        FileNode node = target(entry);
        if (node == null || node.isFolder()) {
            throw EntryPath.refused(entry.name(), "is a hard link to '" + ByteName.shown(entry.link()) + "', which is not a file here");
        }
        return node;
    }

    private FileNode target(TarEntry link) throws WrongContentException {
        List<String> parts = EntryPath.parts(link.link());
        return Whiteouts.isAufsLink(parts) ? aufsLinks.get(parts) : find(parts, link.name());
    }

    /** Returns what is at a path, links on the way to it followed, or null. */
    private @Nullable FileNode find(List<String> parts, String name) throws WrongContentException {
        if (parts.isEmpty()) {
            return root;
        }
        FileNode folder = walk(parts.subList(0, parts.size() - 1), name, false);
        FileNode.Name found = folder == null ? null : folder.names().get(parts.get(parts.size() - 1));
        return found == null ? null : found.node();
    }

    /** Returns the folder of these parts, or null when there is none and none is to be made. */
    private @Nullable FileNode walk(List<String> parts, String name, boolean make) throws WrongContentException {
        PathWalk walk = new PathWalk(parts);
        Deque<FileNode> way = new ArrayDeque<>(List.of(root));
        while (walk.hasNext()) {
            String part = walk.next();
            if (part.equals("..")) {
                way.pop();
                if (way.isEmpty()) {
                    throw EntryPath.refused(name, "goes through a link that leads out of the root file system");
                }
                continue;
            }
            FileNode.Name found = way.peek().names().get(part);
            if (found == null && !make) {
                return null;
            }
            if (found == null && walk.isOfLink()) {
                throw EntryPath.refused(name, "goes through a link that leads out of the root file system or nowhere");
            }
            FileNode node = found != null ? found.node() : new FileNode(null, layer, 0);
            if (found == null) {
                way.peek().names().put(part, new FileNode.Name(node, NO_LAYER));
            }
            if (node.isFolder() && way.size() < DEEPEST) {
                way.push(node);
            } else if (node.isFolder()) {
                throw EntryPath.refused(name, "is too deep for any system");
            } else if (node.entry().isSymbolicLink()) {
                if (!walk.follow(node.entry().link())) {
                    throw EntryPath.refused(name, "goes through a circle of links");
                }
                if (node.entry().link().startsWith("/")) {
                    way = new ArrayDeque<>(List.of(root));
                }
            } else if (make) {
                throw EntryPath.refused(name, "is below '" + ByteName.shown(part) + "', which is not a folder");
            } else {
                return null;
            }
        }
        return way.peek();
    }

    /** What whiteouts do here. */
    private final class Hiding implements Whiteouts.Files {
        private FileNode folder;

        @Override
        public boolean open(List<String> parts, String name) throws IOException {
            folder = walk(parts, name, false);
            return folder != null;
        }

        @Override
        public void removeAll() {
            removeBelow(folder);
        }

        @Override
        public void remove(String hidden, String name) {
            FileNode.Name found = folder.names().get(hidden);
            if (found != null && isRemoved(found)) {
                folder.names().remove(hidden);
            }
        }

        private void removeBelow(FileNode parent) {
            parent.names().values().removeIf(this::isRemoved);
        }

        /** A folder stays that this layer has brought or put something into. */
        private boolean isRemoved(FileNode.Name name) {
            if (name.node().isFolder()) {
                removeBelow(name.node());
            }
            return name.layer() < layer && name.node().names().isEmpty();
        }
    }

    /**
     * Visits all files, a folder before what is in it, in the order of their names.
     *
     * @throws IOException if the visitor throws it
     */
    public void visit(Visitor visitor) throws IOException {
        visit("", root, visitor);
    }

    private static void visit(String path, FileNode folder, Visitor visitor) throws IOException {
        for (Map.Entry<String, FileNode.Name> name : folder.names().entrySet()) {
            String child = path + name.getKey();
            visitor.file(child, name.getValue().node());
            visit(child + "/", name.getValue().node(), visitor);
        }
    }
}
