package lib.verb;

import java.io.IOException;
import lib.image.Manifest;
import lib.image.ManifestTree;
import lib.image.Origin;
import lib.image.Platform;
import lib.registry.Registry;
import lib.store.Layout;
import lib.store.NamedImage;
import lib.store.TemporaryLayout;
import lib.store.layer.BlobParts;
import lib.store.layer.BlobSource;
import lib.transfer.BlobPull;
import lib.transfer.BlobStream;
import lib.transfer.RemoteImage;
import lib.transfer.Settings;

/** Images of a registry, to be read without being pulled as a whole. */
public final class RemoteSource {
    private RemoteSource() { }

    /**
     * Asks for the manifest of an image for a platform, and returns the image.
     *
     * @param policy which signatures it has to have
     * @throws lib.failure.NoSignatureException    if it has to be signed, and is not
     * @throws lib.failure.WrongSignatureException if no signature of it is right
     * @throws lib.failure.RegistryException       if the policy forbids it, or the registry does not give what it should
     */
    public static ImageSource of(Registry registry, Platform platform, SignaturePolicy policy, Settings settings) throws IOException {
        RemoteImage image = new ImageFinder(registry, policy, settings).choose(platform);
        return of(registry, image.manifest(), image.origin(), false, settings);
    }

    /**
     * Returns the image of a manifest that came through a pipe, where somebody may have edited it.
     *
     * @throws IllegalArgumentException if it has to be signed, but was edited
     */
    public static ImageSource piped(Registry registry, Manifest manifest, Origin origin, SignaturePolicy policy, Settings settings) throws IOException {
        if (!policy.takesAny(origin.reference())) {
            new ImageFinder(registry, policy, settings).original(manifest, origin);
        }
        return of(registry, manifest, origin, true, settings);
    }

    private static ImageSource of(Registry registry, Manifest manifest, Origin origin, boolean isEdited, Settings settings) throws IOException {
        if (manifest.isSchema1()) {
            return ofSchema1(registry, manifest, settings);
        }
        BlobSource blobs = settings.cached(blob -> BlobStream.of(registry, blob, settings));
        BlobParts parts = (blob, from, to) -> settings.cache() != null && settings.cache().layout().has(blob) ? null : BlobStream.ofPart(registry, blob, from, to, settings);
        return new ImageSource(new NamedImage(manifest, origin.reference()), origin, blobs, parts, true, isEdited);
    }

    /** What the files are is only known when all layers are here: they are kept until the program ends. */
    private static ImageSource ofSchema1(Registry registry, Manifest manifest, Settings settings) throws IOException {
        Layout layout = new TemporaryLayout().layout();
        NamedImage named = BlobPull.intoLayout(layout, new RemoteImage(registry, registry.origin(manifest.digest(), null), new ManifestTree(manifest)), settings);
        return new ImageSource(named, registry.origin(named.manifest().digest(), null), layout::blob, null, false, false);
    }
}
