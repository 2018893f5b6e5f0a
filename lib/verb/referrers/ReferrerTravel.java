package lib.verb.referrers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.ManifestTree;
import lib.image.Reference;
import lib.image.Referrer;
import lib.store.ImageStore;
import lib.store.NamedImage;

/** Takes along what refers to images of layouts and archives. No image fails because of what refers to it: that is left out, with a notice. */
public final class ReferrerTravel {
    private final ReferrerSelection selection;
    private final Consumer<String> notice;

    /** @param notice is told what does not travel, a line each */
    public ReferrerTravel(ReferrerSelection selection, Consumer<String> notice) {
        this.selection = selection;
        this.notice = notice;
    }

    /**
     * Returns images with what is there that refers to them. What is listed there for no other reason goes with the image that it refers to.
     *
     * @throws WrongContentException if a store's index is malformed
     * @throws IOException           if a store cannot be read
     */
    public List<NamedImage> all(List<NamedImage> images, List<ImageStore> stores) throws IOException {
        List<NamedImage> all = new ArrayList<>();
        Set<Digest> referring = new HashSet<>();
        for (NamedImage image : images) {
            NamedImage with = of(image, stores);
            with.referrers().forEach(referrer -> referring.add(referrer.manifest().digest()));
            all.add(with);
        }
        all.removeIf(image -> image.reference() == null && referring.contains(image.manifest().digest()));
        return all;
    }

    /**
     * Returns an image of layouts and archives with what is there that refers to it, or to an index that leads to it. Of one that is not to be complete, nothing else need be.
     *
     * @throws WrongContentException if a store's index is malformed
     * @throws IOException           if a store cannot be read
     */
    public NamedImage of(NamedImage image, List<ImageStore> stores) throws IOException {
        if (selection.isNone() || image.manifest().isSchema1()) {
            return image;
        }
        List<Manifest> above = new ArrayList<>(image.above());
        for (ImageStore store : stores) {
            for (Digest subject : above.isEmpty() ? ImageReferrers.of(store).subjects() : Set.<Digest>of()) {
                above.addAll(above.isEmpty() ? wayFrom(subject, image.manifest(), store) : List.of());
            }
        }
        List<Referrer> found = new ArrayList<>();
        for (ImageStore store : stores) {
            ImageReferrers.Found here = ImageReferrers.of(store).all(roots(image.tree(), above));
            here.left().forEach(one -> notice.accept(store.path() + ": " + one));
            here.referrers().stream().filter(one -> found.stream().noneMatch(other -> isSame(one, other))).forEach(found::add);
        }
        boolean isDelta = !image.without().images().isEmpty();
        List<Referrer> whole = new ArrayList<>();
        for (Referrer referrer : selected(image, above, found)) {
            List<Descriptor> missing = isDelta ? List.of() : referrer.blobs().stream().filter(blob -> stores.stream().noneMatch(store -> store.has(blob))).toList();
            if (missing.isEmpty()) {
                whole.add(referrer);
            } else {
                notice.accept("warning: left out of what refers to " + name(image) + ": " + referrer.manifest().digest() + ", because its blob " + missing.get(0).digest() + " is not there");
            }
        }
        return image.with(whole, above);
    }

    /** Returns an image that is pushed without the index it was chosen by. What refers to that index has nothing to refer to then, and is left out. */
    public NamedImage withoutIndex(NamedImage image, Reference target) {
        Set<Digest> pushed = image.tree().manifests().stream().map(Manifest::digest).collect(Collectors.toCollection(HashSet::new));
        List<Referrer> going = new ArrayList<>();
        for (Referrer referrer : image.referrers()) { // what refers to others comes after them
            if (pushed.contains(referrer.subject())) {
                pushed.add(referrer.manifest().digest());
                going.add(referrer);
            }
        }
        int staying = image.referrers().size() - going.size();
        if (staying > 0) {
            notice.accept((staying == 1 ? "1 signature or other referrer of the index is" : staying + " signatures and other referrers of the index are") + " not pushed: "
                    + target.familiarName() + " becomes the image of one platform, without the index; push all its platforms to keep them");
        }
        return image.with(going, image.above());
    }

    private static String name(NamedImage image) {
        return image.reference() == null ? "the image" : image.reference().familiarName();
    }

    private static boolean isSame(Referrer one, Referrer other) {
        return one.manifest().digest().equals(other.manifest().digest()) && one.tag().equals(other.tag());
    }

    /** Returns the indexes from this one to the image, where it is an index that leads there. */
    private static List<Manifest> wayFrom(Digest subject, Manifest image, ImageStore store) throws IOException {
        try {
            return subject.equals(image.digest()) || !store.hasAny(descriptor(subject)) ? List.of() : ManifestTree.wayTo(image.digest(), store.manifest(store.find(subject)), store);
        } catch (WrongContentException e) {
            return List.of(); // no index, or a damaged one
        }
    }

    static Descriptor descriptor(Digest digest) {
        return new Descriptor("", digest, 0, null, null);
    }

    /** Returns what may be referred to: images and indexes, but not what build tools put beside an image in its index. */
    static Set<Digest> roots(ManifestTree tree, List<Manifest> above) throws WrongContentException {
        Set<Digest> notes = new HashSet<>();
        for (Manifest manifest : tree.manifests()) {
            for (Descriptor entry : manifest.isIndex() ? manifest.entries() : List.<Descriptor>of()) {
                if (entry.isAttestation()) {
                    notes.add(entry.digest());
                }
            }
        }
        Set<Digest> roots = new LinkedHashSet<>();
        above.forEach(index -> roots.add(index.digest()));
        tree.manifests().stream().map(Manifest::digest).filter(digest -> !notes.contains(digest)).forEach(roots::add);
        return roots;
    }

    /** Returns what is wanted of what was found. What is a part of the image comes with it, and what cannot be kept as it is, is left out. */
    List<Referrer> selected(NamedImage image, List<Manifest> above, List<Referrer> found) throws WrongContentException {
        Set<Digest> parts = new HashSet<>();
        image.tree().manifests().forEach(manifest -> parts.add(manifest.digest()));
        above.forEach(index -> parts.add(index.digest()));
        List<Descriptor> blobs = new ArrayList<>(image.tree().blobs());
        List<Referrer> selected = new ArrayList<>();
        for (Referrer referrer : selection.of(found)) {
            if (parts.contains(referrer.manifest().digest())) {
                continue;
            }
            String trouble = trouble(referrer, blobs);
            if (!trouble.isEmpty()) {
                notice.accept("warning: left out of what refers to " + name(image) + ": " + referrer.manifest().digest() + ": " + trouble);
                continue;
            }
            blobs.addAll(referrer.blobs());
            selected.add(referrer);
        }
        return selected;
    }

    private static String trouble(Referrer referrer, List<Descriptor> blobs) {
        if (referrer.manifests().stream().anyMatch(Manifest::isSchema1)) {
            return "it is a manifest of schema 1";
        }
        try {
            for (Descriptor blob : referrer.blobs()) {
                if (blobs.stream().anyMatch(other -> other.digest().equals(blob.digest()) && other.size() != blob.size())) {
                    return "it lists " + blob.digest() + " with another size than the image does";
                }
            }
            return "";
        } catch (WrongContentException e) {
            return e.getMessage();
        }
    }
}
