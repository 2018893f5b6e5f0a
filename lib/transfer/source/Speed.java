package lib.transfer.source;

import java.util.HashSet;
import java.util.Set;

/**
 * How fast a host has answered and sent so far, and what one more connection to it may bring: some hosts give each connection the same, others
 * divide what they give in all. Its {@link Host} guards what changes.
 */
final class Speed {
    /** Connections that bring less than this share of what one brings alone have come to what the host, or the line to it, gives in all. */
    private static final double SHARED = 0.6;
    /** What was measured so long ago is measured anew, with a small part. */
    private static final long OUTDATED_NANOS = 10_000_000_000L;
    /** After so long, what the last connection brings is no longer slowed down by those that have ended. */
    private static final long SETTLED_NANOS = 4_000_000_000L;

    private final Set<Flow> flows = new HashSet<>();
    /** What one connection brings alone, in bytes a second; -1 where it is not known. */
    private double alone = -1;
    private long aloneSince = System.nanoTime();
    private double latencyNanos;
    private long usedAt;

    void began(Flow flow) {
        flows.add(flow);
    }

    void ended(Flow flow) {
        flows.remove(flow);
        usedAt = System.nanoTime();
        aloneSince = usedAt;
        alone = alone < 0 ? flow.average() : alone; // of what came in a moment, at least so much is known
    }

    /** The first bytes of an answer came after so long. */
    void answered(long nanos) {
        latencyNanos = latencyNanos == 0 ? nanos : (latencyNanos + nanos) / 2;
    }

    /** Some bytes came. */
    void sent(Flow flow) {
        double rate = flow.rate();
        boolean isAlone = flows.size() == 1 && System.nanoTime() - aloneSince > SETTLED_NANOS;
        if (rate >= 0) {
            alone = isAlone ? rate : Math.max(alone, rate);
        }
    }

    int connections() {
        return flows.size();
    }

    /** Returns how many bytes a second one more connection may be expected to bring, or -1 where that is not known, or not any more. */
    double pace() {
        int known = sending();
        if (known == 0) {
            boolean outdated = flows.isEmpty() && System.nanoTime() - usedAt > OUTDATED_NANOS;
            return alone < 0 || outdated ? -1 : alone / (flows.size() + 1);
        }
        double each = together() / known;
        int starting = flows.size() - known; // what these will bring, and whether the others then bring less, is not seen yet
        return isShared() ? together() / (known + 1) : starting < known ? each : each / (starting + 1);
    }

    /** Returns how many bytes a second more may be expected of one more connection: where all of them share what the host gives in all, next to nothing. */
    double gain() {
        return isShared() ? pace() / 10 : pace();
    }

    /** Returns in how many seconds so many bytes come at this rate; without end where that is not known. */
    double seconds(double rate, long bytes) {
        return rate <= 0 ? Double.POSITIVE_INFINITY : latencyNanos / 1e9 + bytes / rate;
    }

    private boolean isShared() {
        return sending() > 0 && together() < SHARED * alone * sending();
    }

    /** Returns how many connections have brought enough to tell how fast they are. */
    private int sending() {
        return (int) flows.stream().filter(flow -> flow.rate() >= 0).count();
    }

    /** Returns how many bytes a second these bring together. */
    private double together() {
        return flows.stream().mapToDouble(flow -> Math.max(0, flow.rate())).sum();
    }
}
