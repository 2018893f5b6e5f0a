package lib.verb;

import java.io.IOException;
import java.util.List;
import lib.failure.NotFoundException;
import lib.failure.RegistryException;
import lib.image.Choice;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.ImageConfig;
import lib.image.Manifest;
import lib.image.ManifestTree;
import lib.image.Origin;
import lib.image.Platform;
import lib.registry.Registry;
import lib.store.ImageStore;
import lib.store.layer.BlobSource;
import lib.text.Json;
import lib.transfer.RemoteImage;
import lib.transfer.Settings;
import lib.verb.referrers.ImageReferrers;
import lib.verb.referrers.RegistryReferrers;
import org.jspecify.annotations.Nullable;

/**
 * Finds images of a registry whose blobs are to be read. It is the only way to them, and returns none that is not signed as it has to be:
 * so no command can forget to check that. Commands that look at manifests only ask the registry itself.
 */
public final class ImageFinder {
    private final Registry registry;
    private final SignaturePolicy policy;
    private final ImageReferrers referrers;

    /** @throws IllegalArgumentException if the machine's policy cannot be read */
    public ImageFinder(Registry registry, SignaturePolicy policy, Settings settings) throws IOException {
        boolean isOptional = policy.takesAny(registry.origin(null, null).reference());
        this.registry = registry;
        this.policy = policy;
        this.referrers = isOptional ? RegistryReferrers.once(registry, settings) : RegistryReferrers.of(registry, settings);
    }

    /** Returns what refers to manifests here. Nothing is asked for twice, be it to verify a signature or to carry it. */
    public ImageReferrers referrers() {
        return referrers;
    }

    /**
     * Asks for the manifest of an image for a platform.
     *
     * @throws lib.failure.NoSignatureException    if it is not signed
     * @throws lib.failure.WrongSignatureException if no signature of it is right
     * @throws RegistryException                   if the policy forbids it, or the registry does not give what it should
     */
    RemoteImage choose(Platform platform) throws IOException {
        return checked(new RemoteImage(registry, registry.manifest(platform)));
    }

    /** Returns a warning where an image is for another platform than this, which only its config tells, if that is in store; else null. */
    static @Nullable String otherPlatform(RemoteImage image, Platform wanted, ImageStore store) throws IOException {
        Descriptor config = image.manifest().config();
        if (!store.has(config)) {
            return null;
        }
        Platform is = new ImageConfig(Json.object(BlobSource.config(store::blob, image.manifest()), "the config " + config.digest())).platform();
        boolean isWanted = is.architecture().isEmpty() || is.os().equals(wanted.os()) && is.architecture().equals(wanted.architecture());
        return isWanted ? null : "warning: " + image.origin().reference().familiarName() + " is for " + is + " only, not for " + wanted;
    }

    /** Does the same, throwing the same, for all that is wanted of an image, such as several platforms of an index. */
    public RemoteImage choose(Selection selection) throws IOException {
        Manifest root = registry.manifest();
        boolean isPinned = registry.origin(null, null).reference().digest() != null; // then what is here already may do
        ManifestTree.Source source = isPinned || selection.referrers().isNone() ? registry : new Asking(registry, referrers);
        if (source instanceof Asking asking) {
            asking.ask(root.digest());
        }
        if (selection.isOne()) {
            try {
                return checked(new RemoteImage(registry, Choice.of(root, selection.platforms().get(0), source)));
            } catch (NotFoundException e) {
                throw new NotFoundException(registry.origin(null, null).reference().familiarName() + ": " + e.getMessage());
            }
        }
        ManifestTree tree = selection.of(root, source);
        return checked(new RemoteImage(registry, registry.origin(root.digest(), null), tree));
    }

    /** A registry that is asked what refers to a manifest while the manifest itself is on its way: so that takes no time of its own. */
    private record Asking(Registry registry, ImageReferrers referrers) implements ManifestTree.Source {
        void ask(Digest manifest) {
            referrers.ask(manifest);
        }

        @Override
        public Manifest manifest(Descriptor entry) throws IOException {
            if (!entry.isAttestation()) {
                ask(entry.digest());
            }
            return registry.manifest(entry);
        }

        @Override
        public byte[] config(Manifest manifest) throws IOException {
            return registry.config(manifest);
        }

        @Override
        public boolean has(Descriptor entry) {
            return registry.has(entry);
        }
    }

    private RemoteImage checked(RemoteImage image) throws IOException {
        policy.check(image.origin().reference(), image.origin().digest(), SignaturePolicy.digests(image.above()), referrers);
        return image;
    }

    /**
     * Returns the original of a manifest that came through a pipe: a manifest's digest is that of the registry's bytes, which a pipe does not carry,
     * so they are fetched again, by their digest. If its JSON says something else by now, it has been edited, and is a manifest of its own.
     *
     * @param piped  the manifest as it is now
     * @param origin where it came from; if that does not say the digest, the manifest itself is returned
     * @throws IllegalArgumentException if it has to be signed, but was edited
     */
    public Manifest original(Manifest piped, Origin origin) throws IOException {
        boolean isFree = policy.takesAny(origin.reference());
        Manifest original = origin.digest() == null ? piped : registry.manifest(origin.digest().toString());
        if (!isFree && (origin.digest() == null || !original.json().equals(piped.json()))) {
            throw new IllegalArgumentException("the manifest on stdin was edited on the way, or does not say where it came from: nobody signed it like this");
        }
        if (!isFree) {
            policy.check(origin.reference(), original.digest(), SignaturePolicy.digests(above(original)), referrers);
        }
        return original;
    }

    /** Returns the indexes that lead from a name to a manifest: one of these may be what is signed. */
    private List<Manifest> above(Manifest manifest) throws IOException {
        try {
            return ManifestTree.wayTo(manifest.digest(), registry.manifest(), registry);
        } catch (RegistryException e) {
            if (e.status() != 404) {
                throw e;
            }
            return List.of(); // the tag may be gone, and the manifest there
        }
    }
}
