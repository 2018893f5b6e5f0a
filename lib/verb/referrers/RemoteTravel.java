package lib.verb.referrers;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import lib.failure.RegistryException;
import lib.failure.WrongContentException;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.ManifestTree;
import lib.image.Referrer;
import lib.store.ImageStore;
import lib.store.NamedImage;
import lib.transfer.RemoteImage;
import org.jspecify.annotations.Nullable;

/** Has what refers to an image of a registry travel with it. Where the registry fails at that, the image travels without, and that is told. */
public final class RemoteTravel {
    private final ReferrerSelection selection;
    private final Consumer<String> notice;
    private final ReferrerTravel travel;
    private final ImageReferrers referrers;
    /** Whether a notice was given. */
    private boolean isSomeLeft;

    /**
     * @param notice    is told what does not travel, a line each
     * @param referrers what the registry has
     */
    public RemoteTravel(ReferrerSelection selection, Consumer<String> notice, ImageReferrers referrers) {
        this.referrers = referrers;
        this.selection = selection;
        this.notice = line -> {
            isSomeLeft = true;
            notice.accept(line);
        };
        this.travel = new ReferrerTravel(selection, this.notice);
    }

    /**
     * Returns an image of a registry with what refers to it, to an image below it, or to an index above it. It knows whether something may be left out.
     *
     * @param place the archive or the layout that may have it already: where the registry fails, and where a digest was asked for, that is what counts; null for none
     * @throws WrongContentException if the image's own manifests are malformed
     * @throws IOException           if the program is interrupted
     */
    public RemoteImage of(RemoteImage image, @Nullable Path place) throws IOException {
        if (selection.isNone() || image.manifest().isSchema1()) {
            return image;
        }
        RemoteImage with = withReferrers(image, place);
        return isSomeLeft ? with.lackingSome() : with;
    }

    private RemoteImage withReferrers(RemoteImage image, @Nullable Path place) throws IOException {
        List<Manifest> above = image.above();
        NamedImage named = image.named();
        List<Referrer> kept = place == null ? List.of() : kept(named, above, place);
        boolean isPinned = image.origin().reference().digest() != null && !selection.isAsked() && place != null && isThere(image.manifest(), place);
        if (isPinned) {
            return image.with(travel.selected(named, above, kept), above);
        }
        try {
            ImageReferrers.Found found = referrers.all(ReferrerTravel.roots(named.tree(), above));
            found.left().forEach(one -> notice.accept("warning: left out of what refers to " + image.origin().reference().familiarName() + ": " + one));
            return image.with(travel.selected(named, above, found.referrers()), above);
        } catch (RegistryException | WrongContentException e) {
            notice.accept("warning: could not find out what refers to " + image.origin().reference().familiarName() + ", such as signatures; " + (kept.isEmpty() ? "left out: " : "kept as it was: ") + e.getMessage());
            return image.with(travel.selected(named, above, kept), above);
        }
    }

    /**
     * Does the same for an image whose manifest came alone. The index that its name points to is requested if something refers to that.
     *
     * @throws WrongContentException if the image's own manifests are malformed
     * @throws IOException           if the program is interrupted
     */
    public RemoteImage ofManifest(RemoteImage image, @Nullable Path place) throws IOException {
        List<Manifest> way = image.above();
        if (way.isEmpty() && !selection.isNone()) {
            try {
                Digest root = image.registry().describe().digest();
                boolean isIndexReferredTo = !root.equals(image.manifest().digest()) && !referrers.direct(root, ImageReferrers.ENDINGS).referrers().isEmpty();
                way = isIndexReferredTo ? ManifestTree.wayTo(image.manifest().digest(), image.registry().manifest(root.toString()), image.registry()) : way;
            } catch (RegistryException | WrongContentException e) {
                notice.accept("warning: could not find out what refers to the index of " + image.origin().reference().familiarName() + "; left out: " + e.getMessage());
            }
        }
        return of(image.with(List.of(), way), place);
    }

    private static boolean isThere(Manifest manifest, Path place) throws IOException {
        try {
            return ImageStore.isAt(place) && ImageStore.open(place).hasAny(ReferrerTravel.descriptor(manifest.digest()));
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException | IllegalArgumentException e) {
            return false; // it is not an archive, and will be replaced
        }
    }

    private static List<Referrer> kept(NamedImage image, List<Manifest> above, Path place) throws IOException {
        try {
            return ImageStore.isAt(place) ? ImageReferrers.of(ImageStore.open(place)).all(ReferrerTravel.roots(image.tree(), above)).referrers() : List.of();
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException | IllegalArgumentException e) {
            return List.of(); // it is not an archive, and will be replaced
        }
    }
}
