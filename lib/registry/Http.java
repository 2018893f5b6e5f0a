package lib.registry;

import java.io.IOException;
import java.io.InputStream;
import java.net.Authenticator;
import java.net.HttpURLConnection;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;

//SOURCES Answer.java
//SOURCES Credentials.java
//SOURCES Exchange.java
//SOURCES Network.java
//SOURCES NetworkTrouble.java
//SOURCES RegistryException.java
//SOURCES Tls.java

/**
 * Requests, one at a time and as they are: redirects are answers, and no header is added but those named here.
 * HttpURLConnection is used because it starts five times faster than java.net.http.HttpClient, and moves a byte for a third of its CPU.
 */
final class Http {
    private static final int CONNECT_MILLIS = 20_000;
    private static final String[] HEADERS_THAT_MATTER = {"Content-Type", "Content-Length", "Content-Range", "Docker-Content-Digest",
            "WWW-Authenticate", "Location", "Retry-After", "RateLimit-Remaining", "Link"};

    static {
        // As many idle connections a host as transfers run side by side; Java's default keeps 5. An explicit -D wins.
        System.getProperties().putIfAbsent("http.maxConnections", "64");
        // Java bars Basic credentials on the way to a proxy for HTTPS unless this list is empty.
        System.getProperties().putIfAbsent("jdk.http.auth.tunneling.disabledSchemes", "");
    }

    private final Network network;
    private final Set<String> hostsThatAnswered = ConcurrentHashMap.newKeySet();
    private SSLSocketFactory trustingAlso;

    Http(Network network) {
        this.network = network;
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
        return send(method, why, uri, headers, null, insecure);
    }

    Answer get(String why, URI uri, Map<String, String> headers, boolean insecure) throws IOException {
        return send("GET", why, uri, headers, null, insecure);
    }

    Answer post(String why, URI uri, Form form, boolean insecure) throws IOException {
        return send("POST", why, uri, Map.of("Content-Type", "application/x-www-form-urlencoded"), form, insecure);
    }

    private Answer send(String method, String why, URI uri, Map<String, String> headers, Form form, boolean insecure) throws IOException {
        long start = System.nanoTime();
        HttpURLConnection connection = open(uri, insecure);
        connection.setRequestMethod(method);
        headers.forEach(connection::setRequestProperty);
        Answer answer;
        try {
            if (form != null) {
                connection.setDoOutput(true);
                connection.getOutputStream().write((form.open() + form.secret()).getBytes(StandardCharsets.US_ASCII));
            }
            int status = connection.getResponseCode();
            if (status < 0) {
                throw RegistryException.notARegistry(uri, "what came back is not HTTP");
            }
            hostsThatAnswered.add(uri.getRawAuthority());
            answer = new Answer(uri, status, connection, body(connection, status));
        } catch (RegistryException e) {
            throw e;
        } catch (IOException e) {
            connection.disconnect();
            explain(method, why, uri, headers, form, 0, Map.of(), start);
            throw RegistryException.broken(uri, e, !hostsThatAnswered.contains(uri.getRawAuthority()));
        }
        explain(method, why, uri, headers, form, answer.status(), shown(answer), start);
        return answer;
    }

    private HttpURLConnection open(URI uri, boolean insecure) throws IOException {
        Proxy proxy = network.javaProxy();
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection(proxy);
        connection.setInstanceFollowRedirects(false);
        connection.setConnectTimeout(Math.min(CONNECT_MILLIS, network.stallMillis()));
        connection.setReadTimeout(network.stallMillis());
        connection.setUseCaches(false);
        connection.setRequestProperty("User-Agent", "dray");
        connection.setRequestProperty("Accept", "*/*");
        if (network.proxy() != null && network.proxy().credentials() != null) {
            connection.setAuthenticator(new ProxyAuthenticator(network.proxy().credentials()));
        }
        if (connection instanceof HttpsURLConnection https) {
            if (insecure) {
                https.setSSLSocketFactory(Tls.trustingAnybody());
                https.setHostnameVerifier((host, session) -> true);
            } else if (network.cacert() != null) {
                https.setSSLSocketFactory(trustingAlso());
            }
        }
        return connection;
    }

    private synchronized SSLSocketFactory trustingAlso() throws IOException {
        if (trustingAlso == null) {
            trustingAlso = Tls.trustingAlso(network.cacert());
        }
        return trustingAlso;
    }

    private static InputStream body(HttpURLConnection connection, int status) throws IOException {
        InputStream body = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
        return body == null ? InputStream.nullInputStream() : body;
    }

    private void explain(String method, String why, URI uri, Map<String, String> headers, Form form, int status, Map<String, String> answer, long start) {
        if (network.explain() == null) {
            return;
        }
        Map<String, String> masked = new LinkedHashMap<>(headers);
        masked.computeIfPresent("Authorization", (name, value) -> value.startsWith("Basic ") ? "Basic $CREDENTIALS" : "Bearer $TOKEN");
        network.explain().accept(new Exchange(why, method, uri, masked, form == null ? null : form.open() + "$IDENTITY_TOKEN", status, answer, (System.nanoTime() - start) / 1_000_000));
    }

    private static Map<String, String> shown(Answer answer) {
        Map<String, String> shown = new LinkedHashMap<>();
        for (String name : HEADERS_THAT_MATTER) {
            String value = answer.header(name);
            if (value != null) {
                // The query of a redirect is a signature: whoever has it may fetch the blob.
                shown.put(name, name.equals("Location") ? value.replaceFirst("\\?.*", "?…") : value);
            }
        }
        return shown;
    }

    /** Answers the proxy that was named, and nobody else. */
    private static final class ProxyAuthenticator extends Authenticator {
        private final Credentials credentials;

        ProxyAuthenticator(Credentials credentials) {
            this.credentials = credentials;
        }

        @Override
        protected PasswordAuthentication getPasswordAuthentication() {
            return getRequestorType() == RequestorType.PROXY
                    ? new PasswordAuthentication(credentials.user(), credentials.password().toCharArray())
                    : null;
        }
    }
}
