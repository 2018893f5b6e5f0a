package lib.registry.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import lib.registry.settings.DockerHub;
import lib.registry.settings.WebAddress;

/** TLS connections to a host: whom they trust, and what they show of themselves. Loaded when the first of them is made. */
public final class Tls {
    private static final char[] NO_PASSWORD = {};

    private Tls() { }

    /**
     * Returns sockets for a host such as {@code registry.example.com:5000}.
     *
     * @param registry the host whose image is pulled: as with docker, its authorities are trusted where it sends us, too
     * @param anybody  whether to trust whoever answers: for --insecure only
     * @param more     certificates of hosts that other settings name
     */
    public static SSLSocketFactory sockets(String host, String registry, boolean anybody, TlsSettings settings, Map<String, HostCertificates> more) throws IOException {
        HostCertificates own = certificates(host, settings, more);
        try {
            TrustManager trust = new Anybody();
            if (!anybody) {
                List<Path> files = new ArrayList<>(own.authorities());
                certificates(DockerHub.apiHost(registry), settings, more).authorities().stream().filter(file -> !files.contains(file)).forEach(files::add);
                trust = new Trust(named(files, settings), settings.surroundings(), settings.notice());
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(own, settings.notice()), new TrustManager[] {trust}, null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS does not work in this Java: " + e.getMessage(), e);
        }
    }

    private static HostCertificates certificates(String host, TlsSettings settings, Map<String, HostCertificates> more) {
        HostCertificates found = HostCertificates.of(host, settings.surroundings());
        more.forEach((other, certificates) -> {
            if (WebAddress.isSameHost(other, host)) {
                found.and(certificates);
            }
        });
        return found;
    }

    /** What was named for this command must be right; what was found is passed over where it is not. */
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

    private static KeyManager[] keys(HostCertificates own, Consumer<String> notice) throws IOException, GeneralSecurityException {
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
        if (store.size() == 0) {
            return null;
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static void passOver(Path file, Exception why, Consumer<String> notice) {
        String said = why instanceof IllegalArgumentException ? why.getMessage() : why.getMessage() + " cannot be read";
        notice.accept("warning: " + file + " is passed over: " + said);
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
