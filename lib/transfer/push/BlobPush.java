package lib.transfer.push;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import lib.image.Descriptor;
import lib.image.Reference;
import lib.registry.Uploads;
import lib.transfer.BlobProgress;
import lib.transfer.Settings;
import lib.transfer.ShutdownHook;
import org.jspecify.annotations.Nullable;

/** Blobs on their way to a registry, several at a time: each thread takes one after the other. The first failure stops all of them. */
final class BlobPush {
    private static final long PATIENCE_AT_END_MILLIS = 3_000;

    private final PushSource source;
    private final Uploads uploads;
    private final Reference target;
    private final @Nullable String other;
    private final Map<String, String> repositories;
    private final Queue<Upload> waiting = new ArrayDeque<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile Exception failure;
    private volatile boolean stopped;
    private Push.Share there = new Push.Share(0, 0);
    private Push.Share mounted = new Push.Share(0, 0);
    private long sent;

    /**
     * @param other        another repository of the target's registry that may have the blobs, null if none is known
     * @param repositories those that do have a blob, by {@link #key}; gets to know where these blobs are now
     */
    BlobPush(PushSource source, Uploads uploads, Reference target, @Nullable String other, Map<String, String> repositories) {
        this.source = source;
        this.uploads = uploads;
        this.target = target;
        this.other = other;
        this.repositories = repositories;
    }

    /** Returns what the registry had in the target's repository before. */
    Push.Share there() {
        return there;
    }

    /** Returns what the registry has taken from another of its repositories. */
    Push.Share mounted() {
        return mounted;
    }

    /** Returns how many bytes were sent, each time counted. */
    long sent() {
        return sent;
    }

    /** Returns when the registry has all of these blobs. An interrupted program has its upload sessions ended, as far as that is quickly done. */
    void run(Collection<Descriptor> blobs, Settings settings) throws IOException {
        blobs.forEach(blob -> waiting.add(new Upload(blob)));
        settings.watcher().accept(List.copyOf(waiting));
        try (ShutdownHook atEnd = new ShutdownHook(this::stop)) {
            for (int i = 0; i < Math.min(settings.connections(), blobs.size()); i++) {
                Thread thread = new Thread(this::work, "upload-" + (i + 1));
                thread.setDaemon(true);
                threads.add(thread);
            }
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            stop();
            throw new InterruptedIOException("interrupted");
        }
        if (failure instanceof IOException e) {
            throw e;
        }
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
    }

    private void stop() {
        stopped = true;
        try {
            long end = System.currentTimeMillis() + PATIENCE_AT_END_MILLIS;
            for (Thread thread : threads) {
                thread.join(Math.max(1, end - System.currentTimeMillis()));
            }
        } catch (InterruptedException e) {
            // ends now
        }
    }

    private void work() {
        try {
            for (Upload upload = next(); upload != null; upload = next()) {
                send(upload);
            }
        } catch (IOException | RuntimeException e) {
            failed(e);
        }
    }

    private synchronized void failed(Exception trouble) {
        failure = failure == null ? trouble : failure;
        stopped = true;
    }

    private synchronized @Nullable Upload next() {
        return stopped ? null : waiting.poll();
    }

    private void send(Upload upload) throws IOException {
        Descriptor blob = upload.blob;
        boolean isThere = uploads.has(blob);
        boolean isSent = !isThere && send(upload, source.blob(blob));
        upload.presentNow = blob.size();
        upload.isThere = true;
        synchronized (this) {
            there = isThere ? there.and(blob) : there;
            mounted = isThere || isSent ? mounted : mounted.and(blob);
            sent += upload.sent;
            repositories.putIfAbsent(key(blob), target.repository());
        }
    }

    private boolean send(Upload upload, Uploads.Source bytes) throws IOException {
        return uploads.send(upload.blob, from -> new Counted(bytes.open(from), upload, from), mountFrom(upload.blob));
    }

    /** Returns the repository that the registry may take a blob from. */
    private synchronized @Nullable String mountFrom(Descriptor blob) {
        String known = repositories.get(key(blob));
        return known != null && !known.equals(target.repository()) ? known : other;
    }

    /** Returns what is the same for one blob in all repositories of one registry. */
    private String key(Descriptor blob) {
        return target.registry() + " " + blob.digest();
    }

    /** One blob and how much of it was sent. */
    private static final class Upload implements BlobProgress {
        private final Descriptor blob;
        private volatile long presentNow;
        private long sent;
        /** What was read to the end is not there before the registry says so. */
        private volatile boolean isThere;

        Upload(Descriptor blob) {
            this.blob = blob;
        }

        @Override
        public Descriptor blob() {
            return blob;
        }

        @Override
        public long presentAtStart() {
            return 0;
        }

        @Override
        public long presentNow() {
            return presentNow;
        }

        @Override
        public boolean isThere() {
            return isThere;
        }
    }

    /** Counts what was read, for the display of progress, and ends where the push ends. */
    private final class Counted extends FilterInputStream {
        private final Upload upload;
        private long at;

        Counted(InputStream in, Upload upload, long from) {
            super(in);
            this.upload = upload;
            this.at = from;
            upload.presentNow = from;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (stopped) {
                throw new InterruptedIOException("interrupted");
            }
            int count = super.read(buffer, offset, length);
            at += Math.max(0, count);
            upload.sent += Math.max(0, count);
            upload.presentNow = at;
            return count;
        }
    }
}
