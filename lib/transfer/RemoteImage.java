package lib.transfer;

import java.util.List;
import lib.image.Choice;
import lib.image.Manifest;
import lib.image.Origin;
import lib.image.Reference;
import lib.image.Referrer;
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
 * @param referrers what refers to it, and is to be fetched with it
 */
public record RemoteImage(Registry registry, Manifest manifest, Origin origin, List<Manifest> below, List<Manifest> above, Exclusions without, List<Referrer> referrers) {

    public RemoteImage(Registry registry, Manifest manifest, Origin origin, List<Manifest> below, List<Manifest> above, Exclusions without) {
        this(registry, manifest, origin, below, above, without, List.of());
    }

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
        return new RemoteImage(registry, manifest, new Origin(name, origin.endpoint(), origin.digest(), origin.platform(), origin.layout()), below, above, without, referrers);
    }

    /** Returns the same image, not to be fetched as a whole. */
    public RemoteImage without(Exclusions without) {
        return new RemoteImage(registry, manifest, origin, below, above, without, referrers);
    }

    /** Returns the same image with what refers to it, and to these indexes by which it was chosen, outermost first. */
    public RemoteImage with(List<Referrer> found, List<Manifest> indexes) {
        return new RemoteImage(registry, manifest, origin, below, indexes, without, found);
    }

    /** Returns the same image without what refers to it. */
    public RemoteImage alone() {
        return with(List.of(), above);
    }

    public NamedImage named() {
        return new NamedImage(manifest, origin.reference(), below, above, without, referrers);
    }
}
