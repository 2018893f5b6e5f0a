package lib.registry.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSession;
import lib.failure.RegistryException;
import lib.registry.address.Addresses;
import lib.registry.address.GivenAddresses;
import lib.registry.address.Loopback;
import lib.registry.address.NetworkScope;
import lib.registry.api.Api;
import lib.registry.api.Body;
import lib.registry.api.Request;
import lib.registry.proxy.Proxies;
import lib.registry.proxy.ProxyAddress;
import lib.registry.settings.WebAddress;
import lib.registry.tls.HostCertificates;
import lib.registry.tls.TlsSockets;
import org.jspecify.annotations.Nullable;

/**
 * Requests, one at a time and as they are: redirects are answers, and no header is added but those named here.
 * HttpURLConnection is used because it starts five times faster than java.net.http.HttpClient, and moves a byte for a third of its CPU.
 */
public final class Http {
    static {
        // As many idle connections a host as transfers run side by side; Java's default keeps 5. An explicit -D wins.
        System.getProperties().putIfAbsent("http.maxConnections", "64");
        ResponseHeaders.lookFirst();
        // Java's own classes for http and https, else it would look for others in every archive on the class path first.
        System.getProperties().putIfAbsent("java.protocol.handler.pkgs", "sun.net.www.protocol");
        // Where another address of a host is used than its first, the host's name is said in the header Host, which Java bars otherwise.
        System.getProperties().putIfAbsent("sun.net.http.allowRestrictedHeaders", "true");
    }

    private final HttpSettings settings;
    private final Connections connections;
    /** Of those that answered, those that did so by these connections: each has its own way to speak TLS. */
    private final Set<String> answeredHere = ConcurrentHashMap.newKeySet();

    /** @param registry the host whose image is pulled: the authorities it needs count for the hosts it sends us to, as well */
    public Http(HttpSettings settings, String registry) {
        this(settings, new Connections(settings, registry));
    }

    /** @param connections to hosts, by these settings */
    public Http(HttpSettings settings, Connections connections) {
        this.settings = settings;
        this.connections = connections;
    }

    /** Returns one that sends by the same connections, and tells this listener of every exchange instead. */
    public Http explained(Consumer<Exchange> listener) {
        return new Http(settings.explained(listener), connections);
    }

    /** Uses these certificates with their hosts, too. */
    public void certificates(Map<String, HostCertificates> more) {
        connections.certificates(more);
    }

    /**
     * Sends one request to its address, and returns the answer, whatever its status.
     *
     * @throws RegistryException if no answer comes
     * @throws Body.NotRead      if the request's own body cannot be read, which is not the host's fault
     * @throws IOException       if the thread is interrupted
     */
    public Response send(Request request) throws IOException {
        URI uri = request.uri();
        Proxies.Choice through = settings.proxies().of(uri);
        TlsSockets.forget();
        ExchangeTimer watch = new ExchangeTimer(settings.explain(), request, way(uri, through, request.insecure()));
        HttpURLConnection connection = null;
        try {
            connection = connections.open(request, through);
            watch.connect(connection, through.proxy() == null);
            connections.send(request, connection);
            ResponseHeaders received = ResponseHeaders.of(connection, uri, through.proxy() != null && uri.getScheme().equals("https"));
            int status = received.status();
            watch.answered(connection, received);
            if (status < 0) {
                throw RequestFailure.notARegistry(uri, "what came back is not HTTP");
            }
            if (status == 407) {
                throw RequestFailure.refusedByProxy(uri, through);
            }
            if (through.proxy() != null) {
                connections.proxyLogin().passed(through.proxy());
            }
            answeredHere.add(uri.getRawAuthority());
            settings.answered().add(uri.getRawAuthority());
            if (!received.readable()) {
                return new Response(uri, status, received.headers(), connection, settings.throttle(), watch.body(InputStream.nullInputStream(), null, 0));
            }
            return new Response(uri, status, received.headers(), connection, settings.throttle(), watch.body(body(connection, status), connection.getContentType(), connection.getContentLengthLong()));
        } catch (RegistryException e) {
            throw e;
        } catch (Body.NotRead e) {
            end(connection);
            watch.failed(e.getCause());
            throw e;
        } catch (IOException e) {
            end(connection);
            if (request.body() == null && !answeredHere.contains(uri.getRawAuthority()) && connections.isJavasTlsNext(request, connection, e)) {
                return send(request);
            }
            watch.failed(e);
            if (through.proxy() != null) {
                Addresses.forget(through.proxy().host(), through.proxy().port());
            }
            throw RequestFailure.unanswered(uri, through, connections.because(e, through.proxy()), !settings.answered().contains(uri.getRawAuthority()));
        }
    }

