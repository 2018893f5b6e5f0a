package lib.server;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lib.image.Descriptor;

/** The answer to a request for a blob: all of it, or the part that a Range header asks for (RFC 9110, section 14). */
public final class BlobAnswer {
    private static final Pattern RANGE = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");

    private BlobAnswer() { }

    /** Opens a blob at its beginning. */
    public interface Source {
        /** Returns the bytes. */
        InputStream open() throws IOException;
    }

    /** Sends a blob whose digest and size these are; throws IOException if it cannot be read, or the client is gone. */
    public static void send(HttpExchange exchange, Descriptor blob, Source source) throws IOException {
        long size = blob.size();
        long from = 0;
        long to = size;
        exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
        exchange.getResponseHeaders().set("Docker-Content-Digest", blob.digest().toString());
        exchange.getResponseHeaders().set("Accept-Ranges", "bytes");
        Matcher range = RANGE.matcher(String.valueOf(exchange.getRequestHeaders().getFirst("Range")));
        boolean part = range.matches() && range.group().length() > "bytes=-".length();
        if (part) {
            boolean last = range.group(1).isEmpty();
            from = last ? Math.max(0, size - Long.parseLong(range.group(2))) : Long.parseLong(range.group(1));
            to = last || range.group(2).isEmpty() ? size : Math.min(size, Long.parseLong(range.group(2)) + 1);
            if (from >= to) {
                exchange.getResponseHeaders().set("Content-Range", "bytes */" + size);
                Answer.error(exchange, 416, "RANGE_INVALID", "the blob has " + size + " bytes");
                return;
            }
            exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + size);
        }
        try (InputStream in = source.open()) {
            in.skipNBytes(from);
            OutputStream out = Answer.begin(exchange, part ? 206 : 200, to - from);
            byte[] buffer = new byte[128 * 1024];
            for (long left = out == null ? 0 : to - from; left > 0; ) {
                int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (count < 0) {
                    return; // the file became shorter: the client sees that the body is
                }
                out.write(buffer, 0, count);
                left -= count;
            }
        }
    }
}
