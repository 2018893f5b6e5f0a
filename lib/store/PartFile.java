package lib.store;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

//SOURCES TemporaryPath.java

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

    /** Has a file written, in the place of one that may be there. */
    public static void write(Path target, Writer writer) throws IOException {
        Path part = beside(target);
        try (TemporaryPath temporary = new TemporaryPath(part)) {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), BUFFER)) {
                writer.write(out);
            }
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
