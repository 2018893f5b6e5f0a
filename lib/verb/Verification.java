package lib.verb;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lib.failure.NoSignatureException;
import lib.failure.WrongContentException;
import lib.failure.WrongSignatureException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.ManifestTree;
import lib.image.Reference;
import lib.image.Referrer;
import lib.store.ImageStore;
import lib.store.NamedImage;
import lib.trust.SignedClaim;
import lib.trust.SignedName;
import lib.trust.Signer;
import lib.trust.Trust;
import lib.verb.referrers.ImageReferrers;
import org.jspecify.annotations.Nullable;

/**
 * Whether somebody who is trusted signed an image. One right signature suffices. A signature of an index is one of each manifest that the index leads to,
 * for the index has their digests.
 *
 * @param annotations what a signature has to state besides
 * @param signedName  under which name the image has to be signed; null if that does not matter
 * @param reference   the image's own name, for that; null if that does not matter
 */
public record Verification(Trust trust, Map<String, String> annotations, @Nullable SignedName signedName, @Nullable Reference reference) {
    private static final int MOST_REASONS = 3;
    /** Nobody but the image's registry is asked, so this is never looked at. */
    private static final List<String> NEVER_CHECKED = List.of("the transparency log", "revocation");

    /** Whether somebody signed an image, under whatever name. */
    public Verification(Trust trust, Map<String, String> annotations) {
        this(trust, annotations, null, null);
    }

    /** A signature that is right. */
    public record Right(Referrer referrer, SignedClaim claim, Signer signer) { }

    /**
     * What was verified.
     *
     * @param signed     the digest that the signatures are for: the image's, or that of an index that leads to it
     * @param image      the digest of the image
     * @param signatures those that are right, at least one
     * @param wrong      a sentence for each signature that is not right
     * @param unchecked  what was not looked at
     */
    public record Verified(Digest signed, Digest image, List<Right> signatures, List<String> wrong, List<String> unchecked) { }

    /**
     * Verifies an image.
     *
     * @param name      what to call it in messages
     * @param image     its manifest or index
     * @param above     the digests of the indexes that lead to it: a signature of one of them will do
     * @param referrers where signatures are looked for
     * @throws NoSignatureException             if there is none
     * @throws WrongSignatureException          if there are some, and none is right
     * @throws lib.failure.RegistryException    if the registry does not say whether there are some
     */
    public Verified verify(String name, Digest image, List<Digest> above, ImageReferrers referrers) throws IOException {
        SignatureReader reader = new SignatureReader(referrers, trust);
        List<Digest> candidates = new ArrayList<>(above);
        candidates.add(image);
        List<String> left = new ArrayList<>();
        for (Digest candidate : candidates) {
            ImageReferrers.Found found = referrers.direct(candidate, List.of(".sig"));
            left.addAll(found.left());
            List<Right> right = new ArrayList<>();
            for (Referrer referrer : found.referrers()) {
                for (SignedClaim claim : claims(referrer, reader)) {
                    try {
                        right.add(new Right(referrer, claim, check(claim, candidate)));
                    } catch (WrongSignatureException e) {
                        reader.note(referrer, e.getMessage());
                    }
                }
            }
            if (!right.isEmpty()) {
                return new Verified(candidate, image, right, reader.wrong(), unchecked(right));
            }
        }
        throw none(name, candidates, reader, left);
    }

    /**
     * Verifies an image of a layout or an archive, by what refers to it there, or to an index there that leads to it.
     *
     * @param name what to call it in messages
     * @throws NoSignatureException    if there is none
     * @throws WrongSignatureException if there are some, and none is right
     * @throws IOException             if the store cannot be read
     */
    public Verified verify(String name, NamedImage image, ImageReferrers referrers, ImageStore store) throws IOException {
        Digest digest = image.manifest().digest();
        List<Digest> above = new ArrayList<>(SignaturePolicy.digests(image.above()));
        above(digest, referrers, store).stream().filter(one -> !above.contains(one)).forEach(above::add);
        return verify(name, digest, above, referrers);
    }

