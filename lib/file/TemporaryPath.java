package lib.file;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file or a folder that is deleted when it is closed or the program ends, however that ends, kill -9 aside. */
public final class TemporaryPath implements AutoCloseable {
    private static final String NAME = "dray";

    private final Path path;
    private final Thread atExit;
    private boolean isEnding;

    /** Takes over a path, whether anything is there yet or not. */
    public TemporaryPath(Path path) {
        this.path = path;
        atExit = new Thread(() -> delete(path));
        try {
            Runtime.getRuntime().addShutdownHook(atExit);
        } catch (IllegalStateException e) {
            isEnding = true; // this is closed before it has
        }
    }

    /**
     * Makes an empty folder where temporary files go: in the folder that TMPDIR names, or else in the system's.
     *
     * @throws IOException if that folder cannot be written to
     */
    public static Path folder() throws IOException {
        return named() == null ? Files.createTempDirectory(NAME) : Files.createTempDirectory(named(), NAME);
    }

    /**
     * Makes an empty file there, which nobody but its owner may read.
     *
     * @throws IOException if that folder cannot be written to
     */
    public static Path file() throws IOException {
        return named() == null ? Files.createTempFile(NAME, null) : Files.createTempFile(named(), NAME, null);
    }

    private static @Nullable Path named() throws FileSystemException {
        String variable = System.getenv("TMPDIR");
        try {
            return variable == null || variable.isEmpty() ? null : Path.of(variable);
        } catch (InvalidPathException e) {
            throw new FileSystemException("TMPDIR", null, "it names no folder, or none that this locale can spell (LC_ALL)");
        }
    }

    /**
     * Returns what to throw where a temporary file cannot be written: if that is because the disk is full, a sentence that names the folder.
     *
     * @param what    what was to be written into it, as people call it
     * @param folder  what {@link #folder} returned
     * @param trouble what went wrong
     */
    public static IOException withoutRoom(String what, Path folder, IOException trouble) {
        return !isDiskFull(trouble) ? trouble : new FileSystemException(what, null, "it has to be in a temporary file to be read, and the disk of " + folder.getParent()
                + " has no room for it; TMPDIR names another folder");
    }

    /** Returns whether a disk is full, or what a user may have of it: only the system's own words tell. */
    public static boolean isDiskFull(IOException trouble) {
        String message = String.valueOf(trouble.getMessage());
        return message.contains("No space left") || message.contains("not enough space") || message.contains("Disk quota exceeded");
    }

    @Override
    public void close() {
        delete(path);
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            isEnding = true; // it runs already
        }
    }

    /** Returns whether the program was about to end when this was made or closed: nothing is deleted any more that is made after that. */
    boolean isEnding() {
        return isEnding;
    }

    /** Deletes a folder with all that is in it, as far as it can be deleted: the rest is the system's to clear away, as it is for all temporary files. */
    public static void delete(Path path) {
        try {
            if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                try (DirectoryStream<Path> children = Files.newDirectoryStream(path)) {
                    children.forEach(TemporaryPath::delete);
                }
            }
            Files.deleteIfExists(path);
        } catch (IOException e) {
            path.toFile().deleteOnExit();
        }
    }
}
