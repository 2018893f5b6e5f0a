package lib.store;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Which paths of an image are wanted: all, or some with what is below them. */
final class Chosen {
    private final Set<String> wanted;
    private final Set<String> needed = new LinkedHashSet<>();

    Chosen(List<String> paths) {
        wanted = paths.stream().map(Chosen::normal).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Returns the path without a leading slash or dot, and without a slash at its end. */
    static String normal(String path) {
        String normal = path.replaceAll("/+", "/").replaceAll("^(\\.?/)+", "").replaceAll("/\\.?$", "");
        return normal.equals(".") ? "" : normal;
    }

    boolean isAll() {
        return wanted.isEmpty() || wanted.contains("");
    }

    Set<String> wanted() {
        return wanted;
    }

    /** Adds what a wanted path leads to, such as the target of a link; tells whether that is new. */
    boolean need(String path) {
        return !isWanted(path) && needed.add(path);
    }

    /** Tells whether an entry is to be written: it is wanted, below something wanted, needed, or a parent of one of those. */
    boolean includes(String path) {
        if (isAll() || isWanted(path) || isBelow(path, needed)) {
            return true;
        }
        String parent = path + "/";
        return wanted.stream().anyMatch(one -> one.startsWith(parent)) || needed.stream().anyMatch(one -> one.startsWith(parent));
    }

    boolean isWanted(String path) {
        return isAll() || isBelow(path, wanted);
    }

    private static boolean isBelow(String path, Set<String> places) {
        for (int end = path.length(); end > 0; end = path.lastIndexOf('/', end - 1)) {
            if (places.contains(path.substring(0, end))) {
                return true;
            }
        }
        return false;
    }
}
