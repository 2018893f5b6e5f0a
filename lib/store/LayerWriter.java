package lib.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

//SOURCES Attributes.java
//SOURCES Brought.java
//SOURCES ByteName.java
//SOURCES Chosen.java
//SOURCES LeftOut.java
//SOURCES OpenFolders.java
//SOURCES Programs.java
//SOURCES Removal.java
//SOURCES TarEntry.java
//SOURCES TarReader.java

/**
 * Writes the entries of one layer over what the layers below it have made.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/layer.md#applying-changesets">image-spec, Applying Changesets</a>
 */
final class LayerWriter {
    private static final String WHITEOUT = ".wh.";
    private static final String OPAQUE = ".wh..wh..opq";
    private static final String SYMBOLIC_LINKS = "symbolic links, which this system does not let you make";

    private final Chosen chosen;
    private final OpenFolders folders;
    private final Attributes attributes;
    private final LeftOut leftOut;
    private final Brought brought = new Brought();
    /** Paths that were left out, for hard links to them must be left out too. */
    private final Brought missing = new Brought();
    private final Removal removal;
    private long entries;

    LayerWriter(Chosen chosen, OpenFolders folders, Attributes attributes, LeftOut leftOut) {
        this.chosen = chosen;
        this.folders = folders;
        this.attributes = attributes;
        this.leftOut = leftOut;
        this.removal = new Removal(attributes, brought);
    }

    /** Returns how many entries were written so far. */
    long entries() {
        return entries;
    }

    /** Tells that the entries to come are of another layer. */
    void nextLayer() {
        brought.clear();
    }

    void write(TarEntry entry, TarReader content) throws IOException {
        List<String> parts = OpenFolders.parts(entry.name());
        String last = parts.isEmpty() ? "" : parts.get(parts.size() - 1);
        try {
            if (last.startsWith(WHITEOUT)) {
                whiteout(entry.name(), parts, last);
            } else if (chosen.includes(parts)) {
                entries++;
                write(entry, parts, content);
            }
        } catch (LeftOut.Entry e) {
            missing.add(print(parts));
            leftOut.add(e.getMessage(), entry.name());
        }
    }

    /** A whiteout hides what lower layers have: one name, or all that is in its folder. What this layer itself brings stays. */
    private void whiteout(String name, List<String> parts, String last) throws IOException {
        String hidden = last.substring(WHITEOUT.length());
        List<String> folder = parts.subList(0, parts.size() - 1);
        if (last.equals(OPAQUE)) {
            if (folders.openIfThere(folder, name)) {
                removal.below(folders.path(), folders.print());
            }
            return;
        }
        if (hidden.isEmpty() || hidden.equals(".") || hidden.equals("..")) {
            throw OpenFolders.refused(name, "is a whiteout of nothing that can be hidden");
        }
        if (hidden.startsWith(WHITEOUT)) {
            return; // the notes of an old storage driver, nothing of the image
        }
        if (folders.openIfThere(folder, name)) {
            Path place = folders.child(hidden, name);
            if (exists(place)) {
                removal.one(place, Brought.print(folders.print(), hidden));
            }
        }
    }

    private void write(TarEntry entry, List<String> parts, TarReader content) throws IOException {
        if (parts.isEmpty()) {
            if (!entry.isFolder()) {
                throw OpenFolders.refused(entry.name(), "would take the place of the root folder");
            }
            folders.setRoot(entry);
            return;
        }
        Path existing = null;
        if (entry.type() == TarEntry.HARD_LINK) {
            List<String> target = OpenFolders.parts(entry.link());
            if (!chosen.includesTarget(target)) {
                return;
            }
            existing = linked(entry, target);
        }
        int end = parts.size() - 1;
        folders.open(parts.subList(0, end), entry.name());
        Path place = folders.child(parts.get(end), entry.name());
        brought.add(Brought.print(folders.print(), parts.get(end)));
        try {
            make(entry, place, existing, content);
        } catch (FileAlreadyExistsException e) {
            if (entry.isFolder() && Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
                attributes.set(place, entry, false);
                return;
            }
            if (!place.equals(existing)) {
                removal.all(place);
                make(entry, place, existing, content);
            }
        }
    }

