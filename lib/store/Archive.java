package lib.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
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
//SOURCES ImageStore.java
//SOURCES ../image/Descriptor.java
//SOURCES ../image/Digest.java
//SOURCES ../image/NotFound.java
//SOURCES ../image/WrongContent.java

/** A tar of an OCI layout, as {@code pull} and {@code docker save} write it. Only its headers are read beforehand. */
public final class Archive implements ImageStore {
    private final Path path;
    private final Map<String, TarArchiveEntry> entries = new LinkedHashMap<>();

    private Archive(Path path) {
        this.path = path;
    }

    static Archive open(Path path) throws IOException {
        Archive archive = new Archive(path);
        try (TarFile tar = new TarFile(path)) {
            for (TarArchiveEntry entry : tar.getEntries()) {
                archive.add(entry);
            }
        } catch (FileSystemException | WrongContent e) {
            throw e;
        } catch (IllegalArgumentException | IOException e) {
            throw new WrongContent(path + " is no tar archive, or a damaged one: " + e.getMessage(), e);
        }
        if (!archive.entries.containsKey("index.json")) {
            throw new WrongContent(path + " is no archive of an OCI layout: it has no index.json");
        }
        return archive;
    }

    private void add(TarArchiveEntry entry) throws WrongContent {
        String name = entry.getName().replaceFirst("^\\./", "");
        if (entry.isFile() && entries.put(name, entry) != null) {
            throw new WrongContent(path + " has two entries of the name " + name + ": which is meant?");
        }
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public InputStream file(String name) throws IOException {
        TarArchiveEntry entry = entry(name);
        InputStream archive = Files.newInputStream(path);
        archive.skipNBytes(entry.getDataOffset());
        return BoundedInputStream.builder().setInputStream(archive).setMaxCount(entry.getSize()).get();
    }

    private TarArchiveEntry entry(String name) throws NotFound {
        TarArchiveEntry entry = entries.get(name);
        if (entry == null) {
            throw new NotFound(path + " has no " + name);
        }
        return entry;
    }

    @Override
    public boolean has(String name, long size) {
        return entries.containsKey(name) && entries.get(name).getSize() == size;
    }

    @Override
    public Descriptor find(Digest digest) throws IOException {
        return new Descriptor("", digest, entry(ArchivePlan.path(digest)).getSize(), null, null);
    }
}
