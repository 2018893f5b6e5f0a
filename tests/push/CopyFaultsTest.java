package tests.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import lib.image.Digest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Dray;
import tests.support.FlakyRegistry;
import tests.support.Program;
import tests.support.Reply;

//SOURCES UploadingRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/FlakyRegistry.java
//SOURCES ../support/Program.java
//SOURCES ../support/Reply.java

/** One registry is filled from another, and one of both lines breaks, or brings wrong bytes. */
@Tag("slow")
class CopyFaultsTest {
    private static final int SIZE = 6_000_000;

    private final FlakyRegistry source = new FlakyRegistry();
    private final UploadingRegistry target = new UploadingRegistry();
    private final byte[] layer = new byte[SIZE];
    private String image;

    @BeforeEach
    void image() {
        new Random(7).nextBytes(layer);
        image = source.image("1", List.of(layer));
    }

    @AfterEach
    void close() {
        source.close();
        target.close();
    }

    private Program.Result push(String... more) {
        return Dray.run("push", Stream.concat(Stream.of(more), Stream.of(image, target.host() + "/app:1")).toArray(String[]::new));
    }

    private List<FlakyRegistry.Request> requests() {
        return source.requests().stream().filter(request -> request.digest().equals(Digest.of(layer).toString())).toList();
    }

    private void isThere() {
        assertTrue(target.has(layer), "the layer is there, to the last byte");
        assertTrue(target.hasTag("1"));
    }

    @Test
    void should_fetch_the_rest_where_the_source_breaks_off() {
        source.behave(request -> request.number() == 1 && request.to() == SIZE ? Reply.closingAfter(2_000_000) : Reply.RIGHT);
        push().orFail();
        isThere();
        assertEquals(2, requests().size(), requests().toString());
        assertTrue(requests().get(1).from() > 1_000_000, requests().toString());
        assertEquals(SIZE, target.received() / 1000 * 1000, "nothing was sent twice");
    }

    @Test
    void should_fetch_and_send_the_rest_where_the_target_breaks_off() {
        for (String chunk : List.of("100M", "2M")) {
            target.forget();
            source.behave(request -> Reply.RIGHT);
            target.breakAfter(4_500_000, 5_000_000);
            push("--chunk", chunk, "--connections", "1").orFail();
            isThere();
            assertEquals(3, requests().size(), requests().toString());
            assertTrue(requests().get(1).from() > 2_000_000, "the rest, and what was lost on the way: " + requests());
            assertTrue(requests().get(2).from() > 3_000_000, requests().toString());
        }
    }

    @Test
    void should_never_have_a_wrong_byte_committed() {
        source.behave(request -> request.to() - request.from() > 1000 ? Reply.flippingAt(3_000_000) : Reply.RIGHT);
        Program.Result wrong = push();
        assertEquals(5, wrong.exitCode(), wrong.toString());
        assertEquals(0, target.commits(layer), "the registry is not even asked to take it");
        assertTrue(!target.hasTag("1"));
        target.breakAfter(2_000_000);
        wrong = push("--connections", "1");
        assertEquals(5, wrong.exitCode(), wrong.toString());
        assertEquals(0, target.commits(layer));
    }

    @Test
    void should_wait_as_long_as_the_source_says() {
        source.behave(request -> request.to() - request.from() < 1000 || request.number() > 2 ? Reply.RIGHT : request.number() == 1 ? Reply.closingAfter(2_000_000) : Reply.status(429, "8"));
        Program.Result copied = push("--stall-timeout", "5").orFail();
        assertTrue(copied.stderr().contains("429"), copied.stderr());
        isThere();
        assertEquals(SIZE, target.received() / 1000 * 1000, "the line to the target is held meanwhile");
    }

    @Test
    void should_copy_what_the_registry_does_not_mount() {
        target.put("other", layer);
        push().orFail();
        image = target.host() + "/app:1";
        Program.Result copied = Dray.run("push", image, target.host() + "/new:2").orFail();
        assertTrue(target.mounts() > 0);
        assertTrue(copied.stderr().contains("0 mounted from another repository, 6.0 MB fetched, 6.0 MB sent"), copied.stderr());
    }

    @Test
    void should_have_the_next_image_try_what_failed_at_the_target(@TempDir Path folder) throws IOException {
        Path list = Files.write(folder.resolve("list.txt"), List.of(image, source.image("2", List.of(layer, new byte[1000]))));
        target.breakAfter(2_000_000);
        Program.Result result = Dray.run("sync", list.toString(), "--to", target.host(), "--retries", "0", "--connections", "1");
        assertEquals(6, result.exitCode(), result.toString());
        assertTrue(result.stderr().endsWith("sync: 1 of 2 images failed\n") && !result.stderr().contains("(as for "), result.stderr());
        assertTrue(target.has(layer) && target.hasTag("2"), result.stderr());
    }

    @Test
    void should_end_where_the_source_does_not_come_back() {
        source.behave(request -> request.number() == 1 ? Reply.closingAfter(100_000) : Reply.status(503, null));
        Program.Result ended = push("--retries", "1");
        assertEquals(6, ended.exitCode(), ended.toString());
        assertTrue(ended.stderr().contains(source.host()), ended.stderr());
        assertEquals(2, requests().size(), "the source is asked again as often as was said, not as often for each try of the target: " + requests());
        assertEquals(0, target.commits(layer));
    }
}
