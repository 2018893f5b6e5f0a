package tests.push;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import lib.image.Digest;
import lib.image.MediaType;

/** A registry that keeps what came of an upload when the line breaks, as many do but docker-registry does not; and that mounts nothing. */
final class UploadingRegistry implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
    private final Map<String, byte[]> manifests = new ConcurrentHashMap<>();
    private final Map<String, ByteArrayOutputStream> sessions = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> commits = new ConcurrentHashMap<>();
    private final Queue<Long> breaks = new ConcurrentLinkedQueue<>();
    private final AtomicLong received = new AtomicLong();
    private final AtomicInteger mounts = new AtomicInteger();
    private final AtomicInteger begun = new AtomicInteger();

    UploadingRegistry() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** Has uploads of more than that break off when a session has got so many bytes, once for each of these. */
    void breakAfter(long... bytes) {
        for (long one : bytes) {
            breaks.add(one);
        }
    }

    void forget() {
        blobs.clear();
        manifests.clear();
    }

    void put(String repository, byte[] blob) {
        blobs.put(repository + " " + Digest.of(blob), blob);
    }

    boolean has(byte[] blob) {
        return blobs.containsKey("app " + Digest.of(blob));
    }

    boolean hasTag(String tag) {
        return manifests.containsKey("app " + tag);
    }

    /** Returns how often it was asked to take all of a blob, whether that was right or not. */
    int commits(byte[] blob) {
        return commits.getOrDefault(Digest.of(blob).toString(), new AtomicInteger()).get();
    }

    /** Returns how many bytes of blobs came. */
    long received() {
        return received.get();
    }

    /** Returns how often it was asked to mount something. */
    int mounts() {
        return mounts.get();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            String path = exchange.getRequestURI().getPath().substring("/v2/".length());
            String query = String.valueOf(exchange.getRequestURI().getQuery());
            String[] parts = path.split("/");
            String key = parts[0] + " " + parts[parts.length - 1];
            if (method.equals("POST")) {
                mounts.addAndGet(query.contains("mount=") ? 1 : 0);
                String session = Integer.toString(begun.incrementAndGet());
                sessions.put(session, new ByteArrayOutputStream());
                located(exchange, parts[0], session, 202);
            } else if (path.contains("/uploads/")) {
                upload(exchange, parts, query);
            } else if (method.equals("PUT")) {
                byte[] manifest = exchange.getRequestBody().readAllBytes();
                manifests.put(key, manifest);
                manifests.put(parts[0] + " " + Digest.of(manifest), manifest);
                exchange.sendResponseHeaders(201, -1);
            } else {
                byte[] content = path.contains("/blobs/") ? blobs.get(key) : manifests.get(key);
                exchange.getResponseHeaders().set("Content-Type", MediaType.OCI_MANIFEST);
                exchange.sendResponseHeaders(path.isEmpty() || content != null ? 200 : 404, content == null || method.equals("HEAD") ? -1 : content.length);
                if (content != null && method.equals("GET")) {
                    exchange.getResponseBody().write(content);
                }
            }
        }
    }

    private static void located(HttpExchange exchange, String repository, String session, int status) throws IOException {
        exchange.getResponseHeaders().set("Location", "/v2/" + repository + "/blobs/uploads/" + session);
        exchange.sendResponseHeaders(status, -1);
    }

    private void upload(HttpExchange exchange, String[] parts, String query) throws IOException {
        String session = parts[parts.length - 1];
        ByteArrayOutputStream bytes = sessions.get(session);
        if (!exchange.getRequestMethod().startsWith("P")) {
            exchange.getResponseHeaders().set("Range", "0-" + Math.max(0, bytes.size() - 1));
            located(exchange, parts[0], session, 204);
            return;
        }
        Long end = breaks.peek();
        byte[] piece = new byte[8192];
        InputStream in = exchange.getRequestBody();
        try {
            for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
                bytes.write(piece, 0, count);
                received.addAndGet(count);
                if (end != null && bytes.size() >= end) {
                    breaks.remove();
                    return; // without an answer: the connection is closed
                }
            }
        } catch (IOException e) {
            return; // the other side has given up
        }
        if (exchange.getRequestMethod().equals("PATCH")) {
            located(exchange, parts[0], session, 202);
            return;
        }
        String digest = query.substring(query.indexOf("sha256:"));
        commits.computeIfAbsent(digest, key -> new AtomicInteger()).incrementAndGet();
        boolean right = Digest.of(bytes.toByteArray()).toString().equals(digest);
        if (right) {
            blobs.put(parts[0] + " " + digest, bytes.toByteArray());
        }
        exchange.sendResponseHeaders(right ? 201 : 400, -1);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
