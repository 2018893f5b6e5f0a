package lib.verb;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import lib.image.Descriptor;
import lib.image.Manifest;
import lib.image.ManifestTree;
import lib.image.Origin;
import lib.image.Reference;
import lib.registry.Registry;
import lib.store.Exclusions;
import lib.store.Layout;
import lib.store.NamedImage;
import lib.transfer.BlobPull;
import lib.transfer.BlobStream;
import lib.transfer.RemoteImage;
import lib.transfer.Settings;
import lib.verb.referrers.ReferrerSelection;
import lib.verb.referrers.RemoteTravel;

/**
 * The blobs that a manifest lists, fetched into a layout. Somebody may have edited the manifest: what it lists now is what is fetched.
 *
 * @param origin   where the manifest came from, and the layout
 * @param manifest the manifest as it was given; one of schema 1 is converted, as no layout takes it
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pulling-blobs">distribution-spec, Pulling blobs</a>
 */
public record BlobFetch(Origin origin, Manifest manifest) {

    /**
     * Fetches all blobs of a manifest, or of all that an index lists.
     *
     * @param edited       the manifest as it is now
     * @param origin       the image it was the manifest of
     * @param folder       the layout, which is created if missing
     * @param skipsForeign whether to leave out layers that the manifest says to download from elsewhere
     * @param referrers    what of that which refers to the image is fetched with it
     * @param policy       which signatures are required, before a blob is asked for
     * @throws IllegalArgumentException          if a signature is required, but the manifest is not one that could have one
     * @throws lib.failure.NotFoundException     if the registry does not have the manifest or a blob
     * @throws lib.failure.WrongContentException if a blob is not what its digest says
     * @throws lib.failure.RegistryException     if the registry does not give what it should
     */
    public static BlobFetch of(Manifest edited, Origin origin, Registry registry, Path folder, boolean skipsForeign, ReferrerSelection referrers, SignaturePolicy policy, Settings settings)
            throws IOException {
        ImageFinder finder = new ImageFinder(registry, policy, settings);
        Manifest original = finder.original(edited, origin);
        Manifest manifest = original.json().equals(edited.json()) ? original : edited;
        Layout layout = Layout.openOrCreate(folder);
        if (!original.isSchema1()) {
            layout.store(original.digest(), original.bytes());
        }
        ManifestTree tree = ManifestTree.whole(manifest, registry).under(pinned(registry, origin.reference(), manifest));
        RemoteImage alone = new RemoteImage(registry, origin, tree);
        RemoteImage image = manifest == original ? new RemoteTravel(referrers, settings.notice(), finder.referrers()).ofManifest(alone, folder) : alone;
        NamedImage stored = BlobPull.intoLayout(layout, image.without(Exclusions.of(image.named(), List.of(), skipsForeign)), settings);
        Origin there = origin.withLayout(folder.toString());
        return manifest.isSchema1() ? new BlobFetch(there.withDigest(stored.manifest().digest()), stored.manifest()) : new BlobFetch(there, edited);
    }

    /**
     * Fetches one blob of a repository into a file, which takes its name when all of it is right.
     *
     * @throws lib.failure.RegistryException if images of this name have to be signed: a blob alone is not; or if the registry does not give it
     */
    public static void intoFile(Path file, Reference name, Registry registry, SignaturePolicy policy, Settings settings) throws IOException {
        policy.checkBlob(name);
        BlobPull.intoFile(file, registry.describe(name.digest()), registry, settings);
    }

    /**
     * Opens one blob of a repository by the digest in its name, under the same condition. It is checked while it is read.
     *
     * @throws lib.failure.NotFoundException if the registry does not have it
     * @throws lib.failure.RegistryException if the registry does not give it, or images of this name have to be signed, or are forbidden
     */
    public static InputStream open(Reference name, Registry registry, SignaturePolicy policy, Settings settings) throws IOException {
        policy.checkBlob(name);
        return open(registry.describe(name.digest()), name, registry, policy, settings);
    }

    /**
     * Does the same for one whose size is known.
     *
     * @throws lib.failure.RegistryException if images of this name have to be signed, or are forbidden; reading throws what the registry answers
     */
    public static InputStream open(Descriptor blob, Reference name, Registry registry, SignaturePolicy policy, Settings settings) throws IOException {
        policy.checkBlob(name);
        return settings.cached(one -> BlobStream.of(registry, one, settings)).open(blob);
    }

    /** Returns the index that the digest in a name points to, and those that lead from it to the manifest, if that was chosen from it: without it, the name would point to nothing. */
    private static List<Manifest> pinned(Registry registry, Reference name, Manifest chosen) throws IOException {
        return name.digest() == null || name.digest().equals(chosen.digest()) ? List.of() : ManifestTree.wayTo(chosen.digest(), registry.manifest(), registry);
    }
}
