package tests.mirrors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Dray;
import tests.support.FlakyRegistry;
import tests.support.Program;

//SOURCES ../support/Dray.java
//SOURCES ../support/FlakyRegistry.java
//SOURCES ../support/Program.java

/** A pull that somebody stops with Ctrl-Z and goes on with later: it was the pull that did not listen, and not the mirrors that were silent. */
@Tag("slow")
class StoppedTest {
    private static final int STOPS = 2;
    private static final int SIZE = 4_000_000;
    /** Longer than a mirror may be silent while others send. */
    private static final int STOPPED_MILLIS = 4_000;

    @TempDir
    Path folder;

    @Test
    void should_blame_no_mirror_for_a_time_in_which_it_was_stopped_itself() {
        try (FlakyRegistry registry = new FlakyRegistry(); FlakyRegistry one = mirror(); FlakyRegistry other = mirror()) {
            String image = registry.image("1", new long[] {1}, SIZE);
            String[] mirrors = {registry.host() + "=http://" + one.host(), registry.host() + "=http://" + other.host()};
            try (Program.Running pull = Dray.script("pull", "-q", "--platform", "linux/amd64", "--mirror", mirrors[0], "--mirror", mirrors[1], "-o", "a.tar", image).in(folder).start()) {
                for (int stop = 1; stop <= STOPS; stop++) {
                    awaitSent((long) SIZE * stop / (STOPS + 2), one, other);
                    signal("STOP", pull);
                    Program.pause(STOPPED_MILLIS);
                    signal("CONT", pull);
                }
                Program.Result ended = pull.finish().orFail();
                assertFalse(ended.stderr().contains("skipped"), ended.stderr());
            }
            assertEquals(0, registry.sent());
        }
    }

    private static FlakyRegistry mirror() {
        FlakyRegistry mirror = new FlakyRegistry();
        mirror.image("1", new long[] {1}, SIZE);
        mirror.limit(500_000);
        return mirror;
    }

    private static void awaitSent(long bytes, FlakyRegistry one, FlakyRegistry other) {
        for (int look = 0; look < 6_000 && one.sent() + other.sent() < bytes; look++) {
            Program.pause(5);
        }
    }

    private static void signal(String name, Program.Running program) {
        Program.run("kill", "-" + name, "" + program.process().pid()).orFail();
    }
}
