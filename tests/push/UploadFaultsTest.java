package tests.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Dray;
import tests.support.LayoutWriter;
import tests.support.Program;

//SOURCES ../support/Dray.java
//SOURCES ../support/LayoutWriter.java
//SOURCES ../support/Program.java

/** Registries that answer uploads as they should not, and layouts that are not what they seem. */
class UploadFaultsTest {
    private static final int SIZE = 1_000_000;

    /** What was asked, and how many bytes came with it. */
    private record Asked(String what, int bytes) { }

    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;
    private volatile Function<String, Integer> fault = what -> 0;
    private volatile String location = "/v2/app/blobs/uploads/session-";
    private volatile String digest;
    private volatile String range;

    @TempDir
    Path folder;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
        byte[] layer = new byte[SIZE];
        new Random(2).nextBytes(layer);
        LayoutWriter layout = new LayoutWriter(folder.resolve("layout"));
        layout.tag("1", layout.image(LayoutWriter.linux("amd64", ""), List.of(layout.layer(layer, ""))));
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    /** Has nothing, and takes everything. */
    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String what = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
            asked.add(new Asked(what, exchange.getRequestBody().readAllBytes().length));
            int status = fault.apply(what);
            if (location != null && what.startsWith("POST")) {
                exchange.getResponseHeaders().set("Location", location + asked.size());
            }
            if (digest != null && what.startsWith("PUT") && what.contains("/manifests/")) {
                exchange.getResponseHeaders().set("Docker-Content-Digest", digest);
            }
            if (range != null && what.startsWith("PATCH")) {
                exchange.getResponseHeaders().set("Range", range);
                range = null;
            }
            int right = what.startsWith("PATCH") || what.startsWith("POST") ? 202 : what.startsWith("PUT") ? 201 : what.equals("GET /v2/") ? 200 : 404;
            exchange.sendResponseHeaders(status != 0 ? status : right, -1);
        }
    }

    private long bytesOf(String method) {
        return asked.stream().filter(one -> one.what.startsWith(method + " ") && one.what.contains("/uploads/")).mapToLong(Asked::bytes).sum();
    }

    private Program.Result push(String... more) {
        String[] arguments = java.util.stream.Stream.concat(List.of(more).stream(), List.of("layout", "127.0.0.1:" + server.getAddress().getPort() + "/app:1").stream()).toArray(String[]::new);
        return Dray.script("push", arguments).in(folder).limit(60).run();
    }

    private void refused(int code, String words) {
        Program.Result result = push("--retries", "1");
        assertEquals(code, result.exitCode(), result.toString());
        assertTrue(result.stderr().contains(words), result.stderr());
        assertEquals(0, bytesOf("PUT") + bytesOf("PATCH"), asked.toString());
    }

    @Test
    void should_send_nothing_where_the_registry_does_not_say_where_to() {
        location = null;
        refused(6, "without a Location");
    }

    @Test
    void should_send_nothing_to_another_host() {
        location = "http://127.0.0.2:1/elsewhere/";
        refused(6, "another host");
    }

    @Test
    void should_take_a_digest_that_is_none_for_none() {
        digest = "sha256:zz";
        push().orFail();
    }

    @Test
    void should_refuse_a_digest_that_is_another() {
        digest = "sha256:" + "0".repeat(64);
        Program.Result result = push();
        assertEquals(5, result.exitCode(), result.toString());
    }

    @Test
    void should_begin_a_new_session_where_the_registry_has_lost_the_first() {
        for (int status : new int[] {404, 416}) {
            asked.clear();
            List<String> failed = new CopyOnWriteArrayList<>();
            fault = what -> what.startsWith("PUT") && what.contains("/uploads/") && failed.size() < 2 && failed.add(what) ? status : 0;
            push("--connections", "1").orFail();
            long sessions = asked.stream().map(Asked::what).filter(what -> what.startsWith("PUT") && what.contains("/uploads/")).distinct().count();
            assertEquals(4, sessions, asked.toString());
        }
    }

    @Test
    void should_send_again_what_a_registry_says_that_it_did_not_take_of_a_chunk() {
        for (String taken : List.of("0-99999", "bytes=0-99999", "0-0", "0-999999999", "5-7", "nonsense")) {
            asked.clear();
            range = taken;
            push("--chunk", "400000", "--connections", "1").orFail();
            assertEquals(taken.endsWith("0-99999") ? SIZE + 300_000 : SIZE, bytesOf("PATCH") / 1000 * 1000, taken + asked);
        }
    }

    @Test
    void should_not_begin_sessions_for_ever() {
        fault = what -> what.startsWith("PUT") && what.contains("/uploads/") ? 404 : 0;
        Program.Result result = push("--retries", "1");
        assertEquals(3, result.exitCode(), result.toString());
    }

    @Test
    void should_not_send_a_byte_of_a_file_that_a_link_leads_to() throws IOException {
        Path blob = largest();
        Path secret = folder.resolve("secret");
        Files.write(secret, new byte[SIZE]);
        Files.delete(blob);
        Files.createSymbolicLink(blob, secret);
        Program.Result result = push("--connections", "1");
        assertEquals(5, result.exitCode(), result.toString());
        assertTrue(bytesOf("PUT") < SIZE / 2, asked.toString());
    }

    @Test
    void should_push_a_layer_that_is_a_link_to_the_right_file() throws IOException {
        Path blob = largest();
        Files.move(blob, folder.resolve("right"));
        Files.createSymbolicLink(blob, folder.resolve("right"));
        push().orFail();
        assertTrue(bytesOf("PUT") > SIZE, asked.toString());
    }

    private Path largest() throws IOException {
        try (var blobs = Files.list(folder.resolve("layout/blobs/sha256"))) {
            return blobs.filter(blob -> blob.toFile().length() == SIZE).findFirst().orElseThrow();
        }
    }
}
