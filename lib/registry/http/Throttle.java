package lib.registry.http;

import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;

/**
 * How fast the bytes of blobs come and go: all connections together, each direction counted for itself. There is no limit until one is set.
 * It is a token bucket that holds next to nothing. What has come is paid for by waiting afterwards, so that nothing has to be given back.
 */
public final class Throttle {
    /** So many pieces a second keep the line even; 64 connections that take turns then wait half a second, which no one takes for a stall. */
    private static final int PIECES_PER_SECOND = 128;
    /** Waits that took longer than they should are made up for, within this time. */
    private static final long MADE_UP_NANOS = 100_000_000;

    private final Bucket received = new Bucket();
    private final Bucket sent = new Bucket();
    private volatile long rate;

    /** When the bytes so far are paid for, by {@link System#nanoTime()}. */
    private static final class Bucket {
        private long paidAt = System.nanoTime();

        /** Returns for how many nanoseconds somebody has to wait who took so many. */
        synchronized long take(long nanos) {
            long now = System.nanoTime();
            paidAt = Math.max(paidAt - now, -MADE_UP_NANOS) + now + nanos;
            return Math.max(0, paidAt - now);
        }
    }

    /** Sets the limit, for both directions. */
    public void limit(long bytesPerSecond) {
        rate = bytesPerSecond;
    }

    /** Returns whether there is a limit. */
    public boolean isLimited() {
        return rate > 0;
    }

    /** Returns how many of so many bytes to move at a time. */
    public int piece(int length) {
        return isLimited() ? (int) Math.min(length, Math.max(1, rate / PIECES_PER_SECOND)) : length;
    }

    /**
     * Waits until so many bytes, which have come, may have come.
     *
     * @return how long that took, in nanoseconds
     * @throws InterruptedIOException if the thread is interrupted
     */
    public long received(int bytes) throws InterruptedIOException {
        return await(received, bytes);
    }

    /** Waits until so many bytes, which were sent, may have been sent; returns and throws as {@link #received} does. */
    public long sent(int bytes) throws InterruptedIOException {
        return await(sent, bytes);
    }

    private long await(Bucket bucket, int bytes) throws InterruptedIOException {
        if (!isLimited() || bytes <= 0) {
            return 0;
        }
        long begun = System.nanoTime();
        try {
            TimeUnit.NANOSECONDS.sleep(bucket.take(bytes * 1_000_000_000L / rate));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
        return System.nanoTime() - begun;
    }
}
