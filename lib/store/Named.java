package lib.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import lib.image.Json;
import lib.image.Manifest;
import lib.image.Reference;

//SOURCES ../image/Json.java
//SOURCES ../image/Manifest.java
//SOURCES ../image/Reference.java

/** An image and the name it is kept under; the reference is null for an image without one. */
public record Named(Manifest manifest, Reference reference) {
    static final String FULL_NAME = "io.containerd.image.name";
    static final String REF_NAME = "org.opencontainers.image.ref.name";

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
