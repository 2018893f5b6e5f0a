package lib.store;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

//SOURCES Layout.java

/** A layout for as long as a program runs, in the system's folder for temporary files. It is deleted however the program ends, kill -9 aside. */
public final class TemporaryLayout implements AutoCloseable {
    private final Path folder;
    private final Layout layout;
    private final Thread atExit;

    public TemporaryLayout() throws IOException {
        folder = Files.createTempDirectory("dray");
        layout = Layout.openOrCreate(folder);
        atExit = new Thread(() -> delete(folder));
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    public Layout layout() {
        return layout;
    }

    @Override
    public void close() {
        delete(folder);
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
                    children.forEach(TemporaryLayout::delete);
                }
            }
            Files.deleteIfExists(path);
        } catch (IOException e) {
            path.toFile().deleteOnExit();
        }
    }
}
