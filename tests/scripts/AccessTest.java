package tests.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import lib.image.Digest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.DebianRegistry;
import tests.support.Dray;
import tests.support.Program;
import tests.support.RealImages;
import tests.support.TokenServer;

//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/Program.java
//SOURCES ../support/RealImages.java
//SOURCES ../support/TokenServer.java

/** A real image out of guarded registries, whose blobs are elsewhere, as with most registries in the cloud. */
@Tag("slow")
class AccessTest {
    private static final int CHUNK = 128 * 1024;
    private static final int PAUSE_MILLIS = 100;

    private static DebianRegistry open;
    private static Digest undisturbed;

    /** What requests for blobs showed as Authorization, "" for nothing. */
    private final List<String> shown = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer blobs;

    @TempDir
    Path folder;

    @BeforeAll
    static void pull_undisturbed() {
        open = RealImages.registry();
        undisturbed = Digest.of(Dray.run("pull", "-q", "--platform", "linux/amd64", "-o", "-", open.image(RealImages.REAL)).orFail().stdout());
    }

    @BeforeEach
    void serve_blobs() throws IOException {
        blobs = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        blobs.setExecutor(threads);
        blobs.createContext("/", this::blob);
        blobs.start();
    }

    @AfterEach
    void end() {
        blobs.stop(0);
        threads.shutdownNow();
    }

    /** Sends a part of a file of the registry's storage, slowly, to who shows no token: a store in the cloud takes one signature, in the address. */
    private void blob(HttpExchange exchange) throws IOException {
        try (exchange) {
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            shown.add(authorization == null ? "" : authorization);
            byte[] bytes = Files.readAllBytes(open.storage().resolve(exchange.getRequestURI().getPath().substring(1)));
            String range = exchange.getRequestHeaders().getFirst("Range");
            int from = range == null ? 0 : Integer.parseInt(range.replaceAll("bytes=|-.*", ""));
            int to = range == null ? bytes.length : Integer.parseInt(range.replaceAll(".*-", "")) + 1;
            if (range != null) {
                exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + bytes.length);
            }
            exchange.sendResponseHeaders(authorization != null ? 400 : range == null ? 200 : 206, to - from);
            OutputStream out = exchange.getResponseBody();
            for (int at = from; at < to; at += CHUNK) {
                out.write(bytes, at, Math.min(CHUNK, to - at));
                Program.pause(PAUSE_MILLIS);
            }
        }
    }

    private void pull(DebianRegistry registry, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-q", "--platform", "linux/amd64", "-o", "real.tar", registry.image(RealImages.REAL)));
        arguments.addAll(List.of(more));
        Dray.script("pull", arguments.toArray(String[]::new)).in(folder).run().orFail();
        assertEquals(undisturbed, asIfFromTheOpenOne(registry, Files.readAllBytes(folder.resolve("real.tar"))));
    }

    @Test
    void should_follow_to_where_the_blobs_are_without_the_token() throws IOException {
        try (TokenServer tokens = new TokenServer(null, 300); DebianRegistry redirecting = redirecting(tokens)) {
            pull(redirecting);
            assertTrue(shown.size() >= 7 && shown.stream().allMatch(String::isEmpty), shown.toString());
            assertEquals(1, tokens.issued());
        }
    }

    @Test
    void should_get_new_tokens_while_the_old_ones_end_in_the_middle() throws IOException {
        try (TokenServer tokens = new TokenServer(null, 5, 300); DebianRegistry redirecting = redirecting(tokens)) {
            pull(redirecting, "--connections", "2", "--segment", "1M");
            assertTrue(tokens.issued() > 1, "no token ended in the middle");
        }
    }

    private DebianRegistry redirecting(TokenServer tokens) {
        return DebianRegistry.startRedirecting(open.storage(), tokens, tokens.realm(), "http://127.0.0.1:" + blobs.getAddress().getPort() + "/");
    }

    @Test
    void should_pull_by_hand_and_by_pull_behind_a_password() throws IOException {
        try (DebianRegistry asking = DebianRegistry.startWithPassword(open.storage(), "alice", "p:ß word")) {
            String[] login = {"-u", "alice:p:ß word", "--cacert", asking.ca().toString()};
            pull(asking, login);
            byte[] chosen = stage(new byte[0], "manifest", login, "--platform", "linux/amd64", asking.image(RealImages.REAL));
            byte[] there = stage(chosen, "blob", login, "-q", "--to", "real.oci");
            assertEquals(undisturbed, asIfFromTheOpenOne(asking, stage(there, "assemble", new String[0], "-q", "-o", "-")));
        }
    }

    private byte[] stage(byte[] stdin, String name, String[] login, String... more) {
        String[] arguments = Stream.of(login, more).flatMap(Stream::of).toArray(String[]::new);
        return Dray.script(name, arguments).in(folder).stdin(stdin).run().orFail().stdout();
    }

    /** The name in an archive holds the host; all ports that are free here have five digits, so that nothing else changes. */
    private static Digest asIfFromTheOpenOne(DebianRegistry registry, byte[] archive) {
        String text = new String(archive, StandardCharsets.ISO_8859_1).replace(registry.host(), open.host());
        return Digest.of(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
