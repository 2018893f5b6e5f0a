package lib.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.security.MessageDigest;
import lib.failure.RegistryException;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.registry.BlobBody;
import lib.registry.Registry;
import lib.registry.http.Retry;

/**
 * A blob as one stream, for those who take it in order: a lost connection is taken up where it broke,
 * and the end is only reported when the digest is right.
 */
public final class BlobStream extends InputStream {
    private final Registry registry;
    private final Descriptor blob;
    private final Retry retry;
    private final MessageDigest hash;
    private volatile BlobBody body;
    private long at;
    private boolean checked;
    private volatile boolean closed;

    public BlobStream(Registry registry, Descriptor blob, Settings settings) {
        this.registry = registry;
        this.blob = blob;
        this.retry = new Retry(settings.retries(), settings.notice());
        this.hash = blob.digest().newHash();
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
        while (at < blob.size()) {
            try {
                if (body == null) {
                    open();
                }
                int count = body.read(buffer, offset, (int) Math.min(length, blob.size() - at));
                if (count < 0) {
                    throw body.endedEarly();
                }
                hash.update(buffer, offset, count);
                at += count;
                retry.progress();
                return count;
            } catch (RegistryException e) {
                waitAfter(e);
            }
        }
        check();
        return -1;
    }

    private void open() throws IOException {
        body = registry.blob(blob, at, blob.size());
        body.skipTo(at);
    }

    private void waitAfter(RegistryException failure) throws IOException {
        if (closed) {
            throw failure; // whoever closed this, in another thread, broke the line
        }
        drop();
        try {
            retry.afterFailure(failure);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private void check() throws IOException {
        if (checked) {
            return;
        }
        Digest digest = Digest.of(blob.digest().algorithm(), hash.digest());
        if (!digest.equals(blob.digest())) {
            throw new WrongContentException("the bytes of the blob " + blob.digest() + " have the digest " + digest);
        }
        checked = true;
        drop();
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
