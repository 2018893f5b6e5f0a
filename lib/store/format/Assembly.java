package lib.store.format;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.Origin;
import lib.image.Schema1;
import lib.store.Layout;
import lib.store.layer.BlobSource;
import lib.store.layer.LayerStream;
import lib.store.layer.UnpackLimit;
import lib.text.Json;
import org.jspecify.annotations.Nullable;

/**
 * Makes sure that an image can be loaded: engines check that the config lists a diff ID, the digest of the uncompressed tar,
 * for each layer of the manifest.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/config.md#properties">image-spec, rootfs.diff_ids</a>
 */
public final class Assembly {

    private Assembly() { }

    /**
     * Returns the manifest or index that a stage's JSON means: the registry's own, or, if the JSON was edited on the way,
     * a new one; a manifest with a config that goes with the layers that are left.
     *
     * @param most how many bytes the layers may unpack to, null for the usual limit
     * @throws lib.failure.WrongContentException if the JSON is not a manifest, or a layer is not what its digest says
     * @throws IOException                       if the layout cannot be read or written to
     */
    public static Manifest of(Layout layout, Origin origin, ObjectNode json, @Nullable Long most) throws IOException {
        Manifest original = origin.digest() == null ? null : layout.manifest(layout.find(origin.digest()));
        boolean isAsSent = original != null && original.json().equals(json);
        Manifest edited = isAsSent ? original : Manifest.parse(Json.bytes(json), null);
        if (edited.isIndex() || !edited.artifactType().isEmpty()) {
            return edited;
        }
        if (isAsSent) {
            BlobSource.checkConfig(layout::blob, original);
            return original;
        }
        if (original != null && original.json().path("layers").equals(json.path("layers"))) {
            BlobSource.checkConfig(layout::blob, edited);
            return edited;
        }
        byte[] config = Json.bytes(configFor(layout, edited, most));
        layout.store(Digest.of(config), config);
        ObjectNode consistent = json.deepCopy();
        ((ObjectNode) consistent.path("config")).put("digest", Digest.of(config).toString()).put("size", config.length);
        return Manifest.parse(Json.bytes(consistent), null);
    }

    /** The history of an edited image is not known any more, and a history that does not go with the layers stops some engines. */
    private static ObjectNode configFor(Layout layout, Manifest edited, @Nullable Long most) throws IOException {
        ObjectNode config = Json.object(BlobSource.config(layout::blob, edited), "the config " + edited.config().digest());
        ArrayNode diffIds = Json.newArray();
        UnpackLimit limit = new UnpackLimit(most == null ? UnpackLimit.usual(edited.layers()) : most);
        for (Descriptor layer : edited.layers()) {
            diffIds.add(diffId(layout, layer, limit).toString());
        }
        config.set("rootfs", Json.newObject().put("type", "layers").set("diff_ids", diffIds));
        config.remove("history");
        return config;
    }

    /**
     * Returns the manifest of schema 2 that replaces one of schema 1, whose layers are in the layout, and stores its config there.
     *
     * @param layers the layers, lowest first
     * @throws lib.failure.WrongContentException if a layer is not what its digest says, or unpacks to too much
     * @throws IOException                       if the layout cannot be read or written to
     */
    public static Manifest of(Layout layout, Schema1 old, List<Descriptor> layers) throws IOException {
        UnpackLimit limit = new UnpackLimit(UnpackLimit.usual(layers));
        List<Digest> diffIds = new ArrayList<>();
        for (Descriptor layer : layers) {
            diffIds.add(diffId(layout, layer, limit));
        }
        byte[] config = old.config(diffIds);
        layout.store(Digest.of(config), config);
        return Schema1.manifest(config, layers);
    }

    private static Digest diffId(Layout layout, Descriptor layer, UnpackLimit limit) throws IOException {
        MessageDigest hash = Digest.newSha256();
        try (InputStream tar = limit.on(LayerStream.open(layer, layout.blob(layer)))) {
            new DigestInputStream(tar, hash).transferTo(OutputStream.nullOutputStream());
        }
        return Digest.of("sha256", hash.digest());
    }
}
