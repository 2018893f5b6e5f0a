package tests.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import lib.image.Digest;
import lib.registry.http.Throttle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.DebianRegistry;
import tests.support.Dray;
import tests.support.FlakyRegistry;
import tests.support.LayoutWriter;
import tests.support.Program;
import tests.support.Scratch;

//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/FlakyRegistry.java
//SOURCES ../support/LayoutWriter.java
//SOURCES ../support/Program.java
//SOURCES ../support/Scratch.java

/** A limit to how fast blobs come and go is one for all connections together, and never exceeded. */
class LimitRateTest {
    private static final int LARGE = 300_000;
    private static final int SMALL = 100_000;
    private static final int RATE = 250;
    /** Of what the limit lets through in a second, a little more may come to make up for less before. */
    private static final double MADE_UP = 1.1;

    private final FlakyRegistry registry = new FlakyRegistry();
    private final String image = registry.image("1", new long[] {1, 2}, LARGE, SMALL);

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        registry.close();
    }

    private static byte[] layer() {
        byte[] layer = new byte[LARGE];
        new Random(1).nextBytes(layer);
        return layer;
    }

    /** Runs a command with a limit of so many KiB a second, and asserts that these bytes did not come or go faster. */
    private Program.Result run(int rate, int bytes, String name, String... arguments) {
        List<String> all = new ArrayList<>(List.of("--limit-rate", rate + "K"));
        all.addAll(List.of(arguments));
        long begun = System.nanoTime();
        Program.Result result = Dray.script(name, all.toArray(String[]::new)).in(folder).run().orFail();
        assertTrue(bytes <= MADE_UP * rate * 1024 * (System.nanoTime() - begun) / 1e9, "faster than the limit");
        return result;
    }

    @Test
    void should_limit_all_connections_of_a_pull_together_and_ask_for_nothing_twice() {
        run(RATE, LARGE + SMALL, "pull", "--platform", "linux/amd64", "--segment", "64K", "--connections", "64", image);
        assertEquals(registry.requests().stream().mapToLong(request -> request.to() - request.from()).sum(), registry.sent(), registry.requests().toString());
    }

    @Test
    void should_not_take_a_limited_line_for_a_slow_mirror_or_a_stall() {
        try (FlakyRegistry mirror = new FlakyRegistry()) {
            mirror.image("1", new long[] {1, 2}, LARGE, SMALL);
            Program.Result result = run(RATE / 5, LARGE + SMALL, "pull", "--platform", "linux/amd64", "--stall-timeout", "5", "--connections-per-host", "32",
                    "--connections", "64", "--mirror", registry.host() + "=http://" + mirror.host(), image);
            assertTrue(result.stderr().lines().noneMatch(line -> line.contains("skipped") || line.contains("retry")), result.stderr());
            assertTrue(registry.sent() + mirror.sent() < 1.3 * (LARGE + SMALL), "fetched twice");
        }
    }

    @Test
    void should_have_no_mirror_take_over_from_another_that_the_limit_holds_back() {
        int size = 12_000_000;
        String large = registry.image("2", new long[] {3}, size);
        List<String> arguments = new ArrayList<>(List.of("--platform", "linux/amd64", "--connections-per-host", "4", large));
        List<FlakyRegistry> mirrors = List.of(new FlakyRegistry(), new FlakyRegistry(), new FlakyRegistry());
        try {
            for (FlakyRegistry mirror : mirrors) {
                mirror.image("2", new long[] {3}, size);
                arguments.addAll(List.of("--mirror", registry.host() + "=http://" + mirror.host()));
            }
            run(8 * RATE, size, "pull", arguments.toArray(String[]::new));
            assertTrue(mirrors.stream().mapToLong(FlakyRegistry::sent).sum() < 1.2 * size, mirrors.stream().map(FlakyRegistry::sent).toList().toString());
        } finally {
            mirrors.forEach(FlakyRegistry::close);
        }
    }

    @Test
    void should_limit_one_blob() {
        run(RATE, LARGE, "blob", "-o", "layer", registry.host() + "/app@" + Digest.of(layer()));
    }

    @Test
    void should_limit_a_push() {
        LayoutWriter layout = new LayoutWriter(folder.resolve("layout"));
        layout.tag("1", layout.image(LayoutWriter.linux("amd64", ""), List.of(layout.layer(layer(), ""))));
        try (DebianRegistry far = DebianRegistry.start(Scratch.folder("limited"))) {
            run(RATE, LARGE, "push", "layout", far.image("app:1"));
        }
    }

    @Test
    void should_refuse_what_is_not_a_rate() {
        assertEquals(2, Dray.run("pull", "--limit-rate", "0", image).exitCode());
        assertEquals(2, Dray.run("blob", "--limit-rate", "fast", registry.host() + "/app@" + Digest.of(layer())).exitCode());
    }

    @Test
    void should_move_small_pieces_and_count_each_direction_for_itself() throws InterruptedIOException {
        long begun = System.nanoTime();
        Throttle throttle = new Throttle();
        assertEquals(65536, throttle.piece(65536));
        assertEquals(0, throttle.received(1 << 30));
        throttle.limit(100);
        assertEquals(1, throttle.piece(65536), "a byte at a time, where the rate is next to nothing");
        throttle.limit(12800);
        assertEquals(100, throttle.piece(65536));
        throttle.received(1280);
        throttle.received(1280);
        throttle.sent(1280);
        long passed = System.nanoTime() - begun;
        assertTrue(passed >= 190_000_000, "2,560 bytes take 200 ms at least, however busy the machine is, and not " + passed + " ns");
    }
}
