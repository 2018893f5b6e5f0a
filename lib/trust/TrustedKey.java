package lib.trust;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lib.failure.WrongSignatureException;
import lib.file.SmallFile;
import lib.image.Digest;

/**
 * A public key whose owner is trusted to sign images: in PEM (RFC 7468, section 13), as {@code cosign generate-key-pair} writes {@code cosign.pub}.
 *
 * @param name what to call it, such as the file that it is from
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5280#section-4.1">RFC 5280, SubjectPublicKeyInfo</a>
 */
public record TrustedKey(String name, PublicKey key, KeyKind kind) implements Trust {
    private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
    /** Each is tried in turn: the bytes themselves say which one it is. */
    private static final List<String> FACTORIES = List.of("EC", "RSA", "Ed25519");

    /** Reads the one key of a file; throws as the other one, and NotFoundException if there is no such file. */
    public static TrustedKey in(Path file) throws IOException {
        return of(SmallFile.named(file, 1), file.toString());
    }

    /**
     * Reads the one key of a file's bytes.
     *
     * @throws IllegalArgumentException if it is none, or of a kind that no signatures are taken of
     */
    public static TrustedKey of(byte[] pem, String name) {
        Matcher block = BLOCK.matcher(new String(pem, StandardCharsets.ISO_8859_1));
        if (!block.find()) {
            throw new IllegalArgumentException(name + " holds no public key in PEM, which begins with -----BEGIN PUBLIC KEY-----");
        }
        String label = block.group(1);
        if (label.endsWith("PRIVATE KEY")) {
            throw new IllegalArgumentException(name + " holds a private key, which is for signing: to verify, its public key is needed");
        }
        if (!label.equals("PUBLIC KEY")) {
            throw new IllegalArgumentException(name + " holds a " + label.toLowerCase(java.util.Locale.ROOT) + ", not a public key");
        }
        String text = block.group(2);
        if (block.find()) {
            throw new IllegalArgumentException(name + " holds more than one key: which is meant?");
        }
        byte[] encoded;
        try {
            encoded = Base64.getMimeDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + " is not PEM: its Base64 is damaged", e);
        }
        PublicKey key = key(encoded, name);
        try {
            return new TrustedKey(name, key, KeyKind.of(key));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + " holds " + e.getMessage(), e);
        }
    }

    private static PublicKey key(byte[] encoded, String name) {
        for (String factory : FACTORIES) {
            try {
                return KeyFactory.getInstance(factory).generatePublic(new X509EncodedKeySpec(encoded));
            } catch (GeneralSecurityException e) {
                continue; // of another kind
            }
        }
        throw new IllegalArgumentException(name + " holds a public key that cannot be read, or is of a kind that no signatures are taken of: EC P-256, P-384 or P-521, RSA and Ed25519 are");
    }

    /** Returns the SHA-256 of the key's DER, by which people compare keys: {@code openssl pkey -pubin -in FILE -outform der | sha256sum}. */
    public Digest fingerprint() {
        return Digest.of(key.getEncoded());
    }

    /** Returns the kind of key, such as {@code EC P-256}. */
    public String algorithm() {
        return kind.name();
    }

    @Override
    public Signer verify(SignedClaim claim) throws WrongSignatureException {
        if (claim.algorithm() != null || !kind.verify(key, claim.signed(), claim.signature())) {
            throw new WrongSignatureException("it is not by the key " + name + ", or was altered");
        }
        return new Signer(name, algorithm(), fingerprint(), null, null, null, claim.timestamps().isEmpty() ? List.of() : List.of(Signer.TIME_STAMP));
    }
}
