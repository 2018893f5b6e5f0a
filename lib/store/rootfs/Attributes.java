package lib.store.rootfs;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import lib.store.tar.ByteName;
import lib.store.tar.TarEntry;
import org.jspecify.annotations.Nullable;

/** Gives files the owners, modes and times that a layer says, as far as this system and this user can. */
final class Attributes {
    private static final Set<PosixFilePermission> USABLE = EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);
    private static final FileAttribute<?>[] PRIVATE = {PosixFilePermissions.asFileAttribute(USABLE)};
    private static final FileAttribute<?>[] USUAL = {};
    private static final int ALL_BITS = 07777;
    private static final int SETGID = 02000;
    /** The mode of a folder that needs none given back. */
    static final int KEPT = -1;

    private final UnsupportedEntries leftOut;
    private final boolean unix;
    private final boolean root;
    private boolean ignoresCase;
    /** What new files are like, or null if they may be this way or that. */
    private @Nullable Usual usual;

    /** @param folder an empty folder that this user has made: its owner returns whether the user is root */
    Attributes(Path folder, UnsupportedEntries leftOut) throws IOException {
        this.leftOut = leftOut;
        unix = folder.getFileSystem().supportedFileAttributeViews().contains("unix");
        root = unix && Integer.valueOf(0).equals(Files.getAttribute(folder, "unix:uid"));
        probe(folder);
    }

    boolean isRoot() {
        return root;
    }

    boolean isUnix() {
        return unix;
    }

    /** Returns whether names that differ only in case are one file here. */
    boolean ignoresCase() {
        return ignoresCase;
    }

    /** Makes a folder with a file in it, to see what new ones are like here, and removes them. */
    private void probe(Path folder) throws IOException {
        Path outer = Files.createDirectory(folder.resolve("probe"));
        Path inner = Files.createFile(outer.resolve("file"));
        try {
            ignoresCase = Files.exists(outer.resolve("FILE"));
            if (unix) {
                int folderMode = (int) Files.getAttribute(outer, "unix:mode") & ALL_BITS;
                int fileMode = (int) Files.getAttribute(inner, "unix:mode") & ALL_BITS;
                usual = (folderMode & SETGID) != 0 ? null : new Usual(fileMode, folderMode, (int) Files.getAttribute(inner, "unix:gid"));
            }
        } finally {
            Files.delete(inner);
            Files.delete(outer);
        }
    }

    /** What new files are given here by themselves: nothing is to be done where that is right. */
    private record Usual(int fileMode, int folderMode, int gid) {
        int mode(TarEntry entry) {
            return entry.isFile() ? fileMode : entry.isFolder() ? folderMode : KEPT;
        }
    }

    /** Returns what a file is like, or null when there is none; a link is not followed. */
    @Nullable BasicFileAttributes read(Path path) throws IOException {
        try {
            return unix ? Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    : Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** Lets this user read and fill a folder, which root always may; returns the mode to give back to it, or {@link #KEPT}. */
    int makeUsable(Path folder, BasicFileAttributes found) throws IOException {
        if (root || !(found instanceof PosixFileAttributes posix) || posix.permissions().containsAll(USABLE)) {
            return KEPT;
        }
        int mode = (int) Files.getAttribute(folder, "unix:mode") & ALL_BITS;
        Files.setAttribute(folder, "unix:mode", mode | 0700);
        return mode;
    }

    /** Gives a folder back what it had before it was filled. */
    void restore(Path folder, FileTime modified, int mode) throws IOException {
        if (modified != null) {
            setTime(folder, modified);
        }
        if (mode != KEPT) {
            Files.setAttribute(folder, "unix:mode", mode, LinkOption.NOFOLLOW_LINKS);
        }
    }

    /** Returns what a new file or folder is made with: nobody else can open one in the moment before it has the mode that keeps them out. */
    FileAttribute<?>[] firstMode(TarEntry entry) {
        return unix && (usual == null || (usual.mode(entry) & ~entry.mode()) != 0) ? PRIVATE : USUAL;
    }

    /**
     * Gives a file what its entry says. The owner comes before the mode: giving a file away takes its setuid bit.
     * The mode comes last: it may forbid the rest.
     */
    void set(Path path, TarEntry entry, boolean isNew) throws IOException {
        boolean isAsMade = isNew && usual != null;
        setOwner(path, entry, isAsMade);
        if (!isNew && entry.isFolder()) {
            Extended.clear(path);
        }
        if (!entry.extended().isEmpty()) {
            Extended.set(path, entry, root, leftOut);
        }
        if (entry.isSpecial()) {
            // Java opens what it gives a time to: a named pipe would make it wait for ever, and a device may do anything.
            Programs.run("touch", "-h", "-d", "@" + entry.modified().toMillis() / 1000, ByteName.ofWhole(path));
        } else {
            setTime(path, entry);
        }
        if (!unix) {
            leftOut.add("modes, which this system does not have", entry.name());
        } else if (!entry.isSymbolicLink() && !(isAsMade && entry.mode() == usual.mode(entry))) {
            Files.setAttribute(path, "unix:mode", entry.mode() & ALL_BITS);
        }
        if (entry.isFolder() && (!entry.extended().isEmpty() || (entry.mode() & SETGID) != 0)) {
            usual = null; // what is made in there may inherit a group or an access list
        }
    }

    private void setOwner(Path path, TarEntry entry, boolean isAsMade) throws IOException {
        if (!root) {
            if (entry.uid() != 0 || entry.gid() != 0) {
                leftOut.add("owners other than you", entry.name());
            }
            return;
        }
        try {
            if (!isAsMade || entry.uid() != 0) {
                Files.setAttribute(path, "unix:uid", (int) entry.uid(), LinkOption.NOFOLLOW_LINKS);
            }
            if (!isAsMade || entry.gid() != usual.gid) {
                Files.setAttribute(path, "unix:gid", (int) entry.gid(), LinkOption.NOFOLLOW_LINKS);
            }
        } catch (FileSystemException e) {
            leftOut.add("owners that root may not give here", entry.name()); // as in a container that knows few users
        }
    }

    private void setTime(Path path, FileTime time) throws IOException {
        Files.getFileAttributeView(path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS).setTimes(time, time, null); // with one of them missing, Java would ask for the other
    }

    private void setTime(Path path, TarEntry entry) throws IOException {
        try {
            setTime(path, entry.modified());
        } catch (FileSystemException e) {
            if (!entry.isSymbolicLink()) {
                throw e;
            }
            leftOut.add("times of symbolic links, which this Java cannot set", entry.name());
        }
    }
}
