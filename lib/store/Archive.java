package lib.store;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lib.failure.NotFoundException;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.MediaType;
import lib.store.layer.Compression;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;
import org.apache.commons.io.input.BoundedInputStream;

/**
 * A tar of an OCI layout, as {@code pull} and {@code docker save} write it. Only its headers are read beforehand.
 * A tar in one of Docker's older forms is read as if it were one: see {@link DockerArchive}.
 */
public final class Archive implements ImageStore {
    private static final int PIECE = 1 << 16;
    /** As many as Linux follows for one name. */
    private static final int MOST_LINKS = 40;

    private final Path path;
    private final Map<String, TarArchiveEntry> entries = new LinkedHashMap<>();
    private final Map<String, String> links = new HashMap<>();
    private final Map<String, byte[]> made = new HashMap<>();
    private final Map<String, WrongContentException> damaged = new LinkedHashMap<>();
    private final Map<String, String> oddNames = new LinkedHashMap<>();
    private final List<TarArchiveEntry> repeated = new ArrayList<>();

    private Archive(Path path) {
        this.path = path;
    }

    static Archive open(Path path, Long most) throws IOException {
        Archive archive = new Archive(path);
        if (isCompressed(path)) {
            throw new WrongContentException(path + " is compressed: unpack it first, as with gzip -d, xz -d or zstd -d");
        }
        try (TarFile tar = new TarFile(path)) {
            for (TarArchiveEntry entry : tar.getEntries()) {
                archive.add(entry);
            }
            archive.checkRepeated();
        } catch (FileSystemException | WrongContentException e) {
            throw e;
        } catch (IllegalArgumentException | IOException e) {
            throw new WrongContentException(path + " is no tar archive, or a damaged one: " + e.getMessage(), e);
        }
        if (archive.leadsNowhere() && !new DockerArchive(archive, most).translate() && !archive.has("index.json")) {
            throw new WrongContentException(path + " is no archive of images: it has neither index.json nor manifest.json nor repositories");
        }
        return archive;
    }

    private boolean has(String name) {
        return entryOrNull(name) != null;
    }

    /** Returns the file that a name leads to, be it by links, or null where it leads to none. */
    private TarArchiveEntry entryOrNull(String name) {
        String file = followed(name);
        return file == null ? null : entries.get(file);
    }

    /** Follows links as they would lead if the archive was unpacked, those of folders too. Returns null where they lead in a circle. */
    private String followed(String name) {
        String at = plain(name);
        for (int followed = 0; followed <= MOST_LINKS; followed++) {
            String link = entries.containsKey(at) ? null : firstLink(at);
            if (link == null) {
                return at;
            }
            at = links.get(link) + at.substring(link.length());
        }
        return null;
    }

    /** Returns the first part of a path that is a link, or null. */
    private String firstLink(String path) {
        for (int slash = path.indexOf('/'); slash >= 0 && !links.isEmpty(); slash = path.indexOf('/', slash + 1)) {
            if (links.containsKey(path.substring(0, slash))) {
                return path.substring(0, slash);
            }
        }
        return links.containsKey(path) ? path : null;
    }

    /** Docker 25.0 wrote an index.json that lists nothing beside a manifest.json that does. The one that leads to an image counts. */
    private boolean leadsNowhere() throws IOException {
        if (!has("index.json") || !has("manifest.json")) {
            return !has("index.json");
        }
        try {
            for (JsonNode entry : index().path("manifests")) {
                if (leadsSomewhere(entry)) {
                    return false;
                }
            }
        } catch (WrongContentException e) {
            return true; // it is empty, say, or no JSON
        }
        return true;
    }

    private boolean leadsSomewhere(JsonNode entry) throws IOException {
        Descriptor descriptor;
        try {
            descriptor = Descriptor.of(entry, "an entry of index.json");
        } catch (WrongContentException e) {
            return false;
        }
        try {
            return has(descriptor) && (!MediaType.isIndex(descriptor.mediaType()) || manifest(descriptor).entries().stream().anyMatch(this::has));
        } catch (WrongContentException e) {
            return true; // whoever reads it is told what is wrong with it
        }
    }

    /** Blobs are read where they stand, so what {@code docker save | gzip} writes is none of these archives, but engines unpack it by themselves. */
    private static boolean isCompressed(Path path) throws IOException {
        try (BufferedInputStream in = new BufferedInputStream(Files.newInputStream(path))) {
            return Compression.of(in) != Compression.NONE;
        }
    }

