package lib.registry.http;

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
import javax.net.ssl.SSLException;
import lib.failure.RegistryException.Kind;
import lib.registry.address.Attempts;
import lib.registry.proxy.ProxyAddress;
import lib.registry.settings.WebAddress;
import lib.registry.tls.TlsProxy;
import lib.registry.tls.UntrustedCertificateException;

/**
 * What a network exception means.
 *
 * @param kind  for the caller to decide what to do next
 * @param words for people
 */
record NetworkFailure(Kind kind, String words) {
    private static final String NO_TLS = "Unsupported or unrecognized SSL message";
    private static final String OWN = "certs.d/HOST/client.cert and client.key hold one";
    private static final String NO_TUNNEL = "Unable to tunnel through proxy.";

    /** Returns whether a host shows that it speaks no TLS: by text, by hanging up, or by a proxy that leads to no such port. */
    static boolean isNoTls(Throwable trouble) {
        String message = trouble == null ? "" : String.valueOf(trouble.getMessage());
        return message.contains(NO_TLS) || message.startsWith(NO_TUNNEL) || message.contains("terminated the handshake") || message.contains("Connection reset");
    }

    /** Returns whether a proxy wants to know who asks for a tunnel, or another one than who did: tinyproxy says 401 to the latter. */
    static boolean isRefusedTunnel(IOException trouble) {
        return String.valueOf(trouble.getMessage()).matches(Pattern.quote(NO_TUNNEL) + " Proxy returns \"HTTP/1\\.[01] 40[17].*");
    }

    /** Returns what happened to a request to this address; {@code proxy} is what it went through, or null. */
    static NetworkFailure of(URI uri, ProxyAddress proxy, IOException trouble) {
        String message = String.valueOf(trouble.getMessage());
        if (trouble instanceof TlsProxy.NotReached reached) {
            NetworkFailure why = of(uri, proxy, reached.getCause());
            return new NetworkFailure(why.kind, "no connection to the proxy " + proxy.host() + ":" + proxy.port() + " over TLS: " + why.words);
        }
        UntrustedCertificateException untrusted = UntrustedCertificateException.in(trouble);
        if (untrusted != null) { // newer Javas put the name of an alert before its message in their own
            return new NetworkFailure(untrusted.isOfUnknownSigner() ? Kind.UNKNOWN_SIGNER : Kind.WRONG_CERTIFICATE, untrusted.getMessage());
        }
        if (message.contains(NO_TLS)) {
            return new NetworkFailure(Kind.PLAIN_HTTP, "it speaks plain HTTP where HTTPS was expected");
        }
        if (trouble instanceof SSLException) {
            return new NetworkFailure(Kind.NO_TLS, trouble.getCause() instanceof CertificateException e ? String.valueOf(e.getMessage()) : alert(message));
        }
        return unreachable(uri, proxy, trouble, message);
    }

    private static NetworkFailure unreachable(URI uri, ProxyAddress proxy, IOException trouble, String message) {
        if (trouble instanceof UnknownHostException) {
            boolean proxysName = proxy != null && (proxy.type() != Proxy.Type.SOCKS || message.contains(proxy.host()));
            return proxysName
                    ? new NetworkFailure(Kind.UNKNOWN_PROXY, "cannot resolve the proxy '" + proxy.host() + "': check its spelling")
                    : new NetworkFailure(Kind.UNKNOWN_HOST, "cannot resolve the host '" + uri.getHost() + "': check its spelling and the network");
        }
        if (trouble instanceof Attempts.NoneAnswered) {
            return new NetworkFailure(Kind.UNREACHABLE, "no address of " + (proxy == null ? uri.getHost() : "the proxy " + proxy.host()) + " answers (" + message + ")");
        }
        if (trouble instanceof NoRouteToHostException || message.contains("Network is unreachable")) {
            return new NetworkFailure(Kind.UNREACHABLE, "there is no route to that host from here");
        }
        if (trouble instanceof ConnectException || message.equals("Connection refused")) {
            String place = proxy == null ? uri.getHost() + ":" + WebAddress.port(uri) : proxy.host() + ":" + proxy.port();
            return new NetworkFailure(Kind.UNREACHABLE, message.startsWith("Connection refused")
                    ? "connection refused: " + (proxy == null ? "nothing" : "no proxy") + " is listening on " + place
                    : "no connection to " + (proxy == null ? "" : "the proxy ") + place + " (" + message + ")");
        }
        if (message.startsWith(NO_TUNNEL)) {
            return new NetworkFailure(Kind.UNREACHABLE, "the proxy does not connect to that host: it answered " + message.replaceFirst("^[^\"]*\"HTTP/[0-9.]+ ([^\"]*)\".*", "$1"));
        }
        if (message.startsWith("SOCKS")) {
            return new NetworkFailure(Kind.UNREACHABLE, "the proxy does not connect to that host: " + message.replaceFirst("^SOCKS ?: ?", ""));
        }
        return lost(uri, trouble, message);
    }

    private static NetworkFailure lost(URI uri, IOException trouble, String message) {
        if (trouble instanceof SocketTimeoutException) {
            return message.contains("onnect") ? new NetworkFailure(Kind.UNREACHABLE, "no connection within the time allowed")
                    : new NetworkFailure(Kind.LOST, "the connection stalled: no data within the time allowed");
        }
        if (trouble instanceof EOFException || message.contains("Premature EOF") || message.contains("Unexpected end of file")) {
            return new NetworkFailure(Kind.LOST, "the connection was lost before the answer was complete");
        }
        String own = uri.getScheme().equals("https") ? "; does the registry require a client certificate? " + OWN : "";
        return new NetworkFailure(Kind.LOST, "the connection failed (" + message + ")" + own);
    }

    /** What a server says before it hangs up (RFC 8446, section 6.2). */
    private static String alert(String message) {
        if (message.matches(".*(certificate_required|bad_certificate|certificate_unknown|unknown_ca).*")) {
            return "it requires a client certificate, or another one: " + OWN + " (" + message + ")";
        }
        return message.contains("protocol_version") ? "it speaks only versions of TLS that are no longer safe (" + message + ")" : "no TLS connection: " + message;
    }
}
