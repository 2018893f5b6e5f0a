package lib.store;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** Reads a stream in a thread of its own, some buffers ahead: decompressing and hashing then go on beside writing. */
final class ReadAhead extends InputStream {
    private static final int BUFFER = 128 * 1024;
    private static final int BUFFERS = 16;

    /** A piece of the stream, its end (no bytes), or what went wrong. */
    private record Piece(byte[] bytes, int length, Throwable failure) { }

    private final BlockingQueue<Piece> pieces = new ArrayBlockingQueue<>(BUFFERS);
    private final Thread reader;
    private Piece piece = new Piece(new byte[0], 0, null);
    private int at;
    private boolean ended;

    ReadAhead(InputStream in) {
        reader = new Thread(() -> readAll(in), "read-ahead");
        reader.setDaemon(true);
        reader.start();
    }

    private void readAll(InputStream in) {
        try {
            try {
                for (int count = 1; count > 0; ) {
                    byte[] bytes = new byte[BUFFER];
                    count = in.readNBytes(bytes, 0, BUFFER);
                    pieces.put(new Piece(bytes, count, null));
                }
            } catch (IOException | RuntimeException e) {
                pieces.put(new Piece(null, 0, e));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed: nobody wants more
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (at == piece.length && !ended) {
            next();
        }
        if (ended) {
            return -1;
        }
        int count = Math.min(length, piece.length - at);
        System.arraycopy(piece.bytes, at, buffer, offset, count);
        at += count;
        return count;
    }

    private void next() throws IOException {
        try {
            piece = pieces.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("interrupted");
        }
        at = 0;
        ended = piece.length == 0;
        if (piece.failure instanceof IOException e) {
            throw e;
        }
        if (piece.failure != null) {
            throw new IOException(piece.failure);
        }
    }

    @Override
    public void close() {
        reader.interrupt();
    }
}
