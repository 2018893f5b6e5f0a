package lib.registry.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lib.file.SmallFile;

/** Certificates and private keys in their textual form (RFC 7468), with whatever other text stands between them. */
final class Pem {
    private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

    /** The size that a file may have, in MiB: systems list all authorities in one. */
    private static final int LARGEST = 16;

    private Pem() { }

    private record Block(String label, String text) {
        byte[] bytes() {
            return Base64.getMimeDecoder().decode(text);
        }
    }

    /** Returns the certificates of a file, in order; throws IllegalArgumentException, which names the file, if there are none or one is broken. */
    static List<X509Certificate> certificates(Path file) throws IOException {
        List<X509Certificate> certificates = new ArrayList<>();
        List<Block> blocks = blocks(file);
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Block block : blocks) {
                if (block.label.equals("CERTIFICATE") || block.label.equals("X509 CERTIFICATE") || block.label.equals("TRUSTED CERTIFICATE")) {
                    certificates.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.bytes())));
                }
            }
        } catch (CertificateException | IllegalArgumentException e) {
            throw new IllegalArgumentException(file + " has a certificate that cannot be read: " + e.getMessage(), e);
        }
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException(file + " holds no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----");
        }
        return certificates;
    }

    /**
     * Returns the private key of a file that belongs to this public key: PKCS #8 (RFC 5958), or the older forms for RSA
     * (RFC 8017, appendix A.1.2) and for elliptic curves (RFC 5915). Throws IllegalArgumentException, which names the file, for anything else.
     */
    static PrivateKey privateKey(Path file, PublicKey of) throws IOException {
        try {
            for (Block block : blocks(file)) {
                if (block.label.equals("ENCRYPTED PRIVATE KEY") || block.text.contains("ENCRYPTED")) {
                    throw new IllegalArgumentException(file + " is locked with a password, which cannot be asked for here: remove it, with openssl pkey");
                }
                if (block.label.endsWith("PRIVATE KEY")) {
                    // The older forms lack what kind of key it is, and PKCS #8 wraps them together with that. The public key says it too.
                    byte[] pkcs8 = block.label.equals("PRIVATE KEY") ? block.bytes()
                            : Der.sequence(Der.ZERO, Der.firstIn(of.getEncoded()), Der.octets(block.bytes()));
                    return KeyFactory.getInstance(of.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
                }
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(file + " has a private key that cannot be read, or is of another kind than its certificate: " + e.getMessage(), e);
        }
        throw new IllegalArgumentException(file + " holds no private key in PEM");
    }

    private static String text(Path file) throws IOException {
        try {
            return new String(SmallFile.read(file, LARGEST), StandardCharsets.ISO_8859_1);
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " is not read: " + e.getMessage(), e);
        }
    }

    private static List<Block> blocks(Path file) throws IOException {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text(file));
        while (matcher.find()) {
            blocks.add(new Block(matcher.group(1), matcher.group(2)));
        }
        return blocks;
    }
}
