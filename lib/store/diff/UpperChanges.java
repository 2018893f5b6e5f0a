package lib.store.diff;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import lib.failure.WrongContentException;
import lib.store.files.FileNode;
import lib.store.files.LayerIndex;
import lib.store.files.ListedFile;
import lib.store.tar.EntryPath;
import lib.store.tar.TarEntry;
import org.jspecify.annotations.Nullable;

/**
 * The differences of two images as their upper layers tell them, above those in common, which were not read. Where only one image
 * has an entry for a file, the layers in common may have the file, too.
 */
final class UpperChanges {
    private final ContentHashes contents;
    private final Consumer<FileChange> changes;
    /** The names of the same file, of those that both images have. */
    private final Map<TarEntry, Set<String>> namesOfA = new IdentityHashMap<>();
    private final Map<TarEntry, Set<String>> namesOfB = new IdentityHashMap<>();

    UpperChanges(ContentHashes contents, Consumer<FileChange> changes) {
        this.contents = contents;
        this.changes = changes;
    }

    /** What the upper layers of one image say of a path: a file, or that there is none. */
    private record State(TarEntry entry, ListedFile file) { }

    /** The upper layers of one image, the lowest first, and how many are below them. */
    record Upper(List<LayerIndex> layers, int below) {

        /** Returns whether a hard link leads to something that these layers do not have. */
        boolean linksDown() {
            for (LayerIndex layer : layers) {
                for (TarEntry entry : layer.entries()) {
                    if (entry.type() == TarEntry.HARD_LINK && target(entry, layers.indexOf(layer)) == null) {
                        return true;
                    }
                }
            }
            return false;
        }

        /** Returns the file that a hard link of a layer leads to, or null. */
        private @Nullable TarEntry target(TarEntry link, int layer) {
            TarEntry entry = link;
            for (int hops = 0; entry != null && entry.type() == TarEntry.HARD_LINK; hops++) {
                LayerIndex.Item item = hops > layers.size() + 40 ? null : item(path(entry.link()), layer);
                entry = item == null || item.entry() == entry ? null : item.entry();
            }
            return entry;
        }

        private LayerIndex.@Nullable Item item(String path, int from) {
            for (int layer = from; path != null && layer >= 0; layer--) {
                if (layers.get(layer).item(path) != null) {
                    return layers.get(layer).item(path);
                }
                if (layers.get(layer).hides(path)) {
                    return null;
                }
            }
            return null;
        }

        private static @Nullable String path(String name) {
            try {
                return String.join("/", EntryPath.parts(name));
            } catch (WrongContentException e) {
                return null;
            }
        }

        /** Returns null if these layers say nothing of a path. */
        private @Nullable State state(String path) {
            boolean isImplied = false;
            for (int layer = layers.size() - 1; layer >= 0; layer--) {
                LayerIndex index = layers.get(layer);
                LayerIndex.Item item = index.item(path);
                if (item != null) {
                    TarEntry entry = item.entry().type() == TarEntry.HARD_LINK ? target(item.entry(), layer) : item.entry();
                    int number = below + layer;
                    return new State(entry, ListedFile.of(path, new FileNode(entry, number, item.number()), number));
                }
                isImplied |= index.implies(path);
                if (index.hides(path)) {
                    int number = below + layer;
                    return new State(null, isImplied ? ListedFile.of(path, new FileNode(null, number, 0), number) : null);
                }
            }
            return null;
        }
    }

    void compare(Upper a, Upper b) {
        Set<String> paths = new TreeSet<>();
        Set<String> opaque = new TreeSet<>();
        for (Upper upper : List.of(a, b)) {
            upper.layers.forEach(layer -> paths.addAll(layer.paths()));
            upper.layers.forEach(layer -> opaque.addAll(layer.opaque()));
        }
        paths.addAll(opaque);
        paths.forEach(path -> noteNames(path, a.state(path), b.state(path)));
        for (String path : paths) {
            compare(path, a.state(path), b.state(path));
            boolean differ = isOpaque(a, path) != isOpaque(b, path);
            if (differ && opaque.contains(path)) {
                changes.accept(new FileChange(path, FileChange.Kind.CHANGED, List.of("opaque"), file(a.state(path)), file(b.state(path))));
            }
        }
    }

    private void noteNames(String path, State a, State b) {
        if (isFile(a) && isFile(b)) {
            namesOfA.computeIfAbsent(a.entry, none -> new TreeSet<>()).add(path);
            namesOfB.computeIfAbsent(b.entry, none -> new TreeSet<>()).add(path);
        }
    }

    private static boolean isFile(State state) {
        return state != null && state.entry != null && !state.entry.isFolder();
    }

    private static boolean isOpaque(Upper upper, String path) {
        return upper.layers.stream().anyMatch(layer -> layer.opaque().contains(path) || layer.hides(path));
    }

    private static @Nullable ListedFile file(@Nullable State state) {
        return state == null ? null : state.file;
    }

    private void compare(String path, State a, State b) {
        if (file(a) != null && file(b) != null) {
            List<String> what = FileChange.differences(a.file, a.entry, b.file, b.entry, contents);
            if (isFile(a) && isFile(b) && !namesOfA.get(a.entry).equals(namesOfB.get(b.entry))) {
                what.add("hard links");
            }
            if (!what.isEmpty()) {
                add(path, FileChange.Kind.CHANGED, what, a, b);
            }
        } else if (file(a) != null) {
            add(path, b == null ? FileChange.Kind.REMOVED_OR_CHANGED : FileChange.Kind.REMOVED, List.of(), a, b);
        } else if (file(b) != null) {
            add(path, a == null ? FileChange.Kind.ADDED_OR_CHANGED : FileChange.Kind.ADDED, List.of(), a, b);
        } else if ((a == null) != (b == null)) {
            // one image hides what the other one has of the layers in common
            add(path, a == null ? FileChange.Kind.REMOVED : FileChange.Kind.ADDED, List.of(), a, b);
        }
    }

    private void add(String path, FileChange.Kind kind, List<String> what, State a, State b) {
        changes.accept(new FileChange(path, kind, what, file(a), file(b)));
    }
}
