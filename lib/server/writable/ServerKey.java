package lib.server.writable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import lib.file.SmallFile;

/** The certificate that a server shows, and the key that goes with it, both in PEM (RFC 7468). */
final class ServerKey {
    private static final int LARGEST_MIB = 1;
    private static final Pattern PKCS8 = Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");

    private ServerKey() { }

    /**
     * Returns what makes TLS connections with these.
     *
     * @param certificates the server's own first, then those that lead to an authority
     * @param key          in PKCS #8, not encrypted
     * @throws IllegalArgumentException if they cannot be used
     */
    static SSLContext tls(Path certificates, Path key) throws IOException {
        try {
            Certificate[] chain = CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(SmallFile.named(certificates, LARGEST_MIB))).toArray(new Certificate[0]);
            if (chain.length == 0) {
                throw new IllegalArgumentException(certificates + " has no certificate in PEM");
            }
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            char[] none = {};
            PrivateKey secret = key(key);
            if (!arePair(chain[0].getPublicKey(), secret)) {
                throw new IllegalArgumentException(key + " is not the key of the first certificate in " + certificates);
            }
            store.setKeyEntry("server", secret, none, chain);
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, none);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(certificates + " and " + key + " cannot be used: " + e.getMessage());
        }
    }

    /** Returns whether what the one signs, the other verifies: else no client could connect. */
    private static boolean arePair(PublicKey certified, PrivateKey key) throws GeneralSecurityException {
        if (!certified.getAlgorithm().equals(key.getAlgorithm())) {
            return false;
        }
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        byte[] text = {1, 2, 3};
        Signature signing = Signature.getInstance(algorithm);
        signing.initSign(key);
        signing.update(text);
        byte[] signature = signing.sign();
        Signature verifying = Signature.getInstance(algorithm);
        verifying.initVerify(certified);
        verifying.update(text);
        return verifying.verify(signature);
    }

    private static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
        Matcher pem = PKCS8.matcher(new String(SmallFile.named(file, LARGEST_MIB), StandardCharsets.US_ASCII));
        if (!pem.find()) {
            throw new IllegalArgumentException(file + " has no private key in PKCS #8 without a password: openssl pkcs8 -topk8 -nodes makes one of others");
        }
        PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
        for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (InvalidKeySpecException e) {
                // it may be of the next kind
            }
        }
        throw new IllegalArgumentException(file + " has a private key of a kind that is not known here: use RSA, EC or Ed25519");
    }
}
