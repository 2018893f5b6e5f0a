package lib.transfer;

import java.util.List;
import lib.image.Choice;
import lib.image.Manifest;
import lib.image.ManifestTree;
import lib.image.Origin;
import lib.image.Reference;
import lib.image.Referrer;
import lib.registry.Registry;
import lib.store.Exclusions;
import lib.store.NamedImage;

/**
 * An image that is to be fetched: what is to be stored, whose manifests are here already, and the registry that has its blobs.
 *
 * @param registry where the blobs come from
 * @param origin   how it was asked for
 * @param named    what is to be stored of it, under the name by which it was asked for or another one
 * @param mayLack  whether something that refers to it does not go with it, or could not be looked for
 */
public record RemoteImage(Registry registry, Origin origin, NamedImage named, boolean mayLack) {
    /** An image, or an index of several, that was asked for by its name. */
    public RemoteImage(Registry registry, Origin origin, ManifestTree tree) {
        this(registry, origin, new NamedImage(tree, origin.reference()), false);
    }

    /** An image that was chosen for a platform. */
    public RemoteImage(Registry registry, Choice choice) {
        this(registry, registry.origin(choice.manifest().digest(), choice.platform()), choice.tree());
    }

    /** Returns the image's manifest, or the index of its images for several platforms. */
    public Manifest manifest() {
        return named.manifest();
    }

    /** Returns the indexes by which the manifest was chosen, outermost first; none where it was not chosen. */
    public List<Manifest> above() {
        return named.above();
    }

    /** Returns the same image, to be stored under another name. */
    public RemoteImage as(Reference name) {
        return new RemoteImage(registry, new Origin(name, origin.endpoint(), origin.digest(), origin.platform(), origin.layout()), named.as(name), mayLack);
    }

    /** Returns the same image, not to be fetched as a whole. */
    public RemoteImage without(Exclusions without) {
        return new RemoteImage(registry, origin, named.without(without), mayLack);
    }

    /** Returns the same image with all that refers to it, and to these indexes by which it was chosen, outermost first. */
    public RemoteImage with(List<Referrer> found, List<Manifest> indexes) {
        return new RemoteImage(registry, origin, named.with(found, indexes), false);
    }

    /** Returns the same image, which may lack something that refers to it. */
    public RemoteImage lackingSome() {
        return new RemoteImage(registry, origin, named, true);
    }

    /** Returns the same image without what refers to it. */
    public RemoteImage alone() {
        return new RemoteImage(registry, origin, named.alone(), false);
    }
}
