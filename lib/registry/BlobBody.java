package lib.registry;

import java.io.Closeable;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lib.failure.RegistryException;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.registry.http.RequestFailure;
import lib.registry.http.Response;

/** The bytes of a blob as they arrive, from {@code start} on. */
public final class BlobBody implements Closeable {
    private static final Pattern WHOLE_SIZE = Pattern.compile("bytes (?:[0-9]+-[0-9]+|\\*)/([0-9]{1,18})");
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\\*)");

    private final long start;
    private final boolean part;
    private final Response answer;
    private long received;
    private long waitedNanos;

    BlobBody(long start, boolean part, Response answer) {
        this.start = start;
        this.part = part;
        this.answer = answer;
    }

    /** Returns the body of a whole blob, or throws WrongContentException when the registry says that it is of another size. */
    static BlobBody whole(Response answer, Descriptor blob) throws WrongContentException {
        if (answer.contentLength() >= 0 && answer.contentLength() != blob.size()) {
            answer.abort();
            throw new WrongContentException("the blob " + blob.digest() + " has " + answer.contentLength() + " bytes at the registry, but " + blob.size() + " by the manifest");
        }
        return new BlobBody(0, false, answer);
    }

    /** Returns whether a 206 answer begins at the byte that was asked for, and names the right size of the blob (RFC 9110, section 14.4). */
    static boolean isAsAsked(Response answer, long from, long to, long size) {
        Matcher range = CONTENT_RANGE.matcher(String.valueOf(answer.header("Content-Range")));
        return range.matches()
                && Long.parseLong(range.group(1)) == from
                && Long.parseLong(range.group(2)) < to
                && (range.group(3).equals("*") || Long.parseLong(range.group(3)) == size);
    }

    /** Returns the size in bytes of the blob that an answer is all of, a part of, or says to lack a part of; -1 if the answer does not say. */
    static long size(Response answer) {
        Matcher range = WHOLE_SIZE.matcher(String.valueOf(answer.header("Content-Range")));
        boolean part = answer.status() == 206 || answer.status() == 416;
        return part && range.matches() ? Long.parseLong(range.group(1)) : answer.status() == 200 ? answer.contentLength() : -1;
    }

    /** Returns whether the server sends the part that was asked for; if not, it sends the whole blob. */
    public boolean isPart() {
        return part;
    }

    /**
     * Reads some bytes, as InputStream does.
     *
     * @return how many, or -1 at the end
     * @throws RegistryException if the connection is lost or stalls
     */
    public int read(byte[] buffer, int offset, int length) throws RegistryException {
        try {
            int count = answer.body().read(buffer, offset, answer.throttle().piece(length));
            waitedNanos += answer.throttle().received(count);
            received += Math.max(0, count);
            return count;
        } catch (IOException e) {
            throw RequestFailure.lost(answer.uri(), e);
        }
    }

    /** Returns for how long bytes that had come were held back to keep to a limit, since this was asked last: that is not the host's doing. In nanoseconds. */
    public long takeWaitedNanos() {
        long nanos = waitedNanos;
        waitedNanos = 0;
        return nanos;
    }

    /**
     * Returns all of a small blob.
     *
     * @throws WrongContentException when these are not the bytes that its descriptor says
     * @throws RegistryException     when the line breaks or stalls
     */
    byte[] readAll(Descriptor blob) throws IOException {
        byte[] bytes = new byte[(int) blob.size()];
        int length = 0;
        for (int count = 0; length < bytes.length && count >= 0; length += Math.max(0, count)) {
            count = read(bytes, length, bytes.length - length);
        }
        if (length < bytes.length) {
            throw endedEarly();
        }
        if (goesOn() || !blob.digest().isOf(bytes)) {
            throw new WrongContentException("the blob " + blob.digest() + " is damaged: the bytes that came have another digest");
        }
        return bytes;
    }

    /** Returns whether as many bytes have come as the answer's Content-Length says. */
    public boolean isComplete() {
        return received == answer.contentLength();
    }

    /** Returns whether there is more to read; false also if the connection is lost. */
    public boolean goesOn() {
        try {
            return !isComplete() && read(new byte[1], 0, 1) >= 0;
        } catch (RegistryException e) {
            return false;
        }
    }

    /**
     * Skips to a byte of the blob: a server that sends the whole blob when asked for a part begins too early.
     *
     * @param place the byte to read next, counted from the blob's first
     * @throws RegistryException if the connection is lost or stalls, or the body ends before
     */
    public void skipTo(long place) throws RegistryException {
        byte[] unwanted = new byte[(int) Math.min(64 * 1024, Math.max(0, place - start))];
        for (long left = place - start; left > 0; ) {
            int count = read(unwanted, 0, (int) Math.min(left, unwanted.length));
            if (count < 0) {
                throw endedEarly();
            }
            left -= count;
        }
    }

    /** Returns the failure of a body that ended early. */
    public RegistryException endedEarly() {
        return RequestFailure.lost(answer.uri(), new java.io.EOFException());
    }

    /** Gives the connection back if the body was read to its end, else ends it. */
    @Override
    public void close() {
        if (!isComplete()) {
            answer.abort();
            return;
        }
        try {
            answer.close();
        } catch (IOException e) {
            answer.abort();
        }
    }
}
