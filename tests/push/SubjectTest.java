package tests.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.MediaType;
import lib.image.Reference;
import lib.registry.ManifestUploads;
import lib.registry.Network;
import lib.registry.Uploads;
import lib.text.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Registries that Debian's is not: one that lists by itself what refers to an image, and one that heeds conditions, so that of two who write at the same time one is told. */
class SubjectTest {
    private static final Digest IMAGE = Digest.of("image".getBytes());
    private static final String EMPTY_INDEX = "{\"schemaVersion\":2,\"mediaType\":\"" + MediaType.OCI_INDEX + "\",\"manifests\":[]}";

    private final Map<String, byte[]> manifests = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<Runnable> meanwhile = new ArrayList<>();
    private boolean listsByItself;
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private static String entityTag(byte[] bytes) {
        return "\"" + Digest.of(bytes) + "\"";
    }

    private void answer(HttpExchange exchange) throws IOException {
        String name = exchange.getRequestURI().getPath().replaceFirst(".*/", "");
        String method = exchange.getRequestMethod();
        byte[] sent = exchange.getRequestBody().readAllBytes();
        byte[] there = manifests.get(name);
        int status = method.equals("PUT") ? 201 : there == null ? 404 : 200;
        if (method.equals("PUT")) {
            String match = exchange.getRequestHeaders().getFirst("If-Match");
            boolean isRefused = match != null && (there == null || !match.equals(entityTag(there))) || exchange.getRequestHeaders().containsKey("If-None-Match") && there != null;
            status = isRefused ? 412 : 201;
            if (!isRefused) {
                manifests.put(name, sent);
            }
            if (listsByItself) {
                exchange.getResponseHeaders().add("OCI-Subject", IMAGE.toString());
            }
        }
        asked.add(method + " " + name + " " + status);
        byte[] body = method.equals("GET") && there != null ? there : new byte[0];
        if (there != null) {
            exchange.getResponseHeaders().add("ETag", entityTag(there));
        }
        exchange.getResponseHeaders().add("Content-Type", MediaType.OCI_INDEX);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
        if (method.equals("GET") && name.equals(IMAGE.referrersTag()) && !meanwhile.isEmpty()) {
            meanwhile.remove(0).run();
        }
    }

    private static Manifest referrer(String about) throws IOException {
        ObjectNode manifest = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_MANIFEST).put("artifactType", "application/x-" + about);
        manifest.putObject("config").put("mediaType", "application/vnd.oci.empty.v1+json").put("digest", Digest.of("{}".getBytes()).toString()).put("size", 2);
        manifest.putArray("layers");
        manifest.putObject("subject").put("mediaType", MediaType.OCI_MANIFEST).put("digest", IMAGE.toString()).put("size", 5);
        return Manifest.parse(Json.bytes(manifest), null);
    }

    private ManifestUploads uploads() throws IOException {
        return new Uploads(Reference.parse("localhost:" + server.getAddress().getPort() + "/app:1"), Network.plain(notice -> { }), Long.MAX_VALUE).manifests();
    }

    /** Somebody else adds to the list, after it was read and before it is written. */
    private void addByAnother(String about) {
        try {
            byte[] there = manifests.getOrDefault(IMAGE.referrersTag(), EMPTY_INDEX.getBytes());
            ObjectNode index = Json.object(there, "the list");
            index.withArray("manifests").add(referrer(about).referrer());
            manifests.put(IMAGE.referrersTag(), Json.bytes(index));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> types() throws IOException {
        List<String> types = new ArrayList<>();
        for (JsonNode entry : Json.object(manifests.get(IMAGE.referrersTag()), "the list").path("manifests")) {
            types.add(entry.path("artifactType").asText().replace("application/x-", ""));
        }
        return types;
    }

    @Test
    void should_leave_the_list_to_a_registry_that_says_it_keeps_it() throws IOException {
        listsByItself = true;
        assertTrue(uploads().put(referrer("mine"), referrer("mine").digest().toString()));
        listsByItself = false;
        assertFalse(uploads().put(referrer("mine"), referrer("mine").digest().toString()));
    }

    @Test
    void should_read_the_list_again_where_somebody_else_has_written_it_since() throws IOException {
        meanwhile.add(() -> addByAnother("first")); // where there was none
        meanwhile.add(() -> addByAnother("second"));
        uploads().list(IMAGE, List.of(referrer("mine")));
        assertEquals(List.of("first", "second", "mine"), types());
        assertEquals(2, asked.stream().filter(("PUT " + IMAGE.referrersTag() + " 412")::equals).count(), asked.toString());
        assertEquals(1, asked.stream().filter(("PUT " + IMAGE.referrersTag() + " 201")::equals).count(), asked.toString());
    }
}
