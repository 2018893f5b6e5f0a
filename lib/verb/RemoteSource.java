package lib.verb;

import java.io.IOException;
import lib.image.Choice;
import lib.image.Manifest;
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

    /** Asks for the manifest of an image for a platform, and returns the image. */
    public static ImageSource of(Registry registry, Platform platform, Settings settings) throws IOException {
        return of(registry, platform, settings, SignaturePolicy.NONE);
    }

    /** Does the same, and returns the image only where it is signed as it has to be. */
    public static ImageSource of(Registry registry, Platform platform, Settings settings, SignaturePolicy policy) throws IOException {
        Choice chosen = registry.manifest(platform);
        Manifest manifest = chosen.manifest();
        policy.check(registry.origin(manifest.digest(), null).reference(), manifest.digest(), SignaturePolicy.digests(chosen.above()), registry, settings);
        return of(registry, manifest, registry.origin(manifest.digest(), chosen.platform()), false, settings);
    }

    /**
     * Returns the image of a manifest that is here already.
     *
     * @param isEdited whether somebody may have edited it
     */
    public static ImageSource of(Registry registry, Manifest manifest, Origin origin, boolean isEdited, Settings settings) throws IOException {
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
        NamedImage named = BlobPull.intoLayout(layout, new RemoteImage(registry, manifest, registry.origin(manifest.digest(), null)), settings);
        return new ImageSource(named, registry.origin(named.manifest().digest(), null), layout::blob, null, false, false);
    }
}
