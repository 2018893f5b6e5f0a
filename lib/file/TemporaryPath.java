package lib.file;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** A file or a folder that is deleted when it is closed or the program ends, however that ends, kill -9 aside. */
public final class TemporaryPath implements AutoCloseable {
    private final Path path;
    private final Thread atExit;

    /** Takes over a path, whether anything is there yet or not. */
    public TemporaryPath(Path path) {
        this.path = path;
        atExit = new Thread(() -> delete(path));
        try {
            Runtime.getRuntime().addShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // the program is ending already: this is closed before it has
        }
    }

    /**
     * Makes an empty folder where temporary files go: in the folder that TMPDIR names, or else in the system's.
     *
     * @throws IOException if that folder cannot be written to
     */
    public static Path folder() throws IOException {
        String named = System.getenv("TMPDIR");
        return named == null || named.isEmpty() ? Files.createTempDirectory("dray") : Files.createTempDirectory(Path.of(named), "dray");
    }

    @Override
    public void close() {
        delete(path);
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // it runs already
        }
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
