package lib.registry;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocketFactory;

//SOURCES Answer.java
//SOURCES Exchange.java
//SOURCES HostCertificates.java
//SOURCES NamedSockets.java
//SOURCES Network.java
//SOURCES NetworkTrouble.java
//SOURCES Proxies.java
//SOURCES ProxyAddress.java
//SOURCES ProxyLogin.java
//SOURCES RegistryException.java
//SOURCES TimedSockets.java
//SOURCES Tls.java
//SOURCES Upload.java
//SOURCES UploadConnection.java
//SOURCES UploadSocket.java
//SOURCES Watch.java

/**
 * Requests, one at a time and as they are: redirects are answers, and no header is added but those named here.
 * HttpURLConnection is used because it starts five times faster than java.net.http.HttpClient, and moves a byte for a third of its CPU.
 */
final class Http {
    private static final int CONNECT_MILLIS = 20_000;

    static {
        // As many idle connections a host as transfers run side by side; Java's default keeps 5. An explicit -D wins.
        System.getProperties().putIfAbsent("http.maxConnections", "64");
    }

    private final Network network;
    private final String registry;
    private final Set<String> hostsThatAnswered = ConcurrentHashMap.newKeySet();
    private ProxyLogin proxyLogin;
    private final Map<String, SSLSocketFactory> sockets = new HashMap<>();
    private final Map<String, HostCertificates> certificates = new HashMap<>();

    /** @param registry the host whose image is pulled: the authorities it needs count for the hosts it sends us to, as well */
    Http(Network network, String registry) {
        this.network = network;
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

    /** Tells whether a host speaks TLS, where only a proxy leads there. Who the host is does not matter for that. */
    boolean speaksTls(URI uri) throws IOException {
        try (Answer answer = send("HEAD", "Ask, through the proxy, whether the host speaks TLS", uri, Map.of(), true)) {
            return answer.status() > 0;
        } catch (RegistryException e) {
            return !NetworkTrouble.isNoTls(e.getCause());
        }
    }

    /** Connects, and returns what both sides agreed on, without asking for anything. */
    SSLSession handshake(URI uri, boolean insecure) throws IOException {
        Proxies.Choice through = network.proxies().of(uri);
        HttpsURLConnection connection = (HttpsURLConnection) open(uri, through, insecure);
        try {
            connection.connect();
            if (through.proxy() != null) {
                proxyLogin().passed(through.proxy());
            }
            return connection.getSSLSession().orElseThrow();
        } catch (IOException e) {
            throw RegistryException.broken(uri, through, e, true);
        } finally {
            connection.disconnect();
        }
    }

    private Answer exchange(String method, String why, URI uri, Map<String, String> headers, Form form, Upload upload, boolean insecure) throws IOException {
        Proxies.Choice through = network.proxies().of(uri);
        HttpURLConnection connection = UploadConnection.isFor(method, upload) ? openForUpload(uri, through, insecure) : open(uri, through, insecure);
        connection.setRequestMethod(method);
        headers.forEach(connection::setRequestProperty);
        connection.setDoOutput(form != null || upload != null);
        Watch watch = new Watch(network.explain(), why, method, uri, headers, form, way(uri, through, insecure));
        try {
            if (upload != null) {
                upload.prepare(connection, network.stallMillis());
            }
            watch.connect(connection, through.proxy() == null);
            if (form != null) {
                connection.getOutputStream().write((form.open() + form.secret()).getBytes(StandardCharsets.US_ASCII));
            }
            if (upload != null) {
                upload.send(connection, network.stallMillis());
            }
            int status = connection.getResponseCode();
            watch.answered(connection, status);
            if (status < 0) {
                throw RegistryException.notARegistry(uri, "what came back is not HTTP");
            }
            if (status == 407) {
                throw RegistryException.refusedByProxy(uri, through);
            }
            if (through.proxy() != null) {
                proxyLogin().passed(through.proxy());
            }
            hostsThatAnswered.add(uri.getRawAuthority());
            return new Answer(uri, status, connection, watch.body(body(connection, status), connection.getContentType(), connection.getContentLengthLong()));
        } catch (RegistryException e) {
            throw e;
        } catch (Upload.NotRead e) {
            connection.disconnect();
            watch.failed(e.getCause());
            throw e.getCause();
        } catch (IOException e) {
            connection.disconnect();
            watch.failed(e);
            throw RegistryException.broken(uri, through, e, !hostsThatAnswered.contains(uri.getRawAuthority()));
        }
    }

    private Exchange.Way way(URI uri, Proxies.Choice through, boolean insecure) {
        boolean tls = uri.getScheme().equals("https");
        String proxy = through.proxy() == null ? "" : through.proxy().withoutLogin();
        return new Exchange.Way(network.proxies().option() == null ? null : proxy, through.proxy() != null && through.proxy().credentials() != null,
                tls && !insecure ? network.cacert() : null, tls && insecure);
    }

    private HttpURLConnection open(URI uri, Proxies.Choice through, boolean insecure) throws IOException {
        Proxy proxy = through.proxy() == null ? Proxy.NO_PROXY : proxyLogin().proxy(through.proxy());
        boolean byName = through.proxy() != null && through.proxy().namesByIt() && uri.getScheme().equals("https");
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection(byName ? Proxy.NO_PROXY : proxy);
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        prepare(connection);
        if (through.proxy() != null) {
            connection.setAuthenticator(proxyLogin());
        }
        if (connection instanceof HttpsURLConnection https) {
            https.setSSLSocketFactory(sockets(uri, insecure, byName ? through.proxy() : null));
            if (insecure) {
                https.setHostnameVerifier((host, session) -> true);
            }
        }
        return connection;
    }

    private void prepare(HttpURLConnection connection) {
        connection.setConnectTimeout(Math.min(CONNECT_MILLIS, network.stallMillis()));
        connection.setReadTimeout(network.stallMillis());
        connection.setRequestProperty("User-Agent", "dray");
        connection.setRequestProperty("Accept", "*/*");
    }

    private HttpURLConnection openForUpload(URI uri, Proxies.Choice through, boolean insecure) throws IOException {
        if (through.proxy() != null) {
            proxyLogin().proxy(through.proxy()); // a SOCKS proxy may want to know who asks
        }
        SSLSocketFactory tls = uri.getScheme().equals("https") ? sockets(uri, insecure, null) : null;
        HttpURLConnection connection = new UploadConnection(uri.toURL(), new UploadSocket(uri, through.proxy(), tls, insecure));
        prepare(connection);
        return connection;
    }

    /** Made where there is a proxy: most have none. */
    private synchronized ProxyLogin proxyLogin() {
        proxyLogin = proxyLogin == null ? new ProxyLogin() : proxyLogin;
        return proxyLogin;
    }

    /** Java keeps a connection for the next request only where that has the same factory of sockets. */
    private synchronized SSLSocketFactory sockets(URI uri, boolean insecure, ProxyAddress byName) throws IOException {
        String key = uri.getRawAuthority() + " " + insecure + " " + byName;
        SSLSocketFactory known = sockets.get(key);
        if (known == null) {
            known = Tls.sockets(uri.getRawAuthority(), registry, insecure, network, certificates);
            if (byName != null) {
                known = NamedSockets.of(known, proxyLogin().proxy(byName));
            } else if (network.explain() != null) {
                known = TimedSockets.of(known);
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
