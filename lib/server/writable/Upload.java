package lib.server.writable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.concurrent.locks.ReentrantLock;
import lib.file.AtomicFile;
import lib.image.Digest;

/**
 * A blob on its way in (distribution-spec, Pushing a blob in chunks): a file that grows, and becomes the blob when it has the digest that was promised.
 * The file is all that has to be known of it, so that an upload goes on after a restart. One request at a time works on it.
 */
final class Upload extends ReentrantLock {
    private static final int BUFFER = 128 * 1024;

    private final String id;
    private final Path file;
    private MessageDigest hash = Digest.newSha256();
    private long size;

    /** Begins one, or takes up again what an earlier process left of it. */
    Upload(String id, Path file) throws IOException {
        this.id = id;
        this.file = file;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
                InputStream in = java.nio.channels.Channels.newInputStream(channel)) {
            count(in);
        }
    }

    private void count(InputStream in) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            hash.update(buffer, 0, count);
            size += count;
        }
    }

    /** Returns the name by which its requests know it. */
    String id() {
        return id;
    }

    /** Returns how many bytes have come. */
    long size() {
        return size;
    }

    /** Takes bytes until they end. Where they break off, those that came stay. */
    void append(InputStream in) throws IOException {
        byte[] buffer = new byte[BUFFER];
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count);
                while (bytes.hasRemaining()) {
                    channel.write(bytes, size + bytes.position());
                }
                hash.update(buffer, 0, count);
                size += count;
            }
        }
    }

    /** Makes the file the blob with this digest, on disk for good when this returns; throws RefusedException, and removes it, if it has another. */
    void become(Digest promised, Path blob) throws IOException {
        Digest actual = promised.algorithm().equals("sha256") ? Digest.of("sha256", hash.digest()) : hashed(promised);
        if (!actual.equals(promised)) {
            delete();
            throw new RefusedException(400, "DIGEST_INVALID", "the bytes have the digest " + actual + ", not " + promised);
        }
        Files.createDirectories(blob.getParent());
        AtomicFile.moveForGood(file, blob);
    }

    private Digest hashed(Digest promised) throws IOException {
        hash = promised.newHash(size);
        size = 0;
        try (InputStream in = Files.newInputStream(file)) {
            count(in);
        }
        return Digest.of(promised.algorithm(), hash.digest());
    }

    /** Gives it up. */
    void delete() throws IOException {
        Files.deleteIfExists(file);
    }
}
