package lib.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import lib.failure.WrongContentException;
import lib.text.Json;
import org.jspecify.annotations.Nullable;

/**
 * A manifest, which lists the config and the layers of one image, or an index, which lists manifests by platform.
 * {@code bytes} are the registry's own: the digest is theirs, so they are kept as they came.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/manifest.md">image-spec, Image Manifest</a>
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/image-index.md">image-spec, Image Index</a>
 */
public record Manifest(Digest digest, String mediaType, byte[] bytes, ObjectNode json) {
    /** The longest manifest or config that is taken, in bytes. */
    public static final int LONGEST = Descriptor.LONGEST_MANIFEST;

    /**
     * Reads the bytes of a manifest or an index.
     * The media type is the one it states itself, else the one it was sent as, else the one its keys tell.
     *
     * @throws WrongContentException when the bytes are no JSON, no manifest, or both a manifest and an index
     */
    public static Manifest parse(byte[] bytes, String contentType) throws WrongContentException {
        return parse(Digest.of(bytes), bytes, contentType);
    }

    /**
     * As {@link #parse(byte[], String)}, for bytes that were asked for by a digest of another algorithm.
     *
     * @throws WrongContentException if the bytes are not a manifest, or could be read in two ways
     */
    public static Manifest parse(Digest digest, byte[] bytes, String contentType) throws WrongContentException {
        ObjectNode json = Json.object(bytes, "the manifest");
        if (json.hasNonNull("manifests") && json.hasNonNull("layers")) {
            throw new WrongContentException("the manifest lists manifests and layers: it could be read in two ways, so it is refused");
        }
        String sentAs = MediaType.withoutParameters(contentType);
        String mediaType = json.path("mediaType").asText(
                MediaType.MANIFESTS.contains(sentAs) ? sentAs : mediaTypeByKeys(json));
        Manifest manifest = new Manifest(digest, mediaType, bytes, json);
        if (manifest.isIndex() ? json.hasNonNull("layers") || json.hasNonNull("config") : json.hasNonNull("manifests")) {
            throw new WrongContentException("the manifest's media type is " + mediaType + ", but its keys are those of another type");
        }
        return manifest;
    }

    /** Returns the {@code index.json} of a layout or an archive, to read its entries: nothing points at it, so it has no digest. */
    public static Manifest index(ObjectNode json) {
        return new Manifest(null, MediaType.OCI_INDEX, null, json);
    }

    private static String mediaTypeByKeys(JsonNode json) throws WrongContentException {
        if (json.hasNonNull("manifests") || json.has("manifests") && !json.has("config")) {
            return MediaType.OCI_INDEX;
        }
        if (json.path("schemaVersion").asInt() == 1) {
            return MediaType.DOCKER_SCHEMA_1;
        }
        if (json.has("config")) {
            return MediaType.OCI_MANIFEST;
        }
        throw new WrongContentException("this JSON is not a manifest: it has neither a config nor a list of manifests");
    }

    /** Returns whether this is an index (OCI) or a manifest list (Docker), by its media type. */
    public boolean isIndex() {
        return MediaType.isIndex(mediaType);
    }

    /** Returns whether this is Docker's first, long outdated, form of manifest. */
    public boolean isSchema1() {
        return json.path("schemaVersion").asInt() == 1;
    }

    /**
     * Returns the type of what this is, other than an image: a Helm chart, say, or a signature; empty for an image.
     * (image-spec, Guidelines for Artifact Usage: the artifactType or, if there is none, the type of the config.)
     * Signatures of cosign have the config of an image, but no layer that is a tar.
     */
    public String artifactType() {
        String config = json.path("config").path("mediaType").asText();
        if (!MediaType.isConfig(config)) {
            return json.path("artifactType").asText(config);
        }
        for (JsonNode layer : json.path("layers")) {
            if (!MediaType.isLayer(layer.path("mediaType").asText())) {
                return layer.path("mediaType").asText();
            }
        }
        return "";
    }

    /** Returns whether this is something else than an image or an index of images. */
    public boolean isArtifact() {
        return !isIndex() && !isSchema1() && !artifactType().isEmpty();
    }

    /** Returns whether this is an image for one platform, in a form of today. */
    public boolean isImage() {
        return !isIndex() && !isSchema1() && artifactType().isEmpty();
    }

    /** Returns whether engines may run this: an image, or what has a layer of one, for some engines do not look at the type of the config. */
    public boolean isRunnable() {
        boolean hasLayer = StreamSupport.stream(json.path("layers").spliterator(), false).anyMatch(layer -> MediaType.isImageLayer(layer.path("mediaType").asText()));
        return !isIndex() && (isImage() || isSchema1() || hasLayer);
    }

