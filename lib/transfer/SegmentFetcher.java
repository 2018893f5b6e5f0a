package lib.transfer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import lib.failure.RegistryException;
import lib.failure.WrongContentException;
import lib.registry.BlobBody;
import lib.registry.http.Retry;

/** One connection's work: to fetch one segment after the other, each byte written to its place as it comes. */
final class SegmentFetcher implements Runnable {
    private static final int BUFFER = 128 * 1024;

    private final Transfer transfer;
    private final Settings settings;
    private final byte[] buffer = new byte[BUFFER];

    SegmentFetcher(Transfer transfer, Settings settings) {
        this.transfer = transfer;
        this.settings = settings;
    }

    @Override
    public void run() {
        try {
            for (Segment segment = transfer.next(); segment != null; segment = transfer.next()) {
                try {
                    fetch(segment);
                } catch (WrongContentException e) {
                    transfer.wrong(segment.slot, segment.round, e);
                } finally {
                    transfer.ended(segment);
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
            try (BlobBody body = segment.slot.registry.blob(segment.slot.blob, segment.at, segment.to)) {
                goOn = transfer.learned(segment, body.isPart()) && copy(body, segment, retry);
            } catch (RegistryException e) {
                retry.afterFailure(e);
            }
        }
    }

    /** Writes what comes into the slot; tells whether there is still something to do for this segment. */
    private boolean copy(BlobBody body, Segment segment, Retry retry) throws IOException {
        FileChannel file = transfer.file(segment.slot);
        body.skipTo(segment.at);
        long begin = segment.at;
        while (segment.at < segment.to) {
            int count = body.read(buffer, 0, (int) Math.min(buffer.length, segment.to - segment.at));
            if (count < 0 && body.isPart() && segment.at > begin && body.isComplete()) {
                return true; // a server may send less than was asked for: ask for the rest
            }
            if (count < 0) {
                throw body.endedEarly();
            }
            if (!body.isPart() && segment.at + count == segment.slot.blob.size() && body.goesOn()) {
                throw new WrongContentException("the registry sends more than the " + segment.slot.blob.size() + " bytes of the blob " + segment.slot.blob.digest());
            }
            write(file, segment.slot.offset + segment.at, count);
            retry.progress();
            MessageDigest hash = transfer.hashInPassing(segment);
            if (hash != null) {
                hash.update(buffer, 0, count);
            }
            if (!transfer.arrived(segment, segment.at + count, hash != null)) {
                return false;
            }
        }
        return false;
    }

    private void write(FileChannel file, long position, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count);
        while (bytes.hasRemaining()) {
            position += file.write(bytes, position);
        }
    }
}
