package lib.registry;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.regex.Pattern;

//SOURCES Attempts.java
//SOURCES ProxyAddress.java
//SOURCES TlsProxy.java

/** Says in plain words what a network exception means. */
final class NetworkTrouble {
    private static final String NO_TLS = "Unsupported or unrecognized SSL message";
    private static final String OWN = "certs.d/HOST/client.cert and client.key hold one";
    private static final String NO_TUNNEL = "Unable to tunnel through proxy.";

    private NetworkTrouble() { }

    /** Tells whether a host shows that it speaks no TLS: by text, by hanging up, or by a proxy that leads to no such port. */
    static boolean isNoTls(Throwable trouble) {
        String message = trouble == null ? "" : String.valueOf(trouble.getMessage());
        return message.contains(NO_TLS) || message.startsWith(NO_TUNNEL) || message.contains("terminated the handshake") || message.contains("Connection reset");
    }

    /** Tells whether a proxy wants to know who asks for a tunnel, or another one than who did: tinyproxy says 401 to the latter. */
    static boolean isRefusedTunnel(IOException trouble) {
        return String.valueOf(trouble.getMessage()).matches(Pattern.quote(NO_TUNNEL) + " Proxy returns \"HTTP/1\\.[01] 40[17].*");
    }

    /** Returns what happened to a request to this address; {@code proxy} is what it went through, or null. */
    static String inWords(URI uri, ProxyAddress proxy, IOException trouble) {
        String message = String.valueOf(trouble.getMessage());
        if (trouble instanceof UnknownHostException) {
            return proxy == null || proxy.type() == Proxy.Type.SOCKS && !message.contains(proxy.host())
                    ? "no host of the name '" + uri.getHost() + "' is known here: is it spelled right, is there a network or a proxy to name with --proxy?"
                    : "no host of the name '" + proxy.host() + "' is known here, which should be the proxy: is it spelled right?";
        }
        if (trouble instanceof TlsProxy.NotReached reached) {
            return "no connection to the proxy " + proxy.host() + ":" + proxy.port() + " over TLS: " + inWords(uri, proxy, reached.getCause());
        }
        if (trouble instanceof Attempts.NoneAnswered) {
            return "no address of " + (proxy == null ? uri.getHost() : "the proxy " + proxy.host()) + " answers (" + message + ")";
        }
        if (trouble instanceof NoRouteToHostException || message.contains("Network is unreachable")) {
            return "there is no way to that host from here";
        }
        if (trouble instanceof ConnectException || message.equals("Connection refused")) {
            return "nobody listens " + (proxy == null ? "there" : "where the proxy should be") + " (" + message + ")";
        }
        if (trouble instanceof SocketTimeoutException) {
            return message.contains("onnect") ? "no connection within the time allowed" : "the connection stalled: no byte came within the time allowed";
        }
        if (message.contains(NO_TLS)) {
            return "it speaks plain HTTP where HTTPS was expected; if that is meant, say --insecure";
        }
        if (trouble.getCause() instanceof CertificateException) {
            return String.valueOf(trouble.getCause().getMessage()); // newer Javas put the name of an alert before it in their own
        }
        if (trouble instanceof javax.net.ssl.SSLException) {
            return alert(message);
        }
        if (message.startsWith(NO_TUNNEL)) {
            return "the proxy does not connect to that host: it answered " + message.replaceFirst("^[^\"]*\"HTTP/[0-9.]+ ([^\"]*)\".*", "$1");
        }
        if (message.startsWith("SOCKS")) {
            return "the proxy does not connect to that host: " + message.replaceFirst("^SOCKS ?: ?", "");
        }
        if (trouble instanceof EOFException || message.contains("Premature EOF") || message.contains("Unexpected end of file")) {
            return "the connection was lost before the answer was complete";
        }
        return "the connection failed (" + message + ")" + (uri.getScheme().equals("https") ? "; does it want to see a certificate of ours? " + OWN : "");
    }

    /** What a server says before it hangs up (RFC 8446, section 6.2). */
    private static String alert(String message) {
        if (message.matches(".*(certificate_required|bad_certificate|certificate_unknown|unknown_ca).*")) {
            return "it wants to see a certificate of ours, another than it was shown, if any: " + OWN + " (" + message + ")";
        }
        return message.contains("protocol_version") ? "it speaks only versions of TLS that are no longer safe (" + message + ")" : "no TLS connection: " + message;
    }
}
