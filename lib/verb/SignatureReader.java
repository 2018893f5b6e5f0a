package lib.verb;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import lib.failure.RegistryException;
import lib.failure.WrongContentException;
import lib.failure.WrongSignatureException;
import lib.image.Descriptor;
import lib.image.Referrer;
import lib.trust.SignedClaim;
import lib.trust.SigstoreBundle;
import lib.trust.SimpleSigning;
import lib.trust.Trust;
import lib.verb.referrers.ImageReferrers;

/** Reads the signatures in what refers to an image, by the types of the layers: what a manifest says of itself beside that is not signed. */
final class SignatureReader {
    /** More signatures of one image than this are not looked at. */
    private static final int MOST = 100;
    private static final long MOST_BYTES = 16L * 1024 * 1024;

    private final ImageReferrers referrers;
    private final Trust trust;
    private final List<String> wrong = new ArrayList<>();
    private int attestations;
    private int others;
    private int count;
    private long bytes;

    SignatureReader(ImageReferrers referrers, Trust trust) {
        this.referrers = referrers;
        this.trust = trust;
    }

    /** Returns the signatures in a manifest. What cannot be read as one is noted. */
    List<SignedClaim> read(Referrer referrer) throws IOException {
        List<SignedClaim> claims = new ArrayList<>();
        for (Descriptor layer : referrer.manifest().layers()) {
            try {
                read(layer, referrer, claims);
            } catch (WrongSignatureException | WrongContentException e) {
                note(referrer, e.getMessage());
            } catch (RegistryException e) {
                if (e.status() != 404) {
                    throw e;
                }
                note(referrer, e.getMessage());
            }
        }
        return claims;
    }

    private void read(Descriptor layer, Referrer referrer, List<SignedClaim> claims) throws IOException {
        String type = layer.mediaType();
        if (type.equals(Referrer.SIMPLE_SIGNING)) {
            claims.add(SimpleSigning.of(content(layer), layer.json().path("annotations")));
        } else if (type.startsWith(Referrer.BUNDLE)) {
            SigstoreBundle bundle = SigstoreBundle.of(content(layer));
            if (bundle.isSignature()) {
                claims.add(bundle.claim());
            } else {
                attestations++;
            }
        } else if (trust.reads(type) && referrer.manifest().artifactType().equals(Referrer.NOTATION)) {
            claims.add(trust.read(type, content(layer)));
        } else {
            count(referrer);
        }
    }

    private void count(Referrer referrer) {
        if (referrer.kind() == Referrer.Kind.SIGNATURE) {
            others++;
        } else if (referrer.kind() == Referrer.Kind.ATTESTATION) {
            attestations++;
        }
    }

    private byte[] content(Descriptor layer) throws IOException {
        boolean isTooLong = layer.size() > SignedClaim.LONGEST; // then it is refused by itself
        if (++count > MOST || !isTooLong && layer.size() > MOST_BYTES - bytes) {
            throw new WrongSignatureException("it is one of too many: " + MOST + " signatures, of " + MOST_BYTES + " bytes together, are looked at");
        }
        bytes += isTooLong ? 0 : layer.size();
        return referrers.bytes(layer, SignedClaim.LONGEST);
    }

    /** Notes why a signature is not right. */
    void note(Referrer referrer, String why) {
        wrong.add("the signature " + referrer.manifest().digest() + ": " + why);
    }

    /** Returns a sentence for each signature that is not right. */
    List<String> wrong() {
        return List.copyOf(wrong);
    }

    /** Returns how many attestations there were: they state something of an image, and do not sign it. */
    int attestations() {
        return attestations;
    }

    /** Returns how many signatures there were in forms that are not read here. */
    int others() {
        return others;
    }
}
