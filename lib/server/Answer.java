package lib.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import lib.text.Json;
import org.jspecify.annotations.Nullable;

/** Answers to requests: bodies, JSON and errors. */
public final class Answer {
    private Answer() { }

    /** Sends the error form of distribution-spec, Error Codes; throws IOException if the client is gone. */
    public static void error(HttpExchange exchange, int status, String code, String message) throws IOException {
        ObjectNode error = Json.newObject();
        error.putArray("errors").addObject().put("code", code).put("message", message);
        json(exchange, status, error);
    }

    /** Sends JSON; throws IOException if the client is gone. */
    public static void json(HttpExchange exchange, int status, ObjectNode body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        send(exchange, status, Json.bytes(body));
    }

    /** Sends a body, nothing of it where the request is HEAD; throws IOException if the client is gone. */
    public static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        OutputStream out = begin(exchange, status, body.length);
        if (out != null) {
            out.write(body);
        }
    }

    /** Sends the headers and returns where the body goes, or null for a HEAD request, which has none; throws IOException if the client is gone. */
    public static @Nullable OutputStream begin(HttpExchange exchange, int status, long length) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Long.toString(length));
            exchange.sendResponseHeaders(status, -1);
            return null;
        }
        exchange.sendResponseHeaders(status, length == 0 ? -1 : length);
        return exchange.getResponseBody();
    }
}
