package tests.support;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import lib.text.Json;

//SOURCES Certificate.java
//SOURCES Tools.java

/**
 * A token server for registries on loopback, which signs JSON Web Tokens that {@link DebianRegistry} takes.
 *
 * <p>Distribution 2.8 takes a token for another 60 seconds after its time is over, for the sake of clocks that differ.
 * Tokens here are therefore made out to end 60 seconds before they should, and do end when they should.
 *
 * @see <a href="https://distribution.github.io/distribution/spec/auth/jwt/">distribution spec, auth/jwt</a>
 */
public final class TokenServer implements AutoCloseable {
    static final String SERVICE = "registry of the tests";
    static final String ISSUER = "token server of the tests";
    private static final int LEEWAY_SECONDS = 60;

    private final String credentials;
    private final int lifetimeSeconds;
    private final int promisedSeconds;
    private final Certificate certificate;
    private final PrivateKey key;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger issued = new AtomicInteger();

    /** Starts a server whose tokens last as long as they promise. Takes what the other constructor takes. */
    public TokenServer(String credentials, int lifetimeSeconds) {
        this(credentials, lifetimeSeconds, lifetimeSeconds);
    }

    /**
     * Starts a server.
     *
     * @param credentials     the {@code user:password} it asks for, null to give everybody a token who shows no password: as Docker Hub does,
     *                        it refuses those who show a wrong one
     * @param lifetimeSeconds how long the registry takes a token
     * @param promisedSeconds what the answer says of that in {@code expires_in}: more, and a client that trusts it meets a 401
     */
    public TokenServer(String credentials, int lifetimeSeconds, int promisedSeconds) {
        Tools.assumeInstalled("openssl");
        this.credentials = credentials;
        this.lifetimeSeconds = lifetimeSeconds;
        this.promisedSeconds = promisedSeconds;
        this.certificate = Certificate.create();
        try {
            key = KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(pem(Files.readString(certificate.key()))));
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
        server.setExecutor(threads);
        server.createContext("/token", this::answer);
        server.start();
    }

    private static byte[] pem(String text) {
        return Base64.getMimeDecoder().decode(text.replaceAll("-----[A-Z ]+-----", ""));
    }

    /** Returns the address at which tokens are asked for. */
    public String realm() {
        return "http://localhost:" + server.getAddress().getPort() + "/token";
    }

    Certificate certificate() {
        return certificate;
    }

    /** Returns how many tokens were given out. */
    public int issued() {
        return issued.get();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            if (!exchange.getRequestMethod().equals("GET")) {
                send(exchange, 404, Json.newObject().put("details", "only GET is known here"));
            } else if (!isAllowed(exchange.getRequestHeaders().getFirst("Authorization"))) {
                send(exchange, 401, Json.newObject().put("details", "incorrect username or password"));
            } else {
                String token = token(scopes(exchange.getRequestURI().getRawQuery()));
                issued.incrementAndGet();
                send(exchange, 200, Json.newObject().put("token", token).put("expires_in", promisedSeconds).put("issued_at", Instant.now().toString()));
            }
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static void send(HttpExchange exchange, int status, ObjectNode json) throws IOException {
        byte[] body = Json.bytes(json);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private boolean isAllowed(String authorization) {
        return credentials == null
                ? authorization == null
                : ("Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8))).equals(authorization);
    }

    private static List<String> scopes(String query) {
        List<String> scopes = new ArrayList<>();
        for (String parameter : (query == null ? "" : query).split("&")) {
            if (parameter.startsWith("scope=")) {
                scopes.addAll(List.of(URLDecoder.decode(parameter.substring("scope=".length()), StandardCharsets.UTF_8).split(" ")));
            }
        }
        return scopes;
    }

    private String token(List<String> scopes) throws IOException, GeneralSecurityException {
        ObjectNode header = Json.newObject().put("typ", "JWT").put("alg", "RS256");
        header.putArray("x5c").add(Base64.getEncoder().encodeToString(pem(Files.readString(certificate.file()))));
        long end = Instant.now().getEpochSecond() + lifetimeSeconds - LEEWAY_SECONDS;
        ObjectNode claims = Json.newObject().put("iss", ISSUER).put("aud", SERVICE).put("sub", "somebody").put("nbf", end - 3600).put("exp", end);
        ArrayNode access = claims.putArray("access");
        for (String scope : scopes) {
            int name = scope.indexOf(':') + 1;
            int actions = scope.lastIndexOf(':') + 1;
            ObjectNode granted = access.addObject().put("type", scope.substring(0, name - 1)).put("name", scope.substring(name, actions - 1));
            ArrayNode allowed = granted.putArray("actions");
            List.of(scope.substring(actions).split(",")).forEach(allowed::add);
        }
        String signed = base64(Json.bytes(header)) + "." + base64(Json.bytes(claims));
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(key);
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + base64(signature.sign());
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
