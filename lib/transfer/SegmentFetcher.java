package lib.transfer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import lib.failure.RegistryException;
import lib.failure.WrongContentException;
import lib.registry.BlobBody;
import lib.registry.http.Retry;
import lib.transfer.source.Sources;
import org.jspecify.annotations.Nullable;

/** One connection's work: to fetch one segment after the other, each byte written to its place as it comes. */
final class SegmentFetcher implements Runnable {
    private static final int BUFFER = 256 * 1024;
    private static final long MOMENT_NANOS = 50_000_000;

    private final Transfer transfer;
    private final Settings settings;
    private final byte[] buffer = new byte[BUFFER];
    /** Since when this connection has nothing to do but to wait for bytes, by {@link System#nanoTime()}. */
    private long idleSince;
    /** Whether it has had an answer. It is not known whether the wait for the first is the server's doing, or that of Java, which is slow at the start. */
    private boolean hasBegun;
    /** How the line broke, where bytes had come just before. */
    private @Nullable RegistryException broken;

    SegmentFetcher(Transfer transfer, Settings settings) {
        this.transfer = transfer;
        this.settings = settings;
    }

    @Override
    public void run() {
        try {
            for (Segment segment = transfer.next(); segment != null; segment = transfer.next()) {
                idleSince = System.nanoTime();
                try {
                    fetch(segment);
                } catch (WrongContentException e) {
                    transfer.verdict.wrong(segment, e);
                } catch (RegistryException e) {
                    transfer.verdict.lost(segment.slot, e);
                } finally {
                    transfer.ended(segment);
                }
                if (segment.abandoned) {
                    return; // another has taken this one's place
                }
            }
        } catch (Throwable e) {
            transfer.failed(e);
        }
    }

    private void fetch(Segment segment) throws IOException, InterruptedException {
        Retry retry = new Retry(settings.retries(), settings.notice());
        boolean goOn = true;
        while (goOn && segment.at < segment.to) {
            try (BlobBody body = segment.source.open(segment.slot.blob, segment.at, segment.to)) {
                idleSince = hasBegun ? idleSince : System.nanoTime();
                hasBegun = true;
                goOn = transfer.learned(segment, body.isPart()) && copy(body, segment, retry);
            } catch (RegistryException e) {
                goOn = segment.isWanted() && isTriedAgain(segment, retry, e);
            }
        }
    }

    /** What one source fails to send is left to the others. Only if there is no other, it is waited for here. */
    private boolean isTriedAgain(Segment segment, Retry retry, RegistryException failure) throws IOException, InterruptedException {
        Sources sources = segment.slot.sources;
        if (segment.slot.last() == null && sources.failed(segment.source, segment.slot.blob, failure)) {
            return false;
        }
        try {
            retry.afterFailure(failure);
        } catch (RegistryException e) {
            if (transfer.verdict.isReplaced(segment, e)) {
                return false;
            }
            throw sources.words(e);
        }
        return true;
    }

    /** Writes what comes into the slot; returns whether there is still something to do for this segment. */
    private boolean copy(BlobBody body, Segment segment, Retry retry) throws IOException {
        FileChannel file = transfer.file(segment.slot);
        body.skipTo(segment.at);
        broken = null;
        long begin = segment.at;
        while (segment.at < segment.to) {
            int count = fill(body, segment.to - segment.at);
            long came = System.nanoTime();
            segment.waited(body.takeWaitedNanos());
            if (count < 0 && body.isPart() && segment.at > begin && body.isComplete()) {
                return true; // a server may send less than was asked for: ask for the rest
            }
            if (count < 0) {
                throw body.endedEarly();
            }
            if (!body.isPart() && segment.at + count == segment.slot.blob.size() && body.goesOn()) {
                throw new WrongContentException("the registry sends more than the " + segment.slot.blob.size() + " bytes of the blob " + segment.slot.blob.digest());
            }
            int mine = transfer.mayWrite(segment, count);
            if (mine == 0) {
                return false;
            }
            write(file, segment.slot.offset + segment.at, mine);
            retry.progress();
            MessageDigest hash = transfer.hashInPassing(segment);
            if (hash != null) {
                hash.update(buffer, 0, mine);
            }
            if (!transfer.arrived(segment, segment.at + mine, hash != null)) {
                return false;
            }
            transfer.worked(came - idleSince, System.nanoTime() - came);
            idleSince = System.nanoTime();
        }
        return false;
    }

    /**
     * Reads as much as the buffer holds, or what comes within a moment, and returns how many bytes that are, or -1 at the end of the body.
     * TLS hands out 16 KiB at a time, and to write and to hash that little at a time costs more than the bytes themselves.
     */
    private int fill(BlobBody body, long wanted) throws IOException {
        if (broken != null) {
            throw broken;
        }
        int most = (int) Math.min(buffer.length, wanted);
        int count = body.read(buffer, 0, most);
        long begin = System.nanoTime();
        while (count > 0 && count < most && System.nanoTime() - begin < MOMENT_NANOS) {
            int more;
            try {
                more = body.read(buffer, count, most - count);
            } catch (RegistryException e) {
                broken = e; // what came before is good
                return count;
            }
            if (more < 0) {
                return count;
            }
            count += more;
        }
        return count;
    }

    private void write(FileChannel file, long position, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count);
        while (bytes.hasRemaining()) {
            position += file.write(bytes, position);
        }
    }
}
