package lib.verb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lib.file.AtomicFile;
import lib.store.Layout;
import lib.store.NamedImage;
import lib.store.format.Format;
import lib.store.format.Recompression;
import lib.store.layer.BlobSource;
import org.jspecify.annotations.Nullable;

/** Writes images whose blobs are on this machine. */
final class ImageWriter {
    private ImageWriter() { }

    /**
     * Writes images into a file, which takes its name when all of it is right; or into a folder, if that is the format.
     *
     * @param most how many bytes the layers of an image may unpack to, null for the usual limit
     */
    static Written write(Format format, List<NamedImage> images, BlobSource blobs, @Nullable Long most, Path target) throws IOException {
        if (format == Format.OCI_DIR) {
            Format.fill(Layout.openOrCreate(target), images, blobs);
            return new Written(target, images, Written.How.FILLED, 0, 0);
        }
        AtomicFile.write(target, out -> format.write(images, blobs, most, out));
        return new Written(target, images, Written.How.MADE, Files.size(target), 0);
    }

    /** Returns the images with layers of another form, which are in the layout then. */
    static List<NamedImage> recompressed(Recompression.Form form, List<NamedImage> images, Layout layout, BlobSource blobs, @Nullable Long most) throws IOException {
        Recompression recompression = new Recompression(form, layout, blobs, most);
        List<NamedImage> recompressed = new ArrayList<>();
        for (NamedImage image : images) {
            recompressed.add(recompression.of(image));
        }
        return recompressed;
    }
}
