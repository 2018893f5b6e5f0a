package lib.registry.http;

import java.io.EOFException;
import java.io.IOException;
import java.net.CookieHandler;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lib.failure.RegistryException;

/**
 * The status and the headers of an answer.
 *
 * @param headers  the values by the names, the last one of each first
 * @param interim  how many interim answers (RFC 9110, section 15.2) came before it
 * @param readable whether Java could read them, and gives the body
 */
record ResponseHeaders(int status, Map<String, List<String>> headers, int interim, boolean readable) {
    /** Longer challenges, in characters, are kept from Java's own parser, which takes time by the square of their length. */
    private static final int LONGEST_CHALLENGE = 8 * 1024;
    private static final int MOST_INTERIM = 100;
    /** The first Java that skips interim answers other than 100. */
    private static final int JAVA_OF_INTERIM = 20;
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[0-9] +([1-5][0-9][0-9])( .*)?");
    /** What is left of a status line (RFC 9112, section 4) where the line broke within its status. */
    private static final Pattern BEGIN_OF_STATUS_LINE = Pattern.compile("HTTP/1\\.[01] ?[0-9]{0,2}");
    /** What came last to this thread, as Java shows it before it looks at it itself. */
    private static final ThreadLocal<ResponseHeaders> SEEN = new ThreadLocal<>();

    /** Has headers looked at before Java does, unless the program that this is a part of has a handler of cookies of its own. */
    static void lookFirst() {
        if (CookieHandler.getDefault() == null) {
            CookieHandler.setDefault(new FirstLook());
        }
    }

    /**
     * Waits for an answer.
     *
     * @param tunnelled whether a proxy may answer in place of the other side
     * @throws RegistryException when it takes too long, or nothing can be made of it
     */
    static ResponseHeaders of(HttpURLConnection connection, URI uri, boolean tunnelled) throws IOException {
        SEEN.remove();
        long millis = Response.patienceMillis(connection);
        ResponseDeadline patience = new ResponseDeadline(connection, millis);
        try {
            ResponseHeaders received = wait(connection, patience);
            if (patience.isOver()) {
                throw RequestFailure.tooSlow(uri, millis);
            }
            if (received != null && BEGIN_OF_STATUS_LINE.matcher(String.valueOf(connection.getHeaderField(0))).matches()) {
                throw RequestFailure.lost(uri, new EOFException());
            }
            return received != null ? received : unreadable(uri, tunnelled);
        } catch (IOException e) {
            throw patience.isOver() ? RequestFailure.tooSlow(uri, millis) : e;
        } finally {
            SEEN.remove();
        }
    }

    /** Returns null if Java fails to read what it was sent. */
    private static ResponseHeaders wait(HttpURLConnection connection, ResponseDeadline patience) throws IOException {
        try (patience) {
            int status = connection.getResponseCode();
            ResponseHeaders seen = SEEN.get(); // Java would put them together once more
            return new ResponseHeaders(status, seen != null && seen.status() == status ? seen.headers() : connection.getHeaderFields(), 0, true);
        } catch (RuntimeException e) {
            return null;
        }
    }

    /** Returns what Java failed to read; we can. */
    private static ResponseHeaders unreadable(URI uri, boolean tunnelled) throws RegistryException {
        ResponseHeaders seen = SEEN.get();
        if (seen != null && seen.isEndless()) {
            throw RequestFailure.notARegistry(uri, "more than " + MOST_INTERIM + " interim answers came before the answer itself");
        }
        if (seen != null && seen.isPastJava()) {
            throw RequestFailure.notARegistry(uri, "it sends an interim answer of status " + seen.status() + " first, which Java " + Runtime.version().feature()
                    + " cannot read past; Java " + JAVA_OF_INTERIM + " and newer can");
        }
        if (seen == null || seen.status() < 200 || tunnelled && seen.status() != 407) {
            throw RequestFailure.notARegistry(uri, "its headers cannot be read");
        }
        return seen.withoutBody();
    }

    private ResponseHeaders withoutBody() {
        Map<String, List<String>> others = new HashMap<>(headers);
        others.keySet().removeIf("Content-Length"::equalsIgnoreCase);
        return new ResponseHeaders(status, others, interim, readable);
    }

    /** Returns whether Java would take this for the answer itself, and what comes behind it for the body, or for the next answer. */
    private boolean isPastJava() {
        return status > 101 && status < 200 && Runtime.version().feature() < JAVA_OF_INTERIM;
    }

    private boolean isEndless() {
        return interim > MOST_INTERIM;
    }

    /**
     * Java's own parser of challenges, which cannot be switched off, throws at some and works for minutes at others; and Java calls
     * itself for each interim answer, until the stack is full. Cookies are the one thing that it shows to others before.
     */
    private static final class FirstLook extends CookieHandler {
        @Override
        public Map<String, List<String>> get(URI uri, Map<String, List<String>> requestHeaders) {
            return Map.of();
        }

        /** Throws what Java does not take for a reason to send the request once more, as it would after an IOException. */
        @Override
        public void put(URI uri, Map<String, List<String>> headers) {
            ResponseHeaders before = SEEN.get();
            int interim = before != null && before.status() / 100 == 1 ? before.interim() + 1 : 0;
            ResponseHeaders seen = new ResponseHeaders(status(headers), headers, interim, false);
            SEEN.set(seen);
            if (seen.isEndless() || seen.isPastJava() || (seen.status() == 401 || seen.status() == 407) && challenges(headers) > LONGEST_CHALLENGE) {
                throw new IllegalStateException("not for Java to read");
            }
        }

        private static int status(Map<String, List<String>> headers) {
            Matcher line = STATUS_LINE.matcher(headers.getOrDefault(null, List.of("")).get(0));
            return line.matches() ? Integer.parseInt(line.group(1)) : -1;
        }

        private static int challenges(Map<String, List<String>> headers) {
            return headers.entrySet().stream().filter(header -> header.getKey() != null && header.getKey().toLowerCase(java.util.Locale.ROOT).endsWith("-authenticate"))
                    .flatMap(header -> header.getValue().stream()).mapToInt(String::length).sum();
        }
    }
}
