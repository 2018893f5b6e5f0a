package lib.verb.copy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import lib.failure.RegistryException;
import lib.failure.WrongContentException;
import lib.image.Choice;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.ManifestTree;
import lib.image.Origin;
import lib.image.Reference;
import lib.registry.Registry;
import lib.store.ImageStore;
import lib.store.NamedImage;
import lib.transfer.RemoteImage;
import lib.transfer.copy.RegistryBlobs;
import lib.transfer.push.Outgoing;
import lib.transfer.push.StoredBlobs;
import lib.verb.ImageFinder;
import lib.verb.referrers.ImageReferrers;
import lib.verb.referrers.ReferrerTravel;
import lib.verb.referrers.RemoteTravel;

/**
 * An image whose manifest or index came through a pipe, where somebody may have edited it. Its blobs are where it came from. A pipe does not carry
 * the registry's own bytes: where nothing was edited these are pushed, so that the digest stays; else it is a manifest of its own, with its own digest.
 */
public final class PipedImage {
    private final Manifest piped;
    private final Origin origin;
    private final ImageCopy how;

    /** @param origin where the manifest came from: a registry, or a layout that has its blobs */
    public PipedImage(Manifest piped, Origin origin, ImageCopy how) {
        this.piped = piped;
        this.origin = origin;
        this.how = how;
    }

    /**
     * Returns what is to be pushed. Asks for what an edited index lists, and for what refers to all of it.
     *
     * @param target where it goes, for notices
     * @throws IllegalArgumentException          if it has to be signed, but was edited, or is of schema 1
     * @throws lib.failure.NotFoundException     if there is no layout, or no image for the platform
     * @throws WrongContentException             if something there is not what its digest says
     * @throws lib.failure.RegistryException     if the registry does not give what it should
     * @throws lib.failure.NoSignatureException  if it has to be signed, and is not
     */
    public Outgoing find(Reference target) throws IOException {
        if (piped.isSchema1()) {
            throw new IllegalArgumentException("a manifest of schema 1 is not pushed: pull the image, which converts it, and push the archive");
        }
        Outgoing found = origin.layout() == null ? inRegistry() : inLayout();
        return new Outgoing(found.source(), new ReferrerTravel(how.referrers(), how.settings().notice()).withoutIndex(found.image(), target));
    }

    private Outgoing inRegistry() throws IOException {
        Registry registry = new Registry(origin.reference(), how.from());
        ImageFinder finder = new ImageFinder(registry, how.policy(), how.settings());
        Manifest original = finder.original(piped, origin);
        ManifestTree tree = tree(original, registry);
        sayLeft(original, finder.referrers());
        RemoteImage image = new RemoteImage(registry, registry.origin(tree.root().digest(), null), tree);
        RemoteImage whole = new RemoteTravel(how.referrers(), how.settings().notice(), finder.referrers()).of(image, null);
        return new Outgoing(new RegistryBlobs(registry, how.settings()), whole.named());
    }

    private Outgoing inLayout() throws IOException {
        ImageStore store = ImageStore.open(Path.of(origin.layout()));
        Manifest here = origin.digest() == null ? null : ImageStore.manifestIn(store.path(), origin.digest());
        Manifest original = here == null ? piped : here;
        NamedImage image = new NamedImage(tree(original, store), origin.reference());
        sayLeft(original, ImageReferrers.of(store));
        return new Outgoing(new StoredBlobs(store, isEdited(original)), new ReferrerTravel(how.referrers(), how.settings().notice()).of(image, List.of(store)));
    }

    private boolean isEdited(Manifest original) {
        return !original.json().equals(piped.json());
    }

    private ManifestTree tree(Manifest original, ManifestTree.Source source) throws IOException {
        Manifest manifest = isEdited(original) ? piped : original;
        if (manifest.isIndex()) {
            return how.platform() == null ? ManifestTree.whole(manifest, source) : Choice.of(manifest, how.platform(), source).tree();
        }
        if (manifest.isImage() && isEdited(original)) {
            checkConfig(manifest, source.config(manifest));
        }
        return new ManifestTree(manifest);
    }

    /** Somebody who takes layers away may only want to look at what is left. */
    private void checkConfig(Manifest manifest, byte[] config) {
        try {
            manifest.diffIds(config);
        } catch (WrongContentException e) {
            how.settings().notice().accept("warning: engines will refuse this image: " + e.getMessage());
        }
    }

    /** Counts what refers to the manifest as it was before somebody edited it. */
    private void sayLeft(Manifest original, ImageReferrers referrers) throws IOException {
        if (how.referrers().isNone() || !isEdited(original)) {
            return;
        }
        try {
            Left.say(referrers.all(Set.<Digest>of(original.digest())).referrers(), how.settings().notice());
        } catch (RegistryException e) {
            how.settings().notice().accept("warning: could not find out what refers to " + original.digest() + ", such as signatures: " + e.getMessage());
        }
    }
}
