package lib.haul;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import lib.file.AtomicFile;
import lib.file.SmallFile;
import lib.registry.settings.SettingsFolders;
import lib.text.Json;

/** How fast bytes came in the last run, in the user's cache: {@code ~/.cache/dray/rate.json}. */
public final class LastRate {
    private static final String KEY = "bytesPerSecond";
    /** What takes less says more about this machine and about many small requests than about the line, in bytes and in nanoseconds. */
    private static final long LEAST_BYTES = 4 * 1024 * 1024;
    private static final long LEAST_NANOS = 20_000_000;

    private final Path file;

    /** The rate of the user whose folders these are. */
    public LastRate(SettingsFolders folders) {
        this.file = folders.cache().resolve("dray").resolve("rate.json");
    }

    /** Returns it in bytes a second, or 0 if nothing is known. */
    public long bytesPerSecond() {
        try {
            return Math.max(0, Json.exact(SmallFile.read(file, 1), file.toString()).path(KEY).asLong());
        } catch (IOException e) {
            return 0;
        }
    }

    /** Notes that so many bytes came within so many nanoseconds. It does not matter if the folder cannot be written to. */
    public void note(long bytes, long nanos) {
        if (bytes < LEAST_BYTES || nanos < LEAST_NANOS) {
            return;
        }
        ObjectNode json = Json.newObject().put(KEY, Math.max(1, (long) (bytes * 1e9 / nanos)));
        try {
            Files.createDirectories(file.getParent());
            AtomicFile.write(file, out -> out.write(Json.bytes(json)));
        } catch (IOException e) {
            // the next run just does not know how long it will take
        }
    }
}
