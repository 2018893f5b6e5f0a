package lib.verb;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lib.failure.RegistryException;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.ManifestTree;
import lib.image.Reference;
import lib.registry.Registry;
import lib.store.ImageStore;
import lib.store.NamedImage;
import lib.transfer.RemoteImage;
import lib.transfer.Settings;
import lib.trust.AnyKey;
import lib.trust.ImagePolicy;
import lib.verb.referrers.ImageReferrers;
import lib.verb.referrers.RegistryReferrers;
import org.jspecify.annotations.Nullable;

/**
 * What has to be signed before the first of its blobs is asked for. Every blob hangs by the digest that is signed, for each is checked against its own.
 *
 * @param signed  what an image's signature has to be; null where it need not have one
 * @param machine what this machine's settings want, of images of registries; null where there are none
 */
public record SignaturePolicy(@Nullable Verification signed, @Nullable ImagePolicy machine) {
    /** Takes anything. */
    public static final SignaturePolicy NONE = new SignaturePolicy(null, null);

    /**
     * Tells whether an image of this name is taken as it is, whoever made it.
     *
     * @throws IllegalArgumentException where the machine's settings cannot be read
     */
    public boolean takesAny(Reference name) throws IOException {
        return signed == null && (machine == null || machine.of(name).stream().allMatch(ImagePolicy.Requirement::isMet));
    }

    /**
     * Does nothing where an image may be fetched.
     *
     * @throws lib.failure.NoSignatureException    where it is not signed
     * @throws lib.failure.WrongSignatureException where no signature of it is right
     * @throws RegistryException                   where the registry does not say what refers to it
     */
    public void check(RemoteImage image, Settings settings) throws IOException {
        Digest digest = image.origin().digest() != null ? image.origin().digest() : image.manifest().digest();
        check(image.origin().reference(), digest, digests(image.above()), image.registry(), settings);
    }

    /** Does the same for a manifest of which only the name is known by which it was found: the index that this stands for may be what is signed. */
    public void check(Reference name, Manifest manifest, Registry registry, Settings settings) throws IOException {
        if (takesAny(name)) {
            return;
        }
        List<Manifest> above = new ArrayList<>();
        try {
            above.addAll(ManifestTree.wayTo(manifest.digest(), registry.manifest(), registry));
        } catch (RegistryException e) {
            if (e.status() != 404) {
                throw e; // the tag may be gone, and the manifest there
            }
        }
        check(name, manifest.digest(), digests(above), registry, settings);
    }

    void check(Reference name, Digest image, List<Digest> above, Registry registry, Settings settings) throws IOException {
        if (signed != null) {
            signed.verify(name.familiarName(), image, above, RegistryReferrers.of(registry, settings));
        }
        for (ImagePolicy.Requirement one : machine == null ? List.<ImagePolicy.Requirement>of() : machine.of(name)) {
            if (one.reason() != null) {
                throw new RegistryException(machine.file() + " " + one.reason() + ": " + name.familiarName(), RegistryException.Kind.BLOCKED, 0, -1, false, null);
            }
            if (!one.isMet()) {
                new Verification(new AnyKey(one.keys()), Map.of(), one.name(), name).verify(name.familiarName(), image, above, RegistryReferrers.of(registry, settings));
            }
        }
    }

    /** Does the same for an image of a layout or an archive. */
    void check(NamedImage image, ImageStore store) throws IOException {
        if (signed != null) {
            ImageReferrers referrers = ImageReferrers.of(store);
            List<Digest> above = new ArrayList<>(digests(image.above()));
            above.addAll(Verification.above(image.manifest().digest(), referrers, store));
            signed.verify(store.path().toString(), image.manifest().digest(), above, referrers);
        }
    }

    static List<Digest> digests(List<Manifest> manifests) {
        return manifests.stream().map(Manifest::digest).toList();
    }
}
