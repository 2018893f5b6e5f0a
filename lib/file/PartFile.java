package lib.file;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/** A file that takes its name when all of it is written. Until then what there is of it stands beside, and goes when the rest does not come. */
public final class PartFile {
    private static final int BUFFER = 1 << 16;

    /** Writes what is to be in the file. */
    public interface Writer {
        void write(OutputStream out) throws IOException;
    }

    private PartFile() { }

    /** Returns a name for what is to become this file. No other process takes the same, not even one in another container. */
    public static Path beside(Path target) {
        long random = ThreadLocalRandom.current().nextLong(Long.MAX_VALUE);
        return target.resolveSibling(target.getFileName() + "." + ProcessHandle.current().pid() + "-" + Long.toString(random, Character.MAX_RADIX) + ".part");
    }

    /** Returns what went wrong with a file beside a target as a sentence on the target, which is the one that people named. */
    public static FileSystemException of(Path target, FileSystemException trouble) {
        if (trouble instanceof NoSuchFileException && target.toAbsolutePath().getParent() != null) {
            return new NoSuchFileException(String.valueOf(target.getParent() == null ? target.toAbsolutePath().getParent() : target.getParent()));
        }
        return trouble instanceof AccessDeniedException ? new AccessDeniedException(target.toString()) : new FileSystemException(target.toString(), null, trouble.getReason());
    }

    /** Has a file written, in the place of one that may be there. */
    public static void write(Path target, Writer writer) throws IOException {
        try (HeldPart part = HeldPart.beside(target); TemporaryPath temporary = new TemporaryPath(part.path())) {
            try (OutputStream out = new BufferedOutputStream(part.stream(), BUFFER)) {
                writer.write(out);
            }
            part.become(target);
        }
    }
}
