package lib.store;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.NotFound;
import lib.image.WrongContent;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;
import org.apache.commons.io.input.BoundedInputStream;

//DEPS org.apache.commons:commons-compress:1.28.0
//SOURCES ArchivePlan.java
//SOURCES Compression.java
//SOURCES DockerArchive.java
//SOURCES ImageStore.java
//SOURCES ../image/Descriptor.java
//SOURCES ../image/Digest.java
//SOURCES ../image/NotFound.java
//SOURCES ../image/WrongContent.java

/**
 * A tar of an OCI layout, as {@code pull} and {@code docker save} write it. Only its headers are read beforehand.
 * A tar in one of Docker's older forms is read as if it were one: see {@link DockerArchive}.
 */
public final class Archive implements ImageStore {
    private final Path path;
    private final Map<String, TarArchiveEntry> entries = new LinkedHashMap<>();
    private final Map<String, String> links = new HashMap<>();
    private final Map<String, byte[]> made = new HashMap<>();

    private Archive(Path path) {
        this.path = path;
    }

    static Archive open(Path path, Long most) throws IOException {
        Archive archive = new Archive(path);
        if (isCompressed(path)) {
            throw new WrongContent(path + " is compressed: unpack it first, as with gzip -d, xz -d or zstd -d");
        }
        try (TarFile tar = new TarFile(path)) {
            for (TarArchiveEntry entry : tar.getEntries()) {
                archive.add(entry);
            }
        } catch (FileSystemException | WrongContent e) {
            throw e;
        } catch (IllegalArgumentException | IOException e) {
            throw new WrongContent(path + " is no tar archive, or a damaged one: " + e.getMessage(), e);
        }
        if (!archive.entries.containsKey("index.json") && !archive.links.containsKey("index.json") && !new DockerArchive(archive, most).translate()) {
            throw new WrongContent(path + " is no archive of images: it has neither index.json nor manifest.json nor repositories");
        }
        return archive;
    }

    /** Blobs are read where they stand, so what {@code docker save | gzip} writes is none of these archives, but engines unpack it by themselves. */
    private static boolean isCompressed(Path path) throws IOException {
        try (BufferedInputStream in = new BufferedInputStream(Files.newInputStream(path))) {
            return Compression.of(in) != Compression.NONE;
        }
    }

    private void add(TarArchiveEntry entry) throws WrongContent {
        String name = plain(entry.getName());
        boolean isLink = entry.isSymbolicLink() || entry.isLink();
        if (!isLink && !entry.isFile()) {
            return;
        }
        if (entries.containsKey(name) || links.containsKey(name)) {
            throw new WrongContent(path + " has two entries of the name " + name + ": which is meant?");
        }
        if (isLink) {
            String target = entry.getLinkName();
            links.put(name, entry.isLink() ? plain(target) : Path.of("/" + name).resolveSibling(target).normalize().toString().substring(1).replace('\\', '/'));
        } else {
            entries.put(name, entry);
        }
    }

    private static String plain(String name) {
        return name.replaceFirst("^(\\./)+", "");
    }

    /** Has the archive hold a file that is not in it. */
    void make(String name, byte[] content) {
        made.put(name, content);
    }

    /** Has a file of the archive be found under another name, too. */
    void alias(String name, String file) throws NotFound {
        entries.put(name, entry(file));
    }

    /** Returns how many bytes a file of the archive has. */
    long size(String name) throws NotFound {
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
        TarArchiveEntry entry = entry(name);
        InputStream archive = Files.newInputStream(path);
        archive.skipNBytes(entry.getDataOffset());
        return BoundedInputStream.builder().setInputStream(archive).setMaxCount(entry.getSize()).get();
    }

    private TarArchiveEntry entry(String name) throws NotFound {
        TarArchiveEntry entry = entries.get(links.getOrDefault(name, name));
        if (entry == null) {
            throw new NotFound(path + " has no " + name);
        }
        return entry;
    }

    @Override
    public boolean has(String name, long size) {
        TarArchiveEntry entry = entries.get(links.getOrDefault(name, name));
        return made.containsKey(name) ? made.get(name).length == size : entry != null && entry.getSize() == size;
    }

    @Override
    public Descriptor find(Digest digest) throws IOException {
        byte[] text = made.get(ArchivePlan.path(digest));
        return new Descriptor("", digest, text != null ? text.length : entry(ArchivePlan.path(digest)).getSize(), null, null);
    }
}
