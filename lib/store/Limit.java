package lib.store;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;
import lib.image.TooLargeException;

//SOURCES ByteName.java
//SOURCES TarEntry.java
//SOURCES ../image/TooLargeException.java

/** How many bytes an image may unpack to. A few kilobytes can be made to unpack to more than any disk holds. */
final class Limit {
    private final long most;
    private final AtomicLong count = new AtomicLong();

    Limit(long most) {
        this.most = most;
    }

    void clear() {
        count.set(0);
    }

    /** Returns a stream that is counted, and fails where all layers together are too long. */
    InputStream on(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int read = super.read(buffer, offset, length);
                add(Math.max(0, read));
                return read;
            }
        };
    }

    private void add(long bytes) throws TooLargeException {
        if (count.addAndGet(bytes) > most) {
            throw new TooLargeException("it unpacks to more than " + most + " bytes: refused");
        }
    }

    /** Throws TooLargeException when an entry's own size is beyond all that may come. The gaps in it are counted, for not every place can keep them as gaps. */
    void check(TarEntry entry) throws TooLargeException {
        if (entry.size() > most) {
            throw new TooLargeException("the entry '" + ByteName.shown(entry.name()) + "' says that it has " + entry.size() + " bytes, more than the "
                    + most + " that may be unpacked: refused");
        }
        add(entry.gaps());
    }
}