    /** Makes what is not there yet; throws FileAlreadyExistsException, and has read nothing, where there is something. */
    private void make(TarEntry entry, Path place, Path existing, TarReader content) throws IOException {
        switch (entry.type()) {
            case TarEntry.FILE -> file(entry, place, content);
            case TarEntry.FOLDER -> Files.createDirectory(place);
            case TarEntry.SYMBOLIC_LINK -> symbolicLink(entry, place);
            case TarEntry.HARD_LINK -> hardLink(entry, place, existing);
            case TarEntry.CHARACTER_DEVICE, TarEntry.BLOCK_DEVICE, TarEntry.PIPE -> special(entry, place);
            default -> throw OpenFolders.refused(entry.name(), "is of no type that a layer may hold");
        }
        if (entry.type() != TarEntry.HARD_LINK) {
            attributes.set(place, entry, true);
        }
    }

    private void file(TarEntry entry, Path place, TarReader content) throws IOException {
        try (FileChannel file = FileChannel.open(place, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            if (entry.pieces() == null) {
                content.writeTo(file, entry.size());
                return;
            }
            for (TarEntry.Piece piece : entry.pieces()) {
                content.writeTo(file.position(piece.offset()), piece.length());
            }
            if (file.size() < entry.size()) {
                file.write(ByteBuffer.wrap(new byte[1]), entry.size() - 1); // a gap at the end
            }
        }
    }

    private void symbolicLink(TarEntry entry, Path place) throws IOException {
        // Java makes one slash of two.
        if (entry.link().contains("//") && !exists(place) && Programs.run("ln", "-s", "--", entry.link(), place.toString())) {
            return;
        }
        try {
            Files.createSymbolicLink(place, ByteName.path(entry.link()));
        } catch (UnsupportedOperationException | InvalidPathException e) {
            throw new LeftOut.Entry(SYMBOLIC_LINKS);
        } catch (FileSystemException e) {
            if (attributes.isUnix() || e instanceof FileAlreadyExistsException) {
                throw e;
            }
            throw new LeftOut.Entry(SYMBOLIC_LINKS); // Windows wants a right for them
        }
    }

    /** Returns the file that a hard link is another name of: it came before, in this layer or a lower one. */
    private Path linked(TarEntry entry, List<String> target) throws IOException {
        Path existing = folders.find(target, entry.name());
        if (existing != null && exists(existing) && !Files.isDirectory(existing, LinkOption.NOFOLLOW_LINKS)) {
            return existing;
        }
        if (missing.contains(print(target))) {
            throw new LeftOut.Entry("hard links to what was left out");
        }
        throw OpenFolders.refused(entry.name(), "is a hard link to '" + ByteName.shown(entry.link()) + "', which is no file here");
    }

    private static void hardLink(TarEntry entry, Path place, Path existing) throws IOException {
        try {
            Files.createLink(place, existing);
        } catch (NoSuchFileException e) {
            throw OpenFolders.refused(entry.name(), "takes the place of what it is a hard link to");
        }
    }

    /** Makes a device or a named pipe, which Java cannot. */
    private void special(TarEntry entry, Path place) throws IOException {
        if (exists(place)) {
            throw new FileAlreadyExistsException(place.toString());
        }
        if (entry.type() == TarEntry.PIPE) {
            if (!Programs.run("mkfifo", place.toString())) {
                throw new LeftOut.Entry("named pipes");
            }
            return;
        }
        String type = entry.type() == TarEntry.CHARACTER_DEVICE ? "c" : "b";
        if (!attributes.isRoot() || !Programs.run("mknod", place.toString(), type, Integer.toString(entry.major()), Integer.toString(entry.minor()))) {
            throw new LeftOut.Entry("device nodes");
        }
    }

    private static boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static long print(List<String> parts) {
        long print = Brought.ROOT;
        for (String part : parts) {
            print = Brought.print(print, part);
        }
        return print;
    }
}
