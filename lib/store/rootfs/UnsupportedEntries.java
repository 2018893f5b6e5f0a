package lib.store.rootfs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import lib.store.tar.ByteName;

/** What of an image this system or this user cannot have: counted by its kind, with the first few names of each. */
final class UnsupportedEntries {
    private static final int MOST_NAMES = 3;

    private final Map<String, Integer> counts = new TreeMap<>();
    private final Map<String, List<String>> names = new TreeMap<>();

    /** Says that an entry as a whole is left out, and of which kind it is. */
    static final class Entry extends IOException {
        Entry(String kind) {
            super(kind);
        }
    }

    void add(String kind, String name) {
        counts.merge(kind, 1, Integer::sum);
        List<String> first = names.computeIfAbsent(kind, none -> new ArrayList<>());
        if (first.size() < MOST_NAMES) {
            first.add(ByteName.shown(name));
        }
    }

    void clear() {
        counts.clear();
        names.clear();
    }

    /** Returns a line for each kind. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        counts.forEach((kind, count) -> lines.add("left out, " + count + (count == 1 ? " time: " : " times: ") + kind
                + " (" + String.join(", ", names.get(kind)) + (count > MOST_NAMES ? ", ..." : "") + ")"));
        return lines;
    }
}
