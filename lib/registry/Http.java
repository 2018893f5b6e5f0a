package lib.registry;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocketFactory;
import lib.image.RegistryException;

//SOURCES Addresses.java
//SOURCES Answer.java
//SOURCES AnswerHeaders.java
//SOURCES DirectSockets.java
//SOURCES Exchange.java
//SOURCES FailedRequest.java
//SOURCES HostCertificates.java
//SOURCES HttpSettings.java
//SOURCES Loopback.java
//SOURCES NamedSockets.java
//SOURCES Nearness.java
//SOURCES NetworkTrouble.java
//SOURCES Proxies.java
//SOURCES ProxyAddress.java
//SOURCES ProxyLogin.java
//SOURCES Tls.java
//SOURCES TlsProxy.java
//SOURCES Upload.java
//SOURCES UploadConnection.java
//SOURCES UploadSocket.java
//SOURCES Watch.java
//SOURCES WebAddress.java
//SOURCES ../image/RegistryException.java

/**
 * Requests, one at a time and as they are: redirects are answers, and no header is added but those named here.
 * HttpURLConnection is used because it starts five times faster than java.net.http.HttpClient, and moves a byte for a third of its CPU.
 */
final class Http {
    private static final int CONNECT_MILLIS = 20_000;

    static {
        // As many idle connections a host as transfers run side by side; Java's default keeps 5. An explicit -D wins.
        System.getProperties().putIfAbsent("http.maxConnections", "64");
        AnswerHeaders.lookFirst();
        // Where another address of a host is used than its first, the host's name is said in the header Host, which Java bars otherwise.
        System.getProperties().putIfAbsent("sun.net.http.allowRestrictedHeaders", "true");
    }

    private final HttpSettings settings;
    private final String registry;
    private final Set<String> hostsThatAnswered = ConcurrentHashMap.newKeySet();
    private ProxyLogin proxyLogin;
    private final Map<ProxyAddress, TlsProxy> tlsProxies = new ConcurrentHashMap<>();
    private final Map<String, SSLSocketFactory> sockets = new HashMap<>();
    private final Map<String, HostCertificates> certificates = new HashMap<>();

    /** @param registry the host whose image is pulled: the authorities it needs count for the hosts it sends us to, as well */
    Http(HttpSettings settings, String registry) {
        this.settings = settings;
        this.registry = registry;
    }

    /** Uses these certificates with their hosts, too. */
    synchronized void certificates(Map<String, HostCertificates> more) {
        certificates.putAll(more);
    }

    /**
     * A form to send: its secret stands last, and is shown to nobody.
     */
    record Form(String open, String secret) { }

    /**
     * Sends one request and returns what came back, whatever its status.
     *
     * @param why      the reason, for somebody who watches
     * @param insecure whether this host's certificate may be signed by anybody
     * @throws RegistryException when no answer came
     */
    Answer send(String method, String why, URI uri, Map<String, String> headers, boolean insecure) throws IOException {
        return exchange(method, why, uri, headers, null, null, insecure);
    }

    /** Sends one request with these bytes, none where they are null. */
    Answer send(String method, String why, URI uri, Map<String, String> headers, Upload upload, boolean insecure) throws IOException {
        return exchange(method, why, uri, headers, null, upload, insecure);
    }

    Answer get(String why, URI uri, Map<String, String> headers, boolean insecure) throws IOException {
        return exchange("GET", why, uri, headers, null, null, insecure);
    }

    Answer post(String why, URI uri, Form form, boolean insecure) throws IOException {
        return exchange("POST", why, uri, Map.of("Content-Type", "application/x-www-form-urlencoded"), form, null, insecure);
    }

    /** Tells whether a request to this address goes through a proxy. */
    boolean isProxied(URI uri) {
        return settings.proxies().of(uri).proxy() != null;
    }

    /** Tells whether a host speaks TLS, where only a proxy leads there. Who the host is does not matter for that. */
    boolean speaksTls(URI uri) throws IOException {
        try (Answer answer = send("HEAD", "Ask, through the proxy, whether the host speaks TLS", uri, Map.of(), true)) {
            return answer.status() > 0;
        } catch (RegistryException e) {
            return !NetworkTrouble.isNoTls(e.getCause());
        }
    }

