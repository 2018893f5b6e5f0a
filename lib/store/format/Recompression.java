package lib.store.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import lib.file.AtomicFile;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.ManifestTree;
import lib.store.Layout;
import lib.store.NamedImage;
import lib.store.layer.BlobSource;
import lib.store.layer.LayerStream;
import lib.store.layer.UnpackLimit;
import lib.text.Json;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Images with layers that are compressed in another way, for engines that do not know the registry's. The config stays what it is, and with it
 * the image ID, because the config lists the digests of the uncompressed layers. The manifests are new, and what lists them.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/layer.md#distributable-format">image-spec, Layer formats</a>
 */
public final class Recompression {
    /** How layers can be stored, and archives as a whole. */
    public enum Form {
        NONE("none"), GZIP("gzip"), ZSTD("zstd");

        private final String label;

        Form(String label) {
            this.label = label;
        }

        /**
         * Returns how an archive of this name is compressed as a whole; engines load it either way.
         *
         * @throws IllegalArgumentException if the name ends like that of an archive that is compressed in a way that is only read here
         */
        public static Form ofFile(Path file) {
            String name = file.toString().toLowerCase(Locale.ROOT);
            if (name.matches(".*\\.(tar\\.(xz|bz2|lz4|lzma|lz|z)|txz|tbz2?)")) {
                throw new IllegalArgumentException(file + ": archives are compressed with gzip or zstd here, under names that end in .tar.gz or .tar.zst;"
                        + " for another compression, write the archive to stdout and pipe it into that program");
            }
            return name.matches(".*\\.(tar\\.gz|tgz)") ? GZIP : name.matches(".*\\.(tar\\.zst|tzst)") ? ZSTD : NONE;
        }

        /**
         * Returns a stream that compresses into another one, always to the same bytes, and closes that when it is closed.
         *
         * @throws IOException if the header cannot be written
         */
        public OutputStream on(OutputStream out) throws IOException {
            return switch (this) {
                case NONE -> new BufferedOutputStream(out, 1 << 16);
                case GZIP -> new GzipCompressorOutputStream(out); // its header has no time and no name in it
                case ZSTD -> new Unflushed(new ZstdOutputStreamNoFinalizer(out));
            };
        }

        /** A flush would end a block: then the bytes would also depend on who writes them. */
        private static final class Unflushed extends FilterOutputStream {
            Unflushed(OutputStream out) {
                super(out);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
            }

            @Override
            public void flush() {
                // all of it is written when the stream is closed
            }
        }

        /** Returns the media type of such a layer, of Docker's names or the OCI's. */
        private String mediaType(String before) {
            boolean dockers = before.startsWith("application/vnd.docker.");
            String base = dockers ? "application/vnd.docker.image.rootfs.diff.tar" : "application/vnd.oci.image.layer.v1.tar";
            return this == NONE ? base : base + (dockers ? "." : "+") + label;
        }

        /** Returns whether a layer is recompressed for this form. Those that are downloaded from elsewhere are not. */
        public boolean changes(Descriptor layer) {
            return layer.urls().isEmpty() && !layer.mediaType().equals(mediaType(layer.mediaType()));
        }

        @Override
        public String toString() {
            return label;
        }
    }

    private final Form form;
    private final Layout layout;
    private final BlobSource blobs;
    private final @Nullable Long most;
    private final Map<Digest, ObjectNode> layers = new HashMap<>();

    /**
     * @param layout where the new layers go
     * @param blobs  where the old ones come from
     * @param most   how many bytes the layers of an image may unpack to, null for the usual limit
     */
    public Recompression(Form form, Layout layout, BlobSource blobs, @Nullable Long most) {
        this.form = form;
        this.layout = layout;
        this.blobs = blobs;
        this.most = most;
    }

    /**
     * Returns images as {@link #of(NamedImage)} does, each of them.
     *
     * @throws lib.failure.WrongContentException if a layer is not what its digest says, or unpacks to too much
     * @throws IOException                       if a blob cannot be read, or the layout cannot be written to
     */
    public List<NamedImage> all(List<NamedImage> images) throws IOException {
        List<NamedImage> recompressed = new ArrayList<>();
        for (NamedImage image : images) {
            recompressed.add(of(image));
        }
        return recompressed;
    }

