package lib.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import lib.file.TemporaryPath;

/** A layout for as long as a program runs, mostly in the system's folder for temporary files. */
public final class TemporaryLayout implements AutoCloseable {
    private final TemporaryPath folder;
    private final Layout layout;

    /**
     * Makes one where the system has its temporary files.
     *
     * @throws IOException if that folder cannot be written to
     */
    public TemporaryLayout() throws IOException {
        this(TemporaryPath.folder());
    }

    /**
     * Makes one beside a file that is to be written of it, where there is room for both.
     *
     * @throws IOException if the folder of the file cannot be written to
     */
    public static TemporaryLayout beside(Path file) throws IOException {
        return new TemporaryLayout(Files.createTempDirectory(file.toAbsolutePath().getParent(), file.getFileName() + "."));
    }

    private TemporaryLayout(Path path) throws IOException {
        folder = new TemporaryPath(path);
        layout = Layout.openOrCreate(path);
    }

    /** Returns the layout, which is empty at first. */
    public Layout layout() {
        return layout;
    }

    @Override
    public void close() {
        folder.close();
    }
}
