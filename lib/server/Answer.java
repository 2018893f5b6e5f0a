package lib.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import lib.text.Json;

/** Answers to requests: bodies, JSON and errors. */
final class Answer {
    private Answer() { }

    /** Sends the error form of distribution-spec, Error Codes. */
    static void error(HttpExchange exchange, int status, String code, String message) throws IOException {
        ObjectNode error = Json.newObject();
        error.putArray("errors").addObject().put("code", code).put("message", message);
        json(exchange, status, error);
    }

    static void json(HttpExchange exchange, int status, ObjectNode body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        send(exchange, status, Json.bytes(body));
    }

    static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        OutputStream out = begin(exchange, status, body.length);
        if (out != null) {
            out.write(body);
        }
    }

    /** Sends the headers and returns where the body goes, or null for a HEAD request, which has none. */
    static OutputStream begin(HttpExchange exchange, int status, long length) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Long.toString(length));
            exchange.sendResponseHeaders(status, -1);
            return null;
        }
        exchange.sendResponseHeaders(status, length == 0 ? -1 : length);
        return exchange.getResponseBody();
    }
}
