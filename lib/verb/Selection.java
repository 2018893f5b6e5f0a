package lib.verb;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import lib.image.Manifest;
import lib.image.ManifestTree;
import lib.image.Platform;
import lib.image.Reference;
import lib.store.Exclusions;
import lib.store.ImageStore;
import lib.store.Layout;
import lib.store.NamedImage;
import lib.store.StoredImages;
import lib.verb.referrers.ReferrerSelection;

/**
 * What of images is wanted.
 *
 * @param platforms    for which platforms, none for all that an index lists
 * @param isAsked      whether somebody asked for them, so that no other will do
 * @param since        archives and layouts whose blobs are to be left out
 * @param skipsForeign whether to leave out layers that the manifest says to download from elsewhere
 * @param referrers    what of that which refers to them travels with them
 */
public record Selection(List<Platform> platforms, boolean isAsked, List<ImageStore> since, boolean skipsForeign, ReferrerSelection referrers) {

    /** Whole images for one platform. */
    public static Selection of(Platform platform) {
        return new Selection(List.of(platform), true, List.of(), false, ReferrerSelection.ALL);
    }

    /** Whole images, for this machine where there is a choice. */
    public static Selection any() {
        return new Selection(List.of(Platform.ofThisMachine()), false, List.of(), false, ReferrerSelection.ALL);
    }

    /** Returns the same without anything that refers to the images. */
    public Selection alone() {
        return new Selection(platforms, isAsked, since, skipsForeign, ReferrerSelection.NONE);
    }

    /** Returns whether one platform is wanted, so that no index is needed. */
    boolean isOne() {
        return platforms.size() == 1;
    }

    /** Returns what is wanted of an image. */
    ManifestTree of(Manifest root, ManifestTree.Source source) throws IOException {
        return platforms.isEmpty() ? ManifestTree.whole(root, source) : ManifestTree.of(root, platforms, source);
    }

    /** Returns what is wanted of the images in store. */
    List<NamedImage> of(StoredImages stored) throws IOException {
        return isOne() ? stored.choose(platforms.get(0), isAsked) : stored.choose(platforms);
    }

    /** Returns what is to be left out of an image. */
    Exclusions without(NamedImage image) throws IOException {
        return Exclusions.of(image, since, skipsForeign);
    }

    /** Returns the index that the digest in a name points to, and those that lead from it to the manifest, where the layout has it and nobody edited what was chosen; else none. */
    static List<Manifest> pinned(Layout layout, Reference name, Manifest root) throws IOException {
        if (name.digest() == null || !Files.isRegularFile(layout.blobPath(name.digest()))) {
            return List.of();
        }
        return ManifestTree.wayTo(root.digest(), layout.manifest(layout.find(name.digest())), layout);
    }
}
