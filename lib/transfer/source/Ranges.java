package lib.transfer.source;

import java.util.Map;
import java.util.TreeMap;

/** Which bytes of a blob there are: stretches that do not touch, from their first byte to the byte after their last. */
public final class Ranges {
    private final TreeMap<Long, Long> stretches = new TreeMap<>();

    /** Adds a stretch, and joins it with those it touches. */
    public void add(long from, long to) {
        if (from >= to) {
            return;
        }
        Map.Entry<Long, Long> before = stretches.floorEntry(from);
        if (before != null && before.getValue() >= from) {
            from = before.getKey();
            to = Math.max(to, before.getValue());
        }
        for (Map.Entry<Long, Long> next = stretches.ceilingEntry(from); next != null && next.getKey() <= to; next = stretches.ceilingEntry(from)) {
            to = Math.max(to, next.getValue());
            stretches.remove(next.getKey());
        }
        stretches.put(from, to);
    }

    /** Returns whether any byte of a stretch is there. */
    boolean hasSome(long from, long to) {
        Map.Entry<Long, Long> last = stretches.lowerEntry(to);
        return last != null && last.getValue() > from;
    }

    boolean isEmpty() {
        return stretches.isEmpty();
    }

    /** Takes a stretch out. */
    public void remove(long from, long to) {
        Ranges kept = new Ranges();
        stretches.forEach((start, end) -> {
            kept.add(start, Math.min(end, from));
            kept.add(Math.max(start, to), end);
        });
        stretches.clear();
        stretches.putAll(kept.stretches);
    }

    /** Takes all of them out. */
    public void clear() {
        stretches.clear();
    }

    /** Returns how far the bytes reach without a gap, beginning at this place: the place itself if its byte is missing. */
    public long endFrom(long place) {
        Map.Entry<Long, Long> stretch = stretches.floorEntry(place);
        return stretch == null ? place : Math.max(place, stretch.getValue());
    }

    /** Returns the first missing byte. */
    public long firstGap() {
        return endFrom(0);
    }

    /** Returns where the bytes go on after this missing one, or {@code size} if they do not. */
    public long gapEnd(long gap, long size) {
        Long next = stretches.ceilingKey(gap);
        return next == null ? size : Math.min(next, size);
    }

    /** Returns how many bytes there are. */
    public long total() {
        long total = 0;
        for (Map.Entry<Long, Long> stretch : stretches.entrySet()) {
            total += stretch.getValue() - stretch.getKey();
        }
        return total;
    }

    /** Returns the stretches, from their first byte to the byte after their last. */
    public Map<Long, Long> asMap() {
        return stretches;
    }
}
