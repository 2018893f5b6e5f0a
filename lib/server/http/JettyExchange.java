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
import java.net.URI;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/**
 * A request to Jetty and its answer, as handlers of Java's server know them. Jetty's own bridge to such handlers is of no use here: it takes an answer that
 * breaks off for a whole one.
 */
final class JettyExchange extends HttpExchange {
    private final Request request;
    private final Response response;
    private final URI uri;
    private final Headers asked = new Headers();
    private final Headers answer = new Headers();
    private final InputStream body;
    private final OutputStream out;
    private int status = -1;
    /** How many bytes of the answer's body are still to come. */
    private long left;

    /** @throws IllegalArgumentException if the address is none */
    JettyExchange(Request request, Response response) {
        this.request = request;
        this.response = response;
        uri = URI.create(request.getHttpURI().getPathQuery());
        request.getHeaders().forEach(field -> asked.add(field.getName(), field.getValue()));
        body = Content.Source.asInputStream(request);
        out = new Counted(Content.Sink.asOutputStream(response));
    }

    /** Returns whether an answer was given to its end. */
    boolean isWhole() {
        return status >= 0 && left == 0;
    }

    @Override
    public Headers getRequestHeaders() {
        return asked;
    }

    @Override
    public Headers getResponseHeaders() {
        return answer;
    }

    @Override
    public URI getRequestURI() {
        return uri;
    }

    @Override
    public String getRequestMethod() {
        return request.getMethod();
    }

    @Override
    public @Nullable HttpContext getHttpContext() {
        return null;
    }

    @Override
    public void close() {
        // whether the answer is whole decides what becomes of the connection
    }

    @Override
    public InputStream getRequestBody() {
        return body;
    }

    @Override
    public OutputStream getResponseBody() {
        return out;
    }

    /** @param length of the body; -1 for none */
    @Override
    public void sendResponseHeaders(int code, long length) {
        status = code;
        left = Math.max(0, length);
        response.setStatus(code);
        answer.forEach((name, values) -> values.forEach(value -> response.getHeaders().add(name, value)));
        boolean mayHaveBody = code >= 200 && code != 204 && code != 304;
        if (mayHaveBody && !answer.containsKey("Content-Length")) {
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, left);
        }
    }

    @Override
    public InetSocketAddress getRemoteAddress() {
        return (InetSocketAddress) request.getConnectionMetaData().getRemoteSocketAddress();
    }

    @Override
    public int getResponseCode() {
        return status;
    }

    @Override
    public InetSocketAddress getLocalAddress() {
        return (InetSocketAddress) request.getConnectionMetaData().getLocalSocketAddress();
    }

    @Override
    public String getProtocol() {
        return request.getConnectionMetaData().getProtocol();
    }

    @Override
    public @Nullable Object getAttribute(String name) {
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
    public @Nullable HttpPrincipal getPrincipal() {
        return null;
    }

    /** What goes to the client, which is not more than the answer says. Its end is the answer's, not the handler's. */
    private final class Counted extends FilterOutputStream {
        Counted(OutputStream to) {
            super(to);
        }

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
    }
}
