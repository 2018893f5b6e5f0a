package lib.registry.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import javax.security.auth.x500.X500Principal;
import lib.registry.settings.SettingsFolders;
import org.jspecify.annotations.Nullable;

/** Whom this machine trusts, which is where companies put their own authority: its list is not Java's. */
final class SystemCertificates {
    /** Debian and its kin; Red Hat's; SUSE's; Alpine, the BSDs and macOS. */
    private static final List<String> FILES = List.of("ssl/certs/ca-certificates.crt", "pki/tls/certs/ca-bundle.crt", "ssl/ca-bundle.pem", "ssl/cert.pem");

    /** The kind of list that the system itself keeps, or "". */
    private static final String KIND = kind(System.getProperty("os.name").toLowerCase(Locale.ROOT));

    private SystemCertificates() { }

    private static String kind(String system) {
        return system.startsWith("mac") ? "KeychainStore" : system.startsWith("windows") ? "Windows-ROOT" : "";
    }

    /** Returns the file that this machine's list is in, or null, as on Windows and macOS, where it is in no file. SSL_CERT_FILE names another one, as it does for OpenSSL. */
    private static @Nullable Path file(SettingsFolders folders) {
        if (folders.variable("SSL_CERT_FILE") != null) {
            return Path.of(folders.variable("SSL_CERT_FILE"));
        }
        if (!KIND.isEmpty()) {
            return null;
        }
        return FILES.stream().map(folders.etc()::resolve).filter(Files::isReadable).findFirst().orElse(null);
    }

    /** Returns this machine's list, or null if it has none. */
    static @Nullable KeyStore store(SettingsFolders folders) throws IOException, GeneralSecurityException {
        Path file = file(folders);
        if (file != null) {
            return of(Pem.certificates(file));
        }
        if (KIND.isEmpty()) {
            return null;
        }
        KeyStore ofSystem = KeyStore.getInstance(KIND);
        ofSystem.load(null, null);
        return ofSystem;
    }

    /**
     * Returns those of this machine's file who have one of these names, which may be nobody. Of some 150 authorities a connection needs one,
     * and to read them all takes longer than the rest of it.
     */
    static List<X509Certificate> named(SettingsFolders folders, List<X500Principal> names) throws IOException {
        Path file = file(folders);
        return file == null ? List.of() : Pem.certificates(file, names);
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
