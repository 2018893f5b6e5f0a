package lib.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Collectors;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Json;
import lib.image.Manifest;
import lib.image.ManifestTree;
import lib.image.Reference;
import lib.image.WrongContent;

//SOURCES Without.java
//SOURCES ../image/Descriptor.java
//SOURCES ../image/Digest.java
//SOURCES ../image/Json.java
//SOURCES ../image/Manifest.java
//SOURCES ../image/ManifestTree.java
//SOURCES ../image/Reference.java
//SOURCES ../image/WrongContent.java

/**
 * An image and the name it is kept under.
 *
 * @param manifest  the image's manifest, or an index of images for several platforms
 * @param reference null for an image without a name
 * @param below     what an index leads to
 * @param without   what of it is kept elsewhere
 */
public record Named(Manifest manifest, Reference reference, List<Manifest> below, Without without) {
    /** The annotation of an image that is not complete, and by it the digests of the images that the rest of it is in. */
    static final String SINCE = "dray.since";
    /** The annotation that has the full names of those images, in the same form. */
    static final String SINCE_NAMES = "dray.since.names";
    static final String FULL_NAME = "io.containerd.image.name";
    static final String REF_NAME = "org.opencontainers.image.ref.name";

    /** An image for one platform. */
    public Named(Manifest manifest, Reference reference) {
        this(manifest, reference, List.of(), Without.NOTHING);
    }

    public Named(ManifestTree tree, Reference reference) {
        this(tree.root(), reference, tree.below(), Without.NOTHING);
    }

    /** Returns the same image, to be stored without this. */
    public Named without(Without without) {
        return new Named(manifest, reference, below, without);
    }

    /** Returns the manifests that are to be stored for this image, and what they lead to. */
    public ManifestTree tree() {
        return new ManifestTree(manifest, below);
    }

    /** Returns the blobs that are to be stored for this image, each once. */
    public List<Descriptor> blobs() throws WrongContent {
        return tree().blobs().stream().filter(blob -> !without.blobs().contains(blob.digest())).toList();
    }

    /**
     * Returns the image's entry in the {@code index.json} of a layout or an archive. containerd reads the full name from one
     * annotation, other tools the tag from the other (image-spec, Pre-Defined Annotation Keys).
     */
    ObjectNode indexEntry() {
        ObjectNode entry = manifest.descriptor();
        ObjectNode annotations = Json.newObject();
        if (reference != null && reference.tag() != null) {
            annotations.put(FULL_NAME, reference.taggedName()).put(REF_NAME, reference.tag());
        }
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
    String repoTag() {
        return reference == null ? null : reference.taggedName();
    }
}
