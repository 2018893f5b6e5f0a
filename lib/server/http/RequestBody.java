package lib.server.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** The body of a request, of a known length or in chunks (RFC 9112, sections 6 and 7). One that breaks off ends with an exception. */
final class RequestBody extends InputStream {
    private static final int LONGEST_LINE = 4096;

    private final InputStream in;
    private final OutputStream out;
    private final boolean isChunked;
    private boolean isAwaited;
    /** How many bytes of the body, or of this chunk, are still to come. */
    private long left;
    private boolean hasBegun;
    private boolean hasEnded;

    RequestBody(RequestHead head, InputStream in, OutputStream out) {
        this.in = in;
        this.out = out;
        this.isChunked = head.isChunked();
        this.isAwaited = head.expectsContinue();
        this.left = isChunked ? 0 : head.length();
        this.hasEnded = !isChunked && left == 0;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (hasEnded || length == 0) {
            return hasEnded ? -1 : 0;
        }
        if (isAwaited) {
            isAwaited = false;
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }
        if (left == 0) {
            nextChunk();
            if (hasEnded) {
                return -1;
            }
        }
        int count = in.read(buffer, offset, (int) Math.min(length, left));
        if (count < 0) {
            throw new EOFException("the client hung up in the middle of the body");
        }
        left -= count;
        hasEnded = !isChunked && left == 0;
        return count;
    }

    /** Returns whether the client still waits to hear that the body is wanted: then it sends none. */
    boolean isStillAwaited() {
        return isAwaited && !hasEnded;
    }

    private void nextChunk() throws IOException {
        if (hasBegun && !line().isEmpty()) {
            throw new IOException("a chunk is longer than it says");
        }
        hasBegun = true;
        String size = line().replaceFirst("[ \t]*;.*", "").strip();
        if (!size.matches("[0-9A-Fa-f]{1,15}")) {
            throw new IOException("a chunk does not say how long it is");
        }
        left = Long.parseLong(size, 16);
        if (left == 0) {
            while (!line().isEmpty()) {
                // trailers are not wanted
            }
            hasEnded = true;
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0 || line.length() > LONGEST_LINE) {
                throw new EOFException("the client hung up in the middle of the body");
            }
            line.append((char) next);
        }
        return line.toString().replaceFirst("\r$", "");
    }
}
