package lib.transfer;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.Reference;
import lib.registry.Network;
import lib.registry.Uploads;
import lib.registry.settings.WebAddress;
import lib.store.Exclusions;
import lib.store.ImageStore;
import lib.store.NamedImage;
import lib.store.layer.BlobSource;

/**
 * Images on their way from a layout or an archive to registries, byte for byte as they are stored, so that digests stay what they were.
 * What is referred to goes first: blobs, then the manifests of an index, then the index, under its tag.
 */
public final class Push {
    private static final long PATIENCE_AT_END_MILLIS = 3_000;

    private final ImageStore store;
    private final Network network;
    private final Settings settings;
    private final List<Reference> targets;
    private final long chunk;
    private final List<String> hadSome = new ArrayList<>();
    /** Repositories that have a blob, by the registry's host and the blob: others of that registry may take it from there. */
    private final Map<String, String> repositories = new LinkedHashMap<>();

    /** What a push did: how many blobs were there already or taken from another repository, and how many bytes were sent. */
    public record Result(Digest digest, int blobs, int there, int mounted, long sent) { }

    /**
     * @param targets all names that are to be pushed to: what one of their repositories has, another may take from it
     * @param chunk   how many bytes of a blob one request may send: longer blobs go in chunks
     */
    public Push(ImageStore store, Network network, Settings settings, List<Reference> targets, long chunk) {
        this.chunk = chunk;
        this.store = store;
        this.network = network;
        this.settings = settings;
        this.targets = targets;
    }

    /**
     * Pushes an image, or an index with all that it lists.
     *
     * @param image  its name, if it has one, is where its registry may take the blobs from
     * @param target where to; without a tag, the image has its digest only
     * @throws IllegalArgumentException when the target names another digest
     */
    public Result run(NamedImage image, Reference target) throws IOException {
        Digest digest = image.manifest().digest();
        if (target.digest() != null && !target.digest().equals(digest)) {
            throw new IllegalArgumentException(target + " names another digest than the image has: " + digest);
        }
        check(image);
        Uploads uploads = new Uploads(target, network, chunk);
        Map<Digest, Descriptor> blobs = new LinkedHashMap<>();
        for (Descriptor blob : image.tree().blobs()) {
            if (isKept(blob, uploads, image, target)) {
                blobs.putIfAbsent(blob.digest(), blob);
            }
        }
        Result result = send(blobs.values(), uploads, source(image.reference(), target), target, digest);
        List<Manifest> manifests = new ArrayList<>(image.tree().manifests());
        Collections.reverse(manifests); // what lists others comes after them
        ManifestPush push = new ManifestPush(uploads);
        for (Manifest manifest : manifests) {
            push.put(manifest, manifest.digest().equals(digest) && target.tag() != null ? target.tag() : manifest.digest().toString());
        }
        push.listReferrers();
        return result;
    }

    /** Registries take images that no engine would load; whoever pulled such a one would find out. */
    private void check(NamedImage image) throws IOException {
        for (Manifest manifest : image.tree().manifests()) {
            if (manifest.isImage() && store.has(manifest.config())) {
                BlobSource.checkConfig(store::blob, manifest);
            }
        }
    }

    /** An archive of what is new since another has not all blobs: the rest must be there. Foreign layers need not: who pulls the image has them from elsewhere. */
    private boolean isKept(Descriptor blob, Uploads uploads, NamedImage image, Reference target) throws IOException {
        if (store.has(blob)) {
            return true;
        }
        if (blob.urls().isEmpty() && !uploads.has(blob) && !isTaken(blob, uploads, image, target)) {
            throw new WrongContentException(store.path() + " is incomplete: the blob " + blob.digest() + " of " + blob.size() + " bytes is not there, and the registry does not have it"
                    + (image.without().images().isEmpty() ? "" : "; make a whole of it with assemble OLD.tar " + store.path() + " -o FULL.tar, and push that"));
        }
        return false;
    }

    /**
     * What one image lacks may be there for another that has the same layers below: for one that is pushed as well, or one that
     * this one was made to complement. The repository that had something is asked first the next time.
     */
    private boolean isTaken(Descriptor blob, Uploads uploads, NamedImage image, Reference target) throws IOException {
        Set<String> others = new LinkedHashSet<>(hadSome);
        targets.stream().filter(other -> WebAddress.isSameHost(other.registry(), target.registry())).map(Reference::repository).forEach(others::add);
        for (Reference base : Exclusions.namesIn(store)) {
            others.addAll(repositories(base, image.reference(), target));
        }
        others.remove(target.repository());
        for (String other : others) {
            if (uploads.take(blob, other)) {
                hadSome.remove(other);
                hadSome.add(0, other);
                return true;
            }
        }
        return false;
    }

