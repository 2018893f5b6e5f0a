package lib.transfer.source;

import java.util.HashSet;
import java.util.Set;
import lib.failure.RegistryException;
import lib.image.Digest;
import org.jspecify.annotations.Nullable;

/** What one host, or a path there that has a registry of its own, has done so far: how fast it answers and sends, whether it has failed and rests, and whether it is believed. */
public final class Host {
    /** Whether it sends the parts of blobs that it is asked for. */
    public enum Parts { UNKNOWN, SENT, REFUSED }

    /** Connections that bring less than this share of what one brings alone have come to what the host, or the line to it, gives in all. */
    private static final double SHARED = 0.6;
    /** What was measured so long ago is measured anew, with a small part. */
    private static final long OUTDATED_NANOS = 10_000_000_000L;
    /** After so long, what the last connection brings is no longer slowed down by those that have ended. */
    private static final long SETTLED_NANOS = 4_000_000_000L;
    private static final long FIRST_REST_MILLIS = 500;
    private static final long LONGEST_REST_MILLIS = 30_000;
    private static final long LONGEST_OBEYED_MILLIS = 5 * 60_000;
    /** A host that rests no longer than this is waited for. */
    private static final long SHORT_NANOS = 3_000_000_000L;
    /** So many bytes without a failure prove that it works again. */
    private static final long PROOF = 1024 * 1024;
    /** So many blobs that it does not give, and none that it gave, are enough to ask for no more. */
    private static final int MOST_MISSING = 3;

    private final String address;
    private final Set<Flow> flows = new HashSet<>();
    private final Set<Digest> missing = new HashSet<>();
    /** What one connection brings alone, in bytes a second; -1 where it is not known. */
    private double alone = -1;
    private long aloneSince = System.nanoTime();
    private double latencyNanos;
    private long usedAt;
    private long total;
    private Parts parts = Parts.UNKNOWN;
    private int failures;
    private long sinceFailure;
    private long restsUntil = System.nanoTime();
    /** Whether people were told that it rests: once is enough. */
    private boolean told;
    private boolean out;
    private boolean distrusted;
    private long vouched;
    private @Nullable RegistryException lastFailure;

    Host(String address) {
        this.address = address;
    }

    /** Returns its address, such as {@code https://mirror.example.com}, by which people and journals know it. */
    public String address() {
        return address;
    }

    /** A connection begins to ask it for something. */
    public synchronized Flow begin() {
        Flow flow = new Flow(this);
        flows.add(flow);
        return flow;
    }

    synchronized void ended(Flow flow) {
        flows.remove(flow);
        usedAt = System.nanoTime();
        aloneSince = usedAt;
        alone = alone < 0 ? flow.average() : alone; // of what came in a moment, at least so much is known
    }

    synchronized void beganToSend(long nanos) {
        latencyNanos = latencyNanos == 0 ? nanos : (latencyNanos + nanos) / 2;
    }

    synchronized void sent(long count, Flow flow) {
        total += count;
        sinceFailure += count;
        failures = sinceFailure < PROOF ? failures : 0;
        double rate = flow.rate();
        boolean isAlone = flows.size() == 1 && System.nanoTime() - aloneSince > SETTLED_NANOS;
        if (rate >= 0) {
            alone = isAlone ? rate : Math.max(alone, rate);
        }
    }

    /** Returns how many bytes it has sent in all. */
    public synchronized long total() {
        return total;
    }

    /** Returns how many connections ask it for something now. */
    public synchronized int connections() {
        return flows.size();
    }

    /** Returns how many bytes a second one more connection may be expected to bring, or -1 where that is not known, or not any more. */
    public synchronized double pace() {
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
    private double gain() {
        return isShared() ? pace() / 10 : pace();
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

    /** Returns in how many seconds one more connection may bring so many bytes; without end where nothing is known. */
    public synchronized double seconds(long bytes) {
        return secondsAt(pace(), bytes);
    }

    /** Returns the same by what one more connection would add: the lower, the better it is used here. */
    synchronized double cost(long bytes) {
        return secondsAt(gain(), bytes);
    }

    private double secondsAt(double rate, long bytes) {
        return rate <= 0 ? Double.POSITIVE_INFINITY : latencyNanos / 1e9 + bytes / rate;
    }

    /** Returns whether it sends the parts of blobs that it is asked for, as far as that is known. */
    public synchronized Parts parts() {
        return parts;
    }

    /** It sent the part that it was asked for, or all of a blob in its place: what it did last counts, or it would be asked in vain again and again. */
    public synchronized void sentPart(boolean part) {
        parts = part ? Parts.SENT : Parts.REFUSED;
    }

    /** Returns whether it may be asked for a blob, now or after a rest. */
    synchronized boolean serves(Digest blob) {
        return !out && !distrusted && !missing.contains(blob);
    }

    synchronized boolean rests() {
        return restsUntil - System.nanoTime() > 0;
    }

    /** Returns whether it is to be relied on: it has failed at most once lately, has been of use before that, and rests no longer than for a moment. */
    synchronized boolean isLeft(Digest blob) {
        boolean soon = restsUntil - System.nanoTime() < SHORT_NANOS && total > 0;
        return serves(blob) && failures <= 1 && (!rests() || soon);
    }

    /** What it sent was wrong: nothing more is taken from it. */
    synchronized void distrust() {
        distrusted = true;
    }

    /** Returns whether it has sent something wrong. */
    public synchronized boolean isDistrusted() {
        return distrusted;
    }

    /** So many stretches that it sent are of blobs that proved right. */
    synchronized void vouch(long stretches) {
        vouched += stretches;
    }

    synchronized long vouched() {
        return vouched;
    }

    synchronized @Nullable RegistryException lastFailure() {
        return lastFailure;
    }

    /**
     * It did not send what it was asked for. A blob that it refuses is not asked for there again; what may pass has it rest, longer each time; all else puts it out.
     *
     * @param retries how many failures in a row are borne
     * @return what to tell people of it, or null if they know already
     */
    synchronized @Nullable String failed(RegistryException failure, Digest blob, int retries) {
        lastFailure = failure;
        sinceFailure = 0;
        if (failure.kind() == RegistryException.Kind.REFUSED && !failure.mayPass()) {
            missing.add(blob);
            out |= total == 0 && missing.size() >= MOST_MISSING;
            return missing.size() > 1 ? null : failure.getMessage();
        }
        if (out) {
            return null; // several connections often fail at a time
        }
        boolean already = rests();
        failures += already ? 0 : 1;
        if (!failure.mayPass() || failure.retryAfterMillis() > LONGEST_OBEYED_MILLIS || failures > retries) {
            out = true;
            return failure.getMessage();
        }
        long doubled = Math.min(FIRST_REST_MILLIS << Math.min(failures - 1, 10), LONGEST_REST_MILLIS);
        long rest = failure.retryAfterMillis() >= 0 ? failure.retryAfterMillis() : doubled;
        if (!already) {
            restsUntil = System.nanoTime() + rest * 1_000_000;
        }
        boolean toldBefore = told;
        told = true;
        return toldBefore ? null : failure.getMessage() + String.format(java.util.Locale.ROOT, "; asked again in %.1f s", rest / 1000.0);
    }
}
