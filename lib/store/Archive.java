package lib.store;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import lib.failure.NotFoundException;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.MediaType;
import lib.store.volume.VolumeSet;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.jspecify.annotations.Nullable;

/**
 * A tar of an OCI layout, as {@code pull} and {@code docker save} write it. Only its headers are read beforehand.
 * A tar in one of Docker's older forms is read as if it were one: see {@link DockerArchive}.
 */
public final class Archive implements ImageStore {
    private final ArchiveFiles files;
    private final Map<String, byte[]> made = new HashMap<>();
    private final Map<String, WrongContentException> damaged = new LinkedHashMap<>();
    private final Map<String, String> oddNames = new LinkedHashMap<>();

    private Archive(ArchiveFiles files) {
        this.files = files;
    }

    /** Reads the headers of an archive; a compressed one is unpacked first, to so many bytes at most, or to the usual limit where {@code most} is null. */
    static Archive open(Path path, @Nullable Long most, Consumer<String> notice) throws IOException {
        return of(ArchiveFiles.of(path, CompressedArchive.isOne(path) ? CompressedArchive.unpack(path, most, notice) : path), most);
    }

    /**
     * Reads the headers of an archive in volumes.
     *
     * @throws IllegalArgumentException if the archive was compressed before it was cut
     * @throws NotFoundException        if volumes are missing
     * @throws WrongContentException    if one is damaged, as far as headers tell
     */
    static Archive of(Path path, VolumeSet volumes, @Nullable Long most) throws IOException {
        volumes.checkComplete();
        if (CompressedArchive.isOne(Channels.newInputStream(volumes.open()))) {
            throw new IllegalArgumentException(path + " is a volume of an archive that is compressed as a whole: join the volumes first, as with cat");
        }
        ArchiveFiles files = ArchiveFiles.of(path, volumes);
        try {
            return of(files, most);
        } catch (WrongContentException e) {
            throw volumes.blame(e, 0, volumes.volumes().size());
        }
    }

    private static Archive of(ArchiveFiles files, @Nullable Long most) throws IOException {
        Archive archive = new Archive(files);
        Path path = files.path();
        if (archive.leadsNowhere() && !new DockerArchive(archive, most).translate() && !archive.has("index.json")) {
            throw new WrongContentException(path + " is not an archive of images: it has neither index.json nor manifest.json nor repositories");
        }
        return archive;
    }

    private boolean has(String name) {
        return files.find(name) != null;
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
            return true; // reading it will say what is wrong with it
        }
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
        files.alias(name, file);
    }

    /** Returns how many bytes a file of the archive has. */
    long size(String name) throws NotFoundException, WrongContentException {
        return files.get(name).getSize();
    }

    /** Returns what is to be thrown for a file that the archive should have. */
    WrongContentException incomplete(String name) {
        return new WrongContentException(path() + " is incomplete: " + name + " is not there");
    }

    @Override
    public boolean isTranslated() {
        return made.containsKey("index.json");
    }

    @Override
    public Path path() {
        return files.path();
    }

    @Override
    public InputStream file(String name) throws IOException {
        if (made.containsKey(name)) {
            return new ByteArrayInputStream(made.get(name));
        }
        return files.content(files.get(name));
    }

    @Override
    public InputStream blob(Descriptor blob) throws IOException {
        return files.blaming(ImageStore.super.blob(blob), ImageLayout.path(blob.digest()));
    }

    @Override
    public boolean has(String name, long size) {
        TarArchiveEntry entry = files.find(name);
        return made.containsKey(name) ? made.get(name).length == size : entry != null && entry.getSize() == size;
    }

    @Override
    public Descriptor find(Digest digest) throws IOException {
        byte[] text = made.get(ImageLayout.path(digest));
        return new Descriptor("", digest, text != null ? text.length : files.get(ImageLayout.path(digest)).getSize(), null, null);
    }
}