    /** Returns where the far registry may have an image of this name: below the same prefix as what is pushed now, or under its own path. */
    private static List<String> repositories(Reference base, Reference own, Reference target) {
        List<String> repositories = new ArrayList<>();
        if (own != null && target.repository().endsWith("/" + own.repository())) {
            repositories.add(target.repository().substring(0, target.repository().length() - own.repository().length()) + base.repository());
        }
        repositories.add(base.repository());
        return repositories;
    }

    /** The repository an image was pulled from may still be at that registry, under the name the image has. */
    private static String source(Reference name, Reference target) {
        boolean other = name != null && WebAddress.isSameHost(name.registry(), target.registry()) && !name.repository().equals(target.repository());
        return other ? name.repository() : null;
    }

    private Result send(Iterable<Descriptor> blobs, Uploads uploads, String source, Reference target, Digest digest) throws IOException {
        List<BlobFile> slots = new ArrayList<>();
        blobs.forEach(blob -> slots.add(new BlobFile(blob, null, null, 0, null)));
        settings.watcher().accept(slots);
        Senders senders = new Senders(slots, uploads, source, target);
        senders.run();
        return new Result(digest, slots.size(), senders.there, senders.mounted, senders.sent);
    }

    /** Several blobs at a time: each thread takes one after the other. The first failure stops all of them. */
    private final class Senders {
        private final Queue<BlobFile> waiting;
        private final Uploads uploads;
        private final String source;
        private final Reference target;
        private final List<Thread> threads = new ArrayList<>();
        private volatile Exception failure;
        private volatile boolean stopped;
        private int there;
        private int mounted;
        private long sent;

        Senders(List<BlobFile> slots, Uploads uploads, String source, Reference target) {
            this.waiting = new ArrayDeque<>(slots);
            this.uploads = uploads;
            this.source = source;
            this.target = target;
        }

        /** A program that is interrupted has its sessions ended, as far as that is quickly done. */
        void run() throws IOException {
            Thread atEnd = new Thread(this::stop);
            Runtime.getRuntime().addShutdownHook(atEnd);
            for (int i = 0; i < Math.min(settings.connections(), waiting.size()); i++) {
                Thread thread = new Thread(this::work, "upload-" + (i + 1));
                thread.setDaemon(true);
                threads.add(thread);
            }
            threads.forEach(Thread::start);
            try {
                for (Thread thread : threads) {
                    thread.join();
                }
            } catch (InterruptedException e) {
                stop();
                throw new InterruptedIOException("interrupted");
            } finally {
                removeHook(atEnd);
            }
            if (failure instanceof IOException e) {
                throw e;
            }
            if (failure != null) {
                throw new IllegalStateException(failure);
            }
        }

        private void removeHook(Thread hook) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // the program is ending, and the hook runs
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
                for (BlobFile slot = next(); slot != null; slot = next()) {
                    send(slot);
                }
            } catch (IOException | RuntimeException e) {
                failed(e);
            }
        }

        private synchronized void failed(Exception trouble) {
            failure = failure == null ? trouble : failure;
            stopped = true;
        }

        private synchronized BlobFile next() {
            return stopped ? null : waiting.poll();
        }

        private void send(BlobFile slot) throws IOException {
            String key = target.registry() + " " + slot.blob.digest();
            boolean there = uploads.has(slot.blob);
            if (!there && store.isLink(slot.blob.digest())) {
                readToEnd(slot.blob);
            }
            boolean sent = !there && uploads.send(slot.blob, () -> new Counted(store.blob(slot.blob), slot), from(key));
            slot.presentNow = slot.blob.size();
            synchronized (this) {
                this.there += there ? 1 : 0;
                mounted += there || sent ? 0 : 1;
                this.sent += sent ? slot.blob.size() : 0;
                repositories.putIfAbsent(key, target.repository());
            }
        }

        /** A link may lead to any file of this machine: not a byte of a wrong one is sent. */
        private void readToEnd(Descriptor blob) throws IOException {
            try (InputStream in = store.blob(blob)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
        }

        private synchronized String from(String key) {
            String known = repositories.get(key);
            return known != null && !known.equals(target.repository()) ? known : source;
        }

        /** Counts what was read, for the display of progress, and ends where the push ends. */
        private final class Counted extends FilterInputStream {
            private final BlobFile slot;

            Counted(InputStream in, BlobFile slot) {
                super(in);
                this.slot = slot;
                slot.presentNow = 0;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                if (stopped) {
                    throw new InterruptedIOException("interrupted");
                }
                int count = super.read(buffer, offset, length);
                slot.presentNow += Math.max(0, count);
                return count;
            }
        }
    }
}
