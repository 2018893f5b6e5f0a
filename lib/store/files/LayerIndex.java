package lib.store.files;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import lib.failure.WrongContentException;
import lib.store.layer.Whiteouts;
import lib.store.tar.EntryPath;
import lib.store.tar.TarEntry;
import org.jspecify.annotations.Nullable;

/**
 * What one layer says, by the paths that it writes. Those lead elsewhere where a lower layer has a link on the way to them:
 * that is noted, for somebody who has not read the lower layers.
 */
public final class LayerIndex {
    /** An entry, and its number in the layer, from 0. */
    public record Item(TarEntry entry, long number) { }

    private static final Path TOP = Path.of("/");

    private final List<TarEntry> entries = new ArrayList<>();
    private final Map<String, Item> byPath = new HashMap<>();
    private final Set<String> hidden = new HashSet<>();
    private final Set<String> opaque = new HashSet<>();
    /** Folders that are written into before there is an entry for them, or for one that they are in. */
    private final TreeSet<String> implied = new TreeSet<>();
    private boolean hasOtherAgain;

    /**
     * Adds the next entry.
     *
     * @throws WrongContentException if the entry would lead outside the layer, or is of a type that a layer may not hold
     */
    public void add(TarEntry entry) throws WrongContentException {
        long number = entries.size();
        entries.add(entry);
        List<String> parts = EntryPath.parts(entry.name());
        if (parts.isEmpty() && !entry.isFolder()) {
            throw EntryPath.refused(entry.name(), "would take the place of the root folder");
        }
        if (parts.isEmpty() || Whiteouts.isOfAufs(parts)) {
            return;
        }
        String last = parts.get(parts.size() - 1);
        String folder = String.join("/", parts.subList(0, parts.size() - 1));
        EntryPath.checkLength(TOP, last, entry.name());
        if (Whiteouts.isOpaque(last)) {
            opaque.add(folder);
            note(folder, number);
        } else if (Whiteouts.is(last)) {
            hidden.add(folder.isEmpty() ? Whiteouts.hidden(last) : folder + "/" + Whiteouts.hidden(last));
            note(folder, number);
        } else if (entry.isProper()) {
            String path = String.join("/", parts);
            put(path.equals(entry.name()) ? entry.name() : path, entry, number); // one text of the two is enough to keep
            note(folder, number);
        } else {
            throw EntryPath.refused(entry.name(), "is of a type that a layer may not hold");
        }
    }

    private void put(String path, TarEntry entry, long number) {
        Item before = byPath.get(path);
        boolean isFolderAgain = before != null && before.entry.isFolder() && entry.isFolder();
        byPath.put(path, new Item(entry, isFolderAgain ? before.number : number));
        hasOtherAgain |= before != null && !isFolderAgain;
    }

    private void note(String folder, long number) {
        for (int end = folder.indexOf('/'); !folder.isEmpty(); end = folder.indexOf('/', end + 1)) {
            if (!isFolder(end < 0 ? folder : folder.substring(0, end), number)) {
                implied.add(folder);
                return;
            }
            if (end < 0) {
                return;
            }
        }
    }

    private boolean isFolder(String path, long number) {
        Item item = byPath.get(path);
        return item != null && item.entry.isFolder() && item.number < number;
    }

    /** Returns whether this layer writes something below a folder that it may have no entry for. */
    public boolean implies(String path) {
        String next = implied.ceiling(path + "/");
        return implied.contains(path) || next != null && next.startsWith(path + "/");
    }

    /**
     * Returns whether what this layer writes stands where its paths say, whatever the layers below have: it has an entry for each folder before it
     * writes into it, and no second entry for a path but of a folder.
     */
    boolean isPlain() {
        return implied.isEmpty() && !hasOtherAgain;
    }

    /** Returns all entries, in their order. */
    public List<TarEntry> entries() {
        return entries;
    }

    /** Returns the entry of a path, or null. */
    public @Nullable Item item(String path) {
        return byPath.get(path);
    }

    /** Returns the paths that there is an entry or a whiteout for. */
    public Set<String> paths() {
        Set<String> paths = new HashSet<>(byPath.keySet());
        paths.addAll(hidden);
        return paths;
    }

    /** Returns the folders whose contents in the layers below are hidden. */
    public Set<String> opaque() {
        return opaque;
    }

    /** Returns whether nothing of the layers below is left at a path. */
    public boolean hides(String path) {
        boolean hides = hidden.contains(path) || !path.isEmpty() && opaque.contains("");
        for (int end = path.lastIndexOf('/'); end > 0 && !hides; end = path.lastIndexOf('/', end - 1)) {
            String folder = path.substring(0, end);
            Item item = byPath.get(folder);
            hides = hidden.contains(folder) || opaque.contains(folder) || item != null && !item.entry.isFolder();
        }
        return hides;
    }
}
