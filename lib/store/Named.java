package lib.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import lib.image.Json;
import lib.image.Manifest;
import lib.image.ManifestTree;
import lib.image.Reference;

//SOURCES ../image/Json.java
//SOURCES ../image/Manifest.java
//SOURCES ../image/ManifestTree.java
//SOURCES ../image/Reference.java

/**
 * An image and the name it is kept under.
 *
 * @param manifest  the image's manifest, or an index of images for several platforms
 * @param reference null for an image without a name
 * @param below     what an index leads to
 */
public record Named(Manifest manifest, Reference reference, List<Manifest> below) {
    static final String FULL_NAME = "io.containerd.image.name";
    static final String REF_NAME = "org.opencontainers.image.ref.name";

    /** An image for one platform. */
    public Named(Manifest manifest, Reference reference) {
        this(manifest, reference, List.of());
    }

    public Named(ManifestTree tree, Reference reference) {
        this(tree.root(), reference, tree.below());
    }

    /** Returns the manifests that are to be stored for this image, and what they lead to. */
    public ManifestTree tree() {
        return new ManifestTree(manifest, below);
    }

    /**
     * Returns the image's entry in the {@code index.json} of a layout or an archive. containerd reads the full name from one
     * annotation, other tools the tag from the other (image-spec, Pre-Defined Annotation Keys).
     */
    ObjectNode indexEntry() {
        ObjectNode entry = manifest.descriptor();
        if (reference != null && reference.tag() != null) {
            ObjectNode annotations = Json.newObject().put(FULL_NAME, reference.taggedName()).put(REF_NAME, reference.tag());
            entry.set("annotations", annotations);
        }
        return entry;
    }

    /** Returns the name as engines list it, such as {@code nginx:alpine}, or null: a name with a digest in it is none they load. */
    String repoTag() {
        return reference == null || reference.tag() == null ? null : reference.withDigest(null).familiarName();
    }
}
