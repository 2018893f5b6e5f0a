package tests.support;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lib.image.Digest;
import lib.image.MediaType;
import lib.text.Json;

//SOURCES Reply.java

/**
 * A registry on loopback that has the faults which real ones have at times, but not on demand.
 * It counts what it is asked for and what it sends.
 */
public final class FlakyRegistry implements AutoCloseable {
    /** A request for a blob: the how-manieth for it, from 1, and what it asked for. */
    public record Request(String digest, int number, long from, long to, String authorization, String query) { }

    private static final int CHUNK = 16 * 1024;
    private static final int STALL_SECONDS = 60;
    private static final Pattern RANGE = Pattern.compile("bytes=([0-9]+)-([0-9]*)");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
    private final Map<String, byte[]> manifests = new ConcurrentHashMap<>();
    private final Map<String, String> mediaTypes = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> sent = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<Request> atOnce = new CopyOnWriteArrayList<>();
    private final AtomicInteger most = new AtomicInteger();
    private volatile Function<Request, Reply> behaviour = request -> Reply.RIGHT;
    private volatile Function<String, Integer> gate = authorization -> 200;
    private volatile long nanosAByte;
    private volatile long heldAfter = Long.MAX_VALUE;
    private long freeAt;

    public FlakyRegistry() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    public String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** Puts an image under {@code app:TAG} whose layers are random bytes, made from these seeds and so long; returns its full name. */
    public String image(String tag, long[] seeds, int... sizes) {
        List<byte[]> layers = new ArrayList<>();
        for (int i = 0; i < sizes.length; i++) {
            byte[] layer = new byte[sizes[i]];
            new Random(seeds[i]).nextBytes(layer);
            layers.add(layer);
        }
        return image(tag, layers);
    }

