package lib.server.writable;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import lib.file.SmallFile;
import lib.server.Answer;

/** Opens to those only who show a name and a password of a file, {@code USER:PASSWORD} a line (RFC 7617, Basic). */
final class PasswordDoor {
    private static final int LARGEST_MIB = 1;

    private final List<byte[]> accepted = new ArrayList<>();

    /** @throws IllegalArgumentException if the file has no login, or a line of another form */
    PasswordDoor(Path file) throws IOException {
        for (String line : new String(SmallFile.named(file, LARGEST_MIB), StandardCharsets.UTF_8).lines().toList()) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            if (!line.matches("[^:]+:.+")) {
                throw new IllegalArgumentException(file + ": write USER:PASSWORD on each line");
            }
            accepted.add(("Basic " + Base64.getEncoder().encodeToString(line.getBytes(StandardCharsets.UTF_8))).getBytes(StandardCharsets.US_ASCII));
        }
        if (accepted.isEmpty()) {
            throw new IllegalArgumentException(file + " has no login: write USER:PASSWORD on a line");
        }
    }

    /** Returns a handler that lets requests through to another. */
    HttpHandler before(HttpHandler handler) {
        return exchange -> {
            if (isOpenTo(exchange)) {
                handler.handle(exchange);
            }
        };
    }

    private boolean isOpenTo(HttpExchange exchange) throws IOException {
        String shown = exchange.getRequestHeaders().getFirst("Authorization");
        byte[] bytes = String.valueOf(shown).replaceFirst("(?i)^basic +", "Basic ").getBytes(StandardCharsets.UTF_8);
        boolean isRight = false;
        for (byte[] login : accepted) {
            isRight |= MessageDigest.isEqual(login, bytes); // each is looked at: how long that takes tells nothing
        }
        if (!isRight) {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"dray\", charset=\"UTF-8\"");
            Answer.error(exchange, 401, "UNAUTHORIZED", shown == null ? "this registry wants a login" : "the user or the password is wrong");
        }
        return isRight;
    }
}
