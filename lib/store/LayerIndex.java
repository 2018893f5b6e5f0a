package lib.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lib.image.WrongContent;

//SOURCES EntryPath.java
//SOURCES TarEntry.java
//SOURCES Whiteouts.java
//SOURCES ../image/WrongContent.java

/**
 * What one layer says, by the paths that it writes. Those lead elsewhere where a lower layer has a link on the way to them:
 * that is noted, for somebody who has not read the lower layers.
 */
final class LayerIndex {
    /** An entry, and its number in the layer, from 0. */
    record Item(TarEntry entry, long number) { }

    private final List<TarEntry> entries = new ArrayList<>();
    private final Map<String, Item> byPath = new HashMap<>();
    private final Set<String> hidden = new HashSet<>();
    private final Set<String> opaque = new HashSet<>();
    private final Set<String> twice = new HashSet<>();
    /** Folders that this layer goes through without an entry for them before that, and the names that it writes there. */
    private final Map<String, Set<String>> undescribed = new HashMap<>();

    /** Adds the next entry. */
    void add(TarEntry entry) throws WrongContent {
        long number = entries.size();
        entries.add(entry);
        List<String> parts = EntryPath.parts(entry.name());
        if (parts.isEmpty()) {
            return;
        }
        String last = parts.get(parts.size() - 1);
        List<String> folder = parts.subList(0, parts.size() - 1);
        if (Whiteouts.isOpaque(last)) {
            opaque.add(String.join("/", folder));
            note(parts);
        } else if (Whiteouts.is(last)) {
            String name = Whiteouts.hidden(last);
            List<String> path = new ArrayList<>(folder);
            path.add(name);
            hidden.add(String.join("/", path));
            note(path);
        } else if (!entry.isProper()) {
            throw EntryPath.refused(entry.name(), "is of no type that a layer may hold");
        } else {
            Item before = byPath.put(String.join("/", parts), new Item(entry, number));
            if (before != null && !(before.entry.isFolder() && entry.isFolder())) {
                twice.add(last);
            }
            note(parts);
        }
    }

    private void note(List<String> parts) {
        for (int length = 1; length < parts.size(); length++) {
            String folder = String.join("/", parts.subList(0, length));
            Item item = byPath.get(folder);
            if (item == null || !item.entry.isFolder()) {
                undescribed.computeIfAbsent(folder, none -> new HashSet<>()).addAll(parts.subList(length, parts.size()));
            }
        }
    }

    /** Returns all entries, in their order. */
    List<TarEntry> entries() {
        return entries;
    }

    /** Returns the entry of a path, or null. */
    Item item(String path) {
        return byPath.get(path);
    }

    /** Returns the paths that there is an entry or a whiteout for. */
    Set<String> paths() {
        Set<String> paths = new HashSet<>(byPath.keySet());
        paths.addAll(hidden);
        return paths;
    }

    /** Returns the folders of which the layers below are hidden. */
    Set<String> opaque() {
        return opaque;
    }

    /** Tells whether nothing of the layers below is left at a path. */
    boolean hides(String path) {
        boolean hides = hidden.contains(path) || !path.isEmpty() && opaque.contains("");
        for (int end = path.lastIndexOf('/'); end > 0 && !hides; end = path.lastIndexOf('/', end - 1)) {
            String folder = path.substring(0, end);
            Item item = byPath.get(folder);
            hides = hidden.contains(folder) || opaque.contains(folder) || item != null && !item.entry.isFolder();
        }
        return hides;
    }

    /** Returns the last parts of paths that more than one entry is for: which of them counts when depends on their order. */
    Set<String> twice() {
        return twice;
    }

    Map<String, Set<String>> undescribed() {
        return undescribed;
    }
}
