package tests.support;

import java.nio.file.Path;

//SOURCES Program.java
//SOURCES Scratch.java

/**
 * A certificate for localhost and 127.0.0.1 that signs itself, so that it is also its own authority.
 *
 * @param file the certificate, PEM
 * @param key  its private RSA key, PEM in PKCS #8
 */
public record Certificate(Path file, Path key) {

    /** Returns a new certificate, valid for two days. Needs openssl. */
    public static Certificate create() {
        return createFor("DNS:localhost,IP:127.0.0.1");
    }

    /** Returns a new certificate for these names, such as {@code DNS:registry.example,IP:127.0.0.1}. */
    public static Certificate createFor(String names) {
        Path folder = Scratch.folder("certificate");
        Certificate certificate = new Certificate(folder.resolve("ca.crt"), folder.resolve("server.key"));
        Program.run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                "-addext", "subjectAltName=" + names,
                "-keyout", certificate.key.toString(), "-out", certificate.file.toString()).orFail();
        return certificate;
    }
}
