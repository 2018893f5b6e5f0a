package lib.transfer.source;

import lib.failure.RegistryException;
import lib.image.Digest;
import org.jspecify.annotations.Nullable;

/** What is known of one host, or a path there that has a registry of its own: how fast it is, whether it may be asked, and whether it is believed. */
public final class Host {
    /** Whether it sends the parts of blobs that it is asked for. */
    public enum Parts { UNKNOWN, SENT, REFUSED }

    private final String address;
    private final Speed speed = new Speed();
    private final Standing standing = new Standing();
    private Parts parts = Parts.UNKNOWN;
    private boolean distrusted;
    private long vouched;

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
        speed.began(flow);
        return flow;
    }

    synchronized void ended(Flow flow) {
        speed.ended(flow);
    }

    synchronized void beganToSend(long nanos) {
        speed.answered(nanos);
    }

    synchronized void sent(long count, Flow flow) {
        standing.sent(count);
        speed.sent(flow);
    }

    /** Returns how many bytes it has sent in all. */
    public synchronized long total() {
        return standing.total();
    }

    /** Returns how many connections ask it for something now. */
    public synchronized int connections() {
        return speed.connections();
    }

    /** Returns how many bytes a second one more connection may be expected to bring, or -1 where that is not known, or not any more. */
    public synchronized double pace() {
        return speed.pace();
    }

    /** Returns in how many seconds one more connection may bring so many bytes; without end where nothing is known. */
    public synchronized double seconds(long bytes) {
        return speed.seconds(speed.pace(), bytes);
    }

    /** Returns the same by what one more connection would add: the lower, the better it is used here. */
    synchronized double cost(long bytes) {
        return speed.seconds(speed.gain(), bytes);
    }

    /** Returns whether it sends the parts of blobs that it is asked for, as far as that is known. */
    public synchronized Parts parts() {
        return parts;
    }

    /** It sent the part that it was asked for, or all of a blob instead: what it did last counts, or it would be asked in vain again and again. */
    public synchronized void sentPart(boolean part) {
        parts = part ? Parts.SENT : Parts.REFUSED;
    }

    /** Returns whether it may be asked for a blob, now or after a rest. */
    synchronized boolean serves(Digest blob) {
        return !distrusted && standing.serves(blob);
    }

    /** It is not asked for this blob any more. */
    synchronized void giveUp(Digest blob) {
        standing.giveUp(blob);
    }

    synchronized boolean rests() {
        return standing.rests();
    }

    /** Returns whether it may be asked for a blob, and is to be relied on. */
    synchronized boolean isLeft(Digest blob) {
        return serves(blob) && standing.isReliable();
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
        return standing.lastFailure();
    }

    /** It did not send what it was asked for: see {@link Standing#failed}. */
    synchronized @Nullable String failed(RegistryException failure, Digest blob, int retries) {
        return standing.failed(failure, blob, retries);
    }
}
