package lib.server;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import lib.text.Json;

/**
 * A door before the registry that opens to those who show a token, and a token server that gives one to everybody, as Docker Hub's does for public images.
 *
 * @see <a href="https://distribution.github.io/distribution/spec/auth/token/">distribution, Token Authentication</a>
 */
final class TokenDoor {
    private static final String REALM_PATH = "/token";
    private static final int LASTS_SECONDS = 300;

    private final String token = UUID.randomUUID().toString();
    private final String address;

    /** @param address the host and the port of the registry */
    TokenDoor(String address) {
        this.address = address;
    }

    /** Returns whether a request may pass; one that may not is answered here. */
    boolean isOpenTo(HttpExchange exchange) throws IOException {
        if (exchange.getRequestURI().getPath().equals(REALM_PATH)) {
            answer(exchange, 200, Json.bytes(Json.newObject().put("token", token).put("expires_in", LASTS_SECONDS)));
        } else if (("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            return true;
        } else {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer realm=\"http://" + address + REALM_PATH + "\",service=\"" + address + "\"");
            answer(exchange, 401, "{\"errors\":[{\"code\":\"UNAUTHORIZED\",\"message\":\"show a token\"}]}".getBytes(StandardCharsets.UTF_8));
        }
        return false;
    }

    private static void answer(HttpExchange exchange, int status, byte[] json) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            boolean isHead = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(status, isHead ? -1 : json.length);
            if (!isHead) {
                exchange.getResponseBody().write(json);
            }
        }
    }
}