    /**
     * Returns the descriptor of the config, which says how to run the image.
     *
     * @throws WrongContentException if there is none, or it is not a descriptor
     */
    public Descriptor config() throws WrongContentException {
        if (isSchema1()) {
            throw new WrongContentException("the manifest " + digest + " is of schema 1, which has no config");
        }
        return Descriptor.of(json.path("config"), "the manifest's config");
    }

    /**
     * Returns the layers, lowest first.
     *
     * @throws WrongContentException if the list holds something else than descriptors
     */
    public List<Descriptor> layers() throws WrongContentException {
        return descriptors("layers", "layer");
    }

    /**
     * Returns the entries of an index, in its order.
     *
     * @throws WrongContentException if the list holds something else than descriptors
     */
    public List<Descriptor> entries() throws WrongContentException {
        return descriptors("manifests", "index entry");
    }

    /** Go writes null for an empty list, and leaves some out: both are read as one. */
    private List<Descriptor> descriptors(String key, String what) throws WrongContentException {
        if (json.hasNonNull(key) && !json.path(key).isArray()) {
            throw new WrongContentException("in the manifest, " + key + " is not a list");
        }
        List<Descriptor> descriptors = new ArrayList<>();
        for (JsonNode entry : json.path(key)) {
            descriptors.add(Descriptor.of(entry, what + " " + (descriptors.size() + 1)));
        }
        Descriptor.total(descriptors); // so that callers can add them up
        return descriptors;
    }

    /**
     * Returns every blob of the image once: the config, then the layers, lowest first.
     *
     * @throws WrongContentException also when one digest is listed with two sizes
     */
    public List<Descriptor> blobs() throws WrongContentException {
        Map<Digest, Descriptor> blobs = new LinkedHashMap<>();
        List<Descriptor> all = new ArrayList<>(List.of(config()));
        all.addAll(layers());
        for (Descriptor blob : all) {
            Descriptor same = blobs.putIfAbsent(blob.digest(), blob);
            if (same != null && same.size() != blob.size()) {
                throw new WrongContentException("the manifest lists " + blob.digest() + " with " + same.size() + " and with " + blob.size() + " bytes");
            }
        }
        Descriptor.total(blobs.values());
        return List.copyOf(blobs.values());
    }

    /**
     * Returns the digests of the uncompressed layers, lowest first, as the config lists them (image-spec, rootfs.diff_ids).
     *
     * @param config the bytes of the config
     * @throws WrongContentException when there are not as many as layers: no engine would load that
     */
    public List<Digest> diffIds(byte[] config) throws WrongContentException {
        List<Digest> diffIds = new ArrayList<>();
        for (JsonNode diffId : Json.object(config, "the config " + config().digest()).path("rootfs").path("diff_ids")) {
            try {
                diffIds.add(Digest.parse(diffId.asText()));
            } catch (IllegalArgumentException e) {
                throw new WrongContentException("the config " + config().digest() + " lists something that is not a diff ID: " + e.getMessage(), e);
            }
        }
        if (diffIds.size() != layers().size()) {
            throw new WrongContentException("the manifest " + digest + " lists " + layers().size() + " layers, but its config " + config().digest() + " " + diffIds.size() + " diff IDs");
        }
        return diffIds;
    }

    /**
     * Returns the digest of the manifest that this one refers to, as a signature does (image-spec, manifest, subject); null if there is none, or none that can be read.
     */
    public @Nullable Digest subject() {
        try {
            return Digest.parse(json.path("subject").path("digest").asText());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Returns a descriptor of this manifest as a list of referrers has it: with its artifact type and its annotations (distribution-spec, Listing Referrers). */
    public ObjectNode referrer() {
        ObjectNode referrer = descriptor();
        String stated = json.path("artifactType").asText();
        String type = !stated.isEmpty() || isIndex() ? stated : json.path("config").path("mediaType").asText();
        if (!type.isEmpty()) {
            referrer.put("artifactType", type);
        }
        if (json.path("annotations") instanceof ObjectNode annotations && !annotations.isEmpty()) {
            referrer.set("annotations", annotations.deepCopy());
        }
        return referrer;
    }

    /** Returns a descriptor of this manifest itself, for the index of a layout. */
    public ObjectNode descriptor() {
        return Json.newObject().put("mediaType", mediaType).put("digest", digest.toString()).put("size", bytes.length);
    }

    /** Returns the JSON as people read it. */
    @Override
    public String toString() {
        return Json.text(json, true);
    }
}
