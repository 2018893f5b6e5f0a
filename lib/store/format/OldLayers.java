package lib.store.format;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.ManifestTree;
import lib.store.ImageStore;
import lib.store.layer.BlobSource;
import lib.store.layer.LayerStream;
import lib.store.layer.UnpackLimit;
import org.jspecify.annotations.Nullable;

/**
 * The layers of an archive or layout that is to be replaced, where these are stored in another form than the registry's: uncompressed, or
 * compressed anew. The blobs' digests are others then, but what they unpack to is the same, and is known by its diff ID.
 */
public final class OldLayers {
    private final ImageStore store;
    private final @Nullable Long most;
    private final Map<Digest, Descriptor> listed = new HashMap<>();
    private final Set<Digest> right = new HashSet<>();

    private OldLayers(ImageStore store, @Nullable Long most) {
        this.store = store;
        this.most = most;
    }

    /**
     * Returns the layers of what is at a path, none where the path is null, or there is nothing, or nothing that can be read.
     *
     * @param most how many bytes a layer may unpack to, null for the usual limit
     */
    public static OldLayers at(@Nullable Path path, @Nullable Long most) {
        try {
            if (path == null || !Files.isRegularFile(path) && !Files.isDirectory(path)) {
                return new OldLayers(null, most);
            }
            OldLayers layers = new OldLayers(ImageStore.open(path, most), most);
            for (Descriptor entry : Manifest.index(layers.store.index()).entries()) {
                layers.list(layers.store.manifest(entry));
            }
            return layers;
        } catch (IOException | IllegalArgumentException e) {
            return new OldLayers(null, most); // no archive, or a damaged one
        }
    }

    private void list(Manifest root) throws IOException {
        for (Manifest manifest : ManifestTree.whole(root, store).manifests()) {
            if (manifest.isImage()) {
                List<Digest> diffIds = manifest.diffIds(BlobSource.config(store::blob, manifest));
                for (int i = 0; i < diffIds.size(); i++) {
                    if (store.has(manifest.layers().get(i))) {
                        listed.putIfAbsent(diffIds.get(i), manifest.layers().get(i));
                    }
                }
            }
        }
    }

    /** Returns whether there is no layer at all. */
    public boolean isEmpty() {
        return listed.isEmpty();
    }

    /** Returns whether there is a layer of this diff ID; it is read to its end for that, the first time. */
    public boolean has(Digest diffId) {
        Descriptor layer = listed.get(diffId);
        if (layer == null || right.contains(diffId)) {
            return layer != null;
        }
        UnpackLimit limit = new UnpackLimit(most == null ? UnpackLimit.usual(List.of(layer)) : most);
        try (InputStream tar = LayerStream.open(layer, diffId, store.blob(layer), limit)) {
            tar.transferTo(OutputStream.nullOutputStream());
            right.add(diffId);
            return true;
        } catch (IOException e) {
            // damaged: it is fetched then
        }
        listed.remove(diffId);
        return false;
    }

    /**
     * Opens a layer that {@link #has} has found, in the form in which it is stored.
     *
     * @throws IOException if it cannot be read
     */
    public InputStream open(Digest diffId) throws IOException {
        return store.blob(listed.get(diffId));
    }
}
