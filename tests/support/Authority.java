package tests.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

//SOURCES Certificate.java
//SOURCES Program.java
//SOURCES Scratch.java

/**
 * An authority that signs certificates, as companies have. Needs openssl.
 *
 * @param certificate its own certificate and key
 */
public record Authority(Certificate certificate) {

    /** Returns a new authority of this name whose certificate ends in so many days: 0 is a second ago. */
    public static Authority create(String name, int days) {
        Path key = rsaKey();
        return new Authority(new Certificate(signed(key, name, "basicConstraints=critical,CA:TRUE", days, "-signkey", key.toString()), key));
    }

    /** Returns a new authority that this one signs, whose certificate ends in so many days. */
    public Authority department(String name, int days) {
        Path key = rsaKey();
        return new Authority(new Certificate(signed(key, name, "basicConstraints=critical,CA:TRUE", days, byThis()), key));
    }

    /** Returns the file with its own certificate. */
    public Path file() {
        return certificate.file();
    }

    /** Signs a certificate for names such as {@code DNS:localhost,IP:127.0.0.1}, which ends in so many days: 0 is a second ago. */
    public Certificate sign(String names, int days) {
        return sign(rsaKey(), "subjectAltName=" + names, days);
    }

    /** Signs a certificate with an extension for a key that there is. */
    public Certificate sign(Path key, String extension, int days) {
        return new Certificate(signed(key, "somebody", extension, days, byThis()), key);
    }

    private String[] byThis() {
        return new String[] {"-CA", file().toString(), "-CAkey", certificate.key().toString(), "-set_serial", "" + ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE)};
    }

    private static Path rsaKey() {
        Path key = Scratch.folder("key").resolve("rsa.key");
        Program.run("openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", key.toString()).orFail();
        return key;
    }

    private static Path signed(Path key, String name, String extension, int days, String... signer) {
        try {
            Path folder = Scratch.folder("signed");
            Path request = folder.resolve("request.pem");
            Path certificate = folder.resolve("certificate.pem");
            Path extensions = Files.writeString(folder.resolve("extensions"), extension + "\n");
            Program.run("openssl", "req", "-new", "-key", key.toString(), "-subj", "/O=Tests/CN=" + name, "-out", request.toString()).orFail();
            List<String> command = new ArrayList<>(List.of("openssl", "x509", "-req", "-in", request.toString(), "-days", "" + days,
                    "-extfile", extensions.toString(), "-out", certificate.toString()));
            command.addAll(List.of(signer));
            new Program(command).run().orFail();
            return certificate;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
