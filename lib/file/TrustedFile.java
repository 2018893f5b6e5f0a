package lib.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Files whose names others can foresee, such as {@code NAME.part}. In a folder that others may write to, such as {@code /tmp}, one of them may have put
 * a link there, to have another file overwritten, or a file that stays theirs. As the Linux kernel has it ({@code fs.protected_symlinks},
 * {@code fs.protected_regular}), only links of this user, of root or of the folder's owner are followed, and in a folder for everybody only such files opened.
 */
public final class TrustedFile {
    private static final Integer ROOT = 0;
    private static final int OTHERS_WRITE = 02;
    private static final int GROUP_WRITES = 020;

    private TrustedFile() { }

    /** Opens a file; throws FileSystemException if it belongs to another user, or is not a regular file, or none can be made in its folder. */
    public static FileChannel open(Path file, OpenOption... options) throws IOException {
        check(file);
        Set<OpenOption> all = new HashSet<>(List.of(options));
        if (Files.isSymbolicLink(file)) {
            return opened(file, all); // this user's own
        }
        all.add(LinkOption.NOFOLLOW_LINKS);
        return opened(file, all);
    }

    private static FileChannel opened(Path file, Set<OpenOption> options) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new FileSystemException(file.toString(), null, "not a regular file; delete it, or write somewhere else");
        }
        try {
            return FileChannel.open(file, options);
        } catch (NoSuchFileException e) {
            throw options.contains(StandardOpenOption.CREATE) ? unmade(file, e) : e;
        }
    }

    /**
     * Makes a folder, and those above it, where they are missing.
     *
     * @throws FileSystemException if that cannot be done; it names the folder that nothing can be made in
     */
    public static Path folder(Path folder) throws IOException {
        try {
            return Files.createDirectories(folder);
        } catch (NoSuchFileException e) {
            throw unmade(Path.of(e.getFile()), e);
        }
    }

    /** Some folders are there, and still what is to be made in them is said not to exist: {@code /proc} is one. Then the folder is what is wrong. */
    static FileSystemException unmade(Path file, NoSuchFileException trouble) {
        Path folder = file.toAbsolutePath().getParent();
        boolean isThere = folder != null && Files.isDirectory(folder) && !Files.isSymbolicLink(file);
        return isThere ? new FileSystemException(folder.toString(), null, "nothing can be made in this folder; write somewhere else") : trouble;
    }

    /** Throws FileSystemException when something of somebody else's is there; a link is not followed. */
    public static void check(Path path) throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !isTrusted(path)) {
            String what = Files.isSymbolicLink(path) ? "a symbolic link that belongs to another user" : "belongs to another user";
            throw new FileSystemException(path.toString(), null, what + "; delete it, or write somewhere else");
        }
    }

    private static boolean isTrusted(Path path) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        if (folder == null || !path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return true;
        }
        boolean isForEverybody = ((int) Files.getAttribute(folder, "unix:mode") & OTHERS_WRITE) != 0;
        if (!Files.isSymbolicLink(path) && !isForEverybody) {
            return true; // colleagues may go on with each other's work
        }
        Object owner = Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        return owner.equals(ROOT) || owner.equals(Files.getAttribute(folder, "unix:uid")) || owner.equals(user());
    }

    /**
     * Returns whether a file or folder is this user's own, and nobody else may write to it; a link is not followed. On systems without such rights it counts as that.
     *
     * @throws IOException if its rights cannot be read
     */
    public static boolean isOwn(Path path) throws IOException {
        if (!path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return true;
        }
        Map<String, Object> is = Files.readAttributes(path, "unix:mode,uid", LinkOption.NOFOLLOW_LINKS);
        return ((int) is.get("mode") & (GROUP_WRITES | OTHERS_WRITE)) == 0 && is.get("uid").equals(user());
    }

    /** Returns the number of this user: the owner of this process or, where the system does not show that, of a file that is made for it. */
    private static Object user() throws IOException {
        Path process = Path.of("/proc/self");
        if (Files.exists(process)) {
            return Files.getAttribute(process, "unix:uid");
        }
        Path file = Files.createTempFile("dray", null);
        try {
            return Files.getAttribute(file, "unix:uid");
        } finally {
            Files.delete(file);
        }
    }
}
