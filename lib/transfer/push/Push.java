package lib.transfer.push;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lib.failure.RegistryException;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.Reference;
import lib.image.Referrer;
import lib.registry.Network;
import lib.registry.Uploads;
import lib.registry.settings.WebAddress;
import lib.store.Exclusions;
import lib.store.ImageStore;
import lib.store.NamedImage;
import lib.store.layer.BlobSource;
import lib.transfer.Settings;
import org.jspecify.annotations.Nullable;

/**
 * Images on their way from a layout or an archive to registries, byte for byte as they are stored, so that digests stay what they were.
 * What is referred to goes first: blobs, then the manifests of an index, then the index, under its tag.
 */
public final class Push {
    private final ImageStore store;
    private final Network network;
    private final Settings settings;
    private final List<Reference> targets;
    private final long chunk;
    private final boolean replacesIndexes;
    private final List<String> hadSome = new ArrayList<>();
    /** Repositories that have a blob, by the registry's host and the blob: others of that registry may take it from there. */
    private final Map<String, String> repositories = new LinkedHashMap<>();

    /** What a push did: how many blobs were there already or taken from another repository, and how many bytes were sent. */
    public record Result(Digest digest, int blobs, int there, int mounted, long sent) { }

    /**
     * @param targets all names that are to be pushed to: what one of their repositories has, another may take from it
     * @param chunk   how many bytes of a blob one request may send: longer blobs go in chunks
     * @param replacesIndexes whether an image for one platform may replace an index under the same tag
     */
    public Push(ImageStore store, Network network, Settings settings, List<Reference> targets, long chunk, boolean replacesIndexes) {
        this.replacesIndexes = replacesIndexes;
        this.chunk = chunk;
        this.store = store;
        this.network = network;
        this.settings = settings;
        this.targets = targets;
    }

    /**
     * Pushes an image, or an index with all that it lists.
     *
     * @param image  its name, if it has one, is where its registry may take the blobs from
     * @param target where to; without a tag, the image has its digest only
     * @throws IllegalArgumentException when the target names another digest
     * @throws RegistryException        when an index would be lost: its tag is to name one of its platforms, or another image
     */
    public Result run(NamedImage image, Reference target) throws IOException {
        Digest digest = image.manifest().digest();
        if (target.digest() != null && !target.digest().equals(digest)) {
            throw new IllegalArgumentException(target + " names another digest than the image has: " + digest);
        }
        check(image);
        Uploads uploads = new Uploads(target, network, chunk);
        if (target.tag() != null && !image.manifest().isIndex() && !replacesIndexes && uploads.manifests().isIndex()) {
            throw new RegistryException(target.familiarName() + " is an index for several platforms, and this image is for one", RegistryException.Kind.INDEX, 0, -1, false, null);
        }
        Map<Digest, Descriptor> blobs = new LinkedHashMap<>();
        for (Descriptor blob : image.blobs()) {
            if (isKept(blob, uploads, image, target)) {
                blobs.putIfAbsent(blob.digest(), blob);
            }
        }
        BlobPush blobPush = new BlobPush(store, uploads, target, source(image.reference(), target), repositories);
        blobPush.run(blobs.values(), settings);
        List<Manifest> manifests = new ArrayList<>(image.tree().manifests());
        Collections.reverse(manifests); // what lists others comes after them
        ManifestPush manifestPush = new ManifestPush(uploads.manifests(), settings.notice());
        for (Manifest manifest : manifests) {
            manifestPush.put(manifest, manifest.digest().equals(digest) && target.tag() != null ? target.tag() : manifest.digest().toString());
        }
        for (Referrer referrer : image.referrers()) {
            manifestPush.put(referrer);
        }
        manifestPush.listReferrers();
        return new Result(digest, blobs.size(), blobPush.there(), blobPush.mounted(), blobPush.bytes());
    }

    /** Registries take images that no engine would load: the mistake would show only when one is pulled. */
    private void check(NamedImage image) throws IOException {
        for (Manifest manifest : image.tree().manifests()) {
            if (manifest.isImage() && store.has(manifest.config())) {
                BlobSource.checkConfig(store::blob, manifest);
            }
        }
    }

    /** An archive made with what another one has left out lacks blobs, which the registry must have then. Foreign layers may be missing: they are pulled from elsewhere. */
    private boolean isKept(Descriptor blob, Uploads uploads, NamedImage image, Reference target) throws IOException {
        if (store.has(blob)) {
            return true;
        }
        if (blob.urls().isEmpty() && !uploads.has(blob) && !isTaken(blob, uploads, image, target)) {
            throw new WrongContentException(store.path() + " is incomplete: the blob " + blob.digest() + " of " + blob.size() + " bytes is not there, and the registry does not have it"
                    + (image.without().images().isEmpty() ? "" : "; make a whole of it with assemble OLD.tar " + store.path() + " -o FULL.tar, and push that"));
        }
        return false;
    }

    /**
     * What one image lacks may be there for another that has the same layers below: for one that is pushed as well, or one that
     * this one was made to complement. The repository that had something is asked first the next time.
     */
    private boolean isTaken(Descriptor blob, Uploads uploads, NamedImage image, Reference target) throws IOException {
        Set<String> others = new LinkedHashSet<>(hadSome);
        targets.stream().filter(other -> WebAddress.isSameHost(other.registry(), target.registry())).map(Reference::repository).forEach(others::add);
        for (Reference base : Exclusions.namesIn(store)) {
            others.addAll(repositories(base, image.reference(), target));
        }
        others.remove(target.repository());
        for (String other : others) {
            if (uploads.take(blob, other)) {
                hadSome.remove(other);
                hadSome.add(0, other);
                return true;
            }
        }
        return false;
    }

    /** Returns where the far registry may have an image of this name: below the same prefix as what is pushed now, or under its own path. */
    private static List<String> repositories(Reference base, Reference own, Reference target) {
        List<String> repositories = new ArrayList<>();
        if (own != null && target.repository().endsWith("/" + own.repository())) {
            repositories.add(target.repository().substring(0, target.repository().length() - own.repository().length()) + base.repository());
        }
        repositories.add(base.repository());
        return repositories;
    }

    /** The repository an image was pulled from may still be at that registry, under the name the image has. */
    private static @Nullable String source(Reference name, Reference target) {
        boolean other = name != null && WebAddress.isSameHost(name.registry(), target.registry()) && !name.repository().equals(target.repository());
        return other ? name.repository() : null;
    }
}
