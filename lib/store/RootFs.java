package lib.store;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.NotFound;
import lib.image.WrongContent;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

//SOURCES Archive.java
//SOURCES Attributes.java
//SOURCES Chosen.java
//SOURCES LayerStream.java
//SOURCES ReadAhead.java
//SOURCES SafePath.java
//SOURCES ../image/Descriptor.java
//SOURCES ../image/Digest.java
//SOURCES ../image/NotFound.java
//SOURCES ../image/WrongContent.java

/**
 * A root file system, made by applying layers to a folder, the lowest first.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/layer.md#applying-changesets">image-spec, Applying Changesets</a>
 */
public final class RootFs {
    private static final String WHITEOUT = ".wh.";
    private static final String OPAQUE = ".wh..wh..opq";
    /** A layer may unpack to this many times its size, and to this many bytes in any case: more is taken for an attack. */
    private static final long MOST_TIMES = 100;
    private static final long ALWAYS_ALLOWED = 1L << 30;

    private final Path root;
    private final Chosen chosen;
    private final SafePath paths;
    private final Attributes attributes;
    /** Folders get their modes and times last: a folder that may not be written to could not be filled. */
    private final Map<Path, TarArchiveEntry> folders = new LinkedHashMap<>();
    /** What the layer at hand has brought: its own whiteouts hide only what is below it. */
    private final Set<Path> ofThisLayer = new HashSet<>();
    /** Paths that are written only because something chosen links to them. */
    private final Set<String> wantedLinks = new HashSet<>();
    private long entries;

    private RootFs(Path root, List<String> chosen) throws IOException {
        this.root = root;
        this.chosen = new Chosen(chosen);
        this.paths = new SafePath(root);
        this.attributes = new Attributes(root);
    }

