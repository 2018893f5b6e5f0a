package lib.registry.http;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** A body that counts its bytes, keeps a short one to be shown, and tells when it has ended: read to its end, broken or given up. */
final class TimedBody extends FilterInputStream {
    private static final int LONGEST_SHOWN = 1024 * 1024;

    private final long length;
    private final ExchangeTimer watch;
    private ByteArrayOutputStream kept;
    private long bytes;
    private boolean ended;

    /**
     * @param length what the header says, or -1
     * @param shown  whether it is one to be shown
     */
    TimedBody(InputStream body, long length, boolean shown, ExchangeTimer watch) {
        super(body);
        this.length = length;
        this.watch = watch;
        this.kept = shown ? new ByteArrayOutputStream() : null;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int count) throws IOException {
        try {
            int got = super.read(buffer, offset, count);
            if (got < 0) {
                boolean whole = length < 0 || bytes == length; // Java takes a line that broke for an end
                end(whole, whole ? null : "the connection ended after " + bytes + " of " + length + " bytes");
                return got;
            }
            bytes += got;
            keep(buffer, offset, got);
            return got;
        } catch (IOException e) {
            end(false, "the connection broke after " + bytes + " bytes: " + e.getMessage());
            throw e;
        }
    }

    @Override
    public long skip(long count) throws IOException {
        return super.readNBytes((int) Math.min(count, 8192)).length; // counted as what is read
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    @Override
    public void close() throws IOException {
        end(bytes == length, null);
        super.close();
    }

    /** Nothing more is read of it. */
    synchronized void end(boolean whole, @Nullable String broken) {
        if (!ended) {
            ended = true;
            watch.ended(bytes, whole, broken, whole && kept != null ? kept.toByteArray() : null);
        }
    }

    private void keep(byte[] buffer, int offset, int count) {
        if (kept != null && bytes <= LONGEST_SHOWN) {
            kept.write(buffer, offset, count);
        } else {
            kept = null;
        }
    }
}
