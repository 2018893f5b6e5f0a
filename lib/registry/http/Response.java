package lib.registry.http;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What came back to one request: status and headers, and a body that is read while it arrives. */
public final class Response implements Closeable {
    /** An answer, but for a blob's body, may take as many times as long as a connection may be silent. */
    private static final int PATIENCE = 4;
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

    private final URI uri;
    private final int status;
    private final Map<String, List<String>> headers;
    private final HttpURLConnection connection;
    private final Throttle throttle;
    private final InputStream body;
    private final long contentLength;
    private boolean abandoned;

    /** @param headers the values by the names, the last one first */
    Response(URI uri, int status, Map<String, List<String>> headers, HttpURLConnection connection, Throttle throttle, InputStream body) {
        this.uri = uri;
        this.status = status;
        this.headers = headers;
        this.connection = connection;
        this.throttle = throttle;
        this.body = body;
        String length = String.valueOf(header("Content-Length")).strip();
        this.contentLength = LENGTH.matcher(length).matches() ? Long.parseLong(length) : -1;
    }

    /** Returns the address that answered. */
    public URI uri() {
        return uri;
    }

    /** Returns the HTTP status. */
    public int status() {
        return status;
    }

    /** Returns the body, to be read while it arrives. */
    public InputStream body() {
        return body;
    }

    /** Returns what somebody who reads a blob from this has to keep to. */
    public Throttle throttle() {
        return throttle;
    }

    /** Returns the whole body of anything but a blob; throws what {@link BoundedBody#of} does. */
    public byte[] bytes(int most, String what) throws IOException {
        return BoundedBody.of(this, most, what);
    }

    /** Returns how long the answer may take to begin, and then to end, in milliseconds. */
    static long patienceMillis(HttpURLConnection connection) {
        return (long) PATIENCE * connection.getReadTimeout();
    }

    long patienceMillis() {
        return patienceMillis(connection);
    }

    /** Returns the last value of a header, or null if there is none. The case of its name does not matter. */
    public @Nullable String header(String name) {
        List<String> values = headers(name);
        return values.isEmpty() ? null : values.get(0);
    }

    /** Returns all values of a header: several challenges may come in several lines. */
    public List<String> headers(String name) {
        List<String> values = new ArrayList<>();
        for (Map.Entry<String, List<String>> header : headers.entrySet()) {
            if (name.equalsIgnoreCase(header.getKey())) {
                values.addAll(header.getValue());
            }
        }
        return values;
    }

    /** Returns whether the answer names another address to ask (RFC 9110, section 15.4). */
    public boolean isRedirect() {
        return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    }

    /** Returns whether a status may mean that there is no answer to HEAD, whatever GET would say. */
    public static boolean mayRefuseHead(int status) {
        return status == 403 || status == 404 || status == 405 || status == 501;
    }

    /** Returns the length in bytes as the header says, or -1. The answer to HEAD has one, too. */
    public long contentLength() {
        return contentLength;
    }

    /** Returns how many bytes are to come, or -1 where that is not known (RFC 9112, section 6.3). */
    long bodyLength() {
        if (connection.getRequestMethod().equals("HEAD") || status == 204 || status == 304) {
            return 0;
        }
        return header("Transfer-Encoding") != null ? -1 : contentLength();
    }

    /** Returns the wait of a Retry-After header, seconds or a date by the server's own clock (RFC 9110, section 10.2.3), in milliseconds, or -1. */
    long retryAfterMillis() {
        String value = header("Retry-After");
        if (value == null) {
            return -1;
        }
        if (value.strip().matches("[0-9]{1,9}")) {
            return Long.parseLong(value.strip()) * 1000;
        }
        long until = date(value, -1);
        return until < 0 ? -1 : Math.max(0, until - date(header("Date"), System.currentTimeMillis()));
    }

    /** Returns a date in milliseconds since 1970, or another if there is none. */
    private static long date(@Nullable String value, long otherwise) {
        try {
            return value == null ? otherwise : ZonedDateTime.parse(value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant().toEpochMilli();
        } catch (DateTimeParseException e) {
            return otherwise;
        }
    }

    /** Gives the connection back for the next request where the body was read to its end. */
    @Override
    public void close() throws IOException {
        if (!abandoned) {
            body.close();
        }
    }

    /** Ends the connection: what is still to come of the body is not wanted. */
    public void abort() {
        connection.disconnect();
        told();
    }

    /** Leaves the body to a thread that waits for it, which keeps others from closing it. */
    void abandon() {
        abandoned = true;
        told();
    }

    private void told() {
        if (body instanceof TimedBody watched) {
            watched.end(false, null);
        }
    }
}
