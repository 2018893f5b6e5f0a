package lib.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import lib.failure.NotFoundException;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.ManifestTree;
import lib.image.Reference;
import lib.store.layer.BlobSource;
import lib.store.layer.VerifiedStream;
import lib.store.volume.VolumeSet;
import lib.text.Json;
import org.jspecify.annotations.Nullable;

/**
 * Images on this side of the line: a folder in the form of an OCI layout, or an archive of one; or what other programs wrote, read as if it were one.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/image-layout.md">image-spec, Image Layout</a>
 */
public sealed interface ImageStore extends ManifestTree.Source permits Layout, DirFolder, Archive {
    /** Returns whether something is there to be opened: a file or what looks like one, or a folder that holds images or cannot be looked into. */
    static boolean isAt(Path path) {
        if (Files.isDirectory(path) && (Files.exists(path.resolve("index.json")) || DirFolder.is(path) || !Files.isExecutable(path))) {
            return true;
        }
        return !Files.isDirectory(path) && Files.exists(path) || VolumeSet.isAt(path);
    }

    /**
     * Opens a folder as a layout, a file as an archive, and volumes, by the name of any of them or of their folder, as the archive that they are;
     * throws NotFoundException if there is nothing, IllegalArgumentException where there is something else.
     */
    static ImageStore open(Path path) throws IOException {
        return open(path, null);
    }

    /** Does the same; what has to be unpacked to be read at all may unpack to so many bytes an image, or, where that is null, to the usual limit. */
    static ImageStore open(Path path, @Nullable Long most) throws IOException {
        return open(path, most, line -> { });
    }

