package lib.server.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpPrincipal;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/** A request and its answer, in the form that handlers of Java's server know. Closing it ends nothing but the answer: the connection may serve on. */
final class SocketExchange extends HttpExchange {
    /** What people read behind a status (RFC 9110, section 15). */
    private static final Map<Integer, String> REASONS = Map.ofEntries(Map.entry(200, "OK"), Map.entry(201, "Created"), Map.entry(202, "Accepted"), Map.entry(204, "No Content"),
            Map.entry(206, "Partial Content"), Map.entry(400, "Bad Request"), Map.entry(401, "Unauthorized"), Map.entry(403, "Forbidden"), Map.entry(404, "Not Found"),
            Map.entry(405, "Method Not Allowed"), Map.entry(413, "Content Too Large"), Map.entry(416, "Range Not Satisfiable"), Map.entry(421, "Misdirected Request"),
            Map.entry(429, "Too Many Requests"), Map.entry(500, "Internal Server Error"), Map.entry(503, "Service Unavailable"), Map.entry(507, "Insufficient Storage"));

    private final Socket socket;
    private final RequestHead head;
    private final RequestBody body;
    private final Headers answer = new Headers();
    private final OutputStream out;
    private int status = -1;
    /** How many bytes of the answer's body are still to come. */
    private long left;

    SocketExchange(Socket socket, RequestHead head, InputStream in, OutputStream out) {
        this.socket = socket;
        this.head = head;
        this.body = new RequestBody(head, in, out);
        this.out = out;
    }

    RequestBody body() {
        return body;
    }

    /** Returns whether an answer was sent to its end, and the client does not wait for a word on its body. */
    boolean isWhole() {
        return status >= 0 && left == 0 && !body.isStillAwaited();
    }

    @Override
    public Headers getRequestHeaders() {
        return head.headers();
    }

    @Override
    public Headers getResponseHeaders() {
        return answer;
    }

    @Override
    public URI getRequestURI() {
        return head.uri();
    }

    @Override
    public String getRequestMethod() {
        return head.method();
    }

    @Override
    public HttpContext getHttpContext() {
        return null;
    }

    @Override
    public void close() {
        // the connection does that
    }

    @Override
    public InputStream getRequestBody() {
        return body;
    }

    @Override
    public OutputStream getResponseBody() {
        return new FilterOutputStream(out) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                if (length > left) {
                    throw new IOException("the answer is longer than it says");
                }
                out.write(bytes, offset, length);
                left -= length;
            }

            @Override
            public void write(int one) throws IOException {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void close() throws IOException {
                flush();
            }
        };
    }

    /** @param length of the body; -1 for none */
    @Override
    public void sendResponseHeaders(int code, long length) throws IOException {
        status = code;
        left = Math.max(0, length);
        boolean mayHaveBody = code >= 200 && code != 204 && code != 304;
        if (mayHaveBody && !answer.containsKey("Content-Length")) {
            answer.set("Content-Length", Long.toString(left));
        }
        answer.set("Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)));
        if (head.isLast() || body.isStillAwaited()) {
            answer.set("Connection", "close");
        }
        StringBuilder lines = new StringBuilder("HTTP/1.1 " + code + " " + REASONS.getOrDefault(code, "") + "\r\n");
        answer.forEach((name, values) -> values.forEach(value -> lines.append(name).append(": ").append(value).append("\r\n")));
        out.write(lines.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public InetSocketAddress getRemoteAddress() {
        return (InetSocketAddress) socket.getRemoteSocketAddress();
    }

    @Override
    public int getResponseCode() {
        return status;
    }

    @Override
    public InetSocketAddress getLocalAddress() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    @Override
    public String getProtocol() {
        return head.protocol();
    }

    @Override
    public Object getAttribute(String name) {
        return null;
    }

    @Override
    public void setAttribute(String name, Object value) {
        throw new UnsupportedOperationException("no handler here has any");
    }

    @Override
    public void setStreams(InputStream in, OutputStream out) {
        throw new UnsupportedOperationException("no handler here changes them");
    }

    @Override
    public HttpPrincipal getPrincipal() {
        return null;
    }
}