    private void add(TarArchiveEntry entry) {
        String name = plain(entry.getName());
        if (!isLink(entry) && !entry.isFile()) {
            return;
        }
        if (entries.containsKey(name) || links.containsKey(name)) {
            repeated.add(entry);
        } else if (isLink(entry)) {
            links.put(name, target(entry));
        } else {
            entries.put(name, entry);
        }
    }

    private static boolean isLink(TarArchiveEntry entry) {
        return entry.isSymbolicLink() || entry.isLink();
    }

    private static String target(TarArchiveEntry link) {
        String target = link.getLinkName();
        String name = plain(link.getName());
        return link.isLink() ? plain(target) : normal(target.startsWith("/") ? target : name.substring(0, name.lastIndexOf('/') + 1) + target);
    }

    /** Some tools write what two images share once for each. As long as the bytes are the same, it does not matter which are read. */
    private void checkRepeated() throws IOException {
        for (TarArchiveEntry again : repeated) {
            String name = plain(again.getName());
            TarArchiveEntry first = entryOrNull(name);
            TarArchiveEntry second = isLink(again) ? entryOrNull(target(again)) : again;
            if (first == null || second == null || !isSame(first, second)) {
                throw new WrongContentException(path + " has two entries of the name " + name + " that are not the same: which is meant?");
            }
        }
    }

    private boolean isSame(TarArchiveEntry one, TarArchiveEntry other) throws IOException {
        if (one.getSize() != other.getSize() || one.getDataOffset() == other.getDataOffset()) {
            return one.getSize() == other.getSize();
        }
        try (InputStream first = content(one); InputStream second = content(other)) {
            for (long left = one.getSize(); left > 0; left -= PIECE) {
                if (!Arrays.equals(first.readNBytes(PIECE), second.readNBytes(PIECE))) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Names that begin with {@code /} or {@code ./} are relative to the archive, as for tar; {@code //} and {@code /./} are one slash. */
    private static String plain(String name) {
        return name.startsWith("/") || name.startsWith("./") || name.contains("//") || name.contains("/./") ? name.replaceAll("/(\\.?/)+", "/").replaceFirst("^\\.?/", "") : name;
    }

    /** Returns a path without {@code .} and {@code ..} in it; it does not lead out of the archive. */
    private static String normal(String path) {
        Deque<String> parts = new ArrayDeque<>();
        for (String part : path.split("/")) {
            if (part.equals("..")) {
                parts.pollLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
        }
        return String.join("/", parts);
    }

    /** Notes that an image cannot be read. */
    void damaged(String name, WrongContentException trouble) {
        damaged.put(name, trouble);
    }

    @Override
    public Map<String, WrongContentException> damaged() {
        return damaged;
    }

    /** Notes that an image cannot have a name that it has here. */
    void oddName(String name, String why) {
        oddNames.put(name, why);
    }

    @Override
    public Map<String, String> oddNames() {
        return oddNames;
    }

    /** Has the archive hold a file that is not in it. */
    void make(String name, byte[] content) {
        made.put(name, content);
    }

    /** Has a file of the archive be found under another name, too. */
    void alias(String name, String file) throws NotFoundException, WrongContentException {
        entries.put(name, entry(file));
    }

    /** Returns how many bytes a file of the archive has. */
    long size(String name) throws NotFoundException, WrongContentException {
        return entry(name).getSize();
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public InputStream file(String name) throws IOException {
        if (made.containsKey(name)) {
            return new ByteArrayInputStream(made.get(name));
        }
        return content(entry(name));
    }

    private InputStream content(TarArchiveEntry entry) throws IOException {
        InputStream archive = Files.newInputStream(path);
        archive.skipNBytes(entry.getDataOffset());
        return BoundedInputStream.builder().setInputStream(archive).setMaxCount(entry.getSize()).get();
    }

    private TarArchiveEntry entry(String name) throws NotFoundException, WrongContentException {
        TarArchiveEntry entry = entryOrNull(name);
        if (entry == null && followed(name) == null) {
            throw new WrongContentException(path + ": " + name + " is a link that leads in a circle");
        }
        if (entry == null) {
            throw new NotFoundException(path + " has no " + name);
        }
        return entry;
    }

    @Override
    public boolean has(String name, long size) {
        TarArchiveEntry entry = entryOrNull(name);
        return made.containsKey(name) ? made.get(name).length == size : entry != null && entry.getSize() == size;
    }

    @Override
    public Descriptor find(Digest digest) throws IOException {
        byte[] text = made.get(ImageLayout.path(digest));
        return new Descriptor("", digest, text != null ? text.length : entry(ImageLayout.path(digest)).getSize(), null, null);
    }
}
