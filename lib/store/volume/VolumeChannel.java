package lib.store.volume;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The volumes of an archive as if they were one file: what reads and writes at places of an archive need not know that it is cut.
 * It does what is done with an archive; what else a FileChannel has, such as locks and memory, is refused.
 * A volume is opened when it is first used. What is written to one that is not wanted is dropped, and nothing can be read there.
 */
public final class VolumeChannel extends FileChannel {
    private final Volumes volumes;
    private final Opener opener;
    /** What is open by now, and null for each volume that is not wanted. */
    private final Map<Integer, @Nullable FileChannel> open = new TreeMap<>();
    private long position;

    /** Opens volumes. */
    public interface Opener {
        /** Opens a volume by its number; returns null if it is not wanted. */
        @Nullable FileChannel open(int number) throws IOException;
    }

    /** @param opener is asked once for each volume that is used */
    public VolumeChannel(Volumes volumes, Opener opener) {
        this.volumes = volumes;
        this.opener = opener;
    }

    private synchronized @Nullable FileChannel volume(int number) throws IOException {
        if (!open.containsKey(number)) {
            open.put(number, opener.open(number));
        }
        return open.get(number);
    }

    @Override
    public int read(ByteBuffer into, long at) throws IOException {
        if (at >= volumes.size()) {
            return -1;
        }
        int number = volumes.number(at);
        FileChannel volume = volume(number);
        if (volume == null) {
            return -1;
        }
        int limit = into.limit();
        try {
            return volume.read(into.limit(upTo(into, volumes.end(number) - at)), at - volumes.begin(number));
        } finally {
            into.limit(limit);
        }
    }

    @Override
    public int write(ByteBuffer from, long at) throws IOException {
        int number = volumes.number(at);
        FileChannel volume = volume(number);
        int limit = from.limit();
        int end = upTo(from, volumes.end(number) - at);
        try {
            if (volume != null) {
                return volume.write(from.limit(end), at - volumes.begin(number));
            }
            int dropped = end - from.position();
            from.position(end);
            return dropped;
        } finally {
            from.limit(limit);
        }
    }

    /** Returns where a buffer has to end so that no more bytes than these go through it. */
    private static int upTo(ByteBuffer buffer, long bytes) {
        return (int) Math.min(buffer.limit(), buffer.position() + bytes);
    }

    @Override
    public synchronized int read(ByteBuffer into) throws IOException {
        int count = read(into, position);
        position += Math.max(count, 0);
        return count;
    }

    @Override
    public long read(ByteBuffer[] into, int offset, int length) throws IOException {
        return length == 0 ? 0 : read(into[offset]); // a channel may read less than there is room for
    }

    @Override
    public synchronized int write(ByteBuffer from) throws IOException {
        int count = write(from, position);
        position += count;
        return count;
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) throws IOException {
        long all = 0;
        for (int i = offset; i < offset + length; i++) {
            while (from[i].hasRemaining()) {
                all += write(from[i]);
            }
        }
        return all;
    }

    @Override
    public long transferTo(long at, long count, WritableByteChannel target) throws IOException {
        if (at >= volumes.size() || count == 0) {
            return 0;
        }
        int number = volumes.number(at);
        FileChannel volume = volume(number);
        return volume == null ? 0 : volume.transferTo(at - volumes.begin(number), Math.min(count, volumes.end(number) - at), target);
    }

    @Override
    public synchronized long position() {
        return position;
    }

    @Override
    public synchronized FileChannel position(long to) {
        position = to;
        return this;
    }

    @Override
    public long size() {
        return volumes.size();
    }

    @Override
    public synchronized void force(boolean metadata) throws IOException {
        for (FileChannel volume : open.values()) {
            if (volume != null) {
                volume.force(metadata);
            }
        }
    }

    @Override
    protected synchronized void implCloseChannel() throws IOException {
        for (FileChannel volume : open.values()) {
            if (volume != null) {
                volume.close();
            }
        }
    }

    @Override
    public FileChannel truncate(long size) {
        throw new UnsupportedOperationException("volumes have the sizes that they are to have");
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long at, long count) {
        throw new UnsupportedOperationException("nothing here copies like that");
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long at, long count) {
        throw new UnsupportedOperationException("memory cannot be of several files");
    }

    @Override
    public FileLock lock(long at, long count, boolean shared) {
        throw new UnsupportedOperationException("the notes beside the volumes are locked");
    }

    @Override
    public FileLock tryLock(long at, long count, boolean shared) {
        throw new UnsupportedOperationException("the notes beside the volumes are locked");
    }
}