    /** Returns whether a request to this address goes through a proxy. */
    public boolean isProxied(URI uri) {
        return settings.proxies().of(uri).proxy() != null;
    }

    /**
     * Returns whether a host behind a proxy speaks TLS. Its certificate is not checked for that.
     *
     * @throws IOException if the thread is interrupted
     */
    public boolean speaksTls(URI uri) throws IOException {
        try (Response answer = send(Api.tlsProbe(uri).to(uri, Map.of(), true))) {
            return answer.status() > 0;
        } catch (RegistryException e) {
            return !NetworkFailure.isNoTls(e.getCause()) && !(e.getCause() instanceof SocketTimeoutException); // it waits for the rest of a line
        }
    }

    /**
     * Throws RegistryException if a registry sends us to a host that is nearer to this machine than itself: over plain HTTP, or by an address
     * in place of a name. Over TLS a host has to prove its name. What a proxy connects to is the proxy's to look up.
     */
    public void checkReach(URI registry, URI to) throws RegistryException {
        String host = to.getHost();
        if (host.equalsIgnoreCase(registry.getHost()) || to.getScheme().equals("https") && !NetworkScope.isAddress(host)) {
            return;
        }
        boolean known = NetworkScope.isAddress(host) || Loopback.is(host) || !isProxied(to);
        if (known && NetworkScope.nearest(host).compareTo(NetworkScope.farthest(registry.getHost())) > 0) {
            throw RequestFailure.notARegistry(registry, "it leads to " + RequestFailure.place(to) + ", on this machine or in its private network, where the registry itself is not: not followed");
        }
    }

    /**
     * Connects, without sending a request.
     *
     * @param insecure whether the certificate is not checked
     * @return the TLS session that both sides agreed on
     * @throws RegistryException if there is no connection
     */
    public SSLSession handshake(URI uri, boolean insecure) throws IOException {
        Proxies.Choice through = settings.proxies().of(uri);
        Request request = Api.frontDoor().to(uri, Map.of(), insecure);
        HttpURLConnection connection = null;
        try {
            connection = connections.open(request, through);
            connection.connect();
            if (through.proxy() != null) {
                connections.proxyLogin().passed(through.proxy());
            }
            return ((HttpsURLConnection) connection).getSSLSession().orElseThrow();
        } catch (IOException e) {
            if (connections.isJavasTlsNext(request, connection, e)) {
                return handshake(uri, insecure);
            }
            throw RequestFailure.unanswered(uri, through, connections.because(e, through.proxy()), true);
        } finally {
            end(connection);
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
                tls && !insecure ? settings.tls().cacert() : null, tls && insecure, resolve(uri, through.proxy()));
    }

    private static @Nullable String resolve(URI uri, @Nullable ProxyAddress proxy) {
        return proxy == null ? GivenAddresses.entry(uri.getHost(), WebAddress.port(uri)) : GivenAddresses.entry(proxy.host(), proxy.port());
    }

    private static InputStream body(HttpURLConnection connection, int status) throws IOException {
        InputStream body = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
        return body == null ? InputStream.nullInputStream() : body;
    }
}