    /**
     * Makes a folder for a root file system, or takes an empty one.
     *
     * @param chosen the paths that are wanted, with what is below them; all where there are none
     * @throws IllegalArgumentException when there is something in the folder
     */
    public static RootFs into(Path folder, List<String> chosen) throws IOException {
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS) && !isEmptyFolder(folder)) {
            throw new IllegalArgumentException(folder + " is not an empty folder: name another one");
        }
        Files.createDirectories(folder);
        return new RootFs(folder.toRealPath(), chosen);
    }

    private static boolean isEmptyFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            return !entries.iterator().hasNext();
        }
    }

    /**
     * Applies one layer.
     *
     * @param diffId the digest of the uncompressed layer, or null where it is not known
     * @param stored the layer as the registry has it; its own reading checks it against its digest
     * @throws WrongContent when the layer is not what it should be, or would write outside the folder
     */
    public void apply(Descriptor layer, Digest diffId, InputStream stored) throws IOException {
        MessageDigest hash = diffId == null ? Digest.newSha256() : diffId.newHash();
        long limit = Math.max(ALWAYS_ALLOWED, layer.size() * MOST_TIMES);
        ofThisLayer.clear();
        try (InputStream tar = new ReadAhead(new DigestInputStream(new Limited(LayerStream.open(stored), limit, layer.digest()), hash))) {
            entries(tar, layer);
            tar.transferTo(OutputStream.nullOutputStream()); // what follows the tar's end is hashed too
        }
        stored.transferTo(OutputStream.nullOutputStream());
        Digest digest = Digest.of(diffId == null ? "sha256" : diffId.algorithm(), hash.digest());
        if (diffId != null && !digest.equals(diffId)) {
            throw new WrongContent("the layer " + layer.digest() + " unpacks to the diff ID " + digest + " instead of " + diffId + ", and " + root + " is incomplete");
        }
    }

    private void entries(InputStream stream, Descriptor layer) throws IOException {
        // The tar is not closed: its stream is read on to the end.
        TarArchiveInputStream tar = new TarArchiveInputStream(stream, "UTF-8");
        try {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                apply(entry, tar);
            }
        } catch (WrongContent e) {
            throw new WrongContent("layer " + layer.digest() + ": " + e.getMessage() + "; " + root + " is incomplete", e);
        } catch (IllegalArgumentException e) {
            throw new WrongContent("layer " + layer.digest() + " is no proper tar: " + e.getMessage(), e);
        }
    }

    private void apply(TarArchiveEntry entry, InputStream content) throws IOException {
        String name = entry.getName();
        List<String> parts = SafePath.parts(name);
        String path = String.join("/", parts);
        String last = parts.isEmpty() ? "" : parts.get(parts.size() - 1);
        if (last.startsWith(WHITEOUT)) {
            whiteout(name, parts, last);
        } else if (chosen.includes(path)) {
            entries++;
            write(entry, name, paths.place(name), content);
        }
    }

    /** A whiteout hides what lower layers have: one name, or all that is in its folder. What this layer itself brings stays. */
    private void whiteout(String name, List<String> parts, String last) throws IOException {
        String hidden = last.substring(WHITEOUT.length());
        List<String> folder = parts.subList(0, parts.size() - 1);
        if (last.equals(OPAQUE)) {
            Path place = folder.isEmpty() ? root : paths.find(String.join("/", folder));
            if (place != null && Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
                removeBelow(place);
            }
            return;
        }
        if (hidden.isEmpty() || hidden.equals(".") || hidden.equals("..")) {
            throw new WrongContent("the whiteout '" + name + "' hides nothing that can be hidden: refused");
        }
        if (hidden.startsWith(WHITEOUT)) {
            return; // the notes of an old storage driver, nothing of the image
        }
        Path place = paths.find(folder.isEmpty() ? hidden : String.join("/", folder) + "/" + hidden);
        if (place != null && Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            removeOld(place);
        }
    }

    private void removeBelow(Path folder) throws IOException {
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            entries.forEach(children::add);
        }
        for (Path child : children) {
            removeOld(child);
        }
    }

    /** Removes what lower layers have at a place; tells nobody, for that is what the layer is for. */
    private void removeOld(Path path) throws IOException {
        boolean isFolder = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
        if (isFolder) {
            removeBelow(path);
        }
        if (!ofThisLayer.contains(path) && !(isFolder && holdsAnything(path))) {
            Files.delete(path);
            folders.remove(path);
        }
    }

    private static boolean holdsAnything(Path folder) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            return entries.iterator().hasNext();
        }
    }

    private void write(TarArchiveEntry entry, String name, Path place, InputStream content) throws IOException {
        boolean isFolderNow = Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS);
        ofThisLayer.add(place);
        if (entry.isDirectory()) {
            if (!isFolderNow) {
                Files.deleteIfExists(place);
                Files.createDirectory(place);
            }
            folders.put(place, entry);
            return;
        }
        if (place.equals(root)) {
            throw new WrongContent("the entry '" + name + "' would take the place of the root folder: refused");
        }
        remove(place, isFolderNow);
        if (entry.isLink()) {
            link(entry, name, place);
        } else if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(place, Path.of(entry.getLinkName()));
            attributes.set(place, entry);
        } else if (entry.isCharacterDevice() || entry.isBlockDevice() || entry.isFIFO()) {
            special(entry, place);
        } else if (entry.isFile()) {
            try (OutputStream out = Files.newOutputStream(place, java.nio.file.StandardOpenOption.CREATE_NEW)) {
                content.transferTo(out);
            }
            attributes.set(place, entry);
        } else {
            throw new WrongContent("the entry '" + name + "' is of no type that a layer may hold: refused");
        }
    }

    private void remove(Path place, boolean isFolder) throws IOException {
        if (isFolder) {
            ofThisLayer.removeIf(path -> path.startsWith(place));
            removeBelow(place);
            folders.remove(place);
        }
        Files.deleteIfExists(place);
        ofThisLayer.add(place);
    }

    /** A hard link is another name of a file that came before, in this layer or a lower one. */
    private void link(TarArchiveEntry entry, String name, Path place) throws IOException {
        String target = String.join("/", SafePath.parts(entry.getLinkName()));
        if (!chosen.includes(target)) {
            wantedLinks.add(target);
            return;
        }
        Path existing = paths.find(target);
        if (existing == null || !Files.exists(existing, LinkOption.NOFOLLOW_LINKS) || Files.isDirectory(existing, LinkOption.NOFOLLOW_LINKS)) {
            throw new WrongContent("the entry '" + name + "' is a hard link to '" + entry.getLinkName() + "', which is no file here: refused");
        }
        Files.createLink(place, existing);
    }

    private void special(TarArchiveEntry entry, Path place) throws IOException {
        if (attributes.makeSpecial(place, entry)) {
            attributes.set(place, entry);
        } else {
            attributes.leftOut(entry.isFIFO() ? "named pipes" : "device nodes");
        }
    }

    /**
     * Tells whether the layers must be applied once more, because a chosen path turned out to be a link to one that was not chosen.
     * The folder is then empty again.
     */
    public boolean needsAnotherRound() throws IOException {
        boolean more = false;
        for (String target : wantedLinks) {
            more |= chosen.need(target);
        }
        for (String wanted : chosen.isAll() ? Set.<String>of() : Set.copyOf(chosen.wanted())) {
            more |= needTargetOf(wanted);
        }
        wantedLinks.clear();
        if (more) {
            ofThisLayer.clear();
            folders.clear();
            removeBelow(root);
            entries = 0;
        }
        return more;
    }

    /** Follows a chosen path through symbolic links, one at a time, and adds where they lead to what is needed. */
    private boolean needTargetOf(String wanted) throws IOException {
        Path at = root;
        String[] parts = wanted.split("/");
        for (int i = 0; i < parts.length; i++) {
            Path next = at.resolve(parts[i]);
            if (Files.isSymbolicLink(next)) {
                String target = Files.readSymbolicLink(next).toString();
                Path led = (target.startsWith("/") ? root.resolve(target.substring(1)) : at.resolve(target)).normalize();
                for (int rest = i + 1; rest < parts.length; rest++) {
                    led = led.resolve(parts[rest]);
                }
                return led.startsWith(root) && !led.equals(root) && chosen.need(root.relativize(led).toString().replace('\\', '/'));
            }
            at = next;
        }
        return false;
    }

    /** What was made: the number of entries, and lines for a person that say what was left out. */
    public record Report(Path folder, long entries, List<String> lines) { }

    /**
     * Gives folders their modes and times, which must come last.
     *
     * @throws NotFound when a chosen path is in no layer
     */
    public Report finish() throws IOException {
        List<Path> deepestFirst = new ArrayList<>(folders.keySet());
        deepestFirst.sort((a, b) -> b.getNameCount() - a.getNameCount());
        for (Path folder : deepestFirst) {
            attributes.set(folder, folders.get(folder));
        }
        if (!chosen.isAll()) {
            for (String wanted : chosen.wanted()) {
                Path place = paths.find(wanted);
                if (place == null || !Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
                    throw new NotFound("no layer has a file " + wanted);
                }
            }
        }
        List<String> lines = new ArrayList<>();
        lines.add("wrote " + entries + " entries to " + root);
        attributes.leftOut().forEach((what, count) -> lines.add("left out, " + count + " times: " + what));
        return new Report(root, entries, lines);
    }

    /** Stops at a number of bytes that no honest layer of its size unpacks to. */
    private static final class Limited extends FilterInputStream {
        private final long limit;
        private final Digest layer;
        private long count;

        Limited(InputStream in, long limit, Digest layer) {
            super(in);
            this.limit = limit;
            this.layer = layer;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            count += Math.max(0, read);
            if (count > limit) {
                throw new WrongContent("the layer " + layer + " unpacks to more than " + limit + " bytes: refused");
            }
            return read;
        }
    }
}
