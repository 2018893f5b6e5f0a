package lib.store.layer;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.store.tar.ByteName;
import lib.store.tar.TarEntry;

/** How many bytes an image may unpack to. A few kilobytes can be made to unpack to more than any disk holds. */
public final class UnpackLimit {
    /** A layer may unpack to this many times its size, and to this many bytes in any case: more is taken for an attack. */
    private static final long MOST_TIMES = 100;
    private static final long ALWAYS_ALLOWED = 1L << 30;

    private final long most;
    private final AtomicLong count = new AtomicLong();

    /** @param most how many bytes may be unpacked */
    public UnpackLimit(long most) {
        this.most = most;
    }

    /**
     * Returns how many bytes these layers may unpack to by default: 100 times their size, and at least 1 GiB.
     * One that is listed many times was sent once.
     */
    public static long usual(List<Descriptor> layers) {
        Set<Digest> seen = new HashSet<>();
        return usual(layers.stream().filter(layer -> seen.add(layer.digest())).mapToLong(Descriptor::size).sum());
    }

    /** Returns how many bytes so many bytes may unpack to. */
    public static long usual(long size) {
        return Math.max(ALWAYS_ALLOWED, size > Long.MAX_VALUE / MOST_TIMES ? Long.MAX_VALUE : size * MOST_TIMES);
    }

    /** Begins to count anew. */
    public void clear() {
        count.set(0);
    }

    /** Returns a stream that is counted, and fails where all layers together are too long. */
    public InputStream on(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int read = super.read(buffer, offset, length);
                add(Math.max(0, read));
                return read;
            }
        };
    }

    private void add(long bytes) throws WrongContentException {
        if (count.addAndGet(bytes) > most) {
            throw new WrongContentException(WrongContentException.Kind.TOO_LARGE, "it unpacks to more than " + most + " bytes: refused");
        }
    }

    /**
     * Checks an entry's own size against all that may come, and counts the gaps in it, as not every file system can keep them as gaps.
     *
     * @throws WrongContentException if that is too much ({@code TOO_LARGE})
     */
    public void check(TarEntry entry) throws WrongContentException {
        if (entry.size() > most) {
            throw new WrongContentException(WrongContentException.Kind.TOO_LARGE, "the entry '" + ByteName.shown(entry.name()) + "' says that it has " + entry.size() + " bytes, more than the "
                    + most + " that may be unpacked: refused");
        }
        add(entry.gaps());
    }
}
