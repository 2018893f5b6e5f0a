package lib.registry.http;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;
import lib.registry.address.Addresses;
import lib.registry.api.Purpose;
import lib.registry.api.Request;
import lib.registry.proxy.Proxies;
import lib.registry.proxy.ProxyAddress;
import lib.registry.proxy.ProxyLogin;
import lib.registry.settings.WebAddress;
import lib.registry.tls.HostCertificates;
import lib.registry.tls.Tls;
import lib.registry.tls.TlsProxy;
import lib.registry.tls.TlsSockets;
import lib.text.Version;
import org.jspecify.annotations.Nullable;

/** Connections to hosts, made for one request each: straight or through a proxy, by the address that answers, with the certificates that count there. */
public class Connections {
    /** A server that speaks TLS answers a greeting within this time; one that does not may wait for the end of a line that never comes. */
    private static final int PROBE_MILLIS = 3_000;
    private static final int CONNECT_MILLIS = 20_000;

    private final HttpSettings settings;
    private final String registry;
    private ProxyLogin proxyLogin;
    private final Map<ProxyAddress, TlsProxy> tlsProxies = new ConcurrentHashMap<>();
    private final Map<String, Tls> tls = new HashMap<>();
    private final Map<String, SSLSocketFactory> sockets = new HashMap<>();
    private final Map<String, HostCertificates> certificates = new HashMap<>();

    /** @param registry the host whose image is pulled: the authorities it needs count for the hosts it sends us to, as well */
    public Connections(HttpSettings settings, String registry) {
        this.settings = settings;
        this.registry = registry;
    }

    /** Uses these certificates with their hosts, too. */
    synchronized void certificates(Map<String, HostCertificates> more) {
        certificates.putAll(more);
    }

    /**
     * Returns the connection for a request. Where the host has several addresses it stands already, at one that answers;
     * else it is made when it is used first.
     */
    protected HttpURLConnection open(Request request, Proxies.Choice through) throws IOException {
        HttpURLConnection connection = begin(request, through);
        String host = request.uri().getHost();
        if (through.proxy() != null || !Addresses.areSeveral(host, WebAddress.port(request.uri()))) {
            return connection;
        }
        try {
            connection.setConnectTimeout(Math.min(Addresses.MOMENT_MILLIS, connectMillis()));
            connection.connect();
            connection.setConnectTimeout(connectMillis());
            return connection;
        } catch (IOException e) {
            connection.disconnect();
            if (TlsSockets.connectedNanos() != 0) {
                throw e; // the address answered: what failed is TLS
            }
        }
        Addresses.find(host, WebAddress.port(request.uri()), connectMillis());
        return begin(request, through);
    }

    private HttpURLConnection begin(Request request, Proxies.Choice through) throws IOException {
        HttpURLConnection connection = open(request.uri(), through, request.insecure());
        prepare(connection, request);
        return connection;
    }

    /** Sends the body of a request on the connection that was opened for it: the form, where there is one. */
    protected void send(Request request, HttpURLConnection connection) throws IOException {
        if (request.form() != null) {
            connection.getOutputStream().write((request.form().open() + request.form().secret()).getBytes(StandardCharsets.US_ASCII));
        }
    }

    private int connectMillis() {
        return Math.min(CONNECT_MILLIS, settings.stallMillis());
    }

    private HttpURLConnection open(URI uri, Proxies.Choice through, boolean insecure) throws IOException {
        Proxy proxy = proxy(through.proxy());
        boolean byName = through.proxy() != null && through.proxy().namesByIt() && uri.getScheme().equals("https");
        InetAddress other = through.proxy() == null && uri.getScheme().equals("http") ? Addresses.insteadOfFirst(uri.getHost(), WebAddress.port(uri)) : null;
        HttpURLConnection connection = (HttpURLConnection) (other == null ? uri.toURL() : at(other, uri)).openConnection(byName ? Proxy.NO_PROXY : proxy);
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        if (other != null) {
            connection.setRequestProperty("Host", WebAddress.host(uri));
        }
        if (through.proxy() != null) {
            connection.setAuthenticator(proxyLogin());
        }
        if (connection instanceof HttpsURLConnection https) {
            https.setSSLSocketFactory(sockets(uri, insecure, byName ? proxy : null));
            if (insecure) {
                https.setHostnameVerifier((host, session) -> true);
            }
        }
        return connection;
    }

