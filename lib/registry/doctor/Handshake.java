package lib.registry.doctor;

import java.io.IOException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import javax.net.ssl.SSLSession;
import lib.registry.hosts.Endpoint;
import lib.registry.http.Http;
import lib.text.PlainText;

/** A handshake with a registry, to look at the certificates it shows. It goes the way of every other request, through a proxy too. */
final class Handshake {
    private Handshake() { }

    /** Shakes hands, and returns the version, the certificate and until when it holds, in words. */
    static String with(Endpoint endpoint, Http http) throws IOException {
        return inWords(http.handshake(endpoint.frontDoor(), endpoint.insecure())) + (endpoint.insecure() ? "; it is not checked, because the host is marked as insecure" : "");
    }

    private static String inWords(SSLSession session) throws IOException {
        Certificate[] chain = session.getPeerCertificates();
        X509Certificate own = (X509Certificate) chain[0];
        Instant end = own.getNotAfter().toInstant();
        return PlainText.line(session.getProtocol() + ", " + own.getSubjectX500Principal() + ", signed by " + own.getIssuerX500Principal() + ", " + chain.length
                + " in the chain, good for " + ChronoUnit.DAYS.between(Instant.now(), end) + " days");
    }
}
