package lib.verb;

import java.io.IOException;
import java.util.List;
import lib.image.Manifest;
import lib.image.ManifestTree;
import lib.image.Platform;
import lib.store.Exclusions;
import lib.store.ImageStore;
import lib.store.NamedImage;
import lib.store.StoredImages;

/**
 * What of images is wanted.
 *
 * @param platforms    for which platforms, none for all that an index lists
 * @param isAsked      whether somebody asked for them, so that no other will do
 * @param since        archives and layouts whose blobs are to be left out
 * @param skipsForeign whether to leave out layers that the manifest says to download from elsewhere
 */
public record Selection(List<Platform> platforms, boolean isAsked, List<ImageStore> since, boolean skipsForeign) {

    /** Whole images for one platform. */
    public static Selection of(Platform platform) {
        return new Selection(List.of(platform), true, List.of(), false);
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
    Exclusions without(ManifestTree image) throws IOException {
        return Exclusions.of(image, since, skipsForeign);
    }
}
