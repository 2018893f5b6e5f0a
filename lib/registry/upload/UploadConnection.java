package lib.registry.upload;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.net.HttpURLConnection;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One request with a long body (RFC 9112), on a connection of its own, for what Java's HttpURLConnection does not do: it cannot send PATCH,
 * and it loses an answer that comes before the body has been sent, such as the 413 of a proxy with a limit.
 */
final class UploadConnection extends HttpURLConnection {
    private static final int BUFFER = 64 * 1024;
    /** An answer is looked for each time so many bytes have been sent. */
    private static final int LOOK_EVERY = 1024 * 1024;

    private final UploadSocket sockets;
    private final Map<String, String> request = new LinkedHashMap<>();
    private Socket socket;
    private PushbackInputStream in;
    private RawResponse answer;

    UploadConnection(URL url, UploadSocket sockets) {
        super(url);
        this.sockets = sockets;
    }

    @Override
    public void setRequestMethod(String method) {
        this.method = method;
    }

    @Override
    public void setRequestProperty(String name, String value) {
        if (value.chars().anyMatch(c -> c == '\r' || c == '\n')) {
            throw new IllegalArgumentException("the value of the header " + name + " has a line end in it");
        }
        request.put(name, value);
    }

    @Override
    public void connect() throws IOException {
        if (socket == null) {
            socket = sockets.open(getConnectTimeout());
            socket.setSoTimeout(getReadTimeout());
            in = new PushbackInputStream(socket.getInputStream(), 1);
        }
    }

    @Override
    public void disconnect() {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            // it is useless by now
        }
    }

    @Override
    public boolean usingProxy() {
        return sockets.isProxied();
    }

    /** Returns whether the final answer has come, perhaps before all was sent: then nothing more need be. */
    boolean isAnswered() {
        return answer != null;
    }

    /** Sends the request's head, and returns where the body goes. */
    @Override
    public OutputStream getOutputStream() throws IOException {
        connect();
        OutputStream out = new BufferedOutputStream(socket.getOutputStream(), BUFFER);
        out.write(head().getBytes(StandardCharsets.ISO_8859_1));
        return new Body(out);
    }

    private String head() throws IOException {
        URI uri = URI.create(url.toString());
        Map<String, String> headers = new LinkedHashMap<>(Map.of("Host", uri.getRawAuthority(), "Connection", "close", "Content-Length", Long.toString(fixedContentLengthLong)));
        headers.putAll(request);
        headers.putAll(sockets.headers());
        StringBuilder head = new StringBuilder(method + " " + sockets.target(uri) + " HTTP/1.1\r\n");
        headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        return head.append("\r\n").toString();
    }

    /** What is sent. Where the other side hangs up, its answer counts, if there is one. */
    private final class Body extends FilterOutputStream {
        private long unlooked;

        Body(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
                unlooked += length;
                if (unlooked >= LOOK_EVERY) {
                    unlooked = 0;
                    look();
                }
            } catch (IOException e) {
                hungUp(e);
            }
        }

        @Override
        public void close() throws IOException {
            try {
                out.flush(); // the socket stays open for the answer
            } catch (IOException e) {
                hungUp(e);
            }
        }
    }

    /** Takes an answer that has begun to come; waits for none. */
    private void look() throws IOException {
        socket.setSoTimeout(1);
        try {
            int first = in.read();
            if (first >= 0) {
                in.unread(first);
                socket.setSoTimeout(getReadTimeout());
                answer = RawResponse.readUnlessInterim(in);
            }
        } catch (SocketTimeoutException e) {
            // none has come
        } finally {
            socket.setSoTimeout(getReadTimeout());
        }
    }

    private void hungUp(IOException trouble) throws IOException {
        try {
            answer = answer == null ? RawResponse.read(in) : answer;
        } catch (IOException e) {
            throw trouble;
        }
    }

    @Override
    public InputStream getInputStream() throws IOException {
        try {
            answer = answer == null ? RawResponse.read(in) : answer;
        } finally {
            disconnect();
        }
        return answer.body();
    }

    @Override
    public InputStream getErrorStream() {
        return answer == null ? null : answer.body();
    }

    @Override
    public String getHeaderField(int n) {
        return answer == null || n >= answer.headers().size() ? null : answer.headers().get(n).getValue();
    }

    @Override
    public String getHeaderFieldKey(int n) {
        return answer == null || n >= answer.headers().size() ? null : answer.headers().get(n).getKey();
    }

    @Override
    public String getHeaderField(String name) {
        return answer == null ? null : answer.headers().stream().filter(header -> name.equalsIgnoreCase(header.getKey())).map(Map.Entry::getValue).findFirst().orElse(null);
    }

    @Override
    public Map<String, List<String>> getHeaderFields() {
        return answer == null ? Map.of() : answer.byName();
    }
}
