package lib.store.files;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import lib.failure.WrongContentException;
import lib.store.layer.PathSelection;
import lib.store.tar.EntryPath;
import lib.store.tar.PathWalk;
import lib.store.tar.TarEntry;

/** The paths that contents are kept of while a layer goes by: those that were asked for, and what links on their way may lead to. */
final class WantedPaths {
    /** More links than these are followed only when the layers are read once more. */
    private static final int MOST = 10_000;

    private final Set<String> wanted = new LinkedHashSet<>();

    /** @param paths as they were asked for */
    WantedPaths(List<String> paths) {
        paths.forEach(path -> wanted.add(PathSelection.normal(path)));
    }

    /** Adds paths that a search has passed. */
    void addAll(Set<String> paths) {
        wanted.addAll(paths);
    }

    /**
     * Returns whether an entry's content may be wanted. Where the entry is a link, what it leads to is wanted from then on.
     *
     * @throws WrongContentException when the entry's path leads upwards
     */
    boolean has(TarEntry entry) throws WrongContentException {
        String path = String.join("/", EntryPath.parts(entry.name()));
        if (entry.isSymbolicLink() && wanted.size() < MOST) {
            String folder = entry.link().startsWith("/") ? "" : path.substring(0, path.lastIndexOf('/') + 1);
            for (String one : List.copyOf(wanted)) {
                if (one.equals(path) || one.startsWith(path + "/")) {
                    wanted.add(PathWalk.normal(folder + entry.link() + one.substring(path.length())));
                }
            }
        }
        if (entry.type() == TarEntry.HARD_LINK && wanted.contains(path)) {
            wanted.add(PathWalk.normal(entry.link()));
        }
        return wanted.contains(path);
    }
}
