package lib.transfer.source;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which host each byte of a blob came from, in this run and in earlier ones. Hosts are known by their addresses. */
public final class Senders {
    /** What was on this machine before, or was noted without a name. */
    public static final String UNKNOWN = "";

    private final Map<String, Ranges> stretches = new TreeMap<>();

    /** A host has sent a stretch. Who sent it before does not count any more. */
    public void add(String sender, long from, long to) {
        for (Map.Entry<String, Ranges> other : stretches.entrySet()) {
            if (!other.getKey().equals(sender) && other.getValue().hasSome(from, to)) {
                other.getValue().remove(from, to);
            }
        }
        stretches.values().removeIf(Ranges::isEmpty);
        stretches.computeIfAbsent(sender, s -> new Ranges()).add(from, to);
    }

    /** Forgets all of them. */
    public void clear() {
        stretches.clear();
    }

    /** Returns the stretches that a host has sent, from their first byte to the byte after their last. */
    public Map<Long, Long> of(String sender) {
        Ranges sent = stretches.get(sender);
        return sent == null ? Map.of() : Map.copyOf(sent.asMap());
    }

    /** Returns all senders, the one with the fewest bytes first. */
    public List<String> fewestFirst() {
        List<String> senders = new ArrayList<>(stretches.keySet());
        senders.sort(Comparator.comparingLong(sender -> stretches.get(sender).total()));
        return senders;
    }
}
