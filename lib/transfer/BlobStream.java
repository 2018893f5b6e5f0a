package lib.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import lib.failure.RegistryException;
import lib.image.Descriptor;
import lib.registry.BlobBody;
import lib.registry.Registry;
import lib.registry.http.Retry;
import lib.store.layer.VerifiedStream;
import org.jspecify.annotations.Nullable;

/**
 * A blob, or a part of one, as one stream, for those who take it in order: a lost connection is taken up where it broke.
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pulling-blobs">distribution-spec, Pulling blobs</a>
 */
public final class BlobStream extends InputStream {
    private final Registry registry;
    private final Descriptor blob;
    private final Retry retry;
    private final long to;
    private volatile BlobBody body;
    private long at;
    private volatile boolean closed;

    private BlobStream(Registry registry, Descriptor blob, long from, long to, Settings settings) {
        this.registry = registry;
        this.blob = blob;
        this.retry = new Retry(settings.retries(), settings.notice());
        this.at = from;
        this.to = to;
    }

    /**
     * Returns the bytes of a blob. The first read asks for them, and the end is only reported when their digest is right:
     * else that read throws WrongContentException. Reads throw RegistryException when all retries have failed.
     */
    public static InputStream of(Registry registry, Descriptor blob, Settings settings) {
        return VerifiedStream.ofBlob(new BlobStream(registry, blob, 0, blob.size(), settings), blob);
    }

    /**
     * Asks for the bytes {@code from} up to {@code to}, which is not among them. Whether they are right is for the reader to find out.
     *
     * @return the bytes, or null where the server would rather send the whole blob
     * @throws RegistryException when the registry does not answer with the bytes, after all retries
     */
    public static @Nullable InputStream ofPart(Registry registry, Descriptor blob, long from, long to, Settings settings) throws IOException {
        BlobStream part = new BlobStream(registry, blob, from, to, settings);
        while (part.body == null) {
            try {
                part.body = registry.blob(blob, from, to);
            } catch (RegistryException e) {
                part.waitAfter(e);
            }
        }
        if (part.body.isPart() || from == 0) {
            return part;
        }
        part.close();
        return null;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (at < to) {
            try {
                if (body == null) {
                    body = registry.blob(blob, at, to);
                    body.skipTo(at);
                }
                int count = body.read(buffer, offset, (int) Math.min(length, to - at));
                if (count < 0) {
                    throw body.endedEarly();
                }
                at += count;
                retry.progress();
                return count;
            } catch (RegistryException e) {
                waitAfter(e);
            }
        }
        drop();
        return -1;
    }

    private void waitAfter(RegistryException failure) throws IOException {
        if (closed) {
            throw failure; // another thread has closed this, and so broken the line
        }
        drop();
        try {
            retry.afterFailure(failure);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private void drop() {
        if (body != null) {
            body.close();
            body = null;
        }
    }

    /** Ends the reading, also in another thread. */
    @Override
    public void close() {
        closed = true;
        BlobBody open = body;
        if (open != null) {
            open.close();
        }
    }
}
