package tests.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** What one test run shares and leaves nothing of: a temporary folder, and things that are closed when the run ends, however it ends. */
public final class Scratch {
    private static final Deque<AutoCloseable> AT_END = new ArrayDeque<>();
    private static final AtomicInteger FOLDERS = new AtomicInteger();
    private static final Path FOLDER = createFolder();

    private Scratch() { }

    private static Path createFolder() {
        try {
            Path folder = Files.createTempDirectory("dray");
            Runtime.getRuntime().addShutdownHook(new Thread(Scratch::end));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a new, empty folder whose name begins with this. Its path is short, as engines want it for their sockets. */
    public static Path folder(String name) {
        try {
            return Files.createDirectory(FOLDER.resolve(name + "-" + FOLDERS.incrementAndGet()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes this when the run ends, before all that was given earlier. */
    public static synchronized void closeAtEnd(AutoCloseable thing) {
        AT_END.push(thing);
    }

    private static synchronized void end() {
        for (AutoCloseable thing : AT_END) {
            try {
                thing.close();
            } catch (Exception e) {
                System.err.println("closing at the end of the tests: " + e);
            }
        }
        delete(FOLDER);
    }

    /** Deletes a folder and all in it, as far as that can be done: what stays is only ever litter. */
    static void delete(Path folder) {
        try (Stream<Path> paths = Files.walk(folder)) {
            paths.sorted(Comparator.reverseOrder()).forEach(path -> {
                try {
                    Files.deleteIfExists(path);
                } catch (IOException e) {
                    System.err.println("left behind by the tests: " + e.getMessage());
                }
            });
        } catch (IOException | UncheckedIOException e) {
            System.err.println("left behind by the tests: " + e.getMessage());
        }
    }
}
