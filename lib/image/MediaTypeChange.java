package lib.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lib.failure.WrongContentException;
import lib.text.Json;

/**
 * Images in Docker's media types instead of OCI's, or the other way round, for registries that know only one. Nothing else changes: not a byte of
 * a config or a layer, and so not the image ID. Manifests that change get another digest, and so do the indexes that lead to them.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/media-types.md#compatibility-matrix">image-spec, Compatibility Matrix</a>
 */
public final class MediaTypeChange {
    /** Whose media types images are to have. */
    public enum To { DOCKER, OCI }

    private static final String FOREIGN = "application/vnd.docker.image.rootfs.foreign.diff.tar";
    private static final String NONDISTRIBUTABLE = "application/vnd.oci.image.layer.nondistributable.v1.tar";
    /** Docker's media type, and OCI's for the same. The last ones are not in Docker's specification, but tools write and read them. */
    private static final Map<String, String> OCI = Map.of(
            MediaType.DOCKER_MANIFEST, MediaType.OCI_MANIFEST,
            MediaType.DOCKER_LIST, MediaType.OCI_INDEX,
            MediaType.DOCKER_CONFIG, MediaType.OCI_CONFIG,
            MediaType.DOCKER_LAYER, MediaType.OCI_LAYER + "+gzip",
            FOREIGN + ".gzip", NONDISTRIBUTABLE + "+gzip",
            "application/vnd.docker.image.rootfs.diff.tar", MediaType.OCI_LAYER,
            FOREIGN, NONDISTRIBUTABLE);

    private final To to;
    private final ManifestTree tree;
    private final Map<Digest, Manifest> changed = new LinkedHashMap<>();
    private final List<Digest> left = new ArrayList<>();

    /** @param tree an image, or an index with all that it leads to */
    public MediaTypeChange(ManifestTree tree, To to) {
        this.tree = tree;
        this.to = to;
    }

    /**
     * Returns the same images in those media types; the very same tree where they have them already. Attestations in an index are left out
     * where the image that they are about gets another digest: they would be about nothing.
     *
     * @throws IllegalArgumentException if there are no such media types for what is there
     * @throws WrongContentException    if a manifest is malformed
     */
    public ManifestTree changed() throws WrongContentException {
        Manifest root = changed(tree.root());
        if (root == tree.root()) {
            return tree;
        }
        List<Manifest> below = new ArrayList<>();
        for (Manifest manifest : tree.below()) {
            if (!left.contains(manifest.digest())) {
                below.add(changed.getOrDefault(manifest.digest(), manifest)); // an attestation that stays is not among those
            }
        }
        return new ManifestTree(root, below);
    }

    /** Returns the attestations that were left out, by the digests of their manifests. */
    public List<Digest> left() {
        return left;
    }

    /** Returns whether a manifest is not among these, or keeps its digest. */
    public boolean keeps(Digest manifest) {
        return !left.contains(manifest) && (!changed.containsKey(manifest) || changed.get(manifest).digest().equals(manifest));
    }

    private Manifest changed(Manifest manifest) throws WrongContentException {
        Manifest known = changed.get(manifest.digest());
        if (known != null) {
            return known;
        }
        if (manifest.isSchema1() || manifest.isArtifact() && to == To.DOCKER) {
            throw new IllegalArgumentException("the manifest " + manifest.digest() + (manifest.isSchema1() ? " is of schema 1" : " is an artifact of the type " + manifest.artifactType())
                    + ": it cannot have " + (to == To.DOCKER ? "Docker's" : "OCI's") + " media types");
        }
        ObjectNode json = manifest.json().deepCopy();
        if (manifest.isIndex()) {
            changeEntries(json, manifest);
        } else {
            change(json.path("config"));
            for (JsonNode layer : json.path("layers")) {
                change(layer);
            }
        }
        String mediaType = of(manifest.mediaType());
        if (!mediaType.equals(manifest.mediaType())) {
            json.put("mediaType", mediaType);
        }
        Manifest other = json.equals(manifest.json()) ? manifest : Manifest.parse(Json.bytes(json), mediaType);
        changed.put(manifest.digest(), other);
        return other;
    }

    private void changeEntries(ObjectNode index, Manifest manifest) throws WrongContentException {
        for (Descriptor entry : manifest.entries()) {
            if (!entry.isAttestation()) {
                changed(below(entry));
            }
        }
        ArrayNode entries = Json.newArray();
        for (Descriptor entry : manifest.entries()) {
            Manifest listed = below(entry);
            if (entry.isAttestation() && !isAboutTheSame(entry, listed)) {
                left.add(entry.digest());
            } else {
                entries.add(pointingTo(entry.isAttestation() ? listed : changed(listed), entry));
            }
        }
        index.set("manifests", entries);
    }

    /** Returns whether an attestation may stay as it is: its image does not change, and Docker's registries would take it. */
    private boolean isAboutTheSame(Descriptor entry, Manifest attestation) {
        boolean isTaken = to == To.OCI || attestation.mediaType().equals(MediaType.DOCKER_MANIFEST);
        return isTaken && changed.values().stream().anyMatch(image -> image.digest().toString().equals(entry.attested()));
    }

    private Manifest below(Descriptor entry) throws WrongContentException {
        return tree.below().stream().filter(manifest -> manifest.digest().equals(entry.digest())).findFirst()
                .orElseThrow(() -> new WrongContentException("the index does not come with its manifest " + entry.digest()));
    }

    private static ObjectNode pointingTo(Manifest manifest, Descriptor entry) {
        return manifest.digest().equals(entry.digest()) ? entry.json() : entry.json().deepCopy().put("mediaType", manifest.mediaType()).put("digest", manifest.digest().toString()).put("size", manifest.bytes().length);
    }

    private void change(JsonNode stated) {
        String type = stated.path("mediaType").asText();
        if (stated instanceof ObjectNode object && !of(type).equals(type)) {
            object.put("mediaType", of(type));
        }
    }

    private String of(String type) {
        if (to == To.OCI) {
            return OCI.getOrDefault(type, type);
        }
        if (type.endsWith("+zstd")) {
            throw new IllegalArgumentException("Docker has no media type for layers that are compressed with zstd: recompress them first");
        }
        return OCI.entrySet().stream().filter(pair -> pair.getValue().equals(type)).map(Map.Entry::getKey).findFirst().orElse(type);
    }
}
