package lib.store.layer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import lib.store.tar.TarEntry;
import lib.store.tar.TarReader;

/** The content of a file as programs see it: with zeros in its gaps. */
public final class WholeContent {
    private static final int BUFFER = 64 * 1024;

    private WholeContent() { }

    /**
     * Writes all bytes of an entry's content, which has not been read yet.
     *
     * @throws lib.failure.WrongContentException if the tar ends early
     * @throws IOException                       if the tar cannot be read, or the channel cannot be written
     */
    public static void write(TarEntry entry, TarReader content, WritableByteChannel out) throws IOException {
        if (entry.pieces() == null) {
            content.writeTo(out, entry.size());
            return;
        }
        long at = 0;
        for (TarEntry.Piece piece : entry.pieces()) {
            zeros(piece.offset() - at, out);
            content.writeTo(out, piece.length());
            at = piece.offset() + piece.length();
        }
        zeros(entry.size() - at, out);
    }

    /**
     * Writes this many zero bytes.
     *
     * @throws IOException if the channel cannot be written
     */
    public static void zeros(long count, WritableByteChannel out) throws IOException {
        byte[] zeros = new byte[(int) Math.min(count, BUFFER)];
        for (long left = count; left > 0; left -= zeros.length) {
            ByteBuffer some = ByteBuffer.wrap(zeros, 0, (int) Math.min(left, zeros.length));
            while (some.hasRemaining()) {
                out.write(some);
            }
        }
    }
}
