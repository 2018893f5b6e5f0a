package lib.verb;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import lib.failure.RegistryException;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.Reference;
import lib.trust.AnyKey;
import lib.trust.ImagePolicy;
import lib.verb.referrers.ImageReferrers;
import org.jspecify.annotations.Nullable;

/**
 * What has to be signed before the first of its blobs is asked for. Every blob hangs by the digest that is signed, for each is checked against its own.
 *
 * @param signed  what an image's signature has to be; null if it need not have one
 * @param machine what this machine's settings want, of images of registries; null if there are none
 */
public record SignaturePolicy(@Nullable Verification signed, @Nullable ImagePolicy machine) {
    /**
     * Returns whether an image of this name is taken without a signature.
     *
     * @throws IllegalArgumentException if the machine's settings cannot be read
     */
    public boolean takesAny(Reference name) throws IOException {
        return signed == null && unmet(name).isEmpty();
    }

    /**
     * Does nothing where an image may be fetched.
     *
     * @param image     the digest of its manifest
     * @param above     those of the indexes that lead to it
     * @param referrers where signatures are looked for
     * @throws lib.failure.NoSignatureException    if it is not signed
     * @throws lib.failure.WrongSignatureException if no signature of it is right
     * @throws RegistryException                   if the machine's settings forbid it, or the registry does not say what refers to it
     */
    void check(Reference name, Digest image, List<Digest> above, ImageReferrers referrers) throws IOException {
        if (signed != null) {
            signed.verify(name.familiarName(), image, above, referrers);
        }
        for (ImagePolicy.Requirement one : unmet(name)) {
            if (one.reason() != null) {
                throw refused(one.reason(), name);
            }
            new Verification(new AnyKey(one.keys()), Map.of(), one.name(), name).verify(name.familiarName(), image, above, referrers);
        }
    }

    /**
     * Does nothing where one blob may be fetched alone. Signatures are of manifests, and a blob does not say which manifest lists it.
     *
     * @throws RegistryException if images of this name have to be signed, or are forbidden
     */
    void checkBlob(Reference name) throws IOException {
        for (ImagePolicy.Requirement one : unmet(name)) {
            throw refused(one.reason() != null ? one.reason() : "requires signatures, which a blob alone does not have: fetch it with its manifest", name);
        }
    }

    private List<ImagePolicy.Requirement> unmet(Reference name) throws IOException {
        return machine == null ? List.of() : machine.of(name).stream().filter(one -> !one.isMet()).toList();
    }

    private RegistryException refused(String reason, Reference name) {
        return new RegistryException(machine.file() + " " + reason + ": " + name.familiarName(), RegistryException.Kind.BLOCKED, 0, -1, false, null);
    }

    static List<Digest> digests(List<Manifest> manifests) {
        return manifests.stream().map(Manifest::digest).toList();
    }
}
