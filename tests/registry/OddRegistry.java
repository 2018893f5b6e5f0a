package tests.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import lib.registry.Network;
import lib.registry.auth.CredentialChain;
import lib.registry.hosts.HostSettings;
import lib.registry.http.HttpSettings;
import lib.registry.proxy.Proxies;
import lib.registry.settings.SettingsFolders;
import lib.registry.tls.TlsSettings;

/** A registry and a token server in one, on loopback, whose habits a test makes up: real ones differ in all of this. */
final class OddRegistry implements AutoCloseable {
    static final String MANIFEST = "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\","
            + "\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"digest\":\"sha256:" + "0".repeat(64) + "\",\"size\":2},\"layers\":[]}";

    /** A request; what is missing is "". */
    record Asked(String method, String path, String query, String authorization, String body) {
        boolean forToken() {
            return path.equals("/token");
        }
    }

    /** An answer, with a WWW-Authenticate line for each challenge, or another line for what is one, {@code Link: <…>}. The body of a redirect is the address that it leads to. */
    record Reply(int status, String body, String... challenges) { }

    private final HttpServer server;
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final List<String> hosts = new CopyOnWriteArrayList<>();
    private Function<Asked, Reply> habits;

    OddRegistry() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    /** Answers requests in this way from now on. */
    OddRegistry that(Function<Asked, Reply> habits) {
        this.habits = habits;
        return this;
    }

    /** Returns how it is reached by somebody without settings of this machine. */
    static Network network(CredentialChain logins, int stallMillis, int retries, Consumer<String> notice) {
        SettingsFolders none = new SettingsFolders(Map.of());
        HttpSettings http = new HttpSettings(Proxies.ofVariables(Map.of()), new TlsSettings(null, none, notice), stallMillis, retries, notice, null);
        return new Network(http, new HostSettings(none, false, Map.of(), notice), logins);
    }

    String host() {
        return "localhost:" + server.getAddress().getPort();
    }

    int port() {
        return server.getAddress().getPort();
    }

    String realm() {
        return "http://" + host() + "/token";
    }

    String image() {
        return host() + "/team/app:1";
    }

    /** Returns all requests so far, in order. */
    List<Asked> asked() {
        return asked;
    }

    /** Returns the Host header of each request so far. */
    List<String> hosts() {
        return hosts;
    }

    long tokensAskedFor() {
        return asked.stream().filter(Asked::forToken).count();
    }

    static Reply manifest() {
        return new Reply(200, MANIFEST);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String query = exchange.getRequestURI().getQuery();
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            Asked request = new Asked(exchange.getRequestMethod(), exchange.getRequestURI().getPath(),
                    query == null ? "" : query, authorization == null ? "" : authorization, body);
            asked.add(request);
            hosts.add(exchange.getRequestHeaders().getFirst("Host"));
            Reply reply = habits.apply(request);
            exchange.getResponseHeaders().set("Content-Type", reply.body().startsWith("<") ? "text/html" : "application/json");
            for (String challenge : reply.challenges()) {
                String[] line = challenge.matches("[A-Za-z-]+: .*") ? challenge.split(": ", 2) : new String[] {"WWW-Authenticate", challenge};
                exchange.getResponseHeaders().add(line[0], line[1]);
            }
            if (reply.status() / 100 == 3) {
                exchange.getResponseHeaders().set("Location", reply.body());
            }
            byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
            boolean head = request.method().equals("HEAD");
            if (head) {
                exchange.getResponseHeaders().set("Content-Length", Integer.toString(bytes.length));
            }
            exchange.sendResponseHeaders(reply.status(), head || bytes.length == 0 ? -1 : bytes.length);
            if (!head) {
                exchange.getResponseBody().write(bytes);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
