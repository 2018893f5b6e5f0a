package tests.trust;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import lib.failure.WrongContentException;
import lib.image.Digest;
import lib.image.MediaType;
import lib.text.Json;
import tests.support.Checkout;
import tests.support.Scratch;

//SOURCES ../support/Checkout.java
//SOURCES ../support/Scratch.java

/**
 * The image of tests/trust/data and what refers to it, all of it made by cosign, by Notation's specification and by a test's own authority;
 * and altered copies. It becomes a layout, or a registry on loopback, which holds the manifests only.
 */
final class SignedImage implements AutoCloseable {
    static final Path DATA = Checkout.root().resolve("tests/trust/data");
    static final String EMPTY = "application/vnd.oci.empty.v1+json";
    static final String BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json";

    final Map<String, byte[]> blobs = new LinkedHashMap<>();
    final Map<String, byte[]> manifests = new LinkedHashMap<>();
    final Map<String, String> tags = new LinkedHashMap<>();
    final List<String> asked = new CopyOnWriteArrayList<>();
    final Digest digest;
    boolean hasApi;
    /** What is answered to those who ask what refers to an image, 0 for what is right. */
    volatile int failure;
    private HttpServer server;

    /** The image alone, unsigned, under the tag 1. */
    SignedImage() {
        this(data("hello.manifest.json"));
    }

    /** An image of this manifest. */
    SignedImage(byte[] manifest) {
        digest = Digest.of(manifest);
        tags.put("1", manifest(manifest));
    }

