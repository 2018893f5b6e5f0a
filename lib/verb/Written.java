package lib.verb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import lib.file.AtomicFile;
import lib.store.Layout;
import lib.store.NamedImage;
import lib.store.format.Format;
import lib.store.layer.BlobSource;
import org.jspecify.annotations.Nullable;

/**
 * What was written.
 *
 * @param path    the archive or the folder
 * @param images  what is in it
 * @param size    its size in bytes, 0 of a folder
 * @param fetched how many bytes of it were fetched now, 0 where it was made of others
 */
public record Written(Path path, List<NamedImage> images, How how, long size, long fetched) {
    /**
     * Writes images into a file, which takes its name when all of it is right; or into a folder, if that is the format.
     *
     * @param most how many bytes the layers of an image may unpack to, null for the usual limit
     */
    static Written write(Format format, List<NamedImage> images, BlobSource blobs, @Nullable Long most, Path target) throws IOException {
        if (format == Format.OCI_DIR) {
            Format.fill(Layout.openOrCreate(target), images, blobs);
            return new Written(target, images, How.FILLED, 0, 0);
        }
        AtomicFile.write(target, out -> format.write(images, blobs, most, out));
        return new Written(target, images, How.MADE, Files.size(target), 0);
    }

    /** How it came about. */
    public enum How {
        /** It was there already. */
        WAS_COMPLETE,
        /** Its bytes are those that were fetched. */
        FETCHED,
        /** It was made of blobs that are elsewhere. */
        MADE,
        /** It is a folder, which was filled. */
        FILLED
    }
}
