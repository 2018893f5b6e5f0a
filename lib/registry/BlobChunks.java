package lib.registry;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import lib.registry.api.Body;

/** A blob that is sent in chunks: it is read once, in order, unless a chunk has to be sent again. */
final class BlobChunks implements AutoCloseable {
    private final Uploads.Source source;
    private final long size;
    private InputStream blob;
    private long at;

    /** @param size the blob's size in bytes */
    BlobChunks(Uploads.Source source, long size) {
        this.source = source;
        this.size = size;
    }

    /** Returns the bytes of a chunk; the last one is read to the blob's end, where it is known whether all of it was right. */
    Body body(long from, long end) {
        return new Body(end - from, () -> {
            seek(from);
            return new Chunk(blob, end == size ? Long.MAX_VALUE : end - from);
        });
    }

    private void seek(long from) throws IOException {
        if (blob == null || at != from) {
            close();
            blob = source.open(from);
            at = from;
        }
    }

    @Override
    public void close() throws IOException {
        if (blob != null) {
            blob.close();
            blob = null;
        }
    }

    /** Some of the blob's bytes; the blob stays open when it is closed. */
    private final class Chunk extends FilterInputStream {
        private long left;

        Chunk(InputStream blob, long length) {
            super(blob);
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = left == 0 ? -1 : in.read(buffer, offset, (int) Math.min(left, length));
            if (count > 0) {
                left -= count;
                at += count;
            }
            return count;
        }

        @Override
        public void close() {
            // the next chunk goes on here
        }
    }
}
