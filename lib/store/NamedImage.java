package lib.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.ManifestTree;
import lib.image.Reference;
import lib.image.Referrer;
import lib.text.Json;
import org.jspecify.annotations.Nullable;

/**
 * An image that is stored: what it consists of, the name it is kept under, and what travels with it.
 *
 * @param tree      its manifest, or an index of images for several platforms, with what that leads to and by which indexes it was chosen
 * @param reference its name; null for an image without one
 * @param without   what of it is kept elsewhere
 * @param referrers what travels with it, as it refers to it, to one of the indexes, or to what refers to these
 */
public record NamedImage(ManifestTree tree, @Nullable Reference reference, Exclusions without, List<Referrer> referrers) {
    /** The annotation of an image that is not complete, and by it the digests of the images that the rest of it is in. */
    static final String SINCE = "dray.since";
    /** The annotation that has the full names of those images, in the same form. */
    static final String SINCE_NAMES = "dray.since.names";
    public static final String FULL_NAME = "io.containerd.image.name";
    public static final String REF_NAME = "org.opencontainers.image.ref.name";

    /** A complete image to which nothing refers. */
    public NamedImage(ManifestTree tree, @Nullable Reference reference) {
        this(tree, reference, Exclusions.NOTHING, List.of());
    }

    /** An image for one platform. */
    public NamedImage(Manifest manifest, @Nullable Reference reference) {
        this(new ManifestTree(manifest), reference);
    }

    /** Returns the same image under another name, or without one. */
    public NamedImage as(@Nullable Reference name) {
        return new NamedImage(tree, name, without, referrers);
    }

    /** Returns the same image, to be stored without this. */
    public NamedImage without(Exclusions without) {
        return new NamedImage(tree, reference, without, referrers);
    }

    /** Returns the same image with what refers to it, and to these indexes by which it was chosen, outermost first. */
    public NamedImage with(List<Referrer> found, List<Manifest> indexes) {
        return new NamedImage(tree.under(indexes), reference, without, found);
    }

    /** Returns the same image without what refers to it. */
    public NamedImage alone() {
        return with(List.of(), tree.above());
    }

    /** Returns the image's manifest, or the index of its images for several platforms. */
    public Manifest manifest() {
        return tree.root();
    }

    /** Returns the indexes by which the manifest was chosen, outermost first; none where it was not chosen. */
    public List<Manifest> above() {
        return tree.above();
    }

    /**
     * Returns those of the indexes above that are stored with the image: all of them or none. A name that is pinned to an index would point to
     * nothing without it, and so would a signature of an index; a tag means the image that was chosen.
     */
    public List<Manifest> storedIndexes() {
        return above().stream().anyMatch(index -> isPinnedTo(index, reference) || isReferredTo(index, referrers)) ? above() : List.of();
    }

    private static boolean isReferredTo(Manifest manifest, List<Referrer> referrers) {
        return referrers.stream().anyMatch(referrer -> referrer.subject().equals(manifest.digest()));
    }

    private static boolean isPinnedTo(Manifest manifest, Reference reference) {
        return reference != null && manifest.digest().equals(reference.digest());
    }

    /** Returns all manifests and indexes that are to be stored for this image. */
    public List<Manifest> manifests() {
        List<Manifest> all = new ArrayList<>(storedIndexes());
        all.addAll(tree.manifests());
        referrers.forEach(referrer -> all.addAll(referrer.manifests()));
        return all;
    }

    /**
     * Returns the blobs that are to be stored for this image, each once.
     *
     * @throws WrongContentException if a list in one of the manifests is malformed
     */
    public List<Descriptor> blobs() throws WrongContentException {
        Map<Digest, Descriptor> blobs = new LinkedHashMap<>();
        tree.blobs().forEach(blob -> blobs.put(blob.digest(), blob));
        for (Referrer referrer : referrers) {
            for (Descriptor blob : referrer.blobs()) {
                blobs.putIfAbsent(blob.digest(), blob);
            }
        }
        Descriptor.total(blobs.values());
        return blobs.values().stream().filter(blob -> !without.blobs().contains(blob.digest())).toList();
    }

    /**
     * Returns the image's entries in the {@code index.json} of a layout or an archive: one for its tag, and one for the digest that its name has,
     * for containerd and Kubernetes know {@code nginx:alpine@sha256:…} as {@code nginx@sha256:…} alone. That one points to the very content
     * of this digest, which may be an index with only one image here.
     */
    public List<ObjectNode> indexEntries() {
        Optional<Manifest> pinned = Stream.concat(storedIndexes().stream(), Stream.of(manifest())).filter(one -> isPinnedTo(one, reference)).findFirst();
        List<ObjectNode> entries = new ArrayList<>();
        if (reference != null && reference.tag() != null) {
            entries.add(entry(manifest(), Json.newObject().put(FULL_NAME, reference.taggedName()).put(REF_NAME, reference.tag())));
        }
        pinned.ifPresent(one -> entries.add(entry(one, Json.newObject().put(FULL_NAME, reference.pinnedName()))));
        return entries.isEmpty() ? List.of(entry(manifest(), Json.newObject())) : entries;
    }

    /**
     * Returns the entries of what refers to the image. They have no name, or engines would take them for images: containerd would unpack a signature.
     * What registries have under a tag of a digest has that tag in an annotation, and another beside it by which cosign finds its own.
     */
    public List<ObjectNode> referrerEntries() {
        Set<Digest> below = tree.manifests().stream().map(Manifest::digest).collect(Collectors.toSet());
        return referrers.stream().filter(referrer -> !below.contains(referrer.manifest().digest())).map(NamedImage::entry).toList();
    }

    private static ObjectNode entry(Referrer referrer) {
        ObjectNode entry = referrer.manifest().descriptor();
        String type = referrer.artifactType();
        if (!type.isEmpty()) {
            entry.put("artifactType", type);
        }
        if (!referrer.tag().isEmpty()) {
            ObjectNode annotations = entry.putObject("annotations").put(StoredReferrers.TAG, referrer.tag());
            String kind = StoredReferrers.cosignKind(referrer.tag());
            if (!kind.isEmpty()) {
                annotations.put(StoredReferrers.KIND, kind);
            }
        }
        return entry;
    }

    /** containerd reads the full name from one annotation, other tools the tag from the other (image-spec, Pre-Defined Annotation Keys). */
    private ObjectNode entry(Manifest target, ObjectNode annotations) {
        ObjectNode entry = target.descriptor();
        if (!without.images().isEmpty()) {
            annotations.put(SINCE, without.images().stream().map(Digest::toString).collect(Collectors.joining(" ")));
        }
        if (!without.names().isEmpty()) {
            annotations.put(SINCE_NAMES, without.names().stream().map(Reference::toString).collect(Collectors.joining(" ")));
        }
        boolean hasCosigns = referrers.stream().anyMatch(referrer -> referrer.subject().equals(target.digest()) && !StoredReferrers.cosignKind(referrer.tag()).isEmpty());
        if (hasCosigns) {
            annotations.put(StoredReferrers.KIND, StoredReferrers.COSIGN + (target.isIndex() ? "imageIndex" : "image"));
        }
        if (!annotations.isEmpty()) {
            entry.set("annotations", annotations);
        }
        return entry;
    }

    /**
     * Returns the name that engines load an image under, or null: a name with a digest in it is none they load. It is the full one,
     * {@code docker.io/library/nginx:alpine}: docker shortens it, and podman takes a short one of several images for {@code localhost/nginx}.
     */
    public @Nullable String repoTag() {
        return reference == null ? null : reference.taggedName();
    }
}
