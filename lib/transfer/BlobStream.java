package lib.transfer;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.security.MessageDigest;
import java.util.List;
import lib.failure.RegistryException;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.registry.BlobBody;
import lib.registry.Registry;
import lib.registry.http.Retry;
import lib.store.layer.VerifiedStream;
import lib.transfer.source.Flow;
import lib.transfer.source.Senders;
import lib.transfer.source.Source;
import lib.transfer.source.Sources;
import org.jspecify.annotations.Nullable;

/**
 * A blob, or a part of one, as one stream, to be read in order: after a lost connection it goes on where it broke. Where it may come from
 * several sources, it is asked for in parts, each at the source that is the fastest by then.
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pulling-blobs">distribution-spec, Pulling blobs</a>
 */
public final class BlobStream extends InputStream {
    /** Of several sources each is asked for what it may bring in so many seconds, and at least for so much. */
    private static final double SECONDS_A_PART = 4;
    private static final long SMALL = 1024 * 1024;
    private static final int LOOK_AGAIN_MILLIS = 50;

    private final Sources sources;
    private final Descriptor blob;
    private final Retry retry;
    private final Senders senders = new Senders();
    private final long to;
    private volatile BlobBody body;
    private Source source;
    private volatile Flow flow;
    private long at;
    /** Where the part that is asked for now ends. */
    private long end;
    private volatile boolean closed;

    private BlobStream(Registry registry, Descriptor blob, long from, long to, Settings settings) {
        this.sources = settings.hosts().of(registry, settings.retries(), settings.notice());
        this.blob = blob;
        this.retry = new Retry(settings.retries(), settings.notice());
        this.at = from;
        this.to = to;
    }

    /**
     * Returns the bytes of a blob. The first read asks for them, and the end is only reported when their digest is right:
     * else that read throws WrongContentException. Reads throw RegistryException when all retries have failed.
     */
    public static InputStream of(Registry registry, Descriptor blob, Settings settings) {
        return ofRest(registry, blob, 0, blob.digest().newHash(blob.size()), settings);
    }

    /**
     * Returns the rest of a blob, which throws the same.
     *
     * @param from its first byte, counted from that of the blob
     * @param hash that of the bytes before; takes up those that are read
     */
    public static InputStream ofRest(Registry registry, Descriptor blob, long from, MessageDigest hash, Settings settings) {
        BlobStream stream = new BlobStream(registry, blob, from, blob.size(), settings);
        return new FilterInputStream(VerifiedStream.ofRest(stream, blob, from, hash)) {
            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                try {
                    return super.read(buffer, offset, length);
                } catch (WrongContentException e) {
                    throw stream.named(e);
                }
            }

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }
        };
    }

    /**
     * Asks for the bytes {@code from} up to {@code to}, which is not among them. Whether they are right is for the reader to find out.
     *
     * @return the bytes, or null if the server would rather send the whole blob
     * @throws RegistryException when the registry does not answer with the bytes, after all retries
     */
    public static @Nullable InputStream ofPart(Registry registry, Descriptor blob, long from, long to, Settings settings) throws IOException {
        BlobStream part = new BlobStream(registry, blob, from, to, settings);
        while (part.body == null) {
            try {
                part.ask();
            } catch (RegistryException e) {
                part.waitAfter(e);
            }
        }
        if (part.body.isPart() || from == 0) {
            return part;
        }
        part.drop();
        return null;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (at < to) {
            try {
                if (body == null) {
                    ask();
                    body.skipTo(at);
                }
                int count = body.read(buffer, offset, (int) Math.min(length, end - at));
                if (count < 0) {
                    throw body.endedEarly();
                }
                senders.add(source.host().address(), at, at + count);
                at += count;
                flow.waited(body.takeWaitedNanos());
                flow.came(count);
                retry.progress();
                if (at == end && at < to) {
                    drop();
                }
                return count;
            } catch (RegistryException e) {
                waitAfter(e);
            }
        }
        drop();
        return -1;
    }

    /** Asks the source that is the best now for the next part; where there is one source, for all that is missing. */
    private void ask() throws IOException {
        source = next();
        double pace = source.host().pace();
        end = sources.serving(blob).size() > 1 ? Math.min(to, at + Math.max(SMALL, (long) (pace * SECONDS_A_PART))) : to;
        flow = source.host().begin();
        try {
            body = source.open(blob, at, end);
        } catch (WrongContentException e) {
            flow.end();
            if (!sources.hasOther(source, blob)) {
                throw e;
            }
            sources.distrust(source, source.endpoint().base() + ": " + e.getMessage());
            ask();
            return;
        }
        if (body.isPart() || at > 0 || end < blob.size()) {
            source.host().sentPart(body.isPart());
        }
        end = body.isPart() ? end : to;
    }

    private Source next() throws IOException {
        while (true) {
            Source best = sources.best(blob, at > 0, Math.min(to - at, SMALL));
            if (best != null) {
                return best;
            }
            if (sources.serving(blob).isEmpty()) {
                throw sources.words(null);
            }
            pause();
        }
    }

    /** Says who sent what proved wrong, where there are several sources. What was read cannot be taken back, but one that sent all of it is not believed any more. */
    private WrongContentException named(WrongContentException wrong) {
        List<String> from = senders.fewestFirst();
        if (!sources.areSeveral() || from.isEmpty()) {
            return wrong;
        }
        Source sender = sources.at(from.get(0));
        if (from.size() == 1 && sender != null) {
            sources.distrust(sender, from.get(0) + " sent a wrong blob");
        }
        return new WrongContentException(wrong.getMessage() + "; they came from " + String.join(" and ", from));
    }

    /** All sources rest for a moment. */
    private void pause() throws InterruptedIOException {
        try {
            Thread.sleep(LOOK_AGAIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private void waitAfter(RegistryException failure) throws IOException {
        if (closed) {
            throw failure; // another thread has closed this, and so broken the line
        }
        drop();
        if (source == null) {
            throw failure; // none is left
        }
        if (!sources.failed(source, blob, failure)) {
            try {
                retry.await(failure, failure.mayPass());
            } catch (RegistryException e) {
                throw sources.words(e);
            }
        }
        source = null;
    }

    private void drop() {
        if (flow != null) {
            flow.end();
        }
        if (body != null) {
            body.close();
            body = null;
        }
    }

    /** Ends the reading, also in another thread. */
    @Override
    public void close() {
        closed = true;
        if (flow != null) {
            flow.end();
        }
        BlobBody open = body;
        if (open != null) {
            open.close();
        }
    }
}
