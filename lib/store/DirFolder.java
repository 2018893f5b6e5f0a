package lib.store;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import lib.failure.NotFoundException;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.text.Json;

/**
 * A folder of one image that skopeo ({@code dir:}) or podman ({@code docker-dir}) wrote: its manifest as {@code manifest.json}, and each blob
 * in a file of the digest's hex digits. Of an index, the manifests that it lists are there too. It is read as if it were a layout.
 *
 * @see <a href="https://github.com/containers/image/blob/v5.30.0/docs/containers-transports.5.md#dirpath">containers-transports, dir</a>
 */
record DirFolder(Path path, Manifest root) implements ImageStore {
    private static final String MANIFEST = "manifest.json";

    /** Returns whether a folder is one of these. */
    static boolean is(Path path) {
        return Files.isRegularFile(path.resolve(MANIFEST)) && Files.isRegularFile(path.resolve("version")) && !Files.exists(path.resolve("index.json"));
    }

    static DirFolder open(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path.resolve(MANIFEST))) {
            return new DirFolder(path, Manifest.parse(in.readNBytes(Manifest.LONGEST), null));
        }
    }

    /** Returns where a file of a layout is here. */
    private Path place(String name) {
        String hex = name.substring(name.lastIndexOf('/') + 1);
        if (name.equals(ImageLayout.path(root.digest()))) {
            return path.resolve(MANIFEST);
        }
        Path manifest = path.resolve(hex + "." + MANIFEST);
        return Files.exists(manifest) ? manifest : path.resolve(hex);
    }

    @Override
    public Path fileOf(Digest blob) {
        return place(ImageLayout.path(blob));
    }

    @Override
    public InputStream file(String name) throws IOException {
        if (name.equals("index.json")) {
            return new ByteArrayInputStream(Json.bytes(ImageLayout.index(List.of(new NamedImage(root, null)))));
        }
        Path file = place(name);
        if (!Files.isRegularFile(file)) { // a named pipe would have this wait for ever, a device may do anything
            throw Files.exists(file) ? new WrongContentException(file + " is not a regular file") : new NotFoundException(path + " has no " + name);
        }
        return Files.newInputStream(file);
    }

    @Override
    public boolean has(String name, long size) {
        try {
            return Files.isRegularFile(place(name)) && Files.size(place(name)) == size;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public Descriptor find(Digest digest) throws IOException {
        Path file = place(ImageLayout.path(digest));
        if (!Files.isRegularFile(file)) {
            throw new NotFoundException(path + " has no blob " + digest);
        }
        return new Descriptor("", digest, Files.size(file), null, null);
    }
}
