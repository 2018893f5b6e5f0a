package tests.haul;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import lib.haul.LastRate;
import lib.registry.settings.SettingsFolders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rate of the line, by which a dry run says how long a haul takes. */
class LastRateTest {
    private static final long SECOND = 1_000_000_000;

    @Test
    void should_know_the_rate_of_the_last_run_that_fetched_much_and_not_of_one_that_mostly_waited(@TempDir Path cache) {
        SettingsFolders folders = new SettingsFolders(Map.of("XDG_CACHE_HOME", cache.toString()));
        LastRate rate = new LastRate(folders);
        assertEquals(0, rate.bytesPerSecond());
        rate.note(100_000_000, 10 * SECOND);
        rate.note(500_000, 3 * SECOND);
        assertEquals(10_000_000, new LastRate(folders).bytesPerSecond());
    }
}
