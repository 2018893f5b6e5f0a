package lib.trust;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A signature as it came, taken apart and not verified: what it says counts only once somebody who is trusted turns out to have signed it.
 *
 * @param form         what to call its form
 * @param signed       the bytes that are signed
 * @param signature    as the key made it: of an elliptic curve two numbers in DER
 * @param subjects     the digests of the images that it says it is for, each as {@code sha256:HEX}
 * @param annotations  what else it states, such as {@code env=prod}
 * @param isByKey      whether it names a key, or nothing, as who signed; else it has certificates
 * @param certificates the signer's own and those that lead to an authority, in DER; none where it is by a key
 * @param timestamps   tokens that say when the signature was there, in DER (RFC 3161)
 * @param name         under which the signer says that the image is known; null if that is not said
 * @param algorithm    as the signature itself names it and Java calls it; null if the key alone decides
 */
public record SignedClaim(String form, byte[] signed, byte[] signature, List<String> subjects, Map<String, String> annotations, boolean isByKey,
        List<byte[]> certificates, List<byte[]> timestamps, @Nullable String name, @Nullable String algorithm) {
    /** The longest text that is taken apart, in bytes: a signature with its certificates and time stamps has some thousands. */
    public static final int LONGEST = 1024 * 1024;
    /** More certificates or time stamps than this are refused. */
    static final int MOST = 10;
}
