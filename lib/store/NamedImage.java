package lib.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.ManifestTree;
import lib.image.Reference;
import lib.text.Json;
import org.jspecify.annotations.Nullable;

/**
 * An image and the name it is kept under.
 *
 * @param manifest  the image's manifest, or an index of images for several platforms
 * @param reference null for an image without a name
 * @param below     what an index leads to
 * @param above     the indexes by which the manifest was chosen, outermost first: kept where the name has the digest of one of them
 * @param without   what of it is kept elsewhere
 */
public record NamedImage(Manifest manifest, @Nullable Reference reference, List<Manifest> below, List<Manifest> above, Exclusions without) {
    /** The annotation of an image that is not complete, and by it the digests of the images that the rest of it is in. */
    static final String SINCE = "dray.since";
    /** The annotation that has the full names of those images, in the same form. */
    static final String SINCE_NAMES = "dray.since.names";
    public static final String FULL_NAME = "io.containerd.image.name";
    public static final String REF_NAME = "org.opencontainers.image.ref.name";

    /** A name that is pinned to an index would stand for nothing without it; a tag stands for the image that was chosen. */
    public NamedImage {
        above = above.stream().anyMatch(index -> isPinnedTo(index, reference)) ? above : List.of();
    }

    /** An image for one platform. */
    public NamedImage(Manifest manifest, @Nullable Reference reference) {
        this(new ManifestTree(manifest, List.of()), reference);
    }

    public NamedImage(ManifestTree tree, @Nullable Reference reference) {
        this(tree.root(), reference, tree.below(), tree.above(), Exclusions.NOTHING);
    }

    /** Returns the same image, to be stored without this. */
    public NamedImage without(Exclusions without) {
        return new NamedImage(manifest, reference, below, above, without);
    }

    private static boolean isPinnedTo(Manifest manifest, Reference reference) {
        return reference != null && manifest.digest().equals(reference.digest());
    }

    /** Returns the image's manifest or index, and what it leads to. */
    public ManifestTree tree() {
        return new ManifestTree(manifest, below, above);
    }

    /** Returns all manifests and indexes that are to be stored for this image. */
    public List<Manifest> manifests() {
        List<Manifest> all = new ArrayList<>(above);
        all.addAll(tree().manifests());
        return all;
    }

    /** Returns the blobs that are to be stored for this image, each once. */
    public List<Descriptor> blobs() throws WrongContentException {
        return tree().blobs().stream().filter(blob -> !without.blobs().contains(blob.digest())).toList();
    }

    /**
     * Returns the image's entries in the {@code index.json} of a layout or an archive: one for its tag, and one for the digest that its name has,
     * for containerd and Kubernetes know {@code nginx:alpine@sha256:…} as {@code nginx@sha256:…} alone. That one points to the very content
     * of this digest, which may be an index of which only one image is here.
     */
    public List<ObjectNode> indexEntries() {
        Optional<Manifest> pinned = Stream.concat(above.stream(), Stream.of(manifest)).filter(one -> isPinnedTo(one, reference)).findFirst();
        List<ObjectNode> entries = new ArrayList<>();
        if (reference != null && reference.tag() != null) {
            entries.add(entry(manifest, Json.newObject().put(FULL_NAME, reference.taggedName()).put(REF_NAME, reference.tag())));
        }
        pinned.ifPresent(one -> entries.add(entry(one, Json.newObject().put(FULL_NAME, reference.pinnedName()))));
        return entries.isEmpty() ? List.of(entry(manifest, Json.newObject())) : entries;
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
