package lib.store.format;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.store.ImageLayout;
import lib.store.NamedImage;
import lib.store.layer.VerifiedStream;
import lib.store.tar.TarHeader;
import lib.text.Json;

/**
 * The geometry of an archive that engines load: what stands at which byte of it. Manifests give the size of every blob,
 * so all of it is known before the first blob has come, and blobs can be written into their places in any order.
 * The archive is an OCI layout and, where it has a {@code manifest.json}, also what {@code docker save} writes; blobs have the registry's own bytes.
 *
 * @param texts   everything but the blobs that are still to come: headers, indexes, manifests and padding, by offset
 * @param places  where in the archive each blob begins, in bytes, in the order of the blobs
 * @param size    the archive's size in bytes
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/image-layout.md">image-spec, Image Layout</a>
 * @see <a href="https://github.com/moby/docker-image-spec/blob/v1.3.1/spec.md#combined-image-json--filesystem-changeset-format">Docker image spec, combined format</a>
 */
public record ArchivePlan(Map<Long, byte[]> texts, Map<Descriptor, Long> places, long size) {
    /** What stands between blobs never makes an archive of these bytes longer than a file can be, 2^63 bytes. */
    private static final long LARGEST = 1L << 62;

    /**
     * Returns the plan of an archive of these images, each for one platform, in this order; what they share is stored once.
     * Artifacts alone, which no engine loads, have no {@code manifest.json}.
     *
     * @throws WrongContentException if a manifest is malformed, or the blobs together are more than an archive can hold
     */
    public static ArchivePlan of(List<NamedImage> images) throws WrongContentException {
        return of(images, images.stream().allMatch(image -> image.manifest().isArtifact()) ? null : dockersList(images));
    }

    /**
     * Returns the plan of an archive that is an OCI layout and nothing else: of an index, all platforms may be in it.
     *
     * @throws WrongContentException if a manifest is malformed, or the blobs together are more than an archive can hold
     */
    public static ArchivePlan ofLayout(List<NamedImage> images) throws WrongContentException {
        return of(images, null);
    }

    private static ArchivePlan of(List<NamedImage> images, ArrayNode dockersList) throws WrongContentException {
        Map<Digest, Descriptor> blobs = new LinkedHashMap<>();
        Map<Digest, Manifest> manifests = new LinkedHashMap<>();
        for (NamedImage image : images) {
            image.manifests().forEach(manifest -> manifests.putIfAbsent(manifest.digest(), manifest));
            for (Descriptor blob : image.blobs()) {
                blobs.putIfAbsent(blob.digest(), blob);
            }
        }
        manifests.keySet().forEach(blobs::remove); // an artifact may list what is a manifest too
        if (Descriptor.total(blobs.values()) > LARGEST) {
            throw new WrongContentException("the blobs have " + Descriptor.total(blobs.values()) + " bytes by the manifest, more than any archive can hold: refused");
        }
        Writer writer = new Writer();
        writer.file(ImageLayout.MARK, ImageLayout.MARK_TEXT.getBytes(StandardCharsets.UTF_8));
        writer.file(ImageLayout.INDEX, Json.bytes(ImageLayout.index(images)));
        if (dockersList != null) {
            writer.file("manifest.json", Json.bytes(dockersList));
        }
        writer.text(TarHeader.ofFolder("blobs/"));
        Stream.concat(manifests.keySet().stream(), blobs.keySet().stream()).map(Digest::algorithm).distinct().sorted()
                .forEach(algorithm -> writer.text(TarHeader.ofFolder("blobs/" + algorithm + "/")));
        manifests.forEach((digest, manifest) -> writer.file(ImageLayout.path(digest), manifest.bytes()));
        blobs.values().forEach(writer::blob);
        writer.text(new byte[2 * TarHeader.BLOCK]);
        writer.flush();
        return new ArchivePlan(writer.texts, writer.places, writer.at);
    }

    /**
     * Returns whether an archive is what this plan says, from its first byte to its last planned one: headers, texts, and blobs by their digests.
     *
     * @throws IOException if the archive cannot be read
     */
    public boolean isWrittenIn(InputStream archive) throws IOException {
        Map<Long, Descriptor> blobs = new HashMap<>();
        places.forEach((blob, offset) -> {
            if (blob.size() > 0) {
                blobs.put(offset, blob);
            }
        });
        for (long at = 0; at < size; ) {
            Descriptor blob = blobs.get(at);
            byte[] text = texts.get(at);
            boolean isSame = blob != null ? VerifiedStream.isBlob(archive, blob) : Arrays.equals(text, archive.readNBytes(text.length));
            if (!isSame) {
                return false;
            }
            at += blob != null ? blob.size() : text.length;
        }
        return true;
    }

    /** Returns a digest of what stands where: two archives of plans with the same one have the same bytes. */
    public Digest digest() {
        SortedMap<Long, String> lines = new TreeMap<>();
        texts.forEach((offset, text) -> lines.put(offset, "text " + Digest.of(text)));
        places.forEach((blob, offset) -> lines.merge(offset, "blob " + blob.digest() + " " + blob.size(), (text, empty) -> empty + "\n" + text));
        StringBuilder list = new StringBuilder();
        lines.forEach((offset, line) -> list.append(offset).append(' ').append(line).append('\n'));
        return Digest.of(list.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** The list that Docker has read since 1.10: an entry an image, with its config, its names and its layers by their paths. */
    private static ArrayNode dockersList(List<NamedImage> images) throws WrongContentException {
        Map<Digest, ObjectNode> entries = new LinkedHashMap<>();
        for (NamedImage image : images) {
            ObjectNode entry = entries.get(image.manifest().digest());
            if (entry == null) {
                entry = Json.newObject().put("Config", ImageLayout.path(image.manifest().config().digest()));
                entry.putNull("RepoTags");
                ArrayNode layers = entry.putArray("Layers");
                image.manifest().layers().forEach(layer -> layers.add(ImageLayout.path(layer.digest())));
                entries.put(image.manifest().digest(), entry);
            }
            if (image.repoTag() != null) {
                ArrayNode names = entry.get("RepoTags") instanceof ArrayNode some ? some : entry.putArray("RepoTags");
                names.add(image.repoTag());
            }
        }
        ArrayNode list = Json.newArray();
        entries.values().forEach(list::add);
        return list;
    }

    /** Lays one thing after the other, and joins texts that touch. */
    private static final class Writer {
        private final Map<Long, byte[]> texts = new LinkedHashMap<>();
        private final Map<Descriptor, Long> places = new LinkedHashMap<>();
        private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
        private long at;

        void text(byte[] bytes) {
            pending.writeBytes(bytes);
            at += bytes.length;
        }

        void file(String name, byte[] content) {
            text(TarHeader.ofFile(name, content.length));
            text(content);
            text(new byte[TarHeader.padding(content.length)]);
        }

        void blob(Descriptor blob) {
            text(TarHeader.ofFile(ImageLayout.path(blob.digest()), blob.size()));
            flush();
            places.put(blob, at);
            at += blob.size();
            text(new byte[TarHeader.padding(blob.size())]);
        }

        void flush() {
            if (pending.size() > 0) {
                texts.put(at - pending.size(), pending.toByteArray());
                pending.reset();
            }
        }
    }
}
