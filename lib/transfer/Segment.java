package lib.transfer;

import lib.transfer.source.Flow;
import lib.transfer.source.Source;

/** A stretch of a blob that one connection fetches from one source. What changes is guarded by the {@link Transfer} that works on it. */
final class Segment {
    final BlobFile slot;
    final Source source;
    /** The slot's round when this was cut: bytes of an earlier round do not count any more. */
    final int round;
    final long from;
    /** The first byte that is not fetched: it moves down when another connection takes the rest. */
    long to;
    /** The next byte to come. */
    long at;
    /** What has come up to here is being written, and stays this segment's. */
    long written;
    /** As far as the journal knows. */
    long noted;
    private final long begin = System.nanoTime();
    private long noteAfterNanos = 1_000_000_000L;
    /** How its bytes come. */
    Flow flow;
    /** Whether its connection has stalled and others go on without it: nothing that it still brings is of use. */
    boolean abandoned;

    /** Cuts a segment out of a slot: bytes from {@code from}, up to {@code to}, which is not part of it. */
    Segment(BlobFile slot, Source source, long from, long to) {
        this.slot = slot;
        this.source = source;
        this.round = slot.round;
        this.from = from;
        this.to = to;
        this.at = from;
        this.written = from;
        this.noted = from;
    }

    /** Returns whether the journal is to know of what has come: after so many bytes and, where they come slowly, after a second, then two, four and so on. */
    boolean isToBeNoted(long bytes) {
        if (at - noted < bytes && System.nanoTime() - begin < noteAfterNanos) {
            return false;
        }
        noteAfterNanos *= 2;
        return true;
    }

    /** Returns how many bytes are still to come. */
    long left() {
        return to - written;
    }

    /** What had come was held back for so many nanoseconds, to keep to a limit. */
    void waited(long nanos) {
        flow.waited(nanos);
        slot.waitedNanos.add(nanos);
    }

    /** Returns whether what comes still counts. */
    boolean isWanted() {
        return !abandoned && round == slot.round && !source.host().isDistrusted();
    }

    /**
     * Learns what the server does. One that sends all when asked for a part is read from there to the end of the gap, unless another sends parts.
     * Returns whether the segment is still wanted.
     */
    boolean learn(boolean part) {
        if (!isWanted()) {
            return false;
        }
        if (part || at > 0 || to < slot.blob.size()) {
            source.host().sentPart(part);
        }
        if (part) {
            slot.parts = BlobFile.Parts.SENT;
        } else if (at > 0 && slot.hasOtherWithParts(source)) {
            return false;
        } else if (slot.parts == BlobFile.Parts.UNKNOWN) {
            slot.parts = BlobFile.Parts.REFUSED;
            slot.claimed.remove(at, to);
            to = slot.claimed.gapEnd(at, slot.blob.size());
            slot.claimed.add(at, to);
        }
        return true;
    }

    /** Takes some bytes that have come for it to be written, and returns how many: none where another connection has taken over, or where they are not wanted. */
    int claim(int count) {
        int mine = isWanted() ? (int) Math.min(count, to - at) : 0;
        written = at + mine;
        return mine;
    }
}