    /**
     * Returns the image as it is with its layers compressed anew, which are in the layout then. Layers that are downloaded from elsewhere stay as they are.
     *
     * @throws lib.failure.WrongContentException if a layer is not what its digest says, or unpacks to too much
     * @throws IOException                       if a blob cannot be read, or the layout cannot be written to
     */
    public NamedImage of(NamedImage image) throws IOException {
        Map<String, Manifest> changed = new HashMap<>();
        List<Manifest> below = new ArrayList<>(image.tree().below());
        for (int i = below.size() - 1; i >= 0; i--) { // what lists others comes before them
            below.set(i, changed(below.get(i), changed));
        }
        return new NamedImage(new ManifestTree(changed(image.manifest(), changed), below), image.reference()).without(image.without());
    }

    private Manifest changed(Manifest old, Map<String, Manifest> changed) throws IOException {
        Manifest manifest = old.isIndex() ? index(old, changed) : old.isImage() ? image(old) : old;
        changed.put(old.digest().toString(), manifest);
        return manifest;
    }

    private static Manifest index(Manifest old, Map<String, Manifest> changed) throws IOException {
        ObjectNode json = old.json().deepCopy();
        for (JsonNode entry : json.path("manifests")) {
            Manifest manifest = changed.get(entry.path("digest").asText());
            if (manifest != null) {
                ((ObjectNode) entry).put("digest", manifest.digest().toString()).put("size", manifest.bytes().length);
            }
            Manifest subject = changed.get(entry.path("annotations").path("vnd.docker.reference.digest").asText());
            if (subject != null) {
                ((ObjectNode) entry.get("annotations")).put("vnd.docker.reference.digest", subject.digest().toString());
            }
        }
        return json.equals(old.json()) ? old : Manifest.parse(Json.bytes(json), old.mediaType());
    }

    private Manifest image(Manifest old) throws IOException {
        List<Digest> diffIds = old.diffIds(BlobSource.config(blobs, old));
        UnpackLimit limit = new UnpackLimit(most == null ? UnpackLimit.usual(old.layers()) : most);
        ObjectNode json = old.json().deepCopy();
        ArrayNode list = json.putArray("layers");
        for (int i = 0; i < diffIds.size(); i++) {
            Descriptor layer = old.layers().get(i);
            list.add(layer.urls().isEmpty() ? layer(layer, diffIds.get(i), limit) : layer.json());
        }
        return json.equals(old.json()) ? old : Manifest.parse(Json.bytes(json), old.mediaType());
    }

    private ObjectNode layer(Descriptor old, Digest diffId, UnpackLimit limit) throws IOException {
        String mediaType = form.mediaType(old.mediaType());
        if (old.mediaType().equals(mediaType)) {
            return old.json();
        }
        ObjectNode known = layers.get(old.digest());
        if (known == null) {
            known = recompressed(old, diffId, limit);
            layers.put(old.digest(), known);
        }
        return known.deepCopy().put("mediaType", mediaType); // for images of Docker's names and of the OCI's
    }

    private ObjectNode recompressed(Descriptor old, Digest diffId, UnpackLimit limit) throws IOException {
        MessageDigest hash = Digest.newSha256();
        try (AtomicFile part = AtomicFile.beside(layout.path().resolve("layer"))) {
            try (InputStream stored = blobs.open(old); InputStream tar = LayerStream.open(old, diffId, stored, limit);
                    OutputStream out = form.on(new DigestOutputStream(part.stream(), hash))) {
                tar.transferTo(out);
            }
            Digest digest = Digest.of("sha256", hash.digest());
            long size = Files.size(part.path());
            part.become(layout.blobPath(digest));
            return Json.newObject().put("mediaType", "").put("digest", digest.toString()).put("size", size);
        }
    }
}
