package lib.store.tar;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Memory that streams are read ahead into. Those of one image share it: what the stream at hand does not need, as it is read as fast as it comes,
 * the next ones fill. Its buffers are used again and again, so that memory is neither filled nor cleared for each.
 */
public final class AheadBuffers {
    static final int SIZE = 128 * 1024;
    /** With so many a stream goes on, however many the others hold: all of them may be waiting for it to end. */
    private static final int ALWAYS = 4;
    /** Fewer where Java may use little memory, for most of it is to be left. */
    private static final long MOST = Math.min(180, Runtime.getRuntime().maxMemory() / (6 * SIZE));

    private final long most;

    private final Deque<byte[]> free = new ArrayDeque<>();
    private int lent;

    /** As many as what is unpacked is worth. */
    public AheadBuffers() {
        this(MOST);
    }

    private AheadBuffers(long most) {
        this.most = most;
    }

    /** Returns no more than keep two threads at work, one that reads and one that takes what was read. */
    public static AheadBuffers few() {
        return new AheadBuffers(ALWAYS);
    }

    /** What one stream holds of them. */
    final class Share {
        private int held;

        /** Returns a buffer; waits until there is one. */
        byte[] take() throws InterruptedException {
            synchronized (AheadBuffers.this) {
                while (held >= ALWAYS && lent >= most) {
                    AheadBuffers.this.wait();
                }
                held++;
                lent++;
                byte[] bytes = free.poll();
                return bytes != null ? bytes : new byte[SIZE];
            }
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
