package lib.store.files;

import java.util.Map;
import java.util.TreeMap;
import lib.store.tar.TarEntry;
import org.jspecify.annotations.Nullable;

/** A file of any type in a {@link FileTree}, under one name or, by hard links, under several. */
public final class FileNode {
    private final Map<String, Name> names;
    private final Content content;
    private @Nullable TarEntry entry;

    /** A name in a folder, and the layer that brought it. */
    public record Name(FileNode node, int layer) { }

    /** Where some content is: the layer, from 0 for the lowest, and the number of its entry there, from 0. */
    record Content(int layer, long number) { }

    /** @param entry what a layer says of the file, or null for a folder that none of them describes */
    public FileNode(@Nullable TarEntry entry, int layer, long number) {
        this.entry = entry;
        this.names = entry == null || entry.isFolder() ? new TreeMap<>() : Map.of();
        this.content = new Content(layer, number);
    }

    /** Returns the entry that made it; null for a folder that no entry is for, but that something lies in. */
    public @Nullable TarEntry entry() {
        return entry;
    }

    /** Takes what a later layer says of a folder. */
    void describe(TarEntry later) {
        entry = later;
    }

    /** Returns whether it is a folder. */
    public boolean isFolder() {
        return entry == null || entry.isFolder();
    }

    /** Returns what is in a folder, by name; others have nothing in them. */
    public Map<String, Name> names() {
        return names;
    }

    Content content() {
        return content;
    }
}
