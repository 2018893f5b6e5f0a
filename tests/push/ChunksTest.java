package tests.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.CountingProxy;
import tests.support.DebianRegistry;
import tests.support.Dray;
import tests.support.LayoutWriter;
import tests.support.Program;
import tests.support.Scratch;

//SOURCES BodyLimit.java
//SOURCES CutLine.java
//SOURCES ../support/CountingProxy.java
//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/LayoutWriter.java
//SOURCES ../support/Program.java
//SOURCES ../support/Scratch.java

/** Blobs that go to a registry in chunks. */
@Tag("slow")
class ChunksTest {
    private static final int SIZE = 3_000_000;

    private final DebianRegistry registry = DebianRegistry.start(Scratch.folder("chunks"));

    @TempDir
    Path folder;

    @BeforeEach
    void image() {
        byte[] layer = new byte[SIZE];
        new Random(1).nextBytes(layer);
        LayoutWriter layout = new LayoutWriter(folder.resolve("layout"));
        layout.tag("1", layout.image(LayoutWriter.linux("amd64", ""), List.of(layout.layer(layer, ""))));
    }

    @AfterEach
    void close() {
        registry.close();
    }

    private Program.Result push(String... arguments) {
        return Dray.script("push", arguments).in(folder).run();
    }

    private void isThere(String name) {
        Dray.script("pull", "--platform", "linux/amd64", "-o", "back.tar", registry.image(name)).in(folder).run().orFail();
    }

    private static List<String> patches(BodyLimit line) {
        return line.requests().stream().filter(head -> head.startsWith("PATCH ")).map(head -> head.replaceAll("(?is).*\r\ncontent-range: *([0-9-]+).*", "$1")).toList();
    }

    @Test
    void should_send_chunks_of_the_size_that_was_asked_for() {
        try (BodyLimit line = new BodyLimit(registry.host(), SIZE, "")) {
            Program.Result result = push("--explain", "--chunk", "1000000", "layout", line.host() + "/app:1").orFail();
            List<String> ranges = List.of("0-999999", "1000000-1999999", "2000000-2999999");
            assertEquals(ranges, patches(line));
            ranges.forEach(range -> assertTrue(result.stderr().contains("--header \"Content-Range: " + range + "\""), result.stderr()));
        }
        isThere("app:1");
    }

    @Test
    void should_send_chunks_as_long_as_the_registry_wants_them() {
        try (BodyLimit line = new BodyLimit(registry.host(), SIZE, "OCI-Chunk-Min-Length: 1600000")) {
            push("--chunk", "64K", "layout", line.host() + "/app:1").orFail();
            assertEquals(List.of("0-1599999", "1600000-2999999"), patches(line));
        }
        isThere("app:1");
    }

    @Test
    void should_try_chunks_where_a_proxy_limits_requests() {
        try (BodyLimit line = new BodyLimit(registry.host(), 1024 * 1024, "")) {
            Program.Result pushed = push("--retries", "0", "layout", line.host() + "/app:1").orFail();
            assertTrue(pushed.stderr().contains("413"), pushed.stderr());
            assertEquals(4, patches(line).size(), line.requests().toString());
        }
        isThere("app:1");
    }

    @Test
    void should_say_that_the_limit_leaves_no_room() {
        try (BodyLimit line = new BodyLimit(registry.host(), 10_000, "")) {
            Program.Result pushed = push("layout", line.host() + "/app:1");
            assertEquals(6, pushed.exitCode(), pushed.toString());
            assertTrue(pushed.stderr().contains("answered 413") && pushed.stderr().contains("limits the size of requests"), pushed.stderr());
            assertFalse(pushed.stderr().contains("try 1 of"), pushed.stderr());
        }
    }

    @Test
    void should_send_chunks_by_tls_through_proxies_with_logins() {
        try (CountingProxy proxy = new CountingProxy("bob:pr0xy"); DebianRegistry closed = DebianRegistry.startWithPassword(Scratch.folder("closed"), "alice", "secret")) {
            String name = closed.image("app:1").replace("localhost", "registry.invalid");
            assertEquals(6, push("--retries", "0", "--cacert", closed.ca().toString(), "--proxy", "http://bob:pr0xy@" + proxy.address(), "-u", "alice:secret", "layout", name).exitCode(),
                    "the certificate is for another name");
            for (String scheme : List.of("http", "socks5h")) {
                long before = proxy.asked().size();
                push("--chunk", "1M", "--insecure", "--proxy", scheme + "://bob:pr0xy@" + proxy.address(), "-u", "alice:secret", "layout", name.replace("app:", scheme + ":")).orFail();
                assertTrue(proxy.asked().size() > before + 3, proxy.asked().toString());
            }
            push("--chunk", "1M", "--cacert", closed.ca().toString(), "-u", "alice:secret", "layout", closed.image("direct:1")).orFail();
        }
    }

    @Test
    void should_go_on_within_a_chunk_after_the_line_broke() {
        try (CutLine line = new CutLine(registry.host(), 2, 700_000)) {
            Program.Result pushed = push("--chunk", "1M", "--connections", "1", "layout", line.host() + "/app:1").orFail();
            assertEquals(0, line.left());
            assertTrue(pushed.stderr().contains("1 of 5"), pushed.stderr());
        }
        isThere("app:1");
    }
}