    public String image(String tag, List<byte[]> layers) {
        ObjectNode config = Json.newObject().put("architecture", "amd64").put("os", "linux");
        ArrayNode diffIds = config.putObject("rootfs").put("type", "layers").putArray("diff_ids");
        ArrayNode list = Json.newArray();
        for (byte[] layer : layers) {
            list.add(stored("application/vnd.oci.image.layer.v1.tar", layer));
            diffIds.add(Digest.of(layer).toString());
        }
        ObjectNode manifest = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_MANIFEST);
        manifest.set("config", stored("application/vnd.oci.image.config.v1+json", Json.bytes(config)));
        manifest.set("layers", list);
        byte[] bytes = Json.bytes(manifest);
        manifests.put(tag, bytes);
        manifests.put(Digest.of(bytes).toString(), bytes);
        return host() + "/app:" + tag;
    }

    /** Puts these bytes under {@code app:TAG}, where a tag may be a digest, as a manifest of this type; returns its full name. */
    public String manifest(String tag, String mediaType, byte[] bytes) {
        manifests.put(tag, bytes);
        mediaTypes.put(tag, mediaType);
        manifests.put(Digest.of(bytes).toString(), bytes);
        mediaTypes.put(Digest.of(bytes).toString(), mediaType);
        return host() + "/app:" + tag;
    }

    /** Puts bytes under a digest, whether it is theirs or not. */
    public void blob(String digest, byte[] bytes) {
        blobs.put(digest, bytes);
    }

    /** Puts the first image of a layout folder under {@code app:TAG}; returns its full name. */
    public String layout(String tag, Path folder) {
        try {
            String digest = Json.object(Files.readAllBytes(folder.resolve("index.json")), "index.json").path("manifests").path(0).path("digest").asText();
            try (Stream<Path> files = Files.list(folder.resolve("blobs/sha256"))) {
                for (Path file : files.toList()) {
                    blobs.put("sha256:" + file.getFileName(), Files.readAllBytes(file));
                }
            }
            manifests.put(tag, blobs.get(digest));
            return host() + "/app:" + tag;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ObjectNode stored(String type, byte[] bytes) {
        String digest = Digest.of(bytes).toString();
        blobs.put(digest, bytes);
        return Json.newObject().put("mediaType", type).put("digest", digest).put("size", bytes.length);
    }

    /** Behaves like this from now on, and counts anew. */
    public void behave(Function<Request, Reply> how) {
        behaviour = how;
        requests.clear();
        sent.clear();
        most.set(0);
        heldAfter = Long.MAX_VALUE;
    }

    /** Lets requests in by their Authorization header, which may be null: 200, or a status such as 401. */
    public void gate(Function<String, Integer> statusOf) {
        gate = statusOf;
    }

    /** Sends no more than so many bytes a second from now on, over all connections together. */
    public void limit(long bytesPerSecond) {
        nanosAByte = 1_000_000_000 / bytesPerSecond;
    }

    /** Stands still once so many bytes of blobs are sent, until it is told of another bound, or how to behave. */
    public void holdAfter(long bytes) {
        heldAfter = bytes;
    }

    private void awaitRelease() throws InterruptedException {
        while (sent() >= heldAfter && !closed.await(5, TimeUnit.MILLISECONDS)) {
            // still held
        }
    }

    /** Waits for what all connections may send together. */
    private void await(int length) throws InterruptedException {
        long wait;
        synchronized (this) {
            freeAt = Math.max(freeAt, System.nanoTime()) + length * nanosAByte;
            wait = freeAt - System.nanoTime();
        }
        closed.await(wait, TimeUnit.NANOSECONDS);
    }

    /** Returns how many bytes of blobs were sent, whether they arrived or not. */
    public long sent() {
        return sent.values().stream().mapToLong(AtomicLong::get).sum();
    }

    /** Returns how many requests for the same blob were answered side by side, at most. */
    public int mostAtOnce() {
        return most.get();
    }

    public List<Request> requests() {
        return requests;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            int allowed = path.startsWith("/v2/") ? gate.apply(exchange.getRequestHeaders().getFirst("Authorization")) : 200;
            if (path.equals("/token")) {
                send(exchange, 200, "{\"token\":\"%s-%d\",\"expires_in\":3600}".formatted(host(), System.nanoTime()).getBytes());
            } else if (allowed != 200) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer realm=\"http://" + host() + "/token\",service=\"faults\"");
                send(exchange, allowed, "{\"errors\":[{\"code\":\"UNAUTHORIZED\"}]}".getBytes());
            } else if (path.contains("/manifests/") && manifests.containsKey(last(path))) {
                exchange.getResponseHeaders().set("Content-Type", mediaTypes.getOrDefault(last(path), MediaType.OCI_MANIFEST));
                send(exchange, 200, manifests.get(last(path)));
            } else if (exchange.getRequestMethod().equals("HEAD") && blobs.containsKey(last(path))) {
                exchange.getResponseHeaders().set("Content-Length", Integer.toString(blobs.get(last(path)).length));
                exchange.sendResponseHeaders(200, -1);
            } else if (path.contains("/blobs/") && blobs.containsKey(last(path))) {
                blob(exchange, last(path));
            } else {
                send(exchange, path.equals("/v2/") ? 200 : 404, "{}".getBytes());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private void blob(HttpExchange exchange, String digest) throws IOException, InterruptedException {
        byte[] blob = blobs.get(digest);
        Matcher range = RANGE.matcher(String.valueOf(exchange.getRequestHeaders().getFirst("Range")));
        boolean part = range.matches();
        int from = part ? Integer.parseInt(range.group(1)) : 0;
        int to = part && !range.group(2).isEmpty() ? Math.min(blob.length, Integer.parseInt(range.group(2)) + 1) : blob.length;
        Request request = ask(digest, from, to, exchange);
        Reply reply = behaviour.apply(request);
        atOnce.add(request);
        most.accumulateAndGet((int) atOnce.stream().filter(other -> other.digest().equals(digest)).count(), Math::max);
        try {
            closed.await(reply.delayMillis(), TimeUnit.MILLISECONDS);
            reply(exchange, request, reply, blob, part);
        } finally {
            atOnce.remove(request);
        }
    }

    private void reply(HttpExchange exchange, Request request, Reply reply, byte[] blob, boolean part) throws IOException, InterruptedException {
        String digest = request.digest();
        int from = (int) request.from();
        int to = (int) request.to();
        if (reply.redirect() != null) {
            exchange.getResponseHeaders().set("Location", reply.redirect() + "/blobs/" + digest + "?signature=" + request.number());
            exchange.sendResponseHeaders(307, -1);
            return;
        }
        if (reply.retryAfter() != null) {
            exchange.getResponseHeaders().set("Retry-After", reply.retryAfter());
        }
        if (reply.status() != 0) {
            exchange.getResponseHeaders().set("RateLimit-Limit", "100;w=21600");
            exchange.getResponseHeaders().set("RateLimit-Remaining", "0;w=21600");
            send(exchange, reply.status(), "{\"errors\":[{\"code\":\"FAULT\",\"message\":\"as told\"}]}".getBytes());
            return;
        }
        if (reply.ignoresRange()) {
            part = false;
            from = 0;
            to = blob.length;
        }
        byte[] body = java.util.Arrays.copyOfRange(blob, from, to + reply.longer());
        if (reply.flipAt() >= from && reply.flipAt() < to) {
            body[(int) reply.flipAt() - from] ^= 1;
        }
        if (part) {
            String right = "bytes " + from + "-" + (to - 1) + "/" + blob.length;
            exchange.getResponseHeaders().set("Content-Range", reply.contentRange() != null ? reply.contentRange() : right);
        }
        exchange.sendResponseHeaders(part ? 206 : 200, reply.chunked() ? 0 : body.length);
        write(exchange.getResponseBody(), body, reply, sent.computeIfAbsent(digest, d -> new AtomicLong()));
    }

    private synchronized Request ask(String digest, long from, long to, HttpExchange exchange) {
        int number = 1 + (int) requests.stream().filter(request -> request.digest().equals(digest)).count();
        Request request = new Request(digest, number, from, to, exchange.getRequestHeaders().getFirst("Authorization"), exchange.getRequestURI().getQuery());
        requests.add(request);
        return request;
    }

    private void write(OutputStream out, byte[] body, Reply reply, AtomicLong count) throws IOException, InterruptedException {
        long end = reply.closeAfter() >= 0 ? reply.closeAfter() : reply.stallAfter() >= 0 ? reply.stallAfter() : body.length;
        long all = Math.min(body.length, end);
        for (int at = 0; at < all; ) {
            awaitRelease();
            int length = (int) Math.min(CHUNK, all - at);
            count.addAndGet(length);
            out.write(body, at, length);
            at += length;
            if (nanosAByte > 0) {
                out.flush();
                await(length);
            }
            if (reply.bytesPerSecond() > 0 && at < all) { // with its last byte a request is over, as it is for the other side
                out.flush();
                closed.await(1000L * length / reply.bytesPerSecond(), TimeUnit.MILLISECONDS);
            }
        }
        if (reply.stallAfter() >= 0 && end < body.length) {
            out.flush();
            closed.await(STALL_SECONDS, TimeUnit.SECONDS);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
