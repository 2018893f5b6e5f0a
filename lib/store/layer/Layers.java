package lib.store.layer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.store.tar.AheadBuffers;
import lib.store.tar.TarEntry;
import lib.store.tar.TarReader;
import org.jspecify.annotations.Nullable;

/**
 * The layers of an image, lowest first, and how to read them.
 *
 * @param diffIds the digests of the uncompressed layers; null for one that is not known
 * @param stored  gives the layers as they are stored; their own reading checks them against their digests
 * @param parts   gives parts of layers, null if there are none, or if they gain nothing
 * @param most    how many bytes all of them may unpack to
 */
public record Layers(List<Descriptor> descriptors, List<@Nullable Digest> diffIds, BlobSource stored, @Nullable BlobParts parts, long most) {

    /** Takes an entry of a layer, with its content where the layer is read, or the content's digest where a table of contents is. Layers are counted from 0, the lowest. */
    public interface Visitor {
        void entry(int layer, TarEntry entry, @Nullable TarReader content, @Nullable Digest digest) throws IOException;
    }

    /**
     * Returns the table of contents of a layer; null if there is none to rely on.
     *
     * @throws IOException if the program is interrupted: any other failure means that there is none
     */
    public @Nullable TableOfContents contents(int layer) throws IOException {
        return TableOfContents.of(descriptors.get(layer), parts);
    }

    /**
     * Opens a layer to read all of it.
     *
     * @throws IOException if it cannot be fetched or read
     */
    public LayerTar open(int layer, UnpackLimit limit) throws IOException {
        Descriptor descriptor = descriptors.get(layer);
        return new LayerTar(descriptor, diffIds.get(layer), stored.open(descriptor), limit, AheadBuffers.forOne());
    }

    /**
     * Shows the entries of these layers, counted from 0: by their tables of contents, or by reading them, the next ones being fetched meanwhile.
     *
     * @throws lib.failure.WrongContentException if a layer is not what its digest says, not a tar, or unpacks to too much
     * @throws IOException                       if one cannot be fetched or read, or the visitor throws it
     */
    public void visit(int from, int to, Visitor visitor) throws IOException {
        UnpackLimit limit = new UnpackLimit(most);
        List<Integer> plain = new ArrayList<>();
        for (int layer = from; layer < to; layer++) {
            if (parts == null || !TocBytes.isAnnounced(descriptors.get(layer))) {
                plain.add(layer);
            }
        }
        try (LayersAhead ahead = new LayersAhead(plain.stream().map(descriptors::get).toList(), plain.stream().map(diffIds::get).toList(), stored, limit)) {
            for (int layer = from; layer < to; layer++) {
                if (plain.contains(layer)) {
                    visit(layer, ahead.next(), visitor, limit);
                } else {
                    visitAnnounced(layer, visitor, limit);
                }
            }
        }
    }

    private void visitAnnounced(int layer, Visitor visitor, UnpackLimit limit) throws IOException {
        TableOfContents table = contents(layer);
        if (table == null) {
            try (LayerTar tar = open(layer, limit)) {
                visit(layer, tar, visitor, limit);
            }
            return;
        }
        List<TarEntry> entries = table.entries();
        for (int number = 0; number < entries.size(); number++) {
            visitor.entry(layer, entries.get(number), null, table.digest(number));
        }
    }

    private static void visit(int layer, LayerTar tar, Visitor visitor, UnpackLimit limit) throws IOException {
        tar.visit((entry, content) -> visitor.entry(layer, entry, content, null), limit);
    }
}
