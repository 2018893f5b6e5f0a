package lib.trust;

import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import lib.failure.WrongSignatureException;
import lib.image.Digest;
import org.jspecify.annotations.Nullable;

/**
 * Trust in those whom an authority certifies, such as a company's own: for cosign's signatures that come with certificates, and Notation's.
 *
 * @param signers  the authority's certificates
 * @param stampers whose time stamps are believed
 * @param identity for whom the signer's certificate must be: an address, a URI, a host or the whole subject; null for anybody
 * @param issuer   who must have said, by the certificate, that it is them; null for anybody
 */
public record Authorities(Certificates signers, Certificates stampers, @Nullable String identity, @Nullable String issuer) implements Trust {
    /** Who said who the signer is: a text, and in the older form its bare bytes (Fulcio, OID Information). */
    private static final String ISSUER = "1.3.6.1.4.1.57264.1.8";
    private static final String OLDER_ISSUER = "1.3.6.1.4.1.57264.1.1";

    /**
     * Reads the authorities' certificates.
     *
     * @param stampers those of time stamp authorities; null if they are among the others
     * @throws IllegalArgumentException if one of these is not a certificate in PEM
     */
    public static Authorities of(byte[] pem, String name, byte @Nullable [] stampers, @Nullable String stampersName, @Nullable String identity, @Nullable String issuer) {
        Certificates signers = Certificates.of(pem, name);
        return new Authorities(signers, stampers == null ? signers : Certificates.of(stampers, String.valueOf(stampersName)), identity, issuer);
    }

    @Override
    public boolean reads(String mediaType) {
        return mediaType.equals(Notation.JWS) || mediaType.equals(Notation.COSE);
    }

    @Override
    public SignedClaim read(String mediaType, byte[] bytes) throws WrongSignatureException {
        return mediaType.equals(Notation.JWS) ? Notation.ofJws(bytes) : Notation.ofCose(bytes);
    }

    @Override
    public Signer verify(SignedClaim claim) throws WrongSignatureException {
        if (claim.certificates().isEmpty()) {
            throw new WrongSignatureException("it comes without a certificate");
        }
        List<X509Certificate> chain = new ArrayList<>();
        for (byte[] der : claim.certificates()) {
            chain.add(Certificates.of(der));
        }
        X509Certificate leaf = chain.get(0);
        KeyKind kind;
        try {
            kind = KeyKind.of(leaf.getPublicKey());
        } catch (IllegalArgumentException e) {
            throw new WrongSignatureException("its certificate has " + e.getMessage(), e);
        }
        boolean isRight = claim.algorithm() == null ? kind.verify(leaf.getPublicKey(), claim.signed(), claim.signature())
                : SignatureAlgorithm.verify(claim.algorithm(), kind, leaf.getPublicKey(), claim.signed(), claim.signature());
        if (!isRight) {
            throw new WrongSignatureException("it is not by the key of its certificate, or was altered");
        }
        Instant stamped = stamped(claim);
        List<X509Certificate> others = new ArrayList<>(chain.subList(1, chain.size()));
        others.addAll(signers.all());
        signers.check(leaf, others, Certificates.CODE_SIGNING, stamped != null ? stamped : Instant.now());
        return signer(leaf, kind, stamped, stamped == null && !claim.timestamps().isEmpty());
    }

    /** Returns the earliest time at which the signature was there, null if no known authority says so; a wrong time stamp makes the signature wrong. */
    private @Nullable Instant stamped(SignedClaim claim) throws WrongSignatureException {
        Instant earliest = null;
        for (byte[] stamp : claim.timestamps()) {
            Instant at = TimeStamp.of(stamp, claim.signature(), stampers);
            if (at == null && stampers != signers) {
                throw new WrongSignatureException("its time stamp is not by anybody whom " + stampers.name() + " certifies");
            }
            earliest = at != null && (earliest == null || at.isBefore(earliest)) ? at : earliest;
        }
        return earliest;
    }

    private Signer signer(X509Certificate leaf, KeyKind kind, @Nullable Instant stamped, boolean hasUnknownStamp) throws WrongSignatureException {
        List<String> names = names(leaf);
        String subject = leaf.getSubjectX500Principal().getName();
        boolean isAsked = identity == null || names.contains(identity) || isSubject(leaf, identity);
        if (!isAsked) {
            throw new WrongSignatureException("it is by " + (names.isEmpty() ? subject : String.join(", ", names)) + ", not by " + identity);
        }
        String said = issuer(leaf);
        if (issuer != null && !issuer.equals(said)) {
            throw new WrongSignatureException("who signed it is known by the word of " + (said == null ? "nobody" : said) + ", not of " + issuer);
        }
        try {
            return new Signer(subject, kind.name(), Digest.of(leaf.getEncoded()), names.isEmpty() ? subject : identity != null && names.contains(identity) ? identity : String.join(", ", names),
                    said, stamped, hasUnknownStamp ? List.of(Signer.TIME_STAMP) : List.of());
        } catch (CertificateEncodingException e) {
            throw new WrongSignatureException("it has a certificate that cannot be read", e);
        }
    }

    private static boolean isSubject(X509Certificate leaf, String identity) {
        try {
            return new X500Principal(identity).equals(leaf.getSubjectX500Principal());
        } catch (IllegalArgumentException e) {
            return false; // it is not such a name
        }
    }

    /** Returns the names that a certificate is for, besides its subject (RFC 5280, section 4.2.1.6). */
    private static List<String> names(X509Certificate certificate) throws WrongSignatureException {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            for (List<?> one : all == null ? List.<List<?>>of() : all) {
                if (one.get(1) instanceof String name) {
                    names.add(name);
                }
            }
        } catch (CertificateParsingException e) {
            throw new WrongSignatureException("it has a certificate with names that cannot be read", e);
        }
        return names;
    }

    private static @Nullable String issuer(X509Certificate certificate) {
        byte[] text = content(content(certificate.getExtensionValue(ISSUER), 0x04), 0x0c);
        byte[] bare = text != null ? text : content(certificate.getExtensionValue(OLDER_ISSUER), 0x04);
        return bare == null ? null : new String(bare, StandardCharsets.UTF_8);
    }

    /** Returns what is in an element of DER of this tag and of less than 128 bytes; null for anything else. */
    private static byte @Nullable [] content(byte @Nullable [] der, int tag) {
        boolean isIt = der != null && der.length >= 2 && der[0] == tag && der[1] == der.length - 2;
        return isIt ? java.util.Arrays.copyOfRange(der, 2, der.length) : null;
    }
}
