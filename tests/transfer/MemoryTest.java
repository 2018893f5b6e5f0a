package tests.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lib.image.Digest;
import lib.text.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Dray;
import tests.support.FlakyRegistry;
import tests.support.Program;

//SOURCES ../support/Dray.java
//SOURCES ../support/FlakyRegistry.java
//SOURCES ../support/Program.java

/** The memory of a pull does not grow with the image. Linux tells the peak of a process. */
class MemoryTest {
    private static final long LIMIT = 110L << 20;
    private static final long GIBIBYTE = 1L << 30;
    /** The digest of so many zero bytes. */
    private static final String ZEROS = "sha256:49bc20df15e412a64472421e13fe86ff1c5165e18b2afccf160d4dc19fe68a14";
    private static final Pattern RANGE = Pattern.compile("bytes=([0-9]+)-([0-9]+)");

    @TempDir
    Path folder;

    @Test
    void should_pull_a_layer_of_a_gibibyte_within_110_megabytes() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ExecutorService threads = Executors.newCachedThreadPool();
        server.setExecutor(threads);
        server.createContext("/", MemoryTest::zeros);
        server.start();
        try {
            assertWithinLimit("127.0.0.1:" + server.getAddress().getPort() + "/zeros:1", GIBIBYTE);
        } finally {
            server.stop(0);
            threads.shutdownNow();
        }
    }

    @Test
    void should_pull_fifty_layers_within_110_megabytes() throws IOException {
        List<byte[]> layers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            byte[] layer = new byte[300_000];
            new Random(i).nextBytes(layer);
            layers.add(layer);
        }
        try (FlakyRegistry registry = new FlakyRegistry()) {
            assertWithinLimit(registry.image("1", layers), 50 * 300_000);
        }
    }

    private void assertWithinLimit(String image, long size) throws IOException {
        assumeTrue(Files.exists(Path.of("/proc/self/status")), "only Linux tells the peak memory of a process");
        long peak = 0;
        try (Program.Running running = Dray.script("pull", "-q", "--platform", "linux/amd64", "-o", "a.tar", image).in(folder).limit(120).start()) {
            while (running.process().isAlive()) {
                peak = Math.max(peak, peak(running.process().pid()));
                Program.pause(20);
            }
            running.finish().orFail();
        }
        assertTrue(Files.size(folder.resolve("a.tar")) > size);
        assertTrue(peak > 0 && peak <= LIMIT, "the peak was " + (peak >> 20) + " MiB");
    }

    /** Returns the most memory that the process has had resident so far, in bytes. */
    private static long peak(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream().filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024).findFirst().orElse(0);
        } catch (IOException e) {
            return 0; // it has just ended
        }
    }

    /** An image whose only layer is zeros, which nobody needs to store. */
    private static void zeros(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            byte[] config = Json.bytes(Json.newObject().put("architecture", "amd64").put("os", "linux")
                    .set("rootfs", Json.newObject().put("type", "layers").set("diff_ids", Json.newArray().add(ZEROS))));
            if (path.contains("/manifests/")) {
                ObjectNode manifest = Json.newObject().put("schemaVersion", 2).put("mediaType", "application/vnd.oci.image.manifest.v1+json");
                manifest.set("config", descriptor("application/vnd.oci.image.config.v1+json", Digest.of(config).toString(), config.length));
                manifest.putArray("layers").add(descriptor("application/vnd.oci.image.layer.v1.tar", ZEROS, GIBIBYTE));
                send(exchange, Json.bytes(manifest));
            } else if (path.endsWith(ZEROS)) {
                Matcher range = RANGE.matcher(String.valueOf(exchange.getRequestHeaders().getFirst("Range")));
                assertTrue(range.matches(), "all of it was asked for at once");
                long from = Long.parseLong(range.group(1));
                long length = Long.parseLong(range.group(2)) + 1 - from;
                exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + range.group(2) + "/" + GIBIBYTE);
                exchange.sendResponseHeaders(206, length);
                byte[] some = new byte[256 * 1024];
                for (long at = 0; at < length; at += some.length) {
                    exchange.getResponseBody().write(some, 0, (int) Math.min(some.length, length - at));
                }
            } else if (path.contains("/blobs/")) {
                send(exchange, config);
            } else {
                assertEquals("/v2/", path);
                send(exchange, new byte[] {'{', '}'});
            }
        }
    }

    private static ObjectNode descriptor(String mediaType, String digest, long size) {
        return Json.newObject().put("mediaType", mediaType).put("digest", digest).put("size", size);
    }

    private static void send(HttpExchange exchange, byte[] body) throws IOException {
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }
}
