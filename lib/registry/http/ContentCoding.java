package lib.registry.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import lib.text.PlainText;

/**
 * The coding of anything but a blob (RFC 9110, section 8.4). It was not asked for, but some proxies use one all the same. Clients
 * written in Go ask for gzip and decode it by themselves, so that a digest is always that of the decoded bytes.
 */
final class ContentCoding {
    private static final byte[] GZIP = {0x1f, (byte) 0x8b};

    private ContentCoding() { }

    /** Returns the body as it was before it was encoded. */
    static InputStream decoded(Response answer) throws IOException {
        String coding = answer.header("Content-Encoding");
        if (coding == null || coding.isBlank() || coding.strip().equalsIgnoreCase("identity")) {
            return answer.body();
        }
        if (!coding.strip().matches("(?i)(x-)?gzip")) {
            throw RequestFailure.notARegistry(answer.uri(), "it sends its answer in the coding " + PlainText.cut(coding.strip()) + ", which was not asked for; is there a proxy in between?");
        }
        PushbackInputStream body = new PushbackInputStream(answer.body(), GZIP.length);
        byte[] first = body.readNBytes(GZIP.length);
        body.unread(first);
        return Arrays.equals(first, GZIP) ? new GZIPInputStream(body) : body; // some only say so
    }
}
