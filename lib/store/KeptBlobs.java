package lib.store;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.atomic.AtomicInteger;
import lib.image.Descriptor;

//SOURCES ArchiveWriter.java
//SOURCES Layout.java
//SOURCES ../image/Descriptor.java

/** Blobs that a layout has, or that it is given while they are read from elsewhere. */
public final class KeptBlobs implements ArchiveWriter.Blobs {
    private static final AtomicInteger COPIES = new AtomicInteger();

    private final Layout layout;
    private final ArchiveWriter.Blobs source;

    /** @param source gives blobs that are checked by their own reading: only what is read to its end without a complaint is kept */
    public KeptBlobs(Layout layout, ArchiveWriter.Blobs source) {
        this.layout = layout;
        this.source = source;
    }

    @Override
    public InputStream open(Descriptor blob) throws IOException {
        return layout.has(blob) ? layout.blob(blob) : new Copied(source.open(blob), layout.blobPath(blob.digest()));
    }

    /** Writes what is read into a file beside the blob's place, and renames it at the end. A layer may be read twice at a time. */
    private static final class Copied extends FilterInputStream {
        private final Path place;
        private final Path part;
        private final OutputStream copy;

        Copied(InputStream in, Path place) throws IOException {
            super(in);
            this.place = place;
            Files.createDirectories(place.getParent());
            part = place.resolveSibling(place.getFileName() + "." + ProcessHandle.current().pid() + "." + COPIES.incrementAndGet() + ".part");
            copy = Files.newOutputStream(part);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            if (count > 0) {
                copy.write(buffer, offset, count);
            } else if (count < 0 && Files.exists(part)) {
                copy.close();
                Files.move(part, place, StandardCopyOption.REPLACE_EXISTING);
            }
            return count;
        }

        @Override
        public void close() throws IOException {
            super.close();
            copy.close();
            Files.deleteIfExists(part);
        }
    }
}
