package lib.trust;

import java.time.Instant;
import java.util.List;
import lib.image.Digest;
import org.jspecify.annotations.Nullable;

/**
 * Who made a signature, as far as it was verified.
 *
 * @param name        the key as it was named, or what the certificate says, such as {@code CN=leaf,O=Example}
 * @param algorithm   the kind of key, such as {@code EC P-256}
 * @param fingerprint the SHA-256 of the key's DER, or of the certificate's
 * @param identity    for whom the authority issued the certificate; null if a key alone is trusted
 * @param issuer      who, by the certificate, said who that is; null if none is named
 * @param at          when the signature was there, by a time stamp that was verified; null if none was
 * @param unchecked   what came with the signature and was not looked at, such as {@link #TIME_STAMP}
 */
public record Signer(String name, String algorithm, Digest fingerprint, @Nullable String identity, @Nullable String issuer, @Nullable Instant at, List<String> unchecked) {
    /** A time stamp of an authority that is not known here. */
    public static final String TIME_STAMP = "the time stamp";
}
