package lib.registry.upload;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import lib.registry.address.Addresses;
import lib.registry.proxy.ProxyAddress;
import lib.registry.settings.WebAddress;
import org.jspecify.annotations.Nullable;

/**
 * How an {@link UploadConnection} comes to a host: as Java's own connections do, directly or through a proxy.
 *
 * @param uri      what is asked for
 * @param proxy    what it is asked through; null for a direct connection
 * @param through  the same as Java knows it, at that of its addresses which answers
 * @param tls      makes a TLS connection of one that stands; null for plain HTTP
 * @param insecure whether the certificate may be for another name
 */
record UploadSocket(URI uri, @Nullable ProxyAddress proxy, Proxy through, @Nullable SSLSocketFactory tls, boolean insecure) {

    boolean isProxied() {
        return proxy != null;
    }

    private boolean isByHttpProxy() {
        return proxy != null && proxy.type() == Proxy.Type.HTTP;
    }

    /** Returns what stands behind the method: an HTTP proxy is told the whole address (RFC 9112, section 3.2). */
    String target(URI uri) {
        String path = (uri.getRawPath().isEmpty() ? "/" : uri.getRawPath()) + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
        return isByHttpProxy() && tls == null ? uri.getScheme() + "://" + uri.getRawAuthority() + path : path;
    }

    /** Returns the headers that only a proxy is to see. */
    Map<String, String> headers() {
        return isByHttpProxy() && tls == null ? login() : Map.of();
    }

    private Map<String, String> login() {
        return proxy.credentials() == null ? Map.of() : Map.of("Proxy-Authorization", proxy.credentials().basic());
    }

    private int port() {
        return WebAddress.port(uri);
    }

    private String host() {
        return uri.getHost().replaceAll("[\\[\\]]", "");
    }

    /** Connects; the time is that for one address, in milliseconds. */
    Socket open(int connectMillis) throws IOException {
        Socket plain = plain(connectMillis);
        try {
            if (tls == null) {
                return plain;
            }
            plain.setSoTimeout(connectMillis);
            if (isByHttpProxy()) {
                tunnel(plain);
            }
            SSLSocket secure = (SSLSocket) tls.createSocket(plain, host(), port(), true);
            SSLParameters parameters = secure.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm(insecure ? null : "HTTPS");
            secure.setSSLParameters(parameters);
            secure.startHandshake();
            return secure;
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    private Socket plain(int millis) throws IOException {
        if (proxy != null && proxy.type() == Proxy.Type.SOCKS) {
            return connected(new Socket(through), proxy.namesByIt() ? InetSocketAddress.createUnresolved(host(), port()) : new InetSocketAddress(host(), port()), millis);
        }
        InetSocketAddress at = isByHttpProxy() ? (InetSocketAddress) through.address() : InetSocketAddress.createUnresolved(host(), port());
        Socket socket = Addresses.connect(at.getHostString(), at.getPort(), millis);
        socket.setTcpNoDelay(true);
        return socket;
    }

    private static Socket connected(Socket socket, InetSocketAddress address, int millis) throws IOException {
        try {
            socket.connect(address, millis);
            socket.setTcpNoDelay(true);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Has the proxy connect to the host: CONNECT (RFC 9110, section 9.3.6). A refusal has the words that Java's own has. */
    private void tunnel(Socket socket) throws IOException {
        String authority = uri.getHost() + ":" + port();
        StringBuilder request = new StringBuilder("CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n");
        login().forEach((name, value) -> request.append(name).append(": ").append(value).append("\r\n"));
        socket.getOutputStream().write(request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        String status = RawResponse.status(socket.getInputStream());
        if (!status.matches("HTTP/1\\.[01] 2.*")) {
            throw new IOException("Unable to tunnel through proxy. Proxy returns \"" + status + "\"");
        }
    }
}
