package lib.store;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.Reference;

/**
 * What of an image is not stored with it, as those who get it have it already, or have it from elsewhere.
 *
 * @param blobs  the blobs that are left out
 * @param images the manifests or indexes by which those who get it have these blobs; none where it is another reason that they are left out for
 * @param names  the full names of these images, as far as they have some: a registry may have the blobs in the repositories of these names
 */
public record Exclusions(Set<Digest> blobs, Set<Digest> images, Set<Reference> names) {
    /** Nothing is left out. */
    public static final Exclusions NOTHING = new Exclusions(Set.of(), Set.of());

    /** Without the names of the images that have the rest. */
    public Exclusions(Set<Digest> blobs, Set<Digest> images) {
        this(blobs, images, Set.of());
    }

    /**
     * Returns what can be left out of an image.
     *
     * @param since   archives and layouts that those who get it have
     * @param foreign whether to leave out layers that can be downloaded from elsewhere
     * @throws IllegalArgumentException          for a manifest of schema 1, which is not kept as it is
     * @throws lib.failure.WrongContentException if a manifest is malformed
     * @throws IOException                       if one of the places cannot be read
     */
    public static Exclusions of(NamedImage image, List<ImageStore> since, boolean foreign) throws IOException {
        if (image.manifest().isSchema1()) {
            if (since.isEmpty()) {
                return NOTHING;
            }
            throw new IllegalArgumentException("the manifest " + image.manifest().digest() + " is of schema 1, which is not kept as it is: pull the image as a whole, and leave out then what the other side has");
        }
        Set<Digest> blobs = new LinkedHashSet<>();
        for (Descriptor blob : image.without(NOTHING).blobs()) {
            if (foreign && !blob.urls().isEmpty() || since.stream().anyMatch(store -> store.has(blob))) {
                blobs.add(blob.digest());
            }
        }
        Set<Digest> images = new LinkedHashSet<>();
        Set<Reference> names = new LinkedHashSet<>();
        for (ImageStore store : since) {
            Set<Digest> referring = store.referrers().listed().keySet();
            for (Descriptor entry : Manifest.index(store.index()).entries()) {
                if (referring.contains(entry.digest())) {
                    continue;
                }
                images.add(entry.digest());
                Reference name = ImageStore.name(entry.json());
                if (name != null) {
                    names.add(name);
                }
            }
        }
        return new Exclusions(blobs, images, names);
    }

    /**
     * Returns the names of the images that others in store were made to complement, by the annotations of its index entries; whatever is not a name there is ignored.
     *
     * @throws lib.failure.WrongContentException if its index is malformed
     * @throws IOException                       if it cannot be read
     */
    public static Set<Reference> namesIn(ImageStore store) throws IOException {
        Set<Reference> names = new LinkedHashSet<>();
        for (Descriptor entry : Manifest.index(store.index()).entries()) {
            names.addAll(namesIn(entry));
        }
        return names;
    }

    /** Returns those of one index entry. */
    static Set<Reference> namesIn(Descriptor entry) {
        Set<Reference> names = new LinkedHashSet<>();
        for (String name : entry.json().path("annotations").path(NamedImage.SINCE_NAMES).asText().split(" ")) {
            try {
                names.add(Reference.parse(name));
            } catch (IllegalArgumentException e) {
                // an edited annotation: the blobs may still be found elsewhere
            }
        }
        return names;
    }
}
