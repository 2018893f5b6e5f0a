package lib.registry;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

//SOURCES Network.java
//SOURCES Proxies.java
//SOURCES ProxyAddress.java
//SOURCES RegistryException.java
//SOURCES Tls.java

/** A handshake with a registry, to look at the certificates it shows. */
final class Handshake {
    private static final int TIMEOUT_MILLIS = 10_000;

    private Handshake() { }

    /** Shakes hands as a request would, and returns the version, the certificate and until when it holds, in words. */
    static String with(URI base, Network network) throws IOException {
        Proxies.Choice through = network.proxies().of(base);
        if (through.proxy() != null && through.proxy().credentials() != null) {
            return "not looked at: the proxy wants a login first";
        }
        int port = base.getPort() >= 0 ? base.getPort() : 443;
        String host = base.getHost().replaceAll("[\\[\\]]", "");
        SSLSocketFactory factory = Tls.sockets(base.getRawAuthority(), base.getRawAuthority(), network.insecure(), network, Map.of());
        try (Socket line = new Socket(through.proxy() == null ? Proxy.NO_PROXY : through.proxy().toJava())) {
            line.connect(through.proxy() == null ? new InetSocketAddress(host, port) : InetSocketAddress.createUnresolved(host, port), TIMEOUT_MILLIS);
            line.setSoTimeout(TIMEOUT_MILLIS);
            try (SSLSocket socket = (SSLSocket) factory.createSocket(line, host, port, false)) {
                if (!network.insecure()) {
                    SSLParameters parameters = socket.getSSLParameters();
                    parameters.setEndpointIdentificationAlgorithm("HTTPS");
                    socket.setSSLParameters(parameters);
                }
                socket.startHandshake();
                return inWords(socket.getSession());
            }
        } catch (IOException e) {
            throw RegistryException.broken(base, through, e, true);
        }
    }

    private static String inWords(SSLSession session) throws IOException {
        Certificate[] chain = session.getPeerCertificates();
        X509Certificate own = (X509Certificate) chain[0];
        Instant end = own.getNotAfter().toInstant();
        return session.getProtocol() + ", " + own.getSubjectX500Principal() + ", signed by " + own.getIssuerX500Principal() + ", " + chain.length
                + " in the chain, good for " + ChronoUnit.DAYS.between(Instant.now(), end) + " days";
    }
}
