package lib.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.store.Exclusions;
import lib.store.Layout;
import lib.store.NamedImage;
import lib.store.format.OldLayers;
import lib.store.format.Recompression;
import lib.store.layer.BlobSource;
import org.jspecify.annotations.Nullable;

/**
 * Images whose layers are to be stored in another form than the registry's. A layer that the target has in such a form already is not fetched:
 * the config, which comes first, says by its diff ID which one that is.
 */
public final class LayersPull implements BlobSource {
    private final Layout layout;
    private final OldLayers old;
    private final Recompression.@Nullable Form form;
    private final Settings settings;
    private final Map<Digest, Digest> found = new HashMap<>();

    /**
     * @param layout where blobs are fetched into
     * @param old    what the target has
     * @param form   the form that layers are wanted in; null if all of them are unpacked
     */
    public LayersPull(Layout layout, OldLayers old, Recompression.@Nullable Form form, Settings settings) {
        this.layout = layout;
        this.old = old;
        this.form = form;
        this.settings = settings;
    }

    /**
     * Fetches what is not there of an image, and returns the image.
     *
     * @throws lib.failure.RegistryException     if the registry does not give a blob
     * @throws lib.failure.WrongContentException if a blob is not what its digest says
     * @throws IOException                       if the layout cannot be written to
     */
    public NamedImage fetch(RemoteImage image) throws IOException {
        if (image.manifest().isSchema1() || old.isEmpty()) {
            return BlobPull.intoLayout(layout, image, settings);
        }
        Set<Digest> layers = new HashSet<>();
        for (Manifest manifest : image.named().tree().manifests()) {
            if (manifest.isImage()) {
                manifest.layers().forEach(layer -> layers.add(layer.digest()));
            }
        }
        BlobPull.intoLayout(layout, image.without(new Exclusions(layers, Set.of())), settings);
        for (Manifest manifest : image.named().tree().manifests()) {
            if (manifest.isImage()) {
                find(manifest);
            }
        }
        return BlobPull.intoLayout(layout, image.without(new Exclusions(Set.copyOf(found.keySet()), Set.of())), settings).without(image.named().without());
    }

    private void find(Manifest manifest) throws IOException {
        List<Digest> diffIds = manifest.diffIds(BlobSource.config(layout::blob, manifest));
        for (int i = 0; i < diffIds.size(); i++) {
            Descriptor layer = manifest.layers().get(i);
            boolean isUnpacked = form == null || form.changes(layer);
            if (isUnpacked && !layout.has(layer) && old.has(diffIds.get(i))) {
                found.put(layer.digest(), diffIds.get(i));
            }
        }
    }

    /** Opens a blob. A layer may come in the form that the target has it in: it unpacks to the same. */
    @Override
    public InputStream open(Descriptor blob) throws IOException {
        return found.containsKey(blob.digest()) ? old.open(found.get(blob.digest())) : layout.blob(blob);
    }
}
