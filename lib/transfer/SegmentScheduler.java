package lib.transfer;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides which stretch of which blob a free connection fetches next, by how fast the others are.
 * The {@link Transfer} calls it with its lock held, and claims what is chosen.
 */
final class SegmentScheduler {
    private static final int LONGEST = 16;
    /** What one connection may bring before others are of no use, in bytes a second: more than most lines do. */
    private static final double FAST = 64e6;
    private static final double PATIENCE_SECONDS = 0.15;
    /** What is left of a segment is shared where it would take longer than this, and each half is long enough to be worth a request. */
    private static final double LONG_SECONDS = 3;
    private static final long WORTH_SHARING = 2 * 1024 * 1024;

    private final List<BlobFile> slots;
    private final List<Segment> underway;
    private final Settings settings;

    /** @param underway the segments that connections are fetching now, as the transfer keeps them */
    SegmentScheduler(List<BlobFile> slots, List<Segment> underway, Settings settings) {
        this.slots = slots;
        this.underway = underway;
        this.settings = settings;
    }

    /** Returns a segment that nobody has begun, or half of one that comes slowly; null where one more connection would gain nothing now. */
    @Nullable Segment next() {
        Segment segment = pick();
        return segment != null ? segment : share();
    }

    /** The slot with the fewest connections goes first, so that blobs come side by side and the last ones get all there are. */
    private @Nullable Segment pick() {
        BlobFile slot = slots.stream().filter(this::canUseAConnection)
                .min(Comparator.comparingInt((BlobFile s) -> s.connections).thenComparing(s -> -(s.blob.size() - s.claimed.total())))
                .orElse(null);
        if (slot == null) {
            return null;
        }
        long from = slot.claimed.firstGap();
        long gapEnd = slot.claimed.gapEnd(from, slot.blob.size());
        return new Segment(slot, from, from + Math.min(gapEnd - from, lengthOf(slot, gapEnd - from)));
    }

    /**
     * Where all is claimed, a connection without work takes half of what another still has to bring, if the line is slow:
     * the part further from where that one writes now. A blob that is fetched for the second time is not shared: see {@link #lengthOf}.
     */
    private @Nullable Segment share() {
        Segment longest = underway.stream().filter(this::isLong).max(Comparator.comparingLong(segment -> segment.to - segment.at)).orElse(null);
        if (longest == null) {
            return null;
        }
        Segment half = new Segment(longest.slot, (longest.at + longest.to) / 2, longest.to);
        longest.to = half.from;
        return half;
    }

    private boolean isLong(Segment segment) {
        long left = segment.to - segment.at;
        return segment.slot.round == 0 && segment.slot.parts == BlobFile.Parts.SENT && gainsFromMore(segment.slot)
                && left >= WORTH_SHARING && left > LONG_SECONDS * ratePerConnection(segment.slot);
    }

    /**
     * Long segments at first, which spare the server requests, and shorter ones to the end, so that all connections end together.
     * All at once where the server sends no parts, and where a blob made of parts proved wrong: the parts may be what is wrong with it.
     */
    private long lengthOf(BlobFile slot, long gap) {
        if (slot.parts == BlobFile.Parts.REFUSED || slot.round > 0) {
            return gap;
        }
        long share = gap / settings.connections();
        return Math.max(settings.segment(), Math.min(share, LONGEST * settings.segment()));
    }

    /**
     * Before it is known whether the server sends parts of a blob, and how fast, one connection asks for the first.
     * So it is when a blob is begun anew: not before all connections that bring bytes of the earlier round have ended.
     */
    private boolean canUseAConnection(BlobFile slot) {
        boolean more = slot.connections == 0 || slot.parts == BlobFile.Parts.SENT && gainsFromMore(slot);
        return more && slot.claimed.firstGap() < slot.blob.size();
    }

    /** A blob that comes as fast as this machine can take it comes no faster by more connections, which cost both sides work. */
    private static boolean gainsFromMore(BlobFile slot) {
        return slot.came > 0 && seconds(slot) > PATIENCE_SECONDS && ratePerConnection(slot) < FAST;
    }

    /** Returns how many bytes a second each connection brings to a slot that has some. */
    private static double ratePerConnection(BlobFile slot) {
        return slot.came / seconds(slot) / slot.connections;
    }

    private static double seconds(BlobFile slot) {
        return (System.nanoTime() - slot.cameSince) / 1e9;
    }
}
