package lib.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import lib.file.TemporaryPath;

/**
 * The archive on stdin, as from {@code docker save}. What it holds is read in any order, so all of it goes into a temporary file first,
 * in the folder that TMPDIR names, or else the system's. The file is gone when the program ends.
 */
final class PipedArchive implements AutoCloseable {
    private final TemporaryPath folder;
    private final Path file;

    /** Reads stdin to its end; throws IllegalArgumentException if nothing comes. */
    PipedArchive(InputStream in) throws IOException {
        Path path = TemporaryPath.folder();
        folder = new TemporaryPath(path);
        file = path.resolve("stdin.tar");
        try {
            if (Files.copy(in, file) == 0) {
                throw new IllegalArgumentException("nothing came on stdin: the previous command failed, or what to push was not named");
            }
        } catch (IOException e) {
            folder.close();
            throw TemporaryPath.withoutRoom("the archive on stdin", path, e);
        } catch (RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    /** Returns where the archive is until this is closed. */
    Path file() {
        return file;
    }

    @Override
    public void close() {
        folder.close();
    }
}
