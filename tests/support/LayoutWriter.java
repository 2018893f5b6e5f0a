package tests.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import lib.image.Digest;
import lib.image.MediaType;
import lib.text.Json;

/**
 * Writes images into a layout folder, independently of what Dray itself knows of layouts.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/image-layout.md">image-spec, Image Layout</a>
 */
public final class LayoutWriter {
    private final Path folder;
    private final ObjectNode index = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_INDEX);

    /** A layer as it is stored, and the digest of its tar. */
    public record Layer(ObjectNode descriptor, Digest diffId) { }

    public LayoutWriter(Path folder) {
        this.folder = folder;
        index.putArray("manifests");
        try {
            Files.createDirectories(folder.resolve("blobs/sha256"));
            Files.writeString(folder.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path folder() {
        return folder;
    }

    /** Stores these bytes and returns a descriptor of them. */
    public ObjectNode blob(String mediaType, byte[] bytes) {
        Digest digest = Digest.of(bytes);
        try {
            Files.write(folder.resolve("blobs/sha256").resolve(digest.hex()), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Json.newObject().put("mediaType", mediaType).put("digest", digest.toString()).put("size", bytes.length);
    }

    public ObjectNode blob(String mediaType, ObjectNode json) {
        return blob(mediaType, Json.bytes(json));
    }

    /**
     * Stores a layer and returns it.
     *
     * @param compression {@code gzip}, {@code zstd}, or "" to store the tar as it is
     */
    public Layer layer(byte[] tar, String compression) {
        byte[] stored = switch (compression) {
            case "gzip" -> new Program("gzip", "-nc").stdin(tar).run().orFail().stdout();
            case "zstd" -> new Program("zstd", "-qc").stdin(tar).run().orFail().stdout();
            default -> tar;
        };
        String mediaType = "application/vnd.oci.image.layer.v1.tar" + (compression.isEmpty() ? "" : "+" + compression);
        return new Layer(blob(mediaType, stored), Digest.of(tar));
    }

    /** Stores an image of these layers, lowest first, and returns a descriptor of its manifest, with the platform. */
    public ObjectNode image(ObjectNode platform, List<Layer> layers) {
        ObjectNode config = platform.deepCopy().put("created", "2024-02-29T12:00:00Z");
        ObjectNode run = config.putObject("config");
        run.putArray("Cmd").add("/bin/busybox").add("sh");
        run.putArray("Env").add("PATH=/usr/bin:/bin").add("GREETING=grüß dich");
        ObjectNode rootfs = config.putObject("rootfs").put("type", "layers");
        rootfs.putArray("diff_ids");
        config.putArray("history").addObject().put("created_by", "CMD [\"/bin/busybox\" \"sh\"]").put("empty_layer", true);
        ObjectNode manifest = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_MANIFEST);
        manifest.putObject("config");
        manifest.putArray("layers");
        for (Layer layer : layers) {
            rootfs.withArray("diff_ids").add(layer.diffId.toString());
            config.withArray("history").addObject().put("created_by", "a layer");
            manifest.withArray("layers").add(layer.descriptor);
        }
        manifest.set("config", blob("application/vnd.oci.image.config.v1+json", config));
        ObjectNode descriptor = blob(MediaType.OCI_MANIFEST, manifest);
        descriptor.set("platform", platform);
        return descriptor;
    }

    /** Returns {@code {"architecture":…,"os":"linux"}}, with a variant if it is not "". */
    public static ObjectNode linux(String architecture, String variant) {
        ObjectNode platform = Json.newObject().put("architecture", architecture).put("os", "linux");
        return variant.isEmpty() ? platform : platform.put("variant", variant);
    }

    /** Stores an index of these entries and returns a descriptor of it. */
    public ObjectNode index(List<ObjectNode> entries) {
        ObjectNode json = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_INDEX);
        json.putArray("manifests").addAll(entries);
        return blob(MediaType.OCI_INDEX, json);
    }

    /** Stores what build tools leave beside an image: a manifest for no platform, marked as a note about the image. Returns its descriptor. */
    public ObjectNode attestation(ObjectNode image) {
        ObjectNode statement = blob("application/vnd.in-toto+json", Json.newObject().put("_type", "https://in-toto.io/Statement/v0.1"));
        ObjectNode nowhere = Json.newObject().put("architecture", "unknown").put("os", "unknown");
        ObjectNode descriptor = image(nowhere, List.of(new Layer(statement, Digest.parse(statement.path("digest").asText()))));
        descriptor.putObject("annotations")
                .put("vnd.docker.reference.digest", image.path("digest").asText())
                .put("vnd.docker.reference.type", "attestation-manifest");
        return descriptor;
    }

    /** Returns the descriptor that has this tag, with its annotations. */
    public ObjectNode tagged(String tag) {
        for (JsonNode entry : index.path("manifests")) {
            if (entry.path("annotations").path("org.opencontainers.image.ref.name").asText().equals(tag)) {
                return entry.deepCopy();
            }
        }
        throw new AssertionError("no tag " + tag);
    }

    /** Gives a manifest or an index a tag in this layout. */
    public void tag(String tag, ObjectNode descriptor) {
        ObjectNode entry = descriptor.deepCopy();
        entry.putObject("annotations").put("org.opencontainers.image.ref.name", tag);
        index.withArray("manifests").add(entry);
        try {
            Files.write(folder.resolve("index.json"), Json.bytes(index));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
