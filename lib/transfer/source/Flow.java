package lib.transfer.source;

/**
 * The bytes of one connection to a host as they come, and how fast: what came lately counts most, so that a line that is throttled or stalls is
 * seen within a few seconds. Its {@link Host} guards what changes.
 */
public final class Flow {
    /** After so long, what came before counts for about a third. */
    private static final double MEMORY_NANOS = 2e9;
    /** Less than this says little of a rate: it may have lain in a buffer. */
    private static final long ENOUGH_NANOS = 50_000_000;
    private static final long ENOUGH_BYTES = 64 * 1024;

    private final Host host;
    private final long begun = System.nanoTime();
    private long total;
    private long firstAt;
    private long lastAt;
    /** For how long we held back what had come: its clock stands still then. */
    private long waitedNanos;
    /** Bytes and the time that they took, both fading. */
    private double bytes;
    private double nanos;

    Flow(Host host) {
        this.host = host;
    }

    /** Some bytes have come. */
    public void came(long count) {
        synchronized (host) {
            long now = now();
            if (total == 0) {
                firstAt = now;
                host.beganToSend(now - begun);
            } else {
                double kept = Math.exp((lastAt - now) / MEMORY_NANOS);
                bytes = bytes * kept + count;
                nanos = nanos * kept + MEMORY_NANOS * (1 - kept);
            }
            total += count;
            lastAt = now;
            host.sent(count, this);
        }
    }

    /** For so long, bytes that had come were held back to keep to a limit, which says nothing of the host. */
    public void waited(long nanos) {
        synchronized (host) {
            waitedNanos += nanos;
        }
    }

    private long now() {
        return System.nanoTime() - waitedNanos;
    }

    /** The connection is at its end, or serves something else. */
    public void end() {
        host.ended(this);
    }

    /** Returns how many bytes a second come now, or -1 where too little has come to tell. */
    public double rate() {
        synchronized (host) {
            long now = now();
            if (total < ENOUGH_BYTES || now - firstAt < ENOUGH_NANOS) {
                return -1;
            }
            double kept = Math.exp((lastAt - now) / MEMORY_NANOS);
            return bytes * kept / (nanos * kept + MEMORY_NANOS * (1 - kept)) * 1e9;
        }
    }

    /** Returns how many bytes a second have come in all, the wait for the first of them included, or -1 where these were too few to tell. */
    double average() {
        return total < ENOUGH_BYTES ? -1 : total * 1e9 / (lastAt - begun);
    }

    /** Returns since how many nanoseconds nothing has come. */
    public long silentNanos() {
        synchronized (host) {
            return now() - (total == 0 ? begun : lastAt);
        }
    }

    /** Returns whether the answer's first bytes have come. */
    public boolean hasBegun() {
        synchronized (host) {
            return total > 0;
        }
    }
}
