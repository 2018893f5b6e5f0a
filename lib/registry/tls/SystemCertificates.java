package lib.registry.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import lib.registry.settings.SettingsFolders;
import org.jspecify.annotations.Nullable;

/** Whom this machine trusts, which is where companies put their own authority: its list is not Java's. */
final class SystemCertificates {
    /** Debian and its kin; Red Hat's; SUSE's; Alpine, the BSDs and macOS. */
    private static final List<String> FILES = List.of("ssl/certs/ca-certificates.crt", "pki/tls/certs/ca-bundle.crt", "ssl/ca-bundle.pem", "ssl/cert.pem");

    private SystemCertificates() { }

    /** Returns the file that this machine's list is in, or null. SSL_CERT_FILE names another one, as it does for OpenSSL. */
    static @Nullable Path file(SettingsFolders folders) {
        if (folders.variable("SSL_CERT_FILE") != null) {
            return Path.of(folders.variable("SSL_CERT_FILE"));
        }
        return FILES.stream().map(folders.etc()::resolve).filter(Files::isReadable).findFirst().orElse(null);
    }

    /** Returns this machine's list, or null if it has none. */
    static @Nullable KeyStore store(SettingsFolders folders) throws IOException, GeneralSecurityException {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        if (folders.variable("SSL_CERT_FILE") == null && (system.startsWith("windows") || system.startsWith("mac"))) {
            KeyStore ofSystem = KeyStore.getInstance(system.startsWith("mac") ? "KeychainStore" : "Windows-ROOT");
            ofSystem.load(null, null);
            return ofSystem;
        }
        Path file = file(folders);
        return file == null ? null : of(Pem.certificates(file));
    }

    /**
     * Returns those of this machine's file that a chain of certificates names as signers, which may be nobody. Of some 150 authorities a connection needs one,
     * and to read them all takes longer than the rest of it.
     */
    static List<X509Certificate> signers(SettingsFolders folders, X509Certificate[] chain) throws IOException {
        Path file = file(folders);
        return file == null ? List.of() : Pem.certificates(file, Stream.of(chain).map(X509Certificate::getIssuerX500Principal).toList());
    }

    /** Returns a list of these certificates. */
    static KeyStore of(List<X509Certificate> certificates) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (X509Certificate certificate : certificates) {
            store.setCertificateEntry("trusted-" + store.size(), certificate);
        }
        return store;
    }
}
