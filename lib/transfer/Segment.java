package lib.transfer;

/** A stretch of a blob that one connection fetches. What changes is guarded by the {@link Transfer} that works on it. */
final class Segment {
    final BlobFile slot;
    /** The slot's round when this was cut: bytes of an earlier round do not count any more. */
    final int round;
    final long from;
    /** The first byte that is not fetched: it moves down when another connection takes the rest. */
    long to;
    /** The next byte to come. */
    long at;
    /** As far as the journal knows. */
    long noted;

    /** Cuts a segment out of a slot: bytes from {@code from}, up to {@code to}, which is not part of it. */
    Segment(BlobFile slot, long from, long to) {
        this.slot = slot;
        this.round = slot.round;
        this.from = from;
        this.to = to;
        this.at = from;
        this.noted = from;
    }
}
