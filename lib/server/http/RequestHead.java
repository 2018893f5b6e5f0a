package lib.server.http;

import com.sun.net.httpserver.Headers;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The lines of a request before its body (RFC 9112, sections 2 to 5). */
record RequestHead(String method, URI uri, String protocol, Headers headers) {
    private static final int LONGEST = 64 * 1024;
    private static final int MOST_HEADERS = 200;

    /**
     * Reads them; returns null if the client hangs up instead.
     *
     * @param millis how long they may take in all
     * @throws IllegalArgumentException for what is not HTTP/1.1; a greeting by TLS is noticed by its first byte, as it may have no line end
     */
    static @Nullable RequestHead read(InputStream in, int millis) throws IOException {
        long until = System.nanoTime() + millis * 1_000_000L;
        String line = line(in, until, true);
        if (line == null) {
            return null;
        }
        String[] parts = line.split(" ");
        if (parts.length != 3 || !parts[0].matches("[A-Z]{1,20}") || !parts[2].matches("HTTP/1\\.[01]")) {
            throw new IllegalArgumentException("this is not a request of HTTP/1.1");
        }
        Headers headers = new Headers();
        int length = line.length();
        int count = 0;
        for (String next = line(in, until, false); !next.isEmpty(); next = line(in, until, false)) {
            length += next.length();
            int colon = next.indexOf(':');
            if (colon < 1 || !next.substring(0, colon).matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+") || ++count > MOST_HEADERS || length > LONGEST) {
                throw new IllegalArgumentException("a header is malformed, or there are too many");
            }
            headers.add(next.substring(0, colon), next.substring(colon + 1).strip());
        }
        return new RequestHead(parts[0], uri(parts[1]), parts[2], headers).checked();
    }

    private static URI uri(String target) {
        try {
            return new URI(target.startsWith("//") ? "/" + target.replaceFirst("^/+", "") : target);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("the request's target is not an address");
        }
    }

    /** Two lengths of one body would have two readers see two different requests (RFC 9112, section 6.3). */
    private RequestHead checked() {
        List<String> lengths = headers.getOrDefault("Content-Length", List.of());
        boolean isRight = lengths.isEmpty() || lengths.size() == 1 && lengths.get(0).matches("[0-9]{1,18}") && !headers.containsKey("Transfer-Encoding");
        if (!isRight || headers.containsKey("Transfer-Encoding") && !isChunked()) {
            throw new IllegalArgumentException("the length of the body is not clear");
        }
        return this;
    }

    private static @Nullable String line(InputStream in, long until, boolean isFirst) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(128);
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0 && isFirst && line.size() == 0) {
                return null;
            }
            if (next < 0 || System.nanoTime() - until > 0) {
                throw new EOFException("the request's lines do not come");
            }
            if (isFirst && line.size() == 0 && (next < 'A' || next > 'Z') || line.size() > LONGEST) {
                throw new IllegalArgumentException("this is not a request of HTTP/1.1");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.ISO_8859_1).replaceFirst("\r$", "");
    }

    /** Returns whether the body comes in chunks. */
    boolean isChunked() {
        return String.valueOf(headers.getFirst("Transfer-Encoding")).equalsIgnoreCase("chunked");
    }

    /** Returns how long the body is, if it does not come in chunks. */
    long length() {
        return headers.containsKey("Content-Length") ? Long.parseLong(headers.getFirst("Content-Length")) : 0;
    }

    /** Returns whether the client waits to hear that its body is wanted (RFC 9110, section 10.1.1). */
    boolean expectsContinue() {
        return String.valueOf(headers.getFirst("Expect")).equalsIgnoreCase("100-continue");
    }

    /** Returns whether no request follows on this connection. */
    boolean isLast() {
        String connection = String.valueOf(headers.getFirst("Connection")).toLowerCase(Locale.ROOT);
        return protocol.equals("HTTP/1.0") || connection.contains("close");
    }
}
