package lib.registry;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Whom a TLS connection trusts. */
final class Tls {
    private Tls() { }

    /** Returns sockets that trust the certificates in a PEM file beside those that Java trusts. */
    static SSLSocketFactory trustingAlso(Path pem) throws IOException {
        try (InputStream in = Files.newInputStream(pem)) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null);
            int count = 0;
            for (Certificate certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                trusted.setCertificateEntry("of-file-" + count++, certificate);
            }
            if (count == 0) {
                throw new IllegalArgumentException(pem + " holds no certificate in PEM");
            }
            for (X509Certificate certificate : managers(null).getAcceptedIssuers()) {
                trusted.setCertificateEntry("of-java-" + count++, certificate);
            }
            return sockets(managers(trusted));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(pem + " cannot be read as certificates in PEM: " + e.getMessage(), e);
        }
    }

    /** Returns sockets that trust whoever answers: for --insecure only. */
    static SSLSocketFactory trustingAnybody() {
        try {
            return sockets(new Anybody());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has TLS", e);
        }
    }

    private static SSLSocketFactory sockets(X509TrustManager manager) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {manager}, null);
        return context.getSocketFactory();
    }

    private static X509TrustManager managers(KeyStore trusted) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        return (X509TrustManager) factory.getTrustManagers()[0];
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