    /** Does the same, and tells of what takes long before it can be read, a line each. */
    static ImageStore open(Path path, @Nullable Long most, Consumer<String> notice) throws IOException {
        VolumeSet volumes = Files.exists(path.resolve("index.json")) ? null : VolumeSet.at(path);
        if (volumes != null) {
            return Archive.of(path, volumes, most);
        }
        if (Files.isDirectory(path)) {
            return DirFolder.is(path) ? DirFolder.open(path) : Layout.open(path);
        }
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new IllegalArgumentException(path + " is neither a file nor a folder: an archive is not read in order, so write it into a file first");
        }
        if (Files.exists(path)) {
            return Archive.open(path, most, notice);
        }
        throw new NotFoundException(path + " does not exist");
    }

    /**
     * Returns a manifest that is on this side already, checked against its digest: a registry that counts pulls need not be asked for it.
     *
     * @return null if the place does not have it, or is not an archive or a layout
     */
    static @Nullable Manifest manifestIn(Path place, Digest digest) {
        try {
            ImageStore store = open(place);
            return store.manifest(store.find(digest));
        } catch (IOException | IllegalArgumentException e) {
            return null; // the registry has it, whatever is here
        }
    }

    /** Returns the images that could not even be listed, by what they are called, and why; mostly none. */
    default Map<String, WrongContentException> damaged() {
        return Map.of();
    }

    /** Returns names of images that are none, and why; mostly none. The images are there without these. */
    default Map<String, String> oddNames() {
        return Map.of();
    }

    /** Returns whether index.json is not there itself, but was made of the list that an older archive of Docker's has. */
    default boolean isTranslated() {
        return false;
    }

    /** Returns the file or folder that this is. */
    Path path();

    /** Returns the bytes of a file of the layout, such as {@code index.json}; throws NotFoundException if it is missing. */
    InputStream file(String name) throws IOException;

    /** Returns whether a file of the layout is there, and is this many bytes long. */
    boolean has(String name, long size);

    /** Returns the name of the file that a blob is in. */
    static String path(Digest digest) {
        return ImageLayout.path(digest);
    }

    /** Returns the file that a blob has to itself, whether it is there or not; null in an archive, where none has one. */
    default @Nullable Path fileOf(Digest blob) {
        return null;
    }

    /** Returns whether a blob's file is a symbolic link: then the blob's bytes are any file that the maker of the folder chose. */
    default boolean isLink(Digest blob) {
        Path file = fileOf(blob);
        return file != null && Files.isSymbolicLink(file);
    }

    /** Returns whether a blob's file is a symbolic link to somewhere outside of this folder, or to nothing. The folder of all blobs may itself lie elsewhere. */
    default boolean leadsOut(Digest blob) {
        if (!isLink(blob)) {
            return false;
        }
        try {
            Path target = fileOf(blob).toRealPath();
            return !target.startsWith(path().toRealPath()) && !target.getParent().equals(fileOf(blob).getParent().toRealPath());
        } catch (IOException e) {
            return true;
        }
    }

    @Override
    default boolean has(Descriptor blob) {
        return has(ImageLayout.path(blob.digest()), blob.size());
    }

    @Override
    default boolean hasAny(Descriptor entry) {
        try {
            find(entry.digest());
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Returns the bytes of a blob that something in store points to; they are checked while they are read.
     *
     * @throws WrongContentException when it is not there or of another size; by the last read when the bytes are not what the digest says
     */
    default InputStream blob(Descriptor blob) throws IOException {
        try {
            long size = find(blob.digest()).size();
            if (size != blob.size()) { // nothing is unpacked in the hope that it has the size by which its limit was reckoned
                throw VerifiedStream.wrongSize(blob, path().toString(), size < blob.size());
            }
            return VerifiedStream.ofBlob(file(ImageLayout.path(blob.digest())), blob, path().toString());
        } catch (NotFoundException e) {
            throw new WrongContentException(path() + " is incomplete: the blob " + blob.digest() + " is not there", e);
        }
    }

    /** Returns {@code index.json}, which lists what is in store. */
    default ObjectNode index() throws IOException {
        try (InputStream in = file("index.json")) {
            return Json.object(in.readNBytes(Manifest.LONGEST), "index.json of " + path());
        }
    }

    @Override
    default Manifest manifest(Descriptor descriptor) throws IOException {
        if (descriptor.size() > Manifest.LONGEST) {
            throw new WrongContentException("the manifest " + descriptor.digest() + " in " + path() + " is longer than " + Manifest.LONGEST + " bytes: refused");
        }
        checkSize(descriptor);
        byte[] bytes;
        try (InputStream in = blob(descriptor)) {
            bytes = in.readAllBytes(); // what is wrong with a blob is told with the name of this
        }
        try {
            return Manifest.parse(descriptor.digest(), bytes, descriptor.mediaType());
        } catch (WrongContentException e) {
            throw new WrongContentException(path() + ": " + e.getMessage(), e);
        }
    }

    /** Says it where the digest of a manifest is right, and only the size that it is listed with is wrong. */
    private void checkSize(Descriptor listed) throws IOException {
        if (has(listed) || !hasAny(listed)) {
            return;
        }
        Descriptor found = find(listed.digest());
        if (found.size() > Manifest.LONGEST) {
            return;
        }
        try (InputStream in = blob(found)) {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (WrongContentException e) {
            return; // it is another one, not only of another size
        }
        throw new WrongContentException("the manifest " + listed.digest() + " in " + path() + " has " + found.size() + " bytes, but is listed with " + listed.size()
                + ": refused; it can be had by its digest: serve " + path() + ", then pull NAME@" + listed.digest());
    }

    /** Returns the images in store; throws NotFoundException if there are none. */
    default StoredImages images() throws IOException {
        return new StoredImages(this);
    }

    /** Returns what is there that refers to a manifest. */
    default StoredReferrers referrers() throws IOException {
        return new StoredReferrers(this);
    }

    @Override
    default byte[] config(Manifest manifest) throws IOException {
        return BlobSource.config(this::blob, manifest);
    }

    /** Returns the name in an index entry's annotations, or null: some tools write the full name where others write the tag only. */
    static @Nullable Reference name(JsonNode entry) {
        try {
            String name = fullName(entry);
            return name.isEmpty() ? null : Reference.parse(name);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Returns that name as it is written, be it none that an image can have; "" if there is none. */
    static String fullName(JsonNode entry) {
        String tagOrName = entry.path("annotations").path(NamedImage.REF_NAME).asText();
        return entry.path("annotations").path(NamedImage.FULL_NAME).asText(tagOrName.contains(":") ? tagOrName : "");
    }

    /** Returns a descriptor of a blob in store by its digest, whose size is that of its file. */
    Descriptor find(Digest digest) throws IOException;
}
