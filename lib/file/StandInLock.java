package lib.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A lock for file systems that have none: a file that only one process can make. One that is older than a minute counts for nothing,
 * for the process that made it may have been killed.
 */
public final class StandInLock implements Closeable {
    private static final long STALE_MILLIS = 60_000;

    private final Path file;
    private TemporaryPath taken;

    /** @param locked the file that is to be locked, beside which the lock stands */
    public StandInLock(Path locked) {
        this.file = locked.resolveSibling(locked.getFileName() + ".held");
    }

    /** Takes the lock; returns whether this run has it now, and throws IOException if the folder cannot be written to. */
    public boolean isTaken() throws IOException {
        try {
            Files.createFile(file);
            taken = new TemporaryPath(file);
            return true;
        } catch (FileAlreadyExistsException e) {
            removeStale();
            return false;
        }
    }

    private void removeStale() throws IOException {
        try {
            if (Files.getLastModifiedTime(file).toMillis() < System.currentTimeMillis() - STALE_MILLIS) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException e) {
            // it has just been given back
        }
    }

    @Override
    public void close() {
        if (taken != null) {
            taken.close();
            taken = null;
        }
    }
}
