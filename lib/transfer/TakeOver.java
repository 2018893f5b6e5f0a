package lib.transfer;

import java.util.Comparator;
import java.util.List;
import lib.failure.RegistryException;
import lib.transfer.source.Host;
import lib.transfer.source.Source;
import org.jspecify.annotations.Nullable;

/**
 * What a connection without work takes over of what another still has to bring, so that the last parts are never waited for at the slowest source.
 * It also knows which connections have stalled. The {@link Transfer} calls it with its lock held.
 */
final class TakeOver {
    /** What is left of a segment is shared where it would take longer than this; of one source alone, where each half is worth a request, too. */
    private static final double LONG_SECONDS = 3;
    private static final long WORTH_SHARING = 2 * 1024 * 1024;
    /** What another source has to save at least, in seconds and as a share of what it takes now. */
    private static final double WORTH_SECONDS = 0.4;
    private static final double WORTH_SHARE = 0.3;
    /** A connection that is so much slower loses all that is left, else only as much as has both end together. */
    private static final double MUCH_SLOWER = 3;
    static final long SILENT_NANOS = 1_000_000_000L;
    private static final long STALLED_NANOS = 3_000_000_000L;
    private static final long UNANSWERED_NANOS = 10_000_000_000L;
    /** Looks at who is silent are a quarter of a second apart. One that comes so much later says that this program was stopped, as by Ctrl-Z, or its machine. */
    private static final long STOPPED_NANOS = 1_500_000_000L;

    private final List<Segment> underway;
    private long lookedAt = System.nanoTime();
    private long deafUntil = lookedAt;

    /** @param underway the segments that connections are fetching now, as the transfer keeps them */
    TakeOver(List<Segment> underway) {
        this.underway = underway;
    }

    /** What a source can do for a segment: the first byte that it takes over, and how many seconds earlier the segment is complete. */
    private record Offer(Segment segment, Source source, long from, double saved) { }

    /** Returns what of a segment underway comes sooner by another connection, which the segment loses; null if there is nothing like that. */
    @Nullable Segment next() {
        Offer best = null;
        for (Segment segment : underway) {
            boolean isJudged = segment.isWanted() && segment.slot.last() == null && !SegmentScheduler.isHeldBack(segment.slot); // a limit says nothing of a source
            if (segment.left() > 0 && isJudged) {
                Offer offer = segment.slot.serving().size() > 1 ? offer(segment) : half(segment);
                best = offer != null && (best == null || offer.saved > best.saved) ? offer : best;
            }
        }
        if (best == null) {
            return null;
        }
        Segment taken = new Segment(best.segment.slot, best.source, best.from, best.segment.to);
        best.segment.to = best.from;
        return taken;
    }

    /** Of one source alone, a slow connection loses half of what it still has to bring: the part further from where it writes now. */
    private static @Nullable Offer half(Segment segment) {
        BlobFile slot = segment.slot;
        boolean isLong = slot.round == 0 && slot.parts == BlobFile.Parts.SENT && SegmentScheduler.gainsFromMore(slot) && !slot.ready().isEmpty()
                && segment.left() >= WORTH_SHARING && segment.left() > LONG_SECONDS * SegmentScheduler.ratePerConnection(slot);
        return isLong ? new Offer(segment, segment.source, (segment.written + segment.to) / 2, segment.left() / SegmentScheduler.ratePerConnection(slot) / 2) : null;
    }

    private static @Nullable Offer offer(Segment segment) {
        long left = segment.left();
        double rate = segment.flow.rate();
        long silent = segment.flow.silentNanos();
        Source source = segment.slot.ready().stream().filter(ready -> ready.host().parts() != Host.Parts.REFUSED)
                .min(Comparator.comparingDouble(ready -> ready.host().seconds(left))).orElse(null);
        if (source == null || rate < 0 && silent < SILENT_NANOS) {
            return null; // there is nobody else, or it has just begun
        }
        double alone = source.host().seconds(left);
        double now = left / Math.max(rate, 1);
        if (Double.isInfinite(alone)) { // nothing is known of it, which is better than to know that little or nothing comes
            boolean isWorse = now > LONG_SECONDS && source.host() != segment.source.host();
            return isWorse ? new Offer(segment, source, silent > SILENT_NANOS ? segment.written : segment.written + left / 2, now / 2) : null;
        }
        boolean isComparable = alone > 0 && now < MUCH_SLOWER * alone && left >= WORTH_SHARING;
        double both = isComparable ? 1 / (1 / alone + 1 / now) : alone;
        double saved = now - both;
        if (!(saved > WORTH_SECONDS && saved > WORTH_SHARE * now)) {
            return null;
        }
        return new Offer(segment, source, isComparable ? segment.written + (long) (left * both / now) : segment.written, saved);
    }

    /** Returns the segments that may be judged by their silence now: none for a while after this program was stopped and listened to nobody. */
    List<Segment> judged() {
        long now = System.nanoTime();
        deafUntil = now - lookedAt > STOPPED_NANOS ? now + STALLED_NANOS : deafUntil;
        lookedAt = now;
        return now - deafUntil < 0 ? List.of() : List.copyOf(underway);
    }

    /** Returns the failure of a connection that has brought nothing for so long that another source does better, while bytes come from elsewhere; else null. */
    @Nullable RegistryException stall(Segment segment) {
        long silent = segment.flow.silentNanos();
        boolean isReading = segment.written == segment.at; // else a disk is slow, and what is being written stays its own
        boolean isSilent = isReading && silent > (segment.flow.hasBegun() ? STALLED_NANOS : UNANSWERED_NANOS) && segment.isWanted() && segment.slot.last() == null;
        boolean comesElsewhere = isSilent && underway.stream().anyMatch(other -> other.source.host() != segment.source.host() && other.flow.silentNanos() < SILENT_NANOS);
        if (!comesElsewhere || segment.slot.serving().size() < 2) {
            return null;
        }
        String why = segment.source.endpoint().base() + " has sent nothing for " + silent / 1_000_000_000 + " s of the blob " + segment.slot.blob.digest();
        return new RegistryException(why, RegistryException.Kind.LOST, 0, -1, true, null);
    }

    /** Tells whether a connection brings nothing at the moment, and others have taken over all that it was to bring: a read of it may not return for long. */
    static boolean hasLostAll(Segment segment) {
        return segment.left() == 0 && segment.written == segment.at && segment.flow.silentNanos() > SILENT_NANOS;
    }
}
