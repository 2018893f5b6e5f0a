package lib.transfer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import lib.transfer.source.Host;
import lib.transfer.source.Source;
import lib.transfer.source.Sources;
import org.jspecify.annotations.Nullable;

/**
 * Decides which stretch of which blob a free connection fetches next, and from which source, by how fast the others are.
 * The {@link Transfer} calls it with its lock held, and claims what is chosen.
 */
final class SegmentScheduler {
    private static final int LONGEST = 16;
    /** What one connection may bring before more of them are useless, in bytes a second: more than most lines do. */
    private static final double FAST = 64e6;
    private static final double PATIENCE_SECONDS = 0.15;
    /** Of several sources each is asked for what it may bring in so many seconds, and then is compared with the others again. */
    private static final double SECONDS_A_PART = 3;
    /** What is asked of a source that nothing is known of, and the least of any of several. */
    private static final long SMALL = 1024 * 1024;

    private final List<BlobFile> slots;
    private final List<Segment> underway;
    private final Settings settings;
    private final TakeOver takeOver;

    /** @param underway the segments that connections are fetching now, as the transfer keeps them */
    SegmentScheduler(List<BlobFile> slots, List<Segment> underway, TakeOver takeOver, Settings settings) {
        this.slots = slots;
        this.underway = underway;
        this.settings = settings;
        this.takeOver = takeOver;
    }

    /** Returns whether nothing is left to do for any slot. */
    boolean isOver() {
        for (BlobFile slot : slots) {
            if (!slot.isOver()) {
                return false;
            }
        }
        return true;
    }

    /** Returns a segment that nobody has begun, or the rest of one that comes slowly; null if one more connection would gain nothing now. */
    @Nullable Segment next() {
        Segment segment = pick();
        return segment != null ? segment : takeOver.next();
    }

    /** The slot with the fewest connections goes first, so that blobs come side by side and the last ones get all there are. */
    private @Nullable Segment pick() {
        Segment best = null;
        for (BlobFile slot : slots) {
            long from = slot.claimed.firstGap();
            if (!slot.isOver() && from < slot.blob.size() && (best == null || goesBefore(slot, best.slot))) {
                long gap = slot.claimed.gapEnd(from, slot.blob.size()) - from;
                Source source = source(slot, gap);
                best = source == null ? best : new Segment(slot, source, from, from + Math.min(gap, lengthOf(slot, source, gap)));
            }
        }
        return best;
    }

    /** With as many connections, the slot of which more is still to be fetched goes first. */
    private static boolean goesBefore(BlobFile slot, BlobFile other) {
        return slot.connections != other.connections ? slot.connections < other.connections : unclaimed(slot) > unclaimed(other);
    }

    private static long unclaimed(BlobFile slot) {
        return slot.blob.size() - slot.claimed.total();
    }

    private @Nullable Source source(BlobFile slot, long gap) {
        List<Source> able = new ArrayList<>();
        for (Source ready : slot.ready()) {
            if (canUseAConnection(slot, ready)) {
                able.add(ready);
            }
        }
        return able.size() < 2 ? (able.isEmpty() ? null : able.get(0)) : Collections.min(able, Sources.bestFor(Math.min(gap, SMALL)));
    }

    /**
     * Long segments at first, which spare the server requests, and shorter ones to the end, so that all connections end together.
     * All at once where the server sends no parts, and where a blob made of parts proved wrong: the parts may be what is wrong with it.
     */
    private long lengthOf(BlobFile slot, Source source, long gap) {
        long share = gap / settings.connections();
        if (slot.serving().size() > 1) {
            double pace = source.host().pace();
            long least = Math.min(settings.segment(), Math.max(SMALL, (long) pace));
            long most = Math.max(least, (long) Math.min(pace * SECONDS_A_PART, LONGEST * settings.segment()));
            return source.host().parts() == Host.Parts.REFUSED ? gap : Math.max(least, Math.min(share, most));
        }
        if (slot.parts == BlobFile.Parts.REFUSED || slot.round > 0) {
            return gap;
        }
        return Math.max(settings.segment(), Math.min(share, LONGEST * settings.segment()));
    }

    /**
     * Before it is known whether the server sends parts of a blob, and how fast, one connection asks for the first; another source may be asked beside it.
     * So it is when a blob is begun anew: not before all connections that bring bytes of the earlier round have ended.
     */
    private boolean canUseAConnection(BlobFile slot, Source source) {
        boolean isIdle = source.host().connections() == 0 && slot.serving().size() > 1;
        boolean more = slot.connections == 0 || (slot.parts == BlobFile.Parts.SENT || isIdle) && (gainsFromMore(slot) || isIdle && slot.came == 0);
        boolean isClear = slot.round == 0 || underway.stream().noneMatch(segment -> segment.slot == slot && segment.round != slot.round);
        return more && isClear && sendsWhatIsMissing(source, slot);
    }

    /** A source that sends no parts is of use where a blob is not begun, or where no other sends parts either. */
    private static boolean sendsWhatIsMissing(Source source, BlobFile slot) {
        return source.host().parts() != Host.Parts.REFUSED || slot.claimed.total() == 0 || !slot.hasOtherWithParts(source);
    }

    /** A blob that comes as fast as this machine can take it comes no faster by more connections, which cost both sides work. */
    static boolean gainsFromMore(BlobFile slot) {
        return slot.came > 0 && seconds(slot) > PATIENCE_SECONDS && !isHeldBack(slot) && ratePerConnection(slot) < FAST;
    }

    /** Tells whether a limit, and not the line, says how fast a blob comes. */
    private static boolean isHeldBack(BlobFile slot) {
        return slot.waitedNanos.sum() / 1e9 > seconds(slot) / 2;
    }

    /** Returns how many bytes a second each connection brings to a slot that has some. */
    static double ratePerConnection(BlobFile slot) {
        return slot.came / seconds(slot) / slot.connections;
    }

    private static double seconds(BlobFile slot) {
        return (System.nanoTime() - slot.cameSince) / 1e9;
    }
}
