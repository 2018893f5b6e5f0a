package lib.store.layer;

import java.io.IOException;
import java.io.InputStream;
import lib.image.Descriptor;
import org.jspecify.annotations.Nullable;

/** Where parts of a blob come from. Nothing of them is checked. */
public interface BlobParts {
    /**
     * Begins to read a part, or returns null if the source sends no parts.
     *
     * @param from the first byte, counted from 0
     * @param to   the byte after the last one
     */
    @Nullable InputStream open(Descriptor blob, long from, long to) throws IOException;
}