    /**
     * Throws RegistryException where a registry sends us to a host that is nearer to this machine than itself: over plain HTTP, or by an address
     * in place of a name. Over TLS a host has to prove its name. What a proxy connects to is the proxy's to look up.
     */
    void checkReach(URI registry, URI to) throws RegistryException {
        String host = to.getHost();
        if (host.equalsIgnoreCase(registry.getHost()) || to.getScheme().equals("https") && !Nearness.isAddress(host)) {
            return;
        }
        boolean known = Nearness.isAddress(host) || Loopback.is(host) || !isProxied(to);
        if (known && Nearness.nearest(host).compareTo(Nearness.farthest(registry.getHost())) > 0) {
            throw FailedRequest.notARegistry(registry, "it leads to " + FailedRequest.place(to) + ", on this machine or in its private settings, where the registry itself is not: not followed");
        }
    }

    /** Connects, and returns what both sides agreed on, without asking for anything. */
    SSLSession handshake(URI uri, boolean insecure) throws IOException {
        Proxies.Choice through = settings.proxies().of(uri);
        HttpURLConnection connection = null;
        try {
            connection = open(new Request("GET", uri, Map.of(), null, null, insecure), through);
            connection.connect();
            if (through.proxy() != null) {
                proxyLogin().passed(through.proxy());
            }
            return ((HttpsURLConnection) connection).getSSLSession().orElseThrow();
        } catch (IOException e) {
            throw FailedRequest.unanswered(uri, through, because(e, through.proxy()), true);
        } finally {
            end(connection);
        }
    }

    private Answer exchange(String method, String why, URI uri, Map<String, String> headers, Form form, Upload upload, boolean insecure) throws IOException {
        Proxies.Choice through = settings.proxies().of(uri);
        DirectSockets.forget();
        Watch watch = new Watch(settings.explain(), why, method, uri, headers, form, way(uri, through, insecure));
        HttpURLConnection connection = null;
        try {
            connection = open(new Request(method, uri, headers, form, upload, insecure), through);
            watch.connect(connection, through.proxy() == null);
            if (form != null) {
                connection.getOutputStream().write((form.open() + form.secret()).getBytes(StandardCharsets.US_ASCII));
            }
            if (upload != null) {
                upload.send(connection, settings.stallMillis());
            }
            AnswerHeaders received = AnswerHeaders.of(connection, uri, through.proxy() != null && uri.getScheme().equals("https"));
            int status = received.status();
            watch.answered(connection, received);
            if (status < 0) {
                throw FailedRequest.notARegistry(uri, "what came back is not HTTP");
            }
            if (status == 407) {
                throw FailedRequest.refusedByProxy(uri, through);
            }
            if (through.proxy() != null) {
                proxyLogin().passed(through.proxy());
            }
            hostsThatAnswered.add(uri.getRawAuthority());
            if (!received.readable()) {
                return new Answer(uri, status, received.headers(), connection, watch.body(InputStream.nullInputStream(), null, 0));
            }
            return new Answer(uri, status, received.headers(), connection, watch.body(body(connection, status), connection.getContentType(), connection.getContentLengthLong()));
        } catch (RegistryException e) {
            throw e;
        } catch (Upload.NotRead e) {
            end(connection);
            watch.failed(e.getCause());
            throw e.getCause();
        } catch (IOException e) {
            end(connection);
            watch.failed(e);
            if (through.proxy() != null) {
                Addresses.forget(through.proxy().host(), through.proxy().port());
            }
            throw FailedRequest.unanswered(uri, through, because(e, through.proxy()), !hostsThatAnswered.contains(uri.getRawAuthority()));
        }
    }

    private static void end(HttpURLConnection connection) {
        if (connection != null) {
            connection.disconnect();
        }
    }

    private Exchange.Way way(URI uri, Proxies.Choice through, boolean insecure) {
        boolean tls = uri.getScheme().equals("https");
        String proxy = through.proxy() == null ? "" : through.proxy().withoutLogin();
        return new Exchange.Way(settings.proxies().given() == null ? null : proxy, through.proxy() != null && through.proxy().credentials() != null,
                tls && !insecure ? settings.tls().cacert() : null, tls && insecure);
    }

    /** What is to be sent. */
    private record Request(String method, URI uri, Map<String, String> headers, Form form, Upload upload, boolean insecure) { }

