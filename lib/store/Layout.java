package lib.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Json;
import lib.image.Manifest;
import lib.image.NotFound;

//SOURCES ArchivePlan.java
//SOURCES ImageStore.java
//SOURCES Named.java
//SOURCES ../image/Descriptor.java
//SOURCES ../image/Digest.java
//SOURCES ../image/Json.java
//SOURCES ../image/Manifest.java
//SOURCES ../image/NotFound.java

/**
 * A folder of blobs, each named by its digest, with an {@code index.json} that says which of them are images.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/image-layout.md">image-spec, Image Layout</a>
 */
public record Layout(Path path) implements ImageStore {

    static Layout open(Path path) throws IOException {
        if (!Files.exists(path.resolve("index.json"))) {
            throw new NotFound(path + " is no OCI layout: it has no index.json");
        }
        return new Layout(path);
    }

    /** Opens a layout to add to, and makes an empty one first where there is nothing; throws IllegalArgumentException where there is something else. */
    public static Layout openOrCreate(Path path) throws IOException {
        if (Files.exists(path) && !Files.exists(path.resolve("oci-layout")) && !isEmptyFolder(path)) {
            throw new IllegalArgumentException(path + " exists and is no OCI layout: name another folder");
        }
        Files.createDirectories(path.resolve("blobs").resolve("sha256"));
        replace(path.resolve("oci-layout"), ArchivePlan.OCI_LAYOUT.getBytes(StandardCharsets.UTF_8));
        if (!Files.exists(path.resolve("index.json"))) {
            replace(path.resolve("index.json"), Json.bytes(ArchivePlan.index(List.of())));
        }
        return new Layout(path);
    }

    private static boolean isEmptyFolder(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return false;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
            return !entries.iterator().hasNext();
        }
    }

    /** Returns where a blob is, or will be. */
    public Path blobPath(Digest digest) {
        return path.resolve("blobs").resolve(digest.algorithm()).resolve(digest.hex());
    }

    /** Stores an image's manifests, and lists the image: in the place of an earlier one of the same name, else at the end. */
    public void add(Named image) throws IOException {
        for (Manifest manifest : image.tree().manifests()) {
            store(manifest.digest(), manifest.bytes());
        }
        ObjectNode index = index();
        ArrayNode kept = Json.newArray();
        JsonNode entry = image.indexEntry();
        for (JsonNode other : index.path("manifests")) {
            if (!isSameImage(other, entry)) {
                kept.add(other);
            }
        }
        index.set("manifests", kept.add(entry));
        replace(path.resolve("index.json"), Json.bytes(index));
    }

    /** Without names, the digest tells images apart; with names, the names do. */
    private static boolean isSameImage(JsonNode one, JsonNode other) {
        JsonNode name = one.path("annotations").path(Named.FULL_NAME);
        return name.equals(other.path("annotations").path(Named.FULL_NAME)) && (!name.isMissingNode() || one.path("digest").equals(other.path("digest")));
    }

    /** Stores bytes under their digest. */
    public void store(Digest digest, byte[] bytes) throws IOException {
        Files.createDirectories(blobPath(digest).getParent());
        replace(blobPath(digest), bytes);
    }

    /** Stores a stream, which is checked by its own reading, under its digest. */
    void store(Digest digest, InputStream in) throws IOException {
        Path file = blobPath(digest);
        Files.createDirectories(file.getParent());
        Path part = part(file);
        try {
            Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static Path part(Path file) {
        return file.resolveSibling(file.getFileName() + "." + ProcessHandle.current().pid() + ".part");
    }

    /** Writes beside the file and renames: a reader sees the old file or the new one, never half of it. */
    private static void replace(Path file, byte[] bytes) throws IOException {
        Path part = part(file);
        Files.write(part, bytes);
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public Path fileOf(Digest blob) {
        return blobPath(blob);
    }

    @Override
    public InputStream file(String name) throws IOException {
        try {
            return Files.newInputStream(path.resolve(name));
        } catch (NoSuchFileException e) {
            throw new NotFound(path + " has no " + name);
        }
    }

    @Override
    public boolean has(String name, long size) {
        try {
            return Files.size(path.resolve(name)) == size;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public Descriptor find(Digest digest) throws IOException {
        Path file = blobPath(digest);
        if (!Files.isRegularFile(file)) {
            throw new NotFound(path + " has no blob " + digest);
        }
        return new Descriptor("", digest, Files.size(file), null, null);
    }
}
