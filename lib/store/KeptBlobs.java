package lib.store;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import lib.file.AtomicFile;
import lib.image.Descriptor;
import lib.store.layer.BlobSource;
import org.jspecify.annotations.Nullable;

/** Blobs that a layout has, or that it is given while they are read from elsewhere. */
public final class KeptBlobs implements BlobSource {
    private final Layout layout;
    private final BlobSource source;
    private final Consumer<IOException> failures;

    /**
     * Keeps blobs that must be there afterwards: what cannot be written is thrown.
     *
     * @param source gives blobs that are checked by their own reading: only what is read to its end without a complaint is kept
     */
    public KeptBlobs(Layout layout, BlobSource source) {
        this(layout, source, null);
    }

    /** @param failures is told why a blob could not be kept, which does not stop its reader; null to have it thrown */
    KeptBlobs(Layout layout, BlobSource source, @Nullable Consumer<IOException> failures) {
        this.layout = layout;
        this.source = source;
        this.failures = failures;
    }

    @Override
    public InputStream open(Descriptor blob) throws IOException {
        return layout.has(blob) ? layout.blob(blob) : new Copied(source.open(blob), layout.blobPath(blob.digest()), failures);
    }

    /** Writes what is read into a file beside the blob's place, and renames it at the end. A layer may be read twice at a time. */
    private static final class Copied extends FilterInputStream {
        private final Path place;
        private final Consumer<IOException> failures;
        /** Null when the blob is kept, or cannot be. */
        private AtomicFile part;
        private OutputStream copy;

        Copied(InputStream in, Path place, Consumer<IOException> failures) throws IOException {
            super(in);
            this.place = place;
            this.failures = failures;
            attempt(() -> {
                Files.createDirectories(place.getParent());
                part = AtomicFile.beside(place);
                copy = part.stream();
            });
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            if (part != null && count > 0) {
                attempt(() -> copy.write(buffer, offset, count));
            } else if (part != null && count < 0) {
                attempt(this::keep);
            }
            return count;
        }

        private void keep() throws IOException {
            part.become(place);
            drop();
        }

        private interface Step {
            void take() throws IOException;
        }

        private void attempt(Step step) throws IOException {
            try {
                step.take();
            } catch (IOException e) {
                drop();
                if (failures == null) {
                    throw e;
                }
                failures.accept(e);
            }
        }

        private void drop() throws IOException {
            if (part != null) {
                part.close();
                part = null;
            }
        }

        @Override
        public void close() throws IOException {
            super.close();
            drop();
        }
    }
}
