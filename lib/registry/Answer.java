package lib.registry;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;

//SOURCES WatchedBody.java

/** What came back to one request: status and headers, and a body that is read while it arrives. */
final class Answer implements Closeable {
    private final URI uri;
    private final int status;
    private final HttpURLConnection connection;
    private final InputStream body;

    Answer(URI uri, int status, HttpURLConnection connection, InputStream body) {
        this.uri = uri;
        this.status = status;
        this.connection = connection;
        this.body = body;
    }

    URI uri() {
        return uri;
    }

    int status() {
        return status;
    }

    InputStream body() {
        return body;
    }

    /** Returns the first value of a header, whatever the case of its name, or null. */
    String header(String name) {
        return connection.getHeaderField(name);
    }

    /** Returns all values of a header: several challenges may come in several lines. */
    List<String> headers(String name) {
        return connection.getHeaderFields().entrySet().stream()
                .filter(header -> name.equalsIgnoreCase(header.getKey()))
                .map(Map.Entry::getValue).findFirst().orElse(List.of());
    }

    boolean isRedirect() {
        return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    }

    /** Returns the body's length in bytes as the header says, or -1. */
    long contentLength() {
        return connection.getContentLengthLong();
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
        try {
            Instant until = ZonedDateTime.parse(value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
            return Math.max(0, until.toEpochMilli() - connection.getHeaderFieldDate("Date", System.currentTimeMillis()));
        } catch (DateTimeParseException e) {
            return -1;
        }
    }

    /** Gives the connection back for the next request where the body was read to its end. */
    @Override
    public void close() throws IOException {
        body.close();
    }

    /** Ends the connection: what is still to come of the body is not wanted. */
    void abort() {
        connection.disconnect();
        if (body instanceof WatchedBody watched) {
            watched.end(false);
        }
    }
}
