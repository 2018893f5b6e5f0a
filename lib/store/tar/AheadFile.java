package lib.store.tar;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.BitSet;
import lib.file.TemporaryPath;
import org.jspecify.annotations.Nullable;

/**
 * Room on disk for pieces of streams for which there is none in memory. Its file is made with the first of them, where there is plenty of room besides, and has no name
 * any more then, if the system allows that, so that it is gone with this process, however that ends.
 */
final class AheadFile implements Closeable {
    static final int NO_ROOM = -1;
    /** 128 MB: what is deleted so soon mostly never leaves the system's memory for the disk, if it is not too much. */
    private static final int MOST = 1024;
    /** What else is to be written there must not lack this room, in bytes. */
    private static final long PLENTY = 16L * MOST * AheadBuffers.SIZE;

    private final BitSet used = new BitSet();
    /** A channel would be closed for all streams when the thread of one is interrupted. */
    private @Nullable RandomAccessFile file;
    private @Nullable Path path;
    private boolean isWithoutRoom;

    /** Writes a piece, and returns the place where it is, or {@link #NO_ROOM}. */
    synchronized int write(byte[] bytes, int length) {
        int place = used.nextClearBit(0);
        if (isWithoutRoom || place == MOST) {
            return NO_ROOM;
        }
        try {
            file = file != null ? file : open();
            file.seek(start(place));
            file.write(bytes, 0, length);
        } catch (IOException e) {
            isWithoutRoom = true;
            return NO_ROOM;
        }
        used.set(place);
        return place;
    }

    /**
     * Reads what was written at this place, which is free then, and so is all of the room on disk when nothing is left.
     *
     * @throws IOException if the disk fails
     */
    synchronized void read(int place, byte[] bytes, int length) throws IOException {
        file.seek(start(place));
        file.readFully(bytes, 0, length);
        used.clear(place);
        if (used.isEmpty()) {
            file.setLength(0);
        }
    }

    private static long start(int place) {
        return (long) place * AheadBuffers.SIZE;
    }

    private RandomAccessFile open() throws IOException {
        path = TemporaryPath.file();
        try {
            if (path.toFile().getUsableSpace() < PLENTY) {
                throw new IOException("it would be in the way");
            }
            return new RandomAccessFile(path.toFile(), "rw");
        } finally {
            TemporaryPath.delete(path);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        isWithoutRoom = true;
        if (file != null) {
            file.close();
            TemporaryPath.delete(path); // where the system deletes no file that is open
        }
    }
}
