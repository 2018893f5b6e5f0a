package tests.names;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import lib.text.Json;

/** Docker Hub's own API, as far as it is asked: the same paths, the same keys, and a page at a time. */
final class FakeHub implements AutoCloseable {
    private static final String NOT_FOUND = "{\"message\":\"httperror 404: object not found\",\"errinfo\":{\"namespace\":\"library\"}}";

    /** The path and query of each request. */
    final List<String> asked = new CopyOnWriteArrayList<>();
    /** The last page that is served, as on Docker Hub, which forbids those behind it though it names them; 0 for all. */
    volatile int lastPage;
    /** Answers to come before the right one. */
    final List<Integer> failures = new CopyOnWriteArrayList<>();

    private final HttpServer server;
    private final ArrayNode repositories = Json.newArray();
    private final ArrayNode tags = Json.newArray();

    FakeHub() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v2/search/repositories/", exchange -> page(exchange, repositories));
        server.createContext("/v2/namespaces/library/repositories/real/tags", exchange -> page(exchange, tags));
        server.createContext("/", exchange -> send(exchange, 404, NOT_FOUND));
        server.start();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    void repository(String name, String description, int stars, long pulls, boolean official) {
        repositories.addObject().put("repo_name", name).put("short_description", description).put("star_count", stars).put("pull_count", pulls)
                .put("repo_owner", "").put("is_automated", false).put("is_official", official);
    }

    /** Adds a tag with images for these platforms, and an attestation, as BuildKit makes them. */
    void tag(String name, String day, String... platforms) {
        ObjectNode tag = tags.addObject().put("name", name).put("full_size", 1_500_000).put("digest", "sha256:" + "0".repeat(64))
                .put("media_type", "application/vnd.oci.image.index.v1+json").put("last_updated", day + "T01:02:03.456789Z").put("tag_last_pushed", day + "T01:02:03.456789Z");
        for (String platform : platforms) {
            String[] parts = platform.split("/");
            ObjectNode image = tag.withArray("images").addObject().put("architecture", parts[1]).put("os", parts[0]).putNull("os_version")
                    .put("digest", "sha256:" + "1".repeat(64)).put("size", 1_500_000).put("status", "active");
            image.put("variant", parts.length > 2 ? parts[2] : null);
        }
        tag.withArray("images").addObject().put("architecture", "unknown").put("os", "unknown").putNull("variant").put("size", 1234).put("status", "active");
    }

    private void page(HttpExchange exchange, ArrayNode all) throws IOException {
        asked.add(exchange.getRequestURI().toString());
        if (!failures.isEmpty()) {
            // Docker Hub names the end of a wait in a header of its own, in seconds since 1970
            exchange.getResponseHeaders().set("X-Retry-After", Long.toString(System.currentTimeMillis() / 1000));
            send(exchange, failures.remove(0), "{\"detail\":\"Rate limit exceeded\",\"error\":false}");
            return;
        }
        int page = parameter(exchange, "page");
        if (lastPage > 0 && page > lastPage) {
            send(exchange, 403, "{\"message\":\"forbidden\"}");
            return;
        }
        int size = parameter(exchange, "page_size");
        ObjectNode answer = Json.newObject().put("count", all.size());
        answer.put("next", page * size < all.size() ? "https://hub.docker.com/v2/elsewhere?page=" + (page + 1) : null).putNull("previous");
        ArrayNode results = answer.putArray("results");
        for (int i = (page - 1) * size; i < Math.min(page * size, all.size()); i++) {
            results.add(all.get(i));
        }
        send(exchange, 200, Json.text(answer, false));
    }

    private static int parameter(HttpExchange exchange, String name) {
        for (String pair : exchange.getRequestURI().getQuery().split("&")) {
            if (pair.startsWith(name + "=")) {
                return Integer.parseInt(pair.substring(name.length() + 1));
            }
        }
        throw new AssertionError("no " + name + " in " + exchange.getRequestURI());
    }

    static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
