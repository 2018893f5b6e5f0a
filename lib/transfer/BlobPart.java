package lib.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import lib.failure.RegistryException;
import lib.image.Descriptor;
import lib.registry.BlobBody;
import lib.registry.Registry;
import lib.registry.http.Retry;

/** A part of a blob as one stream. A lost connection is taken up where it broke; whether the bytes are right is for the reader to find out. */
public final class BlobPart extends InputStream {
    private final Registry registry;
    private final Descriptor blob;
    private final Retry retry;
    private final long to;
    private BlobBody body;
    private long at;

    private BlobPart(Registry registry, Descriptor blob, long from, long to, Settings settings) {
        this.registry = registry;
        this.blob = blob;
        this.retry = new Retry(settings.retries(), settings.notice());
        this.at = from;
        this.to = to;
    }

    /** Asks for the bytes from one place up to another, or returns null where the server would rather send the whole blob. */
    public static InputStream open(Registry registry, Descriptor blob, long from, long to, Settings settings) throws IOException {
        BlobPart part = new BlobPart(registry, blob, from, to, settings);
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
        while (at < to && length > 0) {
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
        return length == 0 ? 0 : -1;
    }

    private void waitAfter(RegistryException failure) throws IOException {
        close();
        try {
            retry.afterFailure(failure);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    @Override
    public void close() {
        if (body != null) {
            body.close();
            body = null;
        }
    }
}
