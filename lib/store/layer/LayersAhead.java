package lib.store.layer;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.store.tar.AheadBuffers;
import org.jspecify.annotations.Nullable;

/** The layers of an image in order, the next ones being fetched and decompressed, as far as there is room for them, while one is written. */
public final class LayersAhead implements Closeable {
    private static final int AHEAD = 2;

    private final List<Descriptor> layers;
    private final List<@Nullable Digest> diffIds;
    private final BlobSource stored;
    private final UnpackLimit limit;
    private final AheadBuffers buffers = AheadBuffers.forSeveral();
    private final Deque<LayerTar> open = new ArrayDeque<>();
    private LayerTar current;
    private int opened;

    /** @param diffIds the digests of the uncompressed layers; null for one that is not known */
    public LayersAhead(List<Descriptor> layers, List<@Nullable Digest> diffIds, BlobSource stored, UnpackLimit limit) {
        this.layers = layers;
        this.diffIds = diffIds;
        this.stored = stored;
        this.limit = limit;
    }

    /**
     * Closes the layer before, and returns the next one, or null when there are no more.
     *
     * @throws IOException if it cannot be fetched or read
     */
    public @Nullable LayerTar next() throws IOException {
        if (current != null) {
            current.close();
        }
        while (opened < layers.size() && open.size() <= AHEAD) {
            Descriptor layer = layers.get(opened);
            open.add(new LayerTar(layer, diffIds.get(opened), stored.open(layer), limit, buffers));
            opened++;
        }
        current = open.poll();
        return current;
    }

    @Override
    public void close() throws IOException {
        if (current != null) {
            open.add(current);
        }
        try (buffers) {
            for (LayerTar layer : open) {
                layer.close();
            }
        }
    }
}
