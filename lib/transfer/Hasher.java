package lib.transfer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import lib.image.Digest;
import lib.store.layer.VerifiedStream;

/**
 * Hashes blobs in order while they come in any order: whenever the bytes of a slot reach further without a gap,
 * a thread reads them back, which costs little as long as they are in the system's cache, and hashes them.
 * What a connection has hashed in passing, while it had the bytes at hand, is not read again.
 */
final class Hasher {
    private static final int STEP = 1024 * 1024;
    private static final int BUFFER = 256 * 1024;

    private final Transfer transfer;
    private final ExecutorService threads = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors(), work -> {
        Thread thread = new Thread(work, "hasher");
        thread.setDaemon(true);
        return thread;
    });

    Hasher(Transfer transfer) {
        this.transfer = transfer;
    }

    /** Looks at all slots before anything comes: some may be complete. */
    void lookAt(List<BlobFile> slots) throws IOException {
        synchronized (transfer) {
            for (BlobFile slot : slots) {
                lookAt(slot);
            }
        }
    }

    /** Begins to hash a slot when there is enough to do, or all of it has come. The caller holds the transfer's lock. */
    void lookAt(BlobFile slot) throws IOException {
        if (slot.isPartial()) {
            slot.verified |= slot.present.total() == slot.blob.size(); // as far as it can be here
            transfer.notifyAll();
            return;
        }
        if (slot.hashed == slot.blob.size() && slot.verifiedName == null && !slot.beingHashed && !slot.isOver()) {
            judge(slot, true); // all of it was hashed in passing, and nothing of it has to be on the disk first
            return;
        }
        long end = slot.present.endFrom(slot.hashed);
        if (!slot.beingHashed && !slot.verified && !threads.isShutdown() && (end - slot.hashed >= STEP || end == slot.blob.size())) {
            slot.beingHashed = true;
            threads.execute(() -> hash(slot));
        }
    }

    /** Lets the threads end when they have nothing left to do. */
    void close() {
        threads.shutdown();
    }

    private void hash(BlobFile slot) {
        byte[] buffer = new byte[BUFFER];
        try {
            while (hashOn(slot, buffer)) {
                // as long as there is enough to do
            }
        } catch (Throwable e) {
            transfer.failed(e); // whatever it is: somebody waits for this thread
        }
    }

    /** Hashes what has come since; returns whether to look again. */
    private boolean hashOn(BlobFile slot, byte[] buffer) throws IOException {
        long from;
        long to;
        int round;
        MessageDigest hash;
        synchronized (transfer) {
            from = slot.hashed;
            to = slot.present.endFrom(from);
            round = slot.round;
            hash = slot.hash;
            if (to - from < STEP && to < slot.blob.size()) {
                slot.beingHashed = false;
                return false;
            }
        }
        boolean readable = read(slot, hash, from, to, buffer);
        synchronized (transfer) {
            if (round != slot.round) {
                return true;
            }
            slot.hashed = to;
            if (to < slot.blob.size() && readable) {
                return true;
            }
            slot.beingHashed = false;
            judge(slot, readable);
            return false;
        }
    }

    /** Reads all of a slot back, and returns whether it is right. */
    boolean isRight(BlobFile slot) throws IOException {
        MessageDigest hash = slot.blob.digest().newHash(slot.blob.size());
        return read(slot, hash, 0, slot.blob.size(), new byte[BUFFER]) && Digest.of(slot.blob.digest().algorithm(), hash.digest()).equals(slot.blob.digest());
    }

    /** Returns whether the bytes were there: a damaged part file may be shorter than its journal says. */
    private boolean read(BlobFile slot, MessageDigest hash, long from, long to, byte[] buffer) throws IOException {
        FileChannel file = transfer.file(slot);
        for (long at = from; at < to; ) {
            ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, (int) Math.min(buffer.length, to - at));
            int count = file.read(bytes, slot.offset + at);
            if (count < 0) {
                return false;
            }
            hash.update(buffer, 0, count);
            at += count;
        }
        if (to == slot.blob.size() && slot.verifiedName != null) {
            file.force(true); // a name that outlives a power failure needs its bytes to do so
        }
        return true;
    }

    private void judge(BlobFile slot, boolean readable) throws IOException {
        Digest digest = Digest.of(slot.blob.digest().algorithm(), slot.hash.digest());
        if (readable && digest.equals(slot.blob.digest())) {
            transfer.verdict.right(slot);
        } else {
            transfer.verdict.wrong(slot, slot.round, VerifiedStream.wrongDigest(slot.blob, digest));
        }
    }
}
