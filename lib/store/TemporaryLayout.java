package lib.store;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

//SOURCES Layout.java

/** A layout for as long as a program runs, mostly in the system's folder for temporary files. It is deleted however the program ends, kill -9 aside. */
public final class TemporaryLayout implements AutoCloseable {
    private final Path folder;
    private final Layout layout;
    private final Thread atExit;

    public TemporaryLayout() throws IOException {
        this(Files.createTempDirectory("dray"));
    }

    /** Makes one beside a file that is to be written of it, where there is room for both. */
    public static TemporaryLayout beside(Path file) throws IOException {
        return new TemporaryLayout(Files.createTempDirectory(file.toAbsolutePath().getParent(), file.getFileName() + "."));
    }

    private TemporaryLayout(Path folder) throws IOException {
        this.folder = folder;
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
