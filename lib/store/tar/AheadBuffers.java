package lib.store.tar;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Memory that streams are read ahead into. Those of one image share it: what the stream at hand does not need, as it is read as fast as it comes,
 * the next ones fill. Its buffers are used again and again, so that memory is neither filled nor cleared for each. What goes beyond them, of the next ones, may have room on disk.
 */
public final class AheadBuffers implements Closeable {
    static final int SIZE = 128 * 1024;
    /** With so many a stream goes on, however many the others hold: all of them may be waiting for it to end. */
    private static final int ALWAYS = 4;
    /** Fewer where Java may use little memory, for most of it is to be left. */
    private static final long MOST = Math.min(160, Runtime.getRuntime().maxMemory() / (6 * SIZE));

    private final long most;
    private final @Nullable AheadFile disk;
    private final Deque<byte[]> free = new ArrayDeque<>();
    private int lent;

    private AheadBuffers(long most, @Nullable AheadFile disk) {
        this.most = most;
        this.disk = disk;
    }

    /** Returns no more than keep two threads at work, one that reads and one that takes what was read. They need not be closed. */
    public static AheadBuffers few() {
        return new AheadBuffers(ALWAYS, null);
    }

    /** Returns as many as one stream is worth that takes long to read. They need not be closed. */
    public static AheadBuffers forOne() {
        return new AheadBuffers(MOST, null);
    }

    /** Returns as many for several streams, and room on disk, so that the next ones can be read while the first is: decompressing, above all, is work for more than one processor. */
    public static AheadBuffers forSeveral() {
        return new AheadBuffers(MOST, new AheadFile());
    }

    @Override
    public void close() throws IOException {
        if (disk != null) {
            disk.close();
        }
    }

    /** What one stream holds of them. */
    final class Share {
        private int held;

        /** Returns a buffer; waits until there is one. */
        byte[] take() throws InterruptedException {
            synchronized (AheadBuffers.this) {
                while (isAllTaken()) {
                    AheadBuffers.this.wait();
                }
                held++;
                lent++;
                byte[] bytes = free.poll();
                return bytes != null ? bytes : new byte[SIZE];
            }
        }

        private boolean isAllTaken() {
            return held >= ALWAYS && lent >= most;
        }

        /** Writes a piece to disk where there would be no buffer for the next one, and returns its place there, or {@link AheadFile#NO_ROOM}. */
        int toDisk(byte[] bytes, int length) {
            synchronized (AheadBuffers.this) {
                if (disk == null || !isAllTaken()) {
                    return AheadFile.NO_ROOM;
                }
            }
            return disk.write(bytes, length);
        }

        /** Reads a piece from its place on disk, once. */
        void fromDisk(int place, byte[] bytes, int length) throws IOException {
            disk.read(place, bytes, length);
        }

        /** Takes a buffer back. A stream that is closed before its end keeps those that it holds. */
        void giveBack(byte[] bytes) {
            synchronized (AheadBuffers.this) {
                held--;
                lent--;
                free.push(bytes);
                AheadBuffers.this.notifyAll();
            }
        }
    }
}