    static byte[] data(String name) {
        try {
            return Files.readAllBytes(DATA.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ObjectNode json(String name) {
        return json(data(name));
    }

    static ObjectNode json(byte[] bytes) {
        try {
            return Json.exact(bytes, "test data");
        } catch (WrongContentException e) {
            throw new AssertionError(e);
        }
    }

    String manifest(byte[] bytes) {
        String name = Digest.of(bytes).toString();
        manifests.put(name, bytes);
        return name;
    }

    ObjectNode blob(String mediaType, byte[] bytes) {
        blobs.put(Digest.of(bytes).toString(), bytes);
        return Json.newObject().put("mediaType", mediaType).put("digest", Digest.of(bytes).toString()).put("size", bytes.length);
    }

    ObjectNode descriptor(String manifest) {
        byte[] bytes = manifests.get(manifest);
        return Json.newObject().put("mediaType", json(bytes).path("mediaType").asText()).put("digest", manifest).put("size", bytes.length);
    }

    String tag(String ending) {
        return tag(digest.toString(), ending);
    }

    static String tag(String digest, String ending) {
        return digest.replace(':', '-') + ending;
    }

    /** Adds a signature in cosign's older form: its text, and the annotations of the layer. */
    SignedImage classic(byte[] payload, Map<String, String> annotations) {
        return under(".sig", "application/vnd.dev.cosign.simplesigning.v1+json", payload, annotations);
    }

    SignedImage classic(byte[] payload, String signature) {
        return classic(payload, Map.of("dev.cosignproject.cosign/signature", signature));
    }

    /** Adds a layer to what lies under one of cosign's tags. */
    SignedImage under(String tagOrEnding, String type, byte[] content, Map<String, String> annotations) {
        String tag = tagOrEnding.startsWith(".") ? tag(tagOrEnding) : tagOrEnding;
        ObjectNode manifest = tags.containsKey(tag) ? json(manifests.get(tags.get(tag)))
                : Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_MANIFEST).set("config", blob(MediaType.OCI_CONFIG, "{}".getBytes()));
        ObjectNode layer = blob(type, content);
        annotations.forEach(layer.withObject("annotations")::put);
        manifest.withArray("layers").add(layer);
        tags.put(tag, manifest(Json.bytes(manifest)));
        return this;
    }

    /** Adds what refers to the image as its subject: an artifact of one blob. Returns its digest. */
    String refer(String artifactType, String layerType, byte[] content, Map<String, String> annotations) {
        return refer(digest.toString(), artifactType, layerType, content, annotations);
    }

    String refer(String subject, String artifactType, String layerType, byte[] content, Map<String, String> annotations) {
        ObjectNode manifest = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_MANIFEST).put("artifactType", artifactType);
        manifest.set("config", blob(EMPTY, "{}".getBytes()));
        manifest.putArray("layers").add(blob(layerType, content));
        manifest.set("subject", descriptor(subject));
        annotations.forEach(manifest.withObject("annotations")::put);
        return list(subject, manifest, artifactType);
    }

    /** Adds an index that refers to the image, and that leads to an artifact of one blob. Returns its digest. */
    String referByIndex(String artifactType, byte[] content) {
        ObjectNode below = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_MANIFEST).put("artifactType", artifactType);
        below.set("config", blob(EMPTY, "{}".getBytes()));
        below.putArray("layers").add(blob(artifactType, content));
        ObjectNode index = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_INDEX).put("artifactType", artifactType);
        index.putArray("manifests").add(descriptor(manifest(Json.bytes(below))));
        index.set("subject", descriptor(digest.toString()));
        return list(digest.toString(), index, artifactType);
    }

    /** Lists a manifest under the tag of what refers to its subject. */
    private String list(String subject, ObjectNode manifest, String artifactType) {
        String name = manifest(Json.bytes(manifest));
        String tag = tag(subject, "");
        ObjectNode index = tags.containsKey(tag) ? json(manifests.get(tags.get(tag)))
                : Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_INDEX).set("manifests", Json.newArray());
        index.withArray("manifests").add(descriptor(name).put("artifactType", artifactType));
        tags.put(tag, manifest(Json.bytes(index)));
        return name;
    }

    SignedImage bundle(byte[] bundle) {
        refer(BUNDLE, BUNDLE, bundle, Map.of());
        return this;
    }

    SignedImage notation(String type, byte[] envelope) {
        refer("application/vnd.cncf.notary.signature", type, envelope, Map.of());
        return this;
    }

    /** Writes all of it into a layout: what has a tag is listed under it, and what has a subject also without one if that is wanted. */
    Path layout(boolean bySubject) {
        try {
            Path folder = Scratch.folder("signed");
            Files.createDirectories(folder.resolve("blobs/sha256"));
            Files.writeString(folder.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
            ObjectNode index = Json.newObject().put("schemaVersion", 2);
            ArrayNode entries = index.putArray("manifests");
            for (Map.Entry<String, String> tag : tags.entrySet()) {
                boolean isReferrersTag = tag.getKey().matches("sha256-[0-9a-f]{64}");
                if (!bySubject || !isReferrersTag) {
                    entries.add(descriptor(tag.getValue()).set("annotations", Json.newObject().put("org.opencontainers.image.ref.name", tag.getKey())));
                    continue;
                }
                for (JsonNode entry : json(manifests.get(tag.getValue())).path("manifests")) {
                    entries.add(entry);
                }
            }
            Files.write(folder.resolve("index.json"), Json.bytes(index));
            for (Map<String, byte[]> all : List.of(manifests, blobs)) {
                for (Map.Entry<String, byte[]> blob : all.entrySet()) {
                    Files.write(folder.resolve("blobs").resolve(blob.getKey().replace(':', '/')), blob.getValue());
                }
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a registry that has all of it, and returns the image's name there. */
    String serve() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", this::answer);
            server.start();
            return "localhost:" + server.getAddress().getPort() + "/hello:1";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        asked.add(exchange.getRequestMethod() + " " + path);
        String last = path.substring(path.lastIndexOf('/') + 1);
        byte[] body = null;
        String type = "application/octet-stream";
        if (path.contains("/manifests/")) {
            body = manifests.get(tags.getOrDefault(last, last));
            type = body == null ? type : json(body).path("mediaType").asText();
        } else if (path.contains("/blobs/")) {
            body = blobs.get(last);
        } else if (path.contains("/referrers/") && hasApi) {
            String index = tags.get(tag(last, ""));
            body = index == null ? "{\"schemaVersion\":2,\"manifests\":[]}".getBytes() : manifests.get(index);
            type = MediaType.OCI_INDEX;
        } else if (path.equals("/v2/")) {
            body = "{}".getBytes();
        }
        boolean isOfReferrers = path.contains("/referrers/") || last.startsWith("sha256-");
        if (failure != 0 && isOfReferrers) {
            exchange.sendResponseHeaders(failure, -1);
            exchange.close();
            return;
        }
        exchange.getResponseHeaders().add("Content-Type", type);
        exchange.sendResponseHeaders(body == null ? 404 : 200, body == null || exchange.getRequestMethod().equals("HEAD") ? -1 : body.length);
        if (body != null && !exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    @Override
    public void close() {
        if (server != null) {
            server.stop(0);
        }
    }
}
