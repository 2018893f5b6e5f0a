package lib.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import lib.failure.NotFoundException;
import lib.failure.WrongContentException;
import lib.file.AtomicFile;
import lib.file.LockFile;
import lib.file.TrustedFile;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.text.Json;

/**
 * A folder of blobs, each named by its digest, with an {@code index.json} that says which of them are images.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/image-layout.md">image-spec, Image Layout</a>
 */
public record Layout(Path path) implements ImageStore {
    /** The file that marks a folder as a layout (image-spec, oci-layout file). */
    private static final int LONGEST_MARK = 4096;

    static Layout open(Path path) throws IOException {
        if (!Files.isExecutable(path)) {
            throw new AccessDeniedException(path.toString());
        }
        if (!Files.exists(path.resolve("index.json"))) {
            throw new NotFoundException(path + " is not an OCI layout: it has no index.json");
        }
        return new Layout(path);
    }

    /**
     * Opens a layout to add to, and makes an empty one first if there is nothing, or one that is only half made: by another process, or by one
     * that was killed. Throws IllegalArgumentException if there is something else.
     */
    public static Layout openOrCreate(Path path) throws IOException {
        Layout layout = new Layout(path);
        if (Files.exists(path) && !Files.exists(path.resolve(ImageLayout.MARK)) && !BegunLayout.isAt(path)) {
            throw new IllegalArgumentException(path + " exists and is not an OCI layout: name another folder");
        }
        TrustedFile.folder(path.resolve("blobs").resolve("sha256"));
        removeLeftovers(path);
        if (!Files.exists(path.resolve(ImageLayout.INDEX)) || !layout.isMarked()) {
            layout.change(() -> {
                if (!layout.isMarked()) {
                    replace(path.resolve(ImageLayout.MARK), ImageLayout.MARK_TEXT.getBytes(StandardCharsets.UTF_8));
                }
                if (!Files.exists(path.resolve(ImageLayout.INDEX))) {
                    replace(path.resolve(ImageLayout.INDEX), Json.bytes(ImageLayout.index(List.of())));
                }
            });
        }
        return layout;
    }

    private static void removeLeftovers(Path path) throws IOException {
        AtomicFile.removeLeftovers(path);
        try (DirectoryStream<Path> algorithms = Files.newDirectoryStream(path.resolve("blobs"))) {
            algorithms.forEach(AtomicFile::removeLeftovers);
        }
    }

    /** Returns whether the file that marks a layout is there, and not empty or torn. */
    private boolean isMarked() throws IOException {
        if (!Files.exists(path.resolve(ImageLayout.MARK))) {
            return false;
        }
        try (InputStream in = file(ImageLayout.MARK)) {
            return new String(in.readNBytes(LONGEST_MARK), StandardCharsets.UTF_8).contains("imageLayoutVersion");
        }
    }

    /** A change to the files that say what is in the layout. */
    private interface Change {
        void make() throws IOException;
    }

    /** Makes a change that no other process, and no other thread, makes at the same time. */
    private void change(Change change) throws IOException {
        synchronized (Layout.class) {
            LockFile lock = LockFile.take(path.resolve(ImageLayout.INDEX + ".lock"), run -> { }, none -> { });
            try {
                change.make();
            } finally {
                lock.delete();
            }
        }
    }

    /** Returns where a blob is, or will be. */
    public Path blobPath(Digest digest) {
        return path.resolve("blobs").resolve(digest.algorithm()).resolve(digest.hex());
    }

    /**
     * Stores an image's manifests, and lists the image: instead of an earlier one of the same name, else at the end.
     *
     * @throws IOException if the folder cannot be written to
     */
    public void add(NamedImage image) throws IOException {
        for (Manifest manifest : image.manifests()) {
            store(manifest.digest(), manifest.bytes());
        }
        List<ObjectNode> entries = new ArrayList<>(image.indexEntries());
        entries.addAll(image.referrerEntries());
        change(() -> list(entries));
    }

    private void list(List<ObjectNode> entries) throws IOException {
        ObjectNode index = index();
        ArrayNode kept = Json.newArray();
        for (JsonNode other : index.path("manifests")) {
            if (entries.stream().noneMatch(entry -> isSameImage(other, entry))) {
                kept.add(other);
            }
        }
        index.set("manifests", kept.addAll(entries));
        replace(path.resolve(ImageLayout.INDEX), Json.bytes(index));
    }

