package lib.store.rootfs;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import lib.store.layer.PathSelection;
import lib.store.layer.Whiteouts;
import lib.store.tar.ByteName;
import lib.store.tar.EntryPath;
import lib.store.tar.TarEntry;
import lib.store.tar.TarReader;

/**
 * Writes the entries of one layer over what the layers below it have made.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/layer.md#applying-changesets">image-spec, Applying Changesets</a>
 */
public final class LayerWriter implements Whiteouts.Files {
    private final PathSelection chosen;
    private final ConfinedFolders folders;
    private final UnsupportedEntries leftOut;
    private final FileMaker maker;
    private final SeenPaths brought = new SeenPaths();
    /** Paths that were left out, for hard links to them must be left out too. */
    private final SeenPaths missing = new SeenPaths();
    private final Removal removal;
    private boolean hasAufsLinks;
    private long entries;

    LayerWriter(PathSelection chosen, ConfinedFolders folders, Attributes attributes, UnsupportedEntries leftOut) {
        this.chosen = chosen;
        this.folders = folders;
        this.leftOut = leftOut;
        this.maker = new FileMaker(attributes);
        this.removal = new Removal(attributes, brought);
    }

    /** Returns how many entries were written so far. */
    long entries() {
        return entries;
    }

    /** Tells that the entries to come are of another layer. What AUFS kept for the hard links of this one is not needed any more. */
    void endLayer() throws IOException {
        if (hasAufsLinks) {
            folders.open(List.of(), "");
            removal.all(folders.path().resolve(Whiteouts.AUFS_LINKS));
            hasAufsLinks = false;
        }
        brought.clear();
    }

    void write(TarEntry entry, TarReader content) throws IOException {
        List<String> parts = EntryPath.parts(entry.name());
        String last = parts.isEmpty() ? "" : parts.get(parts.size() - 1);
        try {
            if (Whiteouts.isOfAufs(parts)) {
                keepAufsLink(entry, parts, content);
            } else if (Whiteouts.is(last)) {
                Whiteouts.apply(entry.name(), parts, last, this);
            } else if (chosen.includes(parts)) {
                entries++;
                write(entry, parts, content);
            }
        } catch (UnsupportedEntries.Entry e) {
            missing.add(print(parts));
            leftOut.add(e.getMessage(), entry.name());
        }
    }

    private void keepAufsLink(TarEntry entry, List<String> parts, TarReader content) throws IOException {
        if (Whiteouts.isAufsLink(parts) && entry.isFile() && chosen.includes(parts)) {
            hasAufsLinks = true;
            write(entry, parts, null, content);
        }
    }

    @Override
    public boolean open(List<String> folder, String name) throws IOException {
        return folders.openIfThere(folder, name);
    }

    @Override
    public void removeAll() throws IOException {
        removal.below(folders.path(), folders.print());
    }

    @Override
    public void remove(String hidden, String name) throws IOException {
        Path place = folders.child(hidden, name);
        if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            removal.one(place, SeenPaths.print(folders.print(), hidden));
        }
    }

    private void write(TarEntry entry, List<String> parts, TarReader content) throws IOException {
        if (parts.isEmpty()) {
            if (!entry.isFolder()) {
                throw EntryPath.refused(entry.name(), "would take the place of the root folder");
            }
            folders.setRoot(entry);
            return;
        }
        if (entry.type() != TarEntry.HARD_LINK) {
            write(entry, parts, null, content);
            return;
        }
        List<String> target = EntryPath.parts(entry.link());
        if (chosen.includesTarget(parts, target)) {
            folders.hold();
            try {
                write(entry, parts, linked(entry, target), content);
            } finally {
                folders.release();
            }
        }
    }

    /** Writes an entry; {@code existing} is the file that a hard link is another name of. */
    private void write(TarEntry entry, List<String> parts, Path existing, TarReader content) throws IOException {
        int end = parts.size() - 1;
        folders.open(parts.subList(0, end), entry.name());
        Path place = folders.child(parts.get(end), entry.name());
        brought.add(SeenPaths.print(folders.print(), parts.get(end)));
        try {
            maker.make(entry, place, existing, content);
        } catch (FileAlreadyExistsException e) {
            if (entry.isFolder() && Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
                maker.update(entry, place);
                return;
            }
            if (!place.equals(existing)) {
                removal.all(place);
                folders.forget(place);
                maker.make(entry, place, existing, content);
            }
        }
    }

    /** Returns the file that a hard link is another name of: it came before, in this layer or a lower one. */
    private Path linked(TarEntry entry, List<String> target) throws IOException {
        Path existing = folders.find(target, entry.name());
        if (existing != null && Files.exists(existing, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(existing, LinkOption.NOFOLLOW_LINKS)) {
            return existing;
        }
        if (missing.contains(print(target))) {
            throw new UnsupportedEntries.Entry("hard links to what was left out");
        }
        throw EntryPath.refused(entry.name(), "is a hard link to '" + ByteName.shown(entry.link()) + "', which is not a file here");
    }

    private static long print(List<String> parts) {
        long print = SeenPaths.ROOT;
        for (String part : parts) {
            print = SeenPaths.print(print, part);
        }
        return print;
    }
}
