package lib.verb;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import lib.failure.NotFoundException;
import lib.failure.WrongContentException;
import lib.failure.WrongSignatureException;
import lib.image.Choice;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.Platform;
import lib.registry.Registry;
import lib.store.ImageStore;
import lib.store.NamedImage;
import lib.store.StoredImage;
import lib.store.StoredImages;
import lib.transfer.Settings;
import lib.verb.referrers.ImageReferrers;
import lib.verb.referrers.RegistryReferrers;
import org.jspecify.annotations.Nullable;

/** Images whose signatures are to be verified: one of a registry, or all of a layout or an archive. */
public final class SignedImages {
    private SignedImages() { }

    /**
     * Verifies the image that a registry has, or every one in a layout or an archive: see {@link #inRegistry} and {@link #inStore}.
     *
     * @throws NotFoundException                if there is no image, or none for the platform
     * @throws lib.failure.NoSignatureException if an image is not signed
     * @throws WrongSignatureException          if no signature of an image is right
     * @throws WrongContentException            if something is damaged
     * @throws lib.failure.RegistryException    if the registry does not answer
     */
    public static List<VerifiedImage> of(ImageLocation location, @Nullable Platform platform, Verification how) throws IOException {
        if (location.store() != null) {
            return inStore(location.store(), location.choice(), platform, how, location.settings().notice());
        }
        return List.of(inRegistry(location.registry(), platform, how, location.settings()));
    }

    /**
     * Verifies the image that a registry has under its name.
     *
     * @param platform the one whose manifest is meant, which an index that is signed may lead to; null for what the name points to
     * @throws lib.failure.NoSignatureException if it is not signed
     * @throws WrongSignatureException          if no signature is right
     */
    public static VerifiedImage inRegistry(Registry registry, @Nullable Platform platform, Verification how, Settings settings) throws IOException {
        Manifest root = registry.manifest();
        Choice chosen = platform == null ? new Choice(root, null, null, List.of()) : Choice.of(root, platform, registry);
        Digest image = chosen.manifest().digest();
        String name = registry.origin(null, null).reference().familiarName();
        Verification.Verified verified = how.verify(name, image, SignaturePolicy.digests(chosen.above()), RegistryReferrers.of(registry, settings));
        return new VerifiedImage(registry.origin(image, chosen.platform()), verified, 0);
    }

    /**
     * Verifies every image in a layout or an archive, and that each of its blobs that are there is what its digest says: all of an image hangs by the
     * one digest that is signed. What docker reads of an archive, manifest.json, has to lead to the same images.
     *
     * @param choice   which images
     * @param platform the one whose manifests are meant; null for what is listed
     * @param notice   is told what is left out, a line each
     * @throws WrongContentException            if something that is listed cannot be read, or is not what its digest says
     * @throws lib.failure.NoSignatureException if one of them is not signed
     * @throws WrongSignatureException          if no signature of one is right
     */
    public static List<VerifiedImage> inStore(Path place, ImageChoice choice, @Nullable Platform platform, Verification how, Consumer<String> notice) throws IOException {
        ImageStore store = ImageStore.open(place, null, notice);
        StoredImages stored = choice.of(store);
        if (!stored.damaged().isEmpty()) {
            throw stored.damaged().values().iterator().next();
        }
        List<NamedImage> images = platform == null ? roots(stored) : stored.choose(platform, true).stream().filter(image -> mayBeRun(image.manifest())).toList();
        if (images.isEmpty()) {
            throw new NotFoundException(place + " holds no image");
        }
        stored.oddNames().forEach(notice);
        ImageReferrers referrers = ImageReferrers.of(store);
        List<VerifiedImage> signed = new ArrayList<>();
        DockersList forDocker = new DockersList();
        for (NamedImage image : choice.isOfSome() ? images : Stream.concat(images.stream(), referring(store, images).stream()).toList()) {
            String name = image.reference() != null ? image.reference().familiarName() : image.manifest().digest().toString();
            Verification.Verified verified = how.verify(name, image, referrers, store);
            signed.add(new VerifiedImage(ImageSource.origin(image, place.toString()), verified, checkBlobs(image.manifest(), store, forDocker, new HashSet<>())));
        }
        String other = forDocker.other(store, choice.isOfSome() ? images.stream().map(NamedImage::repoTag).toList() : null);
        if (other != null) {
            throw new WrongSignatureException(place + ": docker loads an image of it by its manifest.json or repositories that is not the one that is signed: " + other);
        }
        return signed;
    }

    private static List<NamedImage> roots(StoredImages stored) {
        return stored.images().stream().map(StoredImage::roots).flatMap(List::stream).filter(image -> mayBeRun(image.manifest())).toList();
    }

    private static boolean mayBeRun(Manifest manifest) {
        return manifest.isIndex() || manifest.isRunnable();
    }

    /**
     * Returns images that are listed as if they were signatures or the like: engines do not look at that, and load them by the names that they have
     * besides. So these have to be signed, too.
     */
    private static List<NamedImage> referring(ImageStore store, List<NamedImage> images) throws IOException {
        List<NamedImage> referring = new ArrayList<>();
        for (Digest digest : store.referrers().listed().keySet()) {
            boolean isOne = images.stream().noneMatch(image -> image.manifest().digest().equals(digest)) && store.hasAny(new Descriptor("", digest, 0, null, null));
            Manifest manifest = isOne ? store.manifest(store.find(digest)) : null;
            if (manifest != null && leadsToRunnable(manifest, store, new HashSet<>())) {
                referring.add(new NamedImage(manifest, null));
            }
        }
        return referring;
    }

    private static boolean leadsToRunnable(Manifest manifest, ImageStore store, Set<Digest> seen) throws IOException {
        if (!manifest.isIndex() || !seen.add(manifest.digest())) {
            return manifest.isRunnable();
        }
        for (Descriptor entry : manifest.entries()) {
            if (store.hasAny(entry) && leadsToRunnable(store.manifest(entry), store, seen)) {
                return true;
            }
        }
        return false;
    }

    /** Reads all that an image leads to and that is there, and returns how many blobs that are. Deltas and some platforms of an index may lack some. */
    private static int checkBlobs(Manifest manifest, ImageStore store, DockersList forDocker, Set<Digest> seen) throws IOException {
        int blobs = 0;
        if (!seen.add(manifest.digest())) {
            return blobs;
        }
        if (manifest.isIndex()) {
            for (Descriptor entry : manifest.entries()) {
                blobs += store.hasAny(entry) ? checkBlobs(store.manifest(entry), store, forDocker, seen) : 0;
            }
            return blobs;
        }
        for (Descriptor blob : manifest.isSchema1() ? List.<Descriptor>of() : manifest.blobs()) {
            if (store.hasAny(blob) && seen.add(blob.digest())) {
                try (InputStream in = store.blob(blob)) {
                    in.transferTo(OutputStream.nullOutputStream());
                }
                blobs++;
            }
        }
        if (manifest.isImage()) {
            forDocker.add(manifest);
        }
        return blobs;
    }
}
