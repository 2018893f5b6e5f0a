package tests.support;

/**
 * What a {@link FlakyRegistry} does with one request for a blob.
 *
 * @param status         the status, 0 for the right one
 * @param retryAfter     the value of the header Retry-After, or null
 * @param closeAfter     closes the connection after so many bytes of the body, -1 for never
 * @param stallAfter     sends nothing more after so many bytes, -1 for never
 * @param ignoresRange   sends all where a part was asked for
 * @param contentRange   the value of Content-Range instead of the right one, or null
 * @param flipAt         changes the byte at this place of the blob, -1 for none
 * @param longer         so many bytes more than right, or less where it is negative, as Content-Length states too
 * @param redirect       where to send the asker, or null
 * @param bytesPerSecond the rate of this connection, 0 for any
 * @param chunked        does not say how long the body is
 * @param delayMillis    how long it takes until the answer begins
 */
public record Reply(int status, String retryAfter, long closeAfter, long stallAfter, boolean ignoresRange, String contentRange,
        long flipAt, int longer, String redirect, int bytesPerSecond, boolean chunked, int delayMillis) {
    public static final Reply RIGHT = new Reply(0, null, -1, -1, false, null, -1, 0, null, 0, false, 0);

    public static Reply status(int status, String retryAfter) {
        return new Reply(status, retryAfter, -1, -1, false, null, -1, 0, null, 0, false, 0);
    }

    public static Reply closingAfter(long bytes) {
        return new Reply(0, null, bytes, -1, false, null, -1, 0, null, 0, false, 0);
    }

    /** Closes the connection before it has sent this byte of the blob, whichever part of it was asked for. */
    public static Reply closingAt(long place, FlakyRegistry.Request request) {
        return closingAfter(Math.max(0, place - request.from()));
    }

    public static Reply stallingAfter(long bytes) {
        return new Reply(0, null, -1, bytes, false, null, -1, 0, null, 0, false, 0);
    }

    public static Reply ignoringRange() {
        return new Reply(0, null, -1, -1, true, null, -1, 0, null, 0, false, 0);
    }

    public static Reply claimingRange(String contentRange) {
        return new Reply(0, null, -1, -1, false, contentRange, -1, 0, null, 0, false, 0);
    }

    public static Reply flippingAt(long place) {
        return new Reply(0, null, -1, -1, false, null, place, 0, null, 0, false, 0);
    }

    public static Reply longerBy(int bytes) {
        return new Reply(0, null, -1, -1, true, null, -1, bytes, null, 0, false, 0);
    }

    public static Reply redirecting(String address) {
        return new Reply(0, null, -1, -1, false, null, -1, 0, address, 0, false, 0);
    }

    public Reply inChunks() {
        return new Reply(status, retryAfter, closeAfter, stallAfter, ignoresRange, contentRange, flipAt, longer, redirect, bytesPerSecond, true, delayMillis);
    }

    /** The same, but the connection is closed before this byte of the blob is sent, whichever part of it was asked for. */
    public Reply upTo(long place, FlakyRegistry.Request request) {
        return new Reply(status, retryAfter, Math.max(0, place - request.from()), stallAfter, ignoresRange, contentRange, flipAt, longer, redirect, bytesPerSecond, chunked, delayMillis);
    }

    public Reply after(int millis) {
        return new Reply(status, retryAfter, closeAfter, stallAfter, ignoresRange, contentRange, flipAt, longer, redirect, bytesPerSecond, chunked, millis);
    }

    public Reply at(int rate) {
        return new Reply(status, retryAfter, closeAfter, stallAfter, ignoresRange, contentRange, flipAt, longer, redirect, rate, chunked, delayMillis);
    }
}
