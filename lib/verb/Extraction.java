package lib.verb;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lib.file.AtomicFile;
import lib.store.KeptBlobs;
import lib.store.Layout;
import lib.store.TemporaryLayout;
import lib.store.artifact.TitledFiles;
import lib.store.files.FlatTar;
import lib.store.format.Recompression;
import lib.store.layer.BlobSource;
import lib.store.layer.Layers;
import lib.store.rootfs.RootFs;
import org.jspecify.annotations.Nullable;

/**
 * The files of an image, on their way into a folder or a tar.
 *
 * @param paths only these, and what is below them; all files if there are none
 * @param most  how many bytes the layers may unpack to, null for the usual limit
 * @param keep  the layout that what is fetched is kept in, null for none
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/layer.md">image-spec, layer.md</a>
 */
public record Extraction(ImageSource source, List<String> paths, @Nullable Long most, @Nullable Path keep) {

    /**
     * Applies the layers to an empty folder, which is created if missing.
     *
     * @throws IllegalArgumentException          when the folder is not empty
     * @throws lib.failure.NotFoundException     when the image has no such path
     * @throws lib.failure.WrongContentException when a layer is not what its digest says, or leads out of the folder
     */
    public RootFs.Report into(Path folder) throws IOException {
        Layout layout = kept();
        BlobSource blobs = layout == null ? source.blobs() : new KeptBlobs(layout, source.blobs());
        Layers layers = source.layers(blobs, most);
        RootFs.Report report = RootFs.into(folder, paths).apply(layers.descriptors(), layers.diffIds(), layers.stored(), layers.most());
        complete(layout);
        return layers.stored() instanceof TitledFiles files ? withUntitled(report, files.untitled()) : report;
    }

    private static RootFs.Report withUntitled(RootFs.Report report, long untitled) {
        List<String> leftOut = new ArrayList<>(report.leftOut());
        if (untitled > 0) {
            leftOut.add("left out: " + untitled + (untitled == 1 ? " blob" : " blobs") + " of the artifact without a title");
        }
        return new RootFs.Report(report.folder(), report.entries(), leftOut);
    }

    /**
     * Writes one tar with all owners and devices, and returns how many entries it has. The file takes its name when all of it is right,
     * and is compressed if the name ends in {@code .tar.gz} or {@code .tar.zst}.
     *
     * @throws lib.failure.NotFoundException     if the image has no such path
     * @throws lib.failure.WrongContentException if a layer is not what its digest says, or would write outside the tar
     * @throws IOException                       if a layer cannot be read, or the file cannot be written
     */
    public long tar(Path file) throws IOException {
        long[] entries = new long[1];
        Recompression.Form form = Recompression.Form.ofFile(file);
        AtomicFile.removeLeftoversOf(file);
        AtomicFile.write(file, out -> {
            try (OutputStream compressed = form.on(out)) {
                entries[0] = tar(compressed);
            }
        });
        return entries[0];
    }

    /**
     * Does the same in order, for a pipe. Layers of a registry are read twice: unless they are kept, they go into a temporary folder.
     *
     * @throws lib.failure.NotFoundException     if the image has no such path
     * @throws lib.failure.WrongContentException if a layer is not what its digest says: what was written by then is not to be used
     * @throws IOException                       if a layer cannot be read, or the stream cannot be written
     */
    public long tar(OutputStream out) throws IOException {
        if (keep == null && source.isFar()) {
            try (TemporaryLayout temporary = new TemporaryLayout()) {
                return tar(new KeptBlobs(temporary.layout(), source.blobs()), out);
            }
        }
        Layout layout = kept();
        long entries = tar(layout == null ? source.blobs() : new KeptBlobs(layout, source.blobs()), out);
        complete(layout);
        return entries;
    }

    private long tar(BlobSource blobs, OutputStream out) throws IOException {
        Layers layers = source.layers(blobs, most);
        return FlatTar.write(layers.descriptors(), layers.diffIds(), layers.stored(), paths, layers.most(), out);
    }

    private Layout kept() throws IOException {
        return keep == null ? null : Layout.openOrCreate(keep);
    }

    private void complete(Layout layout) throws IOException {
        if (layout != null) {
            layout.add(source.image());
        }
    }
}
