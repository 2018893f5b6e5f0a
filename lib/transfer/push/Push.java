package lib.transfer.push;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
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
import lib.store.NamedImage;
import lib.transfer.Settings;
import org.jspecify.annotations.Nullable;

/**
 * Images on their way to registries, byte for byte as they are, so that digests stay what they were.
 * What is referred to goes first: blobs, then the manifests of an index, then the index, under its tag.
 */
public final class Push {
    private final Network network;
    private final Settings settings;
    private final List<Reference> targets;
    private final long chunk;
    private final boolean replacesIndexes;
    private final List<String> hadSome = new ArrayList<>();
    /** Repositories that have a blob, by the registry's host and the blob: others of that registry may take it from there. */
    private final Map<String, String> repositories = new LinkedHashMap<>();

    /**
     * What a push did. What was sent or fetched again after a line broke counts each time.
     *
     * @param blobs   how many blobs the image has, but for those that are kept elsewhere
     * @param there   what the repository had already
     * @param mounted what it has taken from another repository of its registry
     * @param sent    how many bytes of blobs went to the registry
     * @param fetched how many came from another one
     */
    public record Result(Digest digest, int blobs, Share there, Share mounted, long sent, long fetched) { }

    /** Some of the blobs: how many, and how many bytes they have together. */
    public record Share(int blobs, long bytes) {
        Share and(Descriptor blob) {
            return new Share(blobs + 1, bytes + blob.size());
        }
    }

    /**
     * @param targets all names that are to be pushed to: what one of their repositories has, another may take from it
     * @param chunk   how many bytes of a blob one request may send: longer blobs go in chunks
     * @param replacesIndexes whether an image for one platform may replace an index under the same tag
     */
    public Push(Network network, Settings settings, List<Reference> targets, long chunk, boolean replacesIndexes) {
        this.replacesIndexes = replacesIndexes;
        this.chunk = chunk;
        this.network = network;
        this.settings = settings;
        this.targets = targets;
    }

    /**
     * Pushes an image, or an index with all that it lists.
     *
     * @param target where to; without a tag, the image has its digest only
     * @throws IllegalArgumentException when the target names another digest
     * @throws RegistryException        when an index would be lost: its tag is to name one of its platforms, or another image
     */
    public Result run(Outgoing outgoing, Reference target) throws IOException {
        NamedImage image = outgoing.image();
        Digest digest = image.manifest().digest();
        if (target.digest() != null && !target.digest().equals(digest)) {
            throw new IllegalArgumentException(target + " names another digest than the image has: " + digest);
        }
        for (Manifest manifest : image.tree().manifests()) {
            if (manifest.isImage()) {
                outgoing.source().check(manifest);
            }
        }
        Map<String, Long> before = settings.hosts().totals();
        Uploads uploads = new Uploads(target, network, chunk);
        if (target.tag() != null && !image.manifest().isIndex() && !replacesIndexes && uploads.manifests().isIndex()) {
            throw new RegistryException(target.familiarName() + " is an index for several platforms, and this image is for one", RegistryException.Kind.INDEX, 0, -1, false, null);
        }
        Map<Digest, Descriptor> blobs = new LinkedHashMap<>();
        for (Descriptor blob : image.blobs()) {
            if (isKept(blob, uploads, outgoing, target)) {
                blobs.putIfAbsent(blob.digest(), blob);
            }
        }
        BlobPush blobPush = new BlobPush(outgoing.source(), uploads, target, source(image.reference(), target), repositories);
        List<Descriptor> inOrder = new ArrayList<>(blobs.values());
        inOrder.sort(Comparator.comparing(blob -> !outgoing.source().isLost(blob))); // before others are on their way in vain
        blobPush.run(inOrder, settings);
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
        long fetched = settings.hosts().since(before).values().stream().mapToLong(Long::longValue).sum();
        return new Result(digest, blobs.size(), blobPush.there(), blobPush.mounted(), blobPush.sent(), fetched);
    }

    /** An archive made with what another one has left out lacks blobs, which the registry must have then. Foreign layers may be missing: they are pulled from elsewhere. */
    private boolean isKept(Descriptor blob, Uploads uploads, Outgoing outgoing, Reference target) throws IOException {
        PushSource source = outgoing.source();
        if (source.has(blob)) {
            return true;
        }
        if (blob.urls().isEmpty() && !uploads.has(blob) && !isTaken(blob, uploads, outgoing, target)) {
            throw new WrongContentException(source.name() + " is incomplete: the blob " + blob.digest() + " of " + blob.size() + " bytes is not there, and the registry does not have it"
                    + (outgoing.image().without().images().isEmpty() ? "" : "; make a whole of it with assemble OLD.tar " + source.name() + " -o FULL.tar, and push that"));
        }
        return false;
    }

    /**
     * What one image lacks may be there for another that has the same layers below: for one that is pushed as well, or one that
     * this one was made to complement. The repository that had something is asked first the next time.
     */
    private boolean isTaken(Descriptor blob, Uploads uploads, Outgoing outgoing, Reference target) throws IOException {
        Set<String> others = new LinkedHashSet<>(hadSome);
        targets.stream().filter(other -> WebAddress.isSameHost(other.registry(), target.registry())).map(Reference::repository).forEach(others::add);
        for (Reference base : outgoing.source().bases()) {
            others.addAll(repositories(base, outgoing.image().reference(), target));
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
