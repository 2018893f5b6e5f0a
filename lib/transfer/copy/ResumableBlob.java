package lib.transfer.copy;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Map;
import java.util.TreeMap;
import lib.image.Descriptor;
import lib.registry.Registry;
import lib.registry.Uploads;
import lib.transfer.BlobStream;
import lib.transfer.Settings;

/**
 * A blob of one registry that is sent to another. Where the line to that one breaks, it says from which byte on it wants the rest, and no more
 * than that is fetched: copies of the hash are kept on the way, so that the digest of all is still checked before the last byte is sent.
 */
final class ResumableBlob implements Uploads.Source {
    /** A copy of the hash is kept each time so many bytes have come; of a long blob no more than so many copies. */
    private static final long STEP = 1024 * 1024;
    private static final int MOST_COPIES = 256;

    private final Registry registry;
    private final Descriptor blob;
    private final Settings settings;
    private final long step;
    private final TreeMap<Long, MessageDigest> hashes = new TreeMap<>();

    ResumableBlob(Registry registry, Descriptor blob, Settings settings) {
        this.registry = registry;
        this.blob = blob;
        this.settings = settings;
        this.step = Math.max(STEP, blob.size() / MOST_COPIES);
        hashes.put(0L, blob.digest().newHash(blob.size()));
    }

    @Override
    public InputStream open(long from) throws IOException {
        Map.Entry<Long, MessageDigest> known = hashes.floorEntry(from);
        MessageDigest hash = copy(known.getValue());
        InputStream in = new Noted(BlobStream.ofRest(registry, blob, known.getKey(), hash, settings), known.getKey(), hash);
        in.skipNBytes(from - known.getKey());
        return in;
    }

    private static MessageDigest copy(MessageDigest hash) {
        try {
            return (MessageDigest) hash.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("SHA-256 and SHA-512 of every provider here can be copied", e);
        }
    }

    /** Keeps copies of the hash while the blob is read. */
    private final class Noted extends FilterInputStream {
        private final MessageDigest hash;
        private long at;

        Noted(InputStream in, long at, MessageDigest hash) {
            super(in);
            this.at = at;
            this.hash = hash;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = in.read(buffer, offset, length);
            at += Math.max(0, count);
            if (count > 0 && at >= hashes.lastKey() + step) {
                hashes.put(at, copy(hash));
            }
            return count;
        }

        /** Skips by reading: all bytes are hashed. */
        @Override
        public long skip(long most) throws IOException {
            return readNBytes((int) Math.min(most, STEP)).length;
        }
    }
}
