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
    static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
    private static final int LONGEST = 16;
    /** As long as nothing has come, and no longer than this, there are no more connections than processors. One that is silent for longer waits. */
    private static final long MOMENT_NANOS = 60_000_000;
    /** At a machine that is busy, connections wait for bytes less than so many times as long as they write and hash them. */
    private static final int WAITS = 3;
    /** What connections did before they did so much more counts half. */
    private static final long LATELY_NANOS = 2_000_000_000;
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
    private final long begun = System.nanoTime();
    private long waitedNanos;
    private long busyNanos;
    /** Whether one more connection to a single source is of use, as it was found for all blobs when a segment was asked for. */
    private boolean isMoreOfUse;

    /** @param underway the segments that connections are fetching now, as the transfer keeps them */
    SegmentScheduler(List<BlobFile> slots, List<Segment> underway, TakeOver takeOver, Settings settings) {
        this.slots = slots;
        this.underway = underway;
        this.settings = settings;
        this.takeOver = takeOver;
    }

    /** A connection has waited for bytes for so long, and then written and hashed them for so long. */
    void worked(long waited, long busy) {
        waitedNanos += waited;
        busyNanos += busy;
        if (waitedNanos + busyNanos > LATELY_NANOS) {
            waitedNanos /= 2;
            busyNanos /= 2;
        }
    }

    /**
     * Returns whether nothing is left to do for any slot, nor for a connection that has brought all of its segment:
     * it has still to tell who records the exchanges that its answer is at an end.
     */
    boolean isOver() {
        for (BlobFile slot : slots) {
            if (!slot.isOver()) {
                return false;
            }
        }
        return underway.stream().allMatch(segment -> segment.at < segment.to);
    }

    /** Returns a segment that nobody has begun, or the rest of one that comes slowly; null if one more connection would gain nothing now. */
    @Nullable Segment next() {
        isMoreOfUse = working() < PROCESSORS || !isUnknown() && !isBusy();
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
     * Longer ones at a machine that is busy: to it, it is all the same which connection does the work. All at once where the server sends no parts,
     * and where a blob made of parts proved wrong: the parts may be what is wrong with it.
     */
    private long lengthOf(BlobFile slot, Source source, long gap) {
        long share = isBusy() ? gap : gap / settings.connections();
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
        boolean isUseful = isMoreOfUse || slot.serving().size() > 1;
        boolean isClear = slot.round == 0 || underway.stream().noneMatch(segment -> segment.slot == slot && segment.round != slot.round);
        return more && isUseful && isClear && sendsWhatIsMissing(source, slot);
    }

    /** Returns how many connections may keep a processor busy: those that have stalled do not, and others take their places. */
    private int working() {
        int working = 0;
        for (Segment segment : underway) {
            working += segment.flow.silentNanos() < TakeOver.SILENT_NANOS ? 1 : 0;
        }
        return working;
    }

    /** Returns whether the first connections are still to show whether more than there are processors are of use. */
    private boolean isUnknown() {
        return waitedNanos + busyNanos == 0 && System.nanoTime() - begun < MOMENT_NANOS;
    }

    /** Returns whether writing and hashing keeps this machine busy: more connections than processors would only take turns with each other then. */
    private boolean isBusy() {
        long waiting = 0;
        for (Segment segment : underway) {
            long silent = segment.flow.silentNanos();
            waiting += segment.flow.hasBegun() && silent > MOMENT_NANOS ? silent : 0;
        }
        return WAITS * busyNanos > waitedNanos + waiting;
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
    static boolean isHeldBack(BlobFile slot) {
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
