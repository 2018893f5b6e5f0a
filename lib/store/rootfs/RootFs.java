package lib.store.rootfs;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import lib.failure.NotFoundException;
import lib.failure.WrongContentException;
import lib.file.LockFile;
import lib.file.TrustedFile;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.store.layer.BlobSource;
import lib.store.layer.LayerTar;
import lib.store.layer.LayersAhead;
import lib.store.layer.PathSelection;
import lib.store.layer.UnpackLimit;
import org.jspecify.annotations.Nullable;

/**
 * A root file system, made by applying the layers of an image to a folder, the lowest first.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/layer.md#applying-changesets">image-spec, Applying Changesets</a>
 */
public final class RootFs {

    private final Path root;
    private final PathSelection chosen;
    private final UnsupportedEntries leftOut = new UnsupportedEntries();
    private final Attributes attributes;
    /** Keeps others out of the folder; null if there is no place for it. */
    private final @Nullable LockFile lock;

    private RootFs(Path root, List<String> chosen, LockFile lock) throws IOException {
        this.root = root;
        this.lock = lock;
        this.chosen = new PathSelection(chosen);
        this.attributes = new Attributes(root, leftOut);
    }

    /** What was made: the folder, the number of entries, and lines for a person that say what was left out. */
    public record Report(Path folder, long entries, List<String> leftOut) { }

    /**
     * Makes a folder for a root file system, or takes an empty one.
     *
     * @param chosen the paths that are wanted, with what is below them; all if there are none
     * @throws IllegalArgumentException when there is something in the folder, or another run is at work there
     */
    public static RootFs into(Path folder, List<String> chosen) throws IOException {
        LockFile lock = lock(folder);
        try {
            if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS) && !isEmptyFolder(folder)) {
                throw new IllegalArgumentException(folder + " is not an empty folder: name another one");
            }
            TrustedFile.folder(folder);
            return new RootFs(folder.toRealPath(), chosen, lock);
        } catch (IOException | IllegalArgumentException e) {
            release(lock);
            throw e;
        }
    }

    /** The lock stands beside the folder, which is the image's alone. Where nothing can be written there, two runs are for the user to keep apart. */
    private static @Nullable LockFile lock(Path folder) throws IOException {
        Path place = Files.exists(folder) ? folder.toRealPath() : folder.toAbsolutePath().normalize();
        if (place.getParent() == null || !Files.isWritable(place.getParent())) {
            return null;
        }
        try {
            return LockFile.take(place.resolveSibling("." + place.getFileName() + ".dray-lock"), run -> {
                throw new IllegalArgumentException("another run" + run + " is writing to " + folder + ": wait for it to end, or name another folder");
            }, none -> { });
        } catch (FileSystemException e) {
            return null;
        }
    }

    private static void release(LockFile lock) throws IOException {
        if (lock != null) {
            lock.delete();
        }
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
     * Applies layers, the lowest first. They are read once more when a chosen path turns out to be a link to one that was not chosen.
     *
     * @param diffIds the digests of the uncompressed layers; null for one that is not known
     * @param stored  gives the layers as they are stored; their own reading checks them against their digests
     * @param most    how many bytes they may unpack to
     * @throws WrongContentException when a layer is not what it should be, or would write outside the folder
     * @throws NotFoundException     when a chosen path is in no layer
     */
    public Report apply(List<Descriptor> layers, List<@Nullable Digest> diffIds, BlobSource stored, long most) throws IOException {
        long entries;
        try {
            entries = once(layers, diffIds, stored, new UnpackLimit(most));
            while (chosen.needsMore(root)) {
                leftOut.clear();
                new Removal(attributes, new SeenPaths()).below(root, SeenPaths.ROOT);
                entries = once(layers, diffIds, stored, new UnpackLimit(most));
            }
            checkChosen();
        } catch (WrongContentException e) {
            throw new WrongContentException(e.getMessage() + "; " + root + " is incomplete", e);
        } finally {
            release(lock);
        }
        return new Report(root, entries, leftOut.lines());
    }

    /** Leaves the folder as empty as it was where a chosen path is not there, so that the same command may be tried with another one. */
    private void checkChosen() throws IOException {
        for (String wanted : chosen.isAll() ? List.<String>of() : chosen.wanted()) {
            if (!isThere(wanted)) {
                new Removal(attributes, new SeenPaths()).below(root, SeenPaths.ROOT);
                throw new NotFoundException("no such file in the image: " + wanted);
            }
        }
    }

    /** Returns whether the image has a path. Links are followed within the image, and none to what this machine has. */
    private boolean isThere(String wanted) throws IOException {
        ConfinedFolders folders = new ConfinedFolders(root, attributes);
        try {
            Path place = folders.find(List.of(wanted.split("/")), wanted);
            return place != null && attributes.read(place) != null;
        } catch (WrongContentException e) {
            return false; // no layer can have made what has such a name, or is behind such a link
        } finally {
            folders.close();
        }
    }

    private long once(List<Descriptor> layers, List<@Nullable Digest> diffIds, BlobSource stored, UnpackLimit limit) throws IOException {
        ConfinedFolders folders = new ConfinedFolders(root, attributes);
        LayerWriter writer = new LayerWriter(chosen, folders, attributes, leftOut);
        try (LayersAhead ahead = new LayersAhead(layers, diffIds, stored, limit)) {
            for (LayerTar layer = ahead.next(); layer != null; layer = ahead.next()) {
                layer.visit(writer::write, limit);
                writer.endLayer();
            }
        }
        folders.close();
        return writer.entries();
    }
}