    private static List<SignedClaim> claims(Referrer referrer, SignatureReader reader) throws IOException {
        try {
            return reader.read(referrer);
        } catch (WrongContentException e) {
            reader.note(referrer, e.getMessage());
            return List.of();
        }
    }

    private Signer check(SignedClaim claim, Digest image) throws WrongSignatureException {
        Signer signer = trust.verify(claim);
        if (!claim.subjects().contains(image.toString())) {
            throw new WrongSignatureException("it is of another image, " + String.join(", ", claim.subjects().subList(0, Math.min(MOST_REASONS, claim.subjects().size()))));
        }
        if (signedName != null && reference != null && !signedName.matches(reference, claim.name())) {
            throw new WrongSignatureException("it is for " + (claim.name() == null ? "no name" : claim.name()) + ", which " + signedName.type() + " does not take for " + reference);
        }
        for (Map.Entry<String, String> wanted : annotations.entrySet()) {
            String stated = claim.annotations().get(wanted.getKey());
            if (!wanted.getValue().equals(stated)) {
                throw new WrongSignatureException("it states " + (stated == null ? "no " + wanted.getKey() : wanted.getKey() + "=" + stated) + ", not " + wanted.getKey() + "=" + wanted.getValue());
            }
        }
        return signer;
    }

    private static List<String> unchecked(List<Right> right) {
        List<String> unchecked = new ArrayList<>(NEVER_CHECKED);
        right.forEach(one -> one.signer().unchecked().stream().filter(what -> !unchecked.contains(what)).forEach(unchecked::add));
        return unchecked;
    }

    private IOException none(String name, List<Digest> candidates, SignatureReader reader, List<String> left) {
        List<String> wrong = new ArrayList<>(reader.wrong());
        wrong.addAll(left); // what could not be read may be the signature
        String digests = String.join(" and ", candidates.stream().map(Digest::toString).toList());
        if (!wrong.isEmpty()) {
            return new WrongSignatureException(name + ": no signature of " + digests + " is right: " + String.join("; ", wrong.subList(0, Math.min(MOST_REASONS, wrong.size())))
                    + (wrong.size() > MOST_REASONS ? "; and " + (wrong.size() - MOST_REASONS) + " more" : ""));
        }
        int attestations = reader.attestations();
        return new NoSignatureException(name + " is not signed: no signature of " + digests + " was found"
                + (attestations == 0 ? "" : "; " + attestations + (attestations == 1 ? " attestation is there, which is not a signature" : " attestations are there, which are not signatures"))
                + (reader.others() == 0 ? "" : "; " + reader.others() + (reader.others() == 1 ? " signature is" : " signatures are") + " in another form, which is verified by certificates, not by a key"));
    }

    /**
     * Returns the digests of the indexes in a layout or an archive that lead to a manifest, of those that something there refers to.
     *
     * @throws IOException if the store cannot be read
     */
    public static List<Digest> above(Digest image, ImageReferrers referrers, ImageStore store) throws IOException {
        List<Digest> above = new ArrayList<>();
        for (Digest subject : referrers.subjects()) {
            if (subject.equals(image) || !store.has(ImageStore.path(subject), size(store, subject))) {
                continue;
            }
            Descriptor found = store.find(subject);
            if (found.size() <= Manifest.LONGEST && leadsTo(image, found, store)) {
                above.add(subject);
            }
        }
        return above;
    }

    private static long size(ImageStore store, Digest digest) {
        try {
            return store.find(digest).size();
        } catch (IOException e) {
            return -1;
        }
    }

    private static boolean leadsTo(Digest image, Descriptor subject, ImageStore store) throws IOException {
        try {
            return !ManifestTree.wayTo(image, store.manifest(subject), store).isEmpty();
        } catch (WrongContentException e) {
            return false; // it is not an index, or a damaged one
        }
    }
}
