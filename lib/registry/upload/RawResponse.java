package lib.registry.upload;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map.Entry;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came back to an upload: short, if anything at all, so all of it is read at once (RFC 9112, sections 4 to 7).
 *
 * @param status  the HTTP status
 * @param headers the status line, without a name, and then the headers in their order
 * @param content the body, or as much of it as was taken
 */
record RawResponse(int status, List<Entry<String, String>> headers, byte[] content) {
    /** More of a status line and headers is refused, more of a body left alone; in bytes. */
    private static final int LONGEST_HEAD = 64 * 1024;
    private static final int LONGEST_BODY = 64 * 1024;
    private static final int MOST_INTERIM = 20;

    /** Reads the final answer: what comes before, such as 100 Continue, says nothing (RFC 9110, section 15.2). */
    static RawResponse read(InputStream in) throws IOException {
        for (int i = 0; i < MOST_INTERIM; i++) {
            RawResponse answer = readUnlessInterim(in);
            if (answer != null) {
                return answer;
            }
        }
        throw new ProtocolException("the answer does not come to an end of its 1xx");
    }

    /** Reads one answer; returns null for an interim one. */
    static @Nullable RawResponse readUnlessInterim(InputStream in) throws IOException {
        Head head = new Head(in);
        List<Entry<String, String>> headers = head.read();
        String line = headers.get(0).getValue();
        if (!line.matches("HTTP/1\\.[01] [1-5][0-9]{2}( .*)?")) {
            throw new ProtocolException("what came back is not HTTP");
        }
        int status = Integer.parseInt(line.substring(9, 12));
        return status < 200 ? null : new RawResponse(status, headers, status == 204 || status == 304 ? new byte[0] : body(in, headers));
    }

    /** Reads the head of an answer that has no body, such as that to CONNECT, and returns its status line. */
    static String status(InputStream in) throws IOException {
        return new Head(in).read().get(0).getValue();
    }

    private static byte[] body(InputStream in, List<Entry<String, String>> headers) throws IOException {
        boolean chunked = headers.stream().anyMatch(header -> "Transfer-Encoding".equalsIgnoreCase(header.getKey()) && header.getValue().toLowerCase(Locale.ROOT).contains("chunked"));
        if (chunked) {
            return chunks(in);
        }
        String length = headers.stream().filter(header -> "Content-Length".equalsIgnoreCase(header.getKey())).map(Entry::getValue).findFirst().orElse("");
        return in.readNBytes(length.matches("[0-9]{1,9}") ? Math.min(LONGEST_BODY, Integer.parseInt(length)) : LONGEST_BODY);
    }

    /** Chunked transfer coding: a line with a length in hex, so many bytes, an empty line; the last has the length 0. */
    private static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (all.size() < LONGEST_BODY) {
            String length = new Head(in).line().replaceFirst("[;\\s].*", "");
            if (!length.matches("[0-9a-fA-F]{1,7}")) {
                throw new ProtocolException("a chunk of the answer has no length");
            }
            int size = Integer.parseInt(length, 16);
            if (size == 0) {
                break;
            }
            all.write(in.readNBytes(Math.min(size, LONGEST_BODY - all.size())));
            new Head(in).line();
        }
        return all.toByteArray();
    }

    InputStream body() {
        return new ByteArrayInputStream(content);
    }

    Map<String, List<String>> byName() {
        Map<String, List<String>> byName = new LinkedHashMap<>();
        headers.stream().skip(1).forEach(header -> byName.computeIfAbsent(header.getKey(), name -> new ArrayList<>()).add(header.getValue()));
        return byName;
    }

    /** Lines, with a limit of bytes. */
    private static final class Head {
        private final InputStream in;
        private int bytes;

        Head(InputStream in) {
            this.in = in;
        }

        List<Entry<String, String>> read() throws IOException {
            List<Entry<String, String>> headers = new ArrayList<>();
            headers.add(new SimpleImmutableEntry<>(null, line()));
            for (String line = line(); !line.isEmpty(); line = line()) {
                int colon = line.indexOf(':');
                if (colon > 0) {
                    headers.add(Map.entry(line.substring(0, colon), line.substring(colon + 1).strip()));
                }
            }
            return headers;
        }

        String line() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int b = in.read(); b != '\n'; b = in.read()) {
                if (b < 0) {
                    throw new EOFException("Unexpected end of file from server");
                }
                if (++bytes > LONGEST_HEAD) {
                    throw new ProtocolException("the answer's headers are longer than " + LONGEST_HEAD + " bytes");
                }
                line.write(b);
            }
            return line.toString(StandardCharsets.ISO_8859_1).replaceFirst("\r$", "");
        }
    }
}
