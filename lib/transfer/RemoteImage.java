package lib.transfer;

import java.util.List;
import lib.image.Choice;
import lib.image.Manifest;
import lib.image.Origin;
import lib.image.Reference;
import lib.registry.Registry;
import lib.store.Exclusions;
import lib.store.NamedImage;

/**
 * An image that is to be fetched: its manifests, which are here already, and the registry that has its blobs.
 *
 * @param manifest the image's manifest, or an index of images for several platforms
 * @param below    what an index leads to
 * @param above    the indexes by which the manifest was chosen, outermost first
 * @param without  what of it is not to be fetched
 */
public record RemoteImage(Registry registry, Manifest manifest, Origin origin, List<Manifest> below, List<Manifest> above, Exclusions without) {

    /** An image for one platform. */
    public RemoteImage(Registry registry, Manifest manifest, Origin origin) {
        this(registry, manifest, origin, List.of(), List.of(), Exclusions.NOTHING);
    }

    /** An image that was chosen for a platform. */
    public RemoteImage(Registry registry, Choice choice) {
        this(registry, choice.manifest(), registry.origin(choice.manifest().digest(), choice.platform()), List.of(), choice.above(), Exclusions.NOTHING);
    }

    /** Returns the same image under another name. */
    public RemoteImage as(Reference name) {
        return new RemoteImage(registry, manifest, new Origin(name, origin.endpoint(), origin.digest(), origin.platform(), origin.layout()), below, above, without);
    }

    /** Returns the same image, not to be fetched as a whole. */
    public RemoteImage without(Exclusions without) {
        return new RemoteImage(registry, manifest, origin, below, above, without);
    }

    public NamedImage named() {
        return new NamedImage(manifest, origin.reference(), below, above, without);
    }
}
