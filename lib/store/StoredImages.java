package lib.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import lib.failure.NotFoundException;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Platform;

/** The images in a layout or an archive, to choose from for a platform; and what is listed there beside them, or cannot be read. */
public final class StoredImages {
    private final ImageStore store;
    private final List<StoredImage> images;
    private final Map<String, String> leftOut;
    private final Map<String, String> oddNames;
    private final Map<String, WrongContentException> damaged;
    private final List<Descriptor> unread;
    private final Set<Digest> parts;

    /**
     * Reads what is in store.
     *
     * @throws NotFoundException     when it holds no image
     * @throws WrongContentException when none of its images can be read
     */
    StoredImages(ImageStore store) throws IOException {
        IndexReader index = new IndexReader(store);
        index.read();
        this.store = store;
        images = index.images;
        leftOut = index.leftOut;
        oddNames = index.oddNames;
        damaged = index.damaged;
        unread = index.unread;
        parts = index.parts;
    }

    /** Returns the digests of all that an index in store leads to. */
    public Set<Digest> parts() {
        return parts;
    }

    /** Takes away the images that have one of these digests. */
    public void remove(Set<Digest> digests) {
        images.removeIf(image -> image.roots().stream().flatMap(root -> root.manifests().stream()).anyMatch(manifest -> digests.contains(manifest.digest())));
    }

    /** Takes away all but these images, and what is said of the others. */
    public void keep(List<StoredImage> wanted) {
        images.clear();
        images.addAll(wanted);
        leftOut.clear();
        oddNames.clear();
        damaged.clear();
    }

    /** Returns the layout or the archive. */
    public ImageStore store() {
        return store;
    }

    /** Returns the images, in their order. */
    public List<StoredImage> images() {
        return images;
    }

    /** Returns a sentence for each thing that is listed and was left out. */
    public List<String> leftOut() {
        List<String> all = new ArrayList<>(oddNames());
        leftOut.forEach((name, why) -> all.add(store.path() + ": " + name + " is left out: " + why));
        return all;
    }

    /** Returns a sentence for each name in store that no image can have. */
    public List<String> oddNames() {
        return oddNames.entrySet().stream().map(one -> store.path() + ": an image is without its name there, '" + one.getKey() + "': " + one.getValue()).toList();
    }

    /** Returns what is listed and cannot be read, by its name, and why. */
    public Map<String, WrongContentException> damaged() {
        return damaged;
    }

    /** Returns a sentence for each thing that is listed and cannot be read. */
    public List<String> damages() {
        return damaged.entrySet().stream().map(one -> store.path() + ": " + one.getKey() + " is left out: " + one.getValue().getMessage()).toList();
    }

    /**
     * Returns the images for a platform. What cannot be chosen is left out.
     *
     * @param isAsked whether somebody asked for this platform
     * @throws NotFoundException     when no image can be chosen
     * @throws WrongContentException when what would have been chosen cannot be read
     */
    public List<NamedImage> choose(Platform wanted, boolean isAsked) throws IOException {
        return choose(image -> List.of(image.choose(wanted, isAsked || isUnread(image, wanted))));
    }

    /** Returns whether the manifest for this platform is one that cannot be read: then the one for another must not stand in for it. */
    private boolean isUnread(StoredImage image, Platform wanted) {
        return unread.stream().anyMatch(entry -> Objects.equals(IndexReader.label(entry), IndexReader.label(image)) && entry.platform() != null
                && wanted.fallbacks().stream().anyMatch(platform -> platform.takes(entry.platform())));
    }

    /**
     * Returns the images for several platforms, for all of them where the list is empty, in the same way.
     *
     * @throws NotFoundException     if there is none for one of them in any image
     * @throws WrongContentException if all that there is is damaged
     */
    public List<NamedImage> choose(List<Platform> platforms) throws IOException {
        return choose(image -> image.choose(platforms));
    }

    /** How images are chosen. */
    private interface Choosing {
        List<NamedImage> of(StoredImage image) throws IOException;
    }

    private List<NamedImage> choose(Choosing choosing) throws IOException {
        List<NamedImage> chosen = new ArrayList<>();
        IOException first = damaged.isEmpty() ? null : damaged.values().iterator().next();
        for (StoredImage image : images) {
            try {
                chosen.addAll(choosing.of(image));
            } catch (NotFoundException e) {
                first = first == null ? new NotFoundException(store.path() + ": " + e.getMessage()) : first;
                leftOut.put(image.name(), e.getMessage());
            } catch (WrongContentException e) {
                first = first instanceof WrongContentException ? first : e;
                damaged.put(image.name(), e);
            }
        }
        boolean isNoImage = chosen.stream().allMatch(one -> one.manifest().isArtifact()); // signatures of images for other platforms, say
        if (first != null && isNoImage) {
            throw first;
        }
        return chosen;
    }
}
