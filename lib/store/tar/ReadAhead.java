package lib.store.tar;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.security.MessageDigest;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** Reads a stream in a thread of its own, as far ahead as there is room: fetching and decompressing then go on beside writing. */
public final class ReadAhead extends InputStream {
    /** Opens the stream, in the thread that reads it. */
    public interface Opener {
        InputStream open() throws IOException;
    }

    /** A piece of the stream, its end (no bytes), or what went wrong. It is in memory, or at a place on disk. */
    private record Piece(byte[] bytes, int length, int place, @Nullable Throwable failure) {
        private static final byte[] NONE = {};

        static Piece inMemory(byte[] bytes, int length) {
            return new Piece(bytes, length, AheadFile.NO_ROOM, null);
        }

        static Piece onDisk(int place, int length) {
            return new Piece(NONE, length, place, null);
        }

        static Piece failed(Throwable failure) {
            return new Piece(NONE, 0, AheadFile.NO_ROOM, failure);
        }

        boolean isOnDisk() {
            return place != AheadFile.NO_ROOM;
        }
    }

    private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
    private final AheadBuffers.Share buffers;
    private final @Nullable MessageDigest hash;
    private final boolean atOnce;
    private final Thread reader;
    private Piece piece = Piece.inMemory(Piece.NONE, 0);
    /** Whether somebody has begun to take what was read. What comes then is taken soon, and is not worth a way over the disk. */
    private volatile boolean isTaken;
    /** Where the reader reads into, while what it has read goes to disk. */
    private @Nullable byte[] own;
    /** Where pieces on disk are read into. */
    private @Nullable byte[] fromDisk;
    private int at;
    private boolean ended;

    /**
     * @param buffers what is read ahead goes there, and how far is for them to say
     * @param hash    is fed with all that is read from this, in the thread that reads it from here; null for none
     */
    public ReadAhead(Opener opener, AheadBuffers buffers, @Nullable MessageDigest hash) {
        this(opener, buffers, hash, false);
    }

    private ReadAhead(Opener opener, AheadBuffers buffers, @Nullable MessageDigest hash, boolean atOnce) {
        this.atOnce = atOnce;
        this.buffers = buffers.new Share();
        this.hash = hash;
        reader = new Thread(() -> readAll(opener), "read-ahead");
        reader.setDaemon(true);
        reader.start();
    }

    /** Returns the bytes of a stream as they come: what is there is neither kept from somebody who waits for it, nor lost in front of a failure. */
    public static ReadAhead asTheyCome(InputStream in) {
        return new ReadAhead(() -> in, AheadBuffers.few(), null, true);
    }

    private void readAll(Opener opener) {
        try {
            InputStream in = opener.open();
            for (int count = 1; count > 0; ) {
                count = readPiece(in);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed: no more is wanted
        } catch (Throwable e) {
            fail(e);
        }
    }

    /** Reads as much as a buffer holds, or less where somebody waits for it or the stream ends; returns how much, 0 at the end. */
    private int readPiece(InputStream in) throws IOException, InterruptedException {
        byte[] bytes = own != null ? own : buffers.take();
        own = null;
        int length = 0;
        try {
            boolean goOn = true;
            while (goOn) {
                int count = in.read(bytes, length, AheadBuffers.SIZE - length);
                length += Math.max(0, count);
                boolean isAwaited = atOnce && pieces.isEmpty();
                goOn = count > 0 && length < AheadBuffers.SIZE && !isAwaited;
            }
        } catch (IOException e) {
            if (atOnce && length > 0) {
                pieces.put(Piece.inMemory(bytes, length));
            }
            throw e;
        }
        int place = length == 0 || isTaken ? AheadFile.NO_ROOM : buffers.toDisk(bytes, length);
        if (place == AheadFile.NO_ROOM) {
            pieces.put(Piece.inMemory(bytes, length));
        } else {
            pieces.put(Piece.onDisk(place, length));
            own = bytes;
        }
        return length;
    }

    private void fail(Throwable failure) {
        try {
            pieces.put(Piece.failed(failure));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (!hasMore()) {
            return -1;
        }
        int count = Math.min(length, piece.length - at);
        System.arraycopy(piece.bytes, at, buffer, offset, count);
        at += count;
        return count;
    }

    /** Hands up to so many bytes on, without a copy of them, and returns how many, or -1 at the end. */
    int read(WritableByteChannel out, long length) throws IOException {
        if (!hasMore()) {
            return -1;
        }
        int count = (int) Math.min(length, piece.length - at);
        ByteBuffer bytes = ByteBuffer.wrap(piece.bytes, at, count);
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
        at += count;
        return count;
    }

    private boolean hasMore() throws IOException {
        if (at == piece.length && !ended) {
            next();
        }
        return !ended;
    }

    private void next() throws IOException {
        giveBack();
        isTaken = true;
        at = 0;
        piece = Piece.inMemory(Piece.NONE, 0);
        piece = inMemory(take());
        ended = piece.length == 0;
        if (ended) {
            giveBack();
        }
        if (hash != null) {
            hash.update(piece.bytes, 0, piece.length);
        }
        if (piece.failure instanceof IOException e) {
            throw e;
        }
        if (piece.failure instanceof RuntimeException e) {
            throw e;
        }
        if (piece.failure instanceof Error e) {
            throw e;
        }
    }

    private Piece take() throws InterruptedIOException {
        try {
            return pieces.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private Piece inMemory(Piece taken) throws IOException {
        if (!taken.isOnDisk()) {
            return taken;
        }
        fromDisk = fromDisk != null ? fromDisk : new byte[AheadBuffers.SIZE];
        buffers.fromDisk(taken.place, fromDisk, taken.length);
        return Piece.inMemory(fromDisk, taken.length);
    }

    private void giveBack() {
        if (piece.bytes.length > 0 && piece.bytes != fromDisk) {
            buffers.giveBack(piece.bytes);
        }
    }

    /** Ends the reading. A thread that waits for the stream itself, such as a network, is freed by closing that. */
    @Override
    public void close() {
        reader.interrupt();
    }
}
