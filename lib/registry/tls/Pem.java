package lib.registry.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
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
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Predicate;
import javax.security.auth.x500.X500Principal;
import lib.file.SmallFile;

/** Certificates and private keys in their textual form (RFC 7468), with whatever other text stands between them. */
final class Pem {
    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";

    /** The size that a file may have, in MiB: systems list all authorities in one. */
    private static final int LARGEST = 16;

    private Pem() { }

    private record Block(String label, String text) {
        byte[] bytes() {
            return Base64.getMimeDecoder().decode(text);
        }

        boolean isCertificate() {
            return label.equals("CERTIFICATE") || label.equals("X509 CERTIFICATE") || label.equals("TRUSTED CERTIFICATE");
        }

        /** Decodes as much as it takes to come to the name, and no more. */
        boolean isCertificateOf(List<X500Principal> names) {
            try (InputStream der = Base64.getMimeDecoder().wrap(new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)))) {
                byte[] subject = isCertificate() ? Der.subject(der) : new byte[0];
                return names.stream().anyMatch(name -> Arrays.equals(name.getEncoded(), subject));
            } catch (IOException e) {
                return false;
            }
        }
    }

    /** Returns the certificates of a file, in order; throws IllegalArgumentException, which names the file, if there are none or one is broken. */
    static List<X509Certificate> certificates(Path file) throws IOException {
        List<X509Certificate> certificates = certificates(file, Block::isCertificate);
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException(file + " holds no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----");
        }
        return certificates;
    }

    /** Returns the certificates of these names alone, which for a system's list of authorities takes a small part of the time; throws as {@link #certificates(Path)} for these. */
    static List<X509Certificate> certificates(Path file, List<X500Principal> names) throws IOException {
        return certificates(file, block -> block.isCertificateOf(names));
    }

    private static List<X509Certificate> certificates(Path file, Predicate<Block> wanted) throws IOException {
        List<X509Certificate> certificates = new ArrayList<>();
        List<Block> blocks = blocks(file);
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Block block : blocks) {
                if (wanted.test(block)) {
                    certificates.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.bytes())));
                }
            }
        } catch (CertificateException | IllegalArgumentException e) {
            throw new IllegalArgumentException(file + " has a certificate that cannot be read: " + e.getMessage(), e);
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
        String text = text(file);
        for (int begin = text.indexOf(BEGIN); begin >= 0; begin = text.indexOf(BEGIN, begin + 1)) {
            int label = begin + BEGIN.length();
            int body = text.indexOf(DASHES, label) + DASHES.length();
            int end = text.indexOf('-', body);
            String name = text.substring(label, Math.max(label, body - DASHES.length()));
            if (text.startsWith(END + name + DASHES, end)) {
                blocks.add(new Block(name, text.substring(body, end)));
            }
        }
        return blocks;
    }
}