    /**
     * Returns the connection for a request. Where the host has several addresses it stands already, at one that answers;
     * else it is made when it is used first.
     */
    private HttpURLConnection open(Request request, Proxies.Choice through) throws IOException {
        HttpURLConnection connection = begin(request, through);
        String host = request.uri().getHost();
        if (through.proxy() != null || connection instanceof UploadConnection || !Addresses.areSeveral(host)) {
            return connection;
        }
        try {
            connection.setConnectTimeout(Math.min(Addresses.MOMENT_MILLIS, connectMillis()));
            connection.connect();
            connection.setConnectTimeout(connectMillis());
            return connection;
        } catch (IOException e) {
            connection.disconnect();
            if (DirectSockets.connectedNanos() != 0) {
                throw e; // the address answered: what failed is TLS
            }
        }
        Addresses.find(host, WebAddress.port(request.uri()), connectMillis());
        return begin(request, through);
    }

    private HttpURLConnection begin(Request request, Proxies.Choice through) throws IOException {
        HttpURLConnection connection = UploadConnection.isFor(request.method(), request.upload())
                ? openForUpload(request.uri(), through, request.insecure())
                : open(request.uri(), through, request.insecure());
        connection.setRequestMethod(request.method());
        request.headers().forEach(connection::setRequestProperty);
        connection.setDoOutput(request.form() != null || request.upload() != null);
        if (request.upload() != null) {
            request.upload().prepare(connection, settings.stallMillis());
        }
        return connection;
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
        prepare(connection);
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

    private void prepare(HttpURLConnection connection) {
        connection.setConnectTimeout(connectMillis());
        connection.setReadTimeout(settings.stallMillis());
        connection.setRequestProperty("User-Agent", "dray");
        connection.setRequestProperty("Accept", "*/*");
    }

    private HttpURLConnection openForUpload(URI uri, Proxies.Choice through, boolean insecure) throws IOException {
        Proxy proxy = proxy(through.proxy());
        SSLSocketFactory tls = uri.getScheme().equals("https") ? sockets(uri, insecure, null) : null;
        HttpURLConnection connection = new UploadConnection(uri.toURL(), new UploadSocket(uri, through.proxy(), proxy, tls, insecure));
        prepare(connection);
        return connection;
    }

    /** Returns the same address with that of the host in place of its name. TLS is told of it by its sockets, and keeps the name. */
    private static URL at(InetAddress address, URI uri) throws IOException {
        return new URL("http", address.getHostAddress(), uri.getPort(), uri.toURL().getFile());
    }

    /** Returns a proxy as Java knows it. To one over TLS there is another way. */
    private Proxy proxy(ProxyAddress address) throws IOException {
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
            known = new TlsProxy(address, Tls.sockets(address.host() + ":" + address.port(), registry, false, settings.tls(), certificates), connectMillis());
            tlsProxies.put(address, known);
        }
        return known;
    }

    /** Returns what went wrong: of a proxy over TLS, Java's client knows only that it hung up. */
    private IOException because(IOException trouble, ProxyAddress proxy) {
        TlsProxy way = proxy == null || !proxy.tls() ? null : tlsProxies.get(proxy);
        return way == null ? trouble : way.because(trouble);
    }

    /** Made where there is a proxy: most have none. */
    private synchronized ProxyLogin proxyLogin() {
        proxyLogin = proxyLogin == null ? new ProxyLogin() : proxyLogin;
        return proxyLogin;
    }

    /** Java keeps a connection for the next request only where that has the same factory of sockets. */
    private synchronized SSLSocketFactory sockets(URI uri, boolean insecure, Proxy byName) throws IOException {
        String key = uri.getRawAuthority() + " " + insecure + " " + byName;
        SSLSocketFactory known = sockets.get(key);
        if (known == null) {
            known = Tls.sockets(uri.getRawAuthority(), registry, insecure, settings.tls(), certificates);
            if (byName != null) {
                known = NamedSockets.of(known, byName);
            } else {
                known = DirectSockets.of(known);
            }
            sockets.put(key, known);
        }
        return known;
    }

    private static InputStream body(HttpURLConnection connection, int status) throws IOException {
        InputStream body = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
        return body == null ? InputStream.nullInputStream() : body;
    }
}
