package lib.store;

import java.io.IOException;
import java.util.List;
import lib.image.Descriptor;
import lib.image.Digest;

//SOURCES ArchiveWriter.java
//SOURCES LayerTar.java
//SOURCES LayersAhead.java
//SOURCES Limit.java
//SOURCES TarEntry.java
//SOURCES TarReader.java
//SOURCES ../image/Descriptor.java
//SOURCES ../image/Digest.java

/**
 * The layers of an image, lowest first, and how to read them.
 *
 * @param diffIds the digests of the uncompressed layers; null for one that is not known
 * @param stored  gives the layers as they are stored; their own reading checks them against their digests
 * @param most    how many bytes all of them may unpack to
 */
public record Layers(List<Descriptor> descriptors, List<Digest> diffIds, ArchiveWriter.Blobs stored, long most) {

    /** Takes an entry of a layer, and its content where it wants it. Layers are counted from 0, the lowest. */
    interface Visitor {
        void entry(int layer, TarEntry entry, TarReader content) throws IOException;
    }

    /** Shows the entries of all layers from this one on, the next layers being fetched meanwhile. */
    void visit(int from, Visitor visitor) throws IOException {
        Limit limit = new Limit(most);
        int end = descriptors.size();
        try (LayersAhead ahead = new LayersAhead(descriptors.subList(from, end), diffIds.subList(from, end), stored, limit)) {
            for (int layer = from; layer < end; layer++) {
                int number = layer;
                ahead.next().visit((entry, content) -> visitor.entry(number, entry, content), limit);
            }
        }
    }
}
