package lib.store.layer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which paths of an image are wanted: all, or some with what is below them. A wanted path may turn out to be a link to
 * one that is not; the layers are then applied once more, with that one too.
 */
public final class PathSelection {
    private final Set<String> wanted;
    private final Set<String> needed = new LinkedHashSet<>();
    /** What hard links lead to that was not written. */
    private final Set<String> linked = new LinkedHashSet<>();
    /** Hard links that were not written for that reason, this time. */
    private final Set<String> unwritten = new HashSet<>();

    /** Throws IllegalArgumentException for a path that leads upwards. */
    public PathSelection(List<String> paths) {
        for (String path : paths) {
            if (List.of(path.split("/")).contains("..")) {
                throw new IllegalArgumentException("'" + path + "' leads upwards: name a path in the image without ..");
            }
        }
        wanted = paths.stream().map(PathSelection::normal).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Returns the path without a leading slash or dot, and without a slash at its end. */
    public static String normal(String path) {
        String normal = path.replaceAll("/+", "/").replaceAll("^(\\.?/)+", "").replaceAll("/\\.?$", "");
        return normal.equals(".") ? "" : normal;
    }

    /** Returns whether everything is chosen. */
    public boolean isAll() {
        return wanted.isEmpty() || wanted.contains("");
    }

    /** Returns the chosen paths in their normal form; the empty one is the root folder. */
    public Set<String> wanted() {
        return wanted;
    }

    /** Returns whether an entry is to be written: it is wanted, below something wanted, needed, or a parent of one of those. */
    public boolean includes(List<String> parts) {
        return isAll() || includes(String.join("/", parts));
    }

    private boolean includes(String path) {
        if (isBelow(path, wanted) || isBelow(path, needed)) {
            return true;
        }
        String parent = path + "/";
        return wanted.stream().anyMatch(one -> one.startsWith(parent)) || needed.stream().anyMatch(one -> one.startsWith(parent));
    }

    /**
     * Tells the same of what a chosen hard link leads to, and remembers it for the next time if it is not to be written.
     * A link to a link that was not written is not written either.
     */
    public boolean includesTarget(List<String> link, List<String> parts) {
        String target = String.join("/", parts);
        boolean includes = includes(parts);
        if (!includes) {
            linked.add(target);
        }
        if (!includes || unwritten.contains(target)) {
            unwritten.add(String.join("/", link));
            return false;
        }
        return true;
    }

    private static boolean isBelow(String path, Set<String> places) {
        for (int end = path.length(); end > 0; end = path.lastIndexOf('/', end - 1)) {
            if (places.contains(path.substring(0, end))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns whether links that were written below a folder lead to something else, which is needed from then on.
     *
     * @throws IOException if a link below the root cannot be read
     */
    public boolean needsMore(Path root) throws IOException {
        boolean more = needed.addAll(linked);
        linked.clear();
        unwritten.clear();
        if (isAll()) {
            return more;
        }
        for (String one : Stream.concat(wanted.stream(), needed.stream()).toList()) {
            String target = target(root, one);
            more |= target != null && !includes(target) && needed.add(target);
        }
        return more;
    }

    /** Follows a path through one symbolic link, and returns where it leads; null if it leads through none or out. */
    private static @Nullable String target(Path root, String path) throws IOException {
        Path at = root;
        String[] parts = path.split("/");
        for (int i = 0; i < parts.length; i++) {
            Path next = at.resolve(parts[i]);
            if (Files.isSymbolicLink(next)) {
                String link = Files.readSymbolicLink(next).toString();
                Path target = (link.startsWith("/") ? root.resolve(link.substring(1)) : at.resolve(link)).normalize();
                for (int rest = i + 1; rest < parts.length; rest++) {
                    target = target.resolve(parts[rest]);
                }
                return target.startsWith(root) && !target.equals(root) ? root.relativize(target).toString().replace('\\', '/') : null;
            }
            at = next;
        }
        return null;
    }
}