    /** What is to become of the entries of {@code index.json}. */
    public interface Listing {
        /** Returns what is to be listed instead; what this throws leaves all as it is. */
        List<ObjectNode> of(List<ObjectNode> listed) throws IOException;
    }

    /**
     * Changes what is listed, while nobody else does. It is on disk for good when this returns.
     *
     * @throws IOException if the folder cannot be written to, or the change throws it
     */
    public void list(Listing change) throws IOException {
        change(() -> {
            ObjectNode index = index();
            index.set("manifests", Json.newArray().addAll(change.of(listed())));
            byte[] bytes = Json.bytes(index);
            if (bytes.length > Manifest.LONGEST) {
                throw new IOException(path + " lists as much as it can: nobody would read a longer index.json");
            }
            AtomicFile.writeForGood(path.resolve(ImageLayout.INDEX), bytes);
        });
    }

    /** Returns the entries of {@code index.json}; throws WrongContentException if that cannot be read. */
    public List<ObjectNode> listed() throws IOException {
        List<ObjectNode> listed = new ArrayList<>();
        for (JsonNode entry : index().path("manifests")) {
            if (entry instanceof ObjectNode object) {
                listed.add(object);
            }
        }
        return listed;
    }

    /**
     * Stores bytes under their digest; they are on disk for good when this returns.
     *
     * @throws IOException if the folder cannot be written to
     */
    public void storeForGood(Digest digest, byte[] bytes) throws IOException {
        Files.createDirectories(blobPath(digest).getParent());
        AtomicFile.writeForGood(blobPath(digest), bytes);
    }

    /** Without names, the digest tells images apart; with names, the names do. */
    private static boolean isSameImage(JsonNode one, JsonNode other) {
        JsonNode name = one.path("annotations").path(NamedImage.FULL_NAME);
        boolean isSameName = name.equals(other.path("annotations").path(NamedImage.FULL_NAME)) && one.path("annotations").path(StoredReferrers.TAG).equals(other.path("annotations").path(StoredReferrers.TAG));
        return isSameName && (!name.isMissingNode() || one.path("digest").equals(other.path("digest")));
    }

    /**
     * Stores bytes under their digest.
     *
     * @throws IOException if the folder cannot be written to
     */
    public void store(Digest digest, byte[] bytes) throws IOException {
        Files.createDirectories(blobPath(digest).getParent());
        replace(blobPath(digest), bytes);
    }

    /**
     * Stores a stream, which is checked by its own reading, under its digest.
     *
     * @throws IOException if the stream fails, as a checked one does over wrong bytes, or the folder cannot be written to: then nothing is stored
     */
    public void store(Digest digest, InputStream in) throws IOException {
        Path file = blobPath(digest);
        Files.createDirectories(file.getParent());
        AtomicFile.write(file, in::transferTo);
    }

    /** Writes beside the file and renames: a reader sees the old file or the new one, never half of it. */
    private static void replace(Path file, byte[] bytes) throws IOException {
        AtomicFile.write(file, out -> out.write(bytes));
    }

    @Override
    public Path fileOf(Digest blob) {
        return blobPath(blob);
    }

    @Override
    public InputStream file(String name) throws IOException {
        Path file = path.resolve(name);
        if (!Files.isRegularFile(file)) { // a named pipe would have this wait for ever, a device may do anything
            throw Files.exists(file) ? new WrongContentException(path + ": " + name + " is not a regular file") : new NotFoundException(path + " has no " + name);
        }
        try {
            return Files.newInputStream(file);
        } catch (NoSuchFileException e) {
            throw new NotFoundException(path + " has no " + name); // somebody has just removed it
        }
    }

    @Override
    public boolean has(String name, long size) {
        try {
            BasicFileAttributes file = Files.readAttributes(path.resolve(name), BasicFileAttributes.class);
            return file.isRegularFile() && file.size() == size;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public Descriptor find(Digest digest) throws IOException {
        Path file = blobPath(digest);
        if (!Files.isRegularFile(file)) {
            throw new NotFoundException(path + " has no blob " + digest);
        }
        return new Descriptor("", digest, Files.size(file), null, null);
    }
}
