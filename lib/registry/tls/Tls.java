package lib.registry.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import lib.crypto.Crypto;
import lib.registry.settings.DockerHub;
import lib.registry.settings.WebAddress;
import org.jspecify.annotations.Nullable;

/**
 * TLS connections to a host: whom they trust, and what they show of themselves. Loaded when the first of them is made.
 * They are made by the first provider of TLS that this program has. Where that is not Java's own and fails, Java's is the next to try:
 * it knows more ciphers and kinds of keys, and what it says of a failure is what people know.
 */
public final class Tls {
    private static final char[] NO_PASSWORD = {};
    private static final String JAVAS = "SunJSSE";

    private final String host;
    private final String registry;
    private final boolean anybody;
    private final TlsSettings settings;
    private final Map<String, HostCertificates> more;
    private @Nullable SSLContext context;

    /**
     * Takes a host such as {@code registry.example.com:5000}.
     *
     * @param registry the host whose image is pulled: as with docker, its authorities are trusted where it sends us, too
     * @param anybody  whether to check no certificate: for --insecure only
     * @param more     certificates of hosts that other settings name
     */
    public Tls(String host, String registry, boolean anybody, TlsSettings settings, Map<String, HostCertificates> more) {
        this.host = host;
        this.registry = registry;
        this.anybody = anybody;
        this.settings = settings;
        this.more = more;
    }

    /**
     * Returns sockets for the host: the same each time, unless {@link #isJavasNext} said that there are others.
     *
     * @throws IOException              when a file of certificates cannot be read, or there is no TLS in this Java
     * @throws IllegalArgumentException when a file that was named for this command holds no certificates
     */
    public synchronized SSLSocketFactory sockets() throws IOException {
        if (context == null) {
            context = context(false);
        }
        return context.getSocketFactory();
    }

    /**
     * Tells, after no connection came about, whether the sockets are others from now on, so that it is worth another try. A certificate that is not trusted stays so.
     *
     * @throws IOException if the certificates that are trusted cannot be read
     */
    public synchronized boolean isJavasNext(IOException trouble) throws IOException {
        if (context == null || context.getProvider().getName().equals(JAVAS) || UntrustedCertificateException.in(trouble) != null) {
            return false;
        }
        context = context(true);
        return true;
    }

    private SSLContext context(boolean javas) throws IOException {
        HostCertificates own = certificates(host, settings, more);
        try {
            TrustManager trust = new Anybody();
            if (!anybody) {
                List<Path> files = new ArrayList<>(own.authorities());
                certificates(DockerHub.apiHost(registry), settings, more).authorities().stream().filter(file -> !files.contains(file)).forEach(files::add);
                trust = new Trust(named(files, settings), settings.folders(), settings.notice());
            }
            KeyStore keys = keys(own, settings.notice());
            SSLContext made = javas || !areUsual(keys) || isIpv6() ? SSLContext.getInstance("TLS", JAVAS) : Crypto.tls();
            made.init(managers(keys), new TrustManager[] {trust}, null);
            return made;
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS does not work in this Java: " + e.getMessage(), e);
        }
    }

    private static HostCertificates certificates(String host, TlsSettings settings, Map<String, HostCertificates> more) {
        HostCertificates found = HostCertificates.of(host, settings.folders());
        more.forEach((other, certificates) -> {
            if (WebAddress.isSameHost(other, host)) {
                found.and(certificates);
            }
        });
        return found;
    }

    /** What was named for this command must be right; what was found is skipped where it is not. */
    private static List<X509Certificate> named(List<Path> found, TlsSettings settings) throws IOException {
        List<X509Certificate> named = new ArrayList<>();
        if (settings.cacert() != null) {
            named.addAll(Pem.certificates(settings.cacert()));
        }
        for (Path file : found) {
            try {
                named.addAll(Pem.certificates(file));
            } catch (IOException | IllegalArgumentException e) {
                passOver(file, e, settings.notice());
            }
        }
        return named;
    }

    private static KeyStore keys(HostCertificates own, Consumer<String> notice) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (HostCertificates.Own pair : own.own()) {
            try {
                List<X509Certificate> chain = Pem.certificates(pair.certificate());
                PrivateKey key = Pem.privateKey(pair.key(), chain.get(0).getPublicKey());
                store.setKeyEntry("own-" + store.size(), key, NO_PASSWORD, chain.toArray(Certificate[]::new));
            } catch (IOException | IllegalArgumentException e) {
                passOver(pair.certificate(), e, notice);
            }
        }
        return store;
    }

    /** Java's client gives sockets that are not Java's own the host as a name to send, and fails where an address of IPv6 is none. */
    private boolean isIpv6() {
        return host.startsWith("[");
    }

    /** Returns whether every provider knows these kinds of keys: Ed25519 is known to Java's only. */
    private static boolean areUsual(KeyStore keys) throws GeneralSecurityException {
        for (String alias : Collections.list(keys.aliases())) {
            if (!keys.getCertificate(alias).getPublicKey().getAlgorithm().matches("RSA|EC")) {
                return false;
            }
        }
        return true;
    }

    /** Returns none if there are no keys, and so no certificate to show. */
    private static KeyManager[] managers(KeyStore keys) throws GeneralSecurityException {
        if (keys.size() == 0) {
            return new KeyManager[0];
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static void passOver(Path file, Exception why, Consumer<String> notice) {
        String said = why instanceof IllegalArgumentException ? why.getMessage() : why.getMessage() + " cannot be read";
        notice.accept("warning: " + file + " is skipped: " + said);
    }

    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) { }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) { }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
