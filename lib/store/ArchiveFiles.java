package lib.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lib.failure.NotFoundException;
import lib.failure.WrongContentException;
import lib.store.tar.PathWalk;
import lib.store.volume.VolumeSet;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;
import org.apache.commons.io.input.BoundedInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The files in a tar, by their names. Only headers are read beforehand, contents where they stand, in any order: that is what TarFile of
 * commons-compress is for. Layers are read in order by {@link lib.store.tar.TarReader}, because of what TarFile loses of them, capabilities and
 * names that are not UTF-8; no archive of images has these.
 */
final class ArchiveFiles {
    private static final int PIECE = 1 << 16;
    private static final String NO_TAR = " is not a tar archive, or is damaged: ";

    private final Path path;
    /** Where its bytes are: the archive itself, or what it was unpacked to. */
    private final Path tar;
    /** Where its bytes are instead, if it is in volumes. */
    private final @Nullable VolumeSet volumes;
    private final Map<String, TarArchiveEntry> entries = new HashMap<>();
    /** Where links lead, from the root of the archive. */
    private final Map<String, String> links = new HashMap<>();
    private final List<TarArchiveEntry> repeated = new ArrayList<>();

    private ArchiveFiles(Path path, Path tar, @Nullable VolumeSet volumes) {
        this.path = path;
        this.tar = tar;
        this.volumes = volumes;
    }

    /**
     * Reads the headers of a tar.
     *
     * @param path what the archive is called
     * @param file where its tar is: the same, or what it was unpacked to
     * @throws WrongContentException for what is not a tar, or says two things of one file
     */
    static ArchiveFiles of(Path path, Path file) throws IOException {
        ArchiveFiles files = new ArchiveFiles(path, file, null);
        try (TarFile tar = new TarFile(file)) {
            files.read(tar);
            return files;
        } catch (FileSystemException | WrongContentException e) {
            throw e;
        } catch (IllegalArgumentException | IOException e) {
            throw new WrongContentException(path + NO_TAR + e.getMessage(), e);
        }
    }

    /**
     * Reads the headers of a tar that is in volumes.
     *
     * @param path what the archive is called
     * @throws WrongContentException for what is not a tar, or says two things of one file; it names a volume that is damaged
     */
    static ArchiveFiles of(Path path, VolumeSet volumes) throws IOException {
        ArchiveFiles files = new ArchiveFiles(path, path, volumes);
        try (TarFile tar = new TarFile(volumes.open())) {
            files.read(tar);
            return files;
        } catch (FileSystemException e) {
            throw e;
        } catch (IllegalArgumentException | IOException e) {
            WrongContentException damage = e instanceof WrongContentException wrong ? wrong : new WrongContentException(path + NO_TAR + e.getMessage(), e);
            throw volumes.blame(damage, 0, volumes.volumes().size());
        }
    }

    private void read(TarFile tar) throws IOException {
        for (TarArchiveEntry entry : tar.getEntries()) {
            if (volumes != null && !entry.isCheckSumOK()) { // elsewhere TarFile's leniency is wanted, but volumes were written here
                throw new WrongContentException(path + " is damaged: a header of it is not what its checksum says");
            }
            add(entry);
        }
        checkRepeated();
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
        return link.isLink() ? plain(target) : PathWalk.normal(target.startsWith("/") ? target : name.substring(0, name.lastIndexOf('/') + 1) + target);
    }

    /** Some tools write what two images share once for each. As long as the bytes are the same, it does not matter which are read. */
    private void checkRepeated() throws IOException {
        for (TarArchiveEntry again : repeated) {
            String name = plain(again.getName());
            TarArchiveEntry first = find(name);
            TarArchiveEntry second = isLink(again) ? find(target(again)) : again;
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

    /** Returns the path of the archive itself. */
    Path path() {
        return path;
    }

    /** Has a file be found under another name, too. */
    void alias(String name, String file) throws NotFoundException, WrongContentException {
        entries.put(name, get(file));
    }

    /**
     * Returns the file that a name leads to, be it by links.
     *
     * @throws NotFoundException     when there is none
     * @throws WrongContentException when links lead in a circle
     */
    TarArchiveEntry get(String name) throws NotFoundException, WrongContentException {
        TarArchiveEntry entry = find(name);
        if (entry == null && followed(name) == null) {
            throw new WrongContentException(path + ": " + name + " is a link that leads in a circle");
        }
        if (entry == null) {
            throw new NotFoundException(path + " has no " + name);
        }
        return entry;
    }

    /** Does the same, but returns null if the name leads to no file. */
    @Nullable TarArchiveEntry find(String name) {
        String file = followed(name);
        return file == null ? null : entries.get(file);
    }

    /** Follows links as they would lead if the archive was unpacked, those of folders too. Returns null if they lead in a circle. */
    private @Nullable String followed(String name) {
        String plain = plain(name);
        if (links.isEmpty() || entries.containsKey(plain)) {
            return plain;
        }
        String at = "";
        for (PathWalk walk = new PathWalk(List.of(plain.split("/"))); walk.hasNext(); ) {
            String part = walk.next();
            at = at.isEmpty() ? part : at + "/" + part;
            String target = links.get(at);
            if (target != null && !walk.follow(target)) {
                return null;
            }
            at = target != null ? "" : at;
        }
        return at;
    }

    /** Opens the content of a file. */
    InputStream content(TarArchiveEntry entry) throws IOException {
        InputStream archive = volumes == null ? Files.newInputStream(tar) : Channels.newInputStream(volumes.open().position(entry.getDataOffset()));
        archive.skipNBytes(volumes == null ? entry.getDataOffset() : 0);
        return BoundedInputStream.builder().setInputStream(archive).setMaxCount(entry.getSize()).get();
    }

    /** Has failures of a stream that is checked, the content of a file, name the volume that is to blame, if the archive is in volumes. */
    InputStream blaming(InputStream checked, String name) {
        TarArchiveEntry entry = volumes == null ? null : find(name);
        return entry == null ? checked : volumes.blaming(checked, entry.getDataOffset(), entry.getDataOffset() + entry.getSize());
    }
}