    /** Sets the method, the headers and the times of a connection that is not made yet. */
    protected final void prepare(HttpURLConnection connection, Request request) throws IOException {
        connection.setConnectTimeout(connectMillis());
        connection.setReadTimeout(request.purpose() == Purpose.TLS_PROBE ? Math.min(PROBE_MILLIS, settings.stallMillis()) : settings.stallMillis());
        connection.setRequestProperty("User-Agent", "dray/" + Version.NUMBER);
        connection.setRequestProperty("Accept", "*/*");
        connection.setRequestMethod(request.method());
        request.headers().forEach(connection::setRequestProperty);
        connection.setDoOutput(request.form() != null || request.body() != null);
    }

    /** Returns the same address with that of the host in place of its name. TLS is told of it by its sockets, and keeps the name. */
    private static URL at(InetAddress address, URI uri) throws IOException {
        return new URL("http", address.getHostAddress(), uri.getPort(), uri.toURL().getFile());
    }

    /** Returns a proxy as Java knows it. To one over TLS there is another way. */
    protected final Proxy proxy(ProxyAddress address) throws IOException {
        if (address == null) {
            return Proxy.NO_PROXY;
        }
        if (!address.tls()) {
            return proxyLogin().proxy(address, connectMillis());
        }
        TlsProxy way = tlsProxy(address);
        return proxyLogin().proxyAt(way.host(), way.port(), address);
    }

    private synchronized TlsProxy tlsProxy(ProxyAddress address) throws IOException {
        TlsProxy known = tlsProxies.get(address);
        if (known == null) {
            known = new TlsProxy(address, new Tls(address.host() + ":" + address.port(), registry, false, settings.tls(), certificates), connectMillis());
            tlsProxies.put(address, known);
        }
        return known;
    }

    /** Returns what went wrong: of a proxy over TLS, Java's client knows only that it hung up. */
    IOException because(IOException trouble, ProxyAddress proxy) {
        TlsProxy way = proxy == null || !proxy.tls() ? null : tlsProxies.get(proxy);
        return way == null ? trouble : way.because(trouble);
    }

    /** Made where there is a proxy: most have none. */
    synchronized ProxyLogin proxyLogin() {
        proxyLogin = proxyLogin == null ? new ProxyLogin() : proxyLogin;
        return proxyLogin;
    }

    /** Returns what makes TLS connections to this address. */
    protected final SSLSocketFactory tls(URI uri, boolean insecure) throws IOException {
        return sockets(uri, insecure, null);
    }

    /** Java keeps a connection for the next request only where that has the same factory of sockets. */
    private synchronized SSLSocketFactory sockets(URI uri, boolean insecure, Proxy byName) throws IOException {
        String key = key(uri, insecure) + " " + byName;
        SSLSocketFactory known = sockets.get(key);
        if (known == null) {
            Tls host = tls.computeIfAbsent(key(uri, insecure), k -> new Tls(uri.getRawAuthority(), registry, insecure, settings.tls(), certificates));
            known = byName != null ? TlsSockets.byName(host.sockets(), byName) : TlsSockets.direct(host.sockets());
            sockets.put(key, known);
        }
        return known;
    }

    private static String key(URI uri, boolean insecure) {
        return uri.getRawAuthority() + " " + insecure;
    }

    /** Tells, after no TLS connection came about, whether the next one is made in another way, as another thread may have found already: see {@link Tls#isJavasNext}. */
    synchronized boolean isJavasTlsNext(Request request, @Nullable HttpURLConnection connection, IOException trouble) throws IOException {
        String key = key(request.uri(), request.insecure());
        if (!(trouble instanceof SSLException) || !tls.containsKey(key)) {
            return false;
        }
        if (connection instanceof HttpsURLConnection https && !sockets.containsValue(https.getSSLSocketFactory())) {
            return true;
        }
        boolean next = tls.get(key).isJavasNext(trouble);
        if (next) {
            sockets.keySet().removeIf(each -> each.startsWith(key + " "));
        }
        return next;
    }
}
