package lib.store;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.ManifestTree;

//SOURCES ImageStore.java
//SOURCES ../image/Descriptor.java
//SOURCES ../image/Digest.java
//SOURCES ../image/Manifest.java
//SOURCES ../image/ManifestTree.java

/**
 * What of an image is not stored with it, as those who get it have it already, or have it from elsewhere.
 *
 * @param blobs  the blobs that are left out
 * @param images the manifests or indexes by which those who get it have these blobs; none where it is another reason that they are left out for
 */
public record Without(Set<Digest> blobs, Set<Digest> images) {
    /** Nothing is left out. */
    public static final Without NOTHING = new Without(Set.of(), Set.of());

    /**
     * Returns what can be left out of an image.
     *
     * @param since   archives and layouts that those who get it have
     * @param foreign whether to leave out layers that are to be had elsewhere
     */
    public static Without of(ManifestTree image, List<ImageStore> since, boolean foreign) throws IOException {
        if (image.root().isSchema1()) {
            if (since.isEmpty()) {
                return NOTHING;
            }
            throw new IllegalArgumentException("the manifest " + image.root().digest() + " is of schema 1, which is not kept as it is: pull the image as a whole, and then assemble it --since what the other side has");
        }
        Set<Digest> blobs = new LinkedHashSet<>();
        for (Descriptor blob : image.blobs()) {
            if (foreign && !blob.urls().isEmpty() || since.stream().anyMatch(store -> store.has(blob))) {
                blobs.add(blob.digest());
            }
        }
        Set<Digest> images = new LinkedHashSet<>();
        for (ImageStore store : since) {
            Manifest.index(store.index()).entries().forEach(entry -> images.add(entry.digest()));
        }
        return new Without(blobs, images);
    }
}
