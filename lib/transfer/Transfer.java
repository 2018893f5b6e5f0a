package lib.transfer;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import lib.failure.RegistryException;
import org.jspecify.annotations.Nullable;

/**
 * Blobs on their way into their slots: what is missing is cut into segments, connections take one after the other,
 * and what has come is hashed in order beside them. Everything that threads share is decided here, one thread at a time.
 */
final class Transfer {
    private static final int LOOK_AGAIN_MILLIS = 50;
    private static final int WATCH_MILLIS = 250;

    private final List<BlobFile> slots;
    private final Journal journal;
    private final Settings settings;
    private final Hasher hasher;
    final Verdict verdict;
    private final List<Segment> underway = new ArrayList<>();
    private final SegmentScheduler scheduler;
    private final TakeOver takeOver = new TakeOver(underway);
    private final Map<Path, FileChannel> files = new HashMap<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile Throwable failure;

    Transfer(List<BlobFile> slots, Journal journal, Settings settings) {
        this.slots = slots;
        this.journal = journal;
        this.settings = settings;
        this.hasher = new Hasher(this);
        this.verdict = new Verdict(this, journal, hasher, settings);
        this.scheduler = new SegmentScheduler(slots, underway, takeOver, settings);
        slots.forEach(slot -> slot.sources = settings.hosts().of(slot.registry, settings.retries(), settings.notice()));
        long total = slots.stream().mapToLong(slot -> slot.blob.size()).sum();
        slots.forEach(slot -> slot.hash = slot.blob.digest().newHash(total)); // many small blobs are worth what one large one is
    }

    /** Returns when every slot holds its blob, verified; throws what went wrong otherwise. What has come by then stays noted in the journal. */
    void run() throws IOException {
        ShutdownHook noteOnInterrupt = new ShutdownHook(this::noteUnderway);
        try {
            hasher.lookAt(slots);
            for (int i = 0; i < settings.connections(); i++) {
                daemon("connection-" + (i + 1), new SegmentFetcher(this, settings));
            }
            awaitEnd();
        } finally {
            noteUnderway();
            hasher.close();
            closeFiles();
            noteOnInterrupt.close();
        }
    }

    /** Threads never keep the program from ending: the journal has what they leave. */
    static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void awaitEnd() throws IOException {
        try {
            while (!over.await(WATCH_MILLIS, TimeUnit.MILLISECONDS)) {
                leaveStalled();
            }
        } catch (InterruptedException e) {
            failed(new InterruptedIOException("interrupted"));
        }
        if (failure instanceof IOException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e; // such as a heap that is too small
        }
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
    }

    /** Returns the next segment to fetch, waiting for one where need be, or null when there is nothing left to do. */
    synchronized @Nullable Segment next() throws InterruptedException {
        while (failure == null && !scheduler.isOver()) {
            Segment segment = scheduler.next();
            if (segment != null) {
                underway.add(segment);
                segment.flow = segment.source.host().begin();
                segment.slot.claimed.add(segment.from, segment.to);
                segment.slot.connected(segment.source, 1);
                return segment;
            }
            slots.stream().filter(slot -> slot.whyIncomplete() != null && !slot.giveUp(slot.whyIncomplete())).forEach(slot -> failed(slot.whyIncomplete()));
            wait(LOOK_AGAIN_MILLIS);
        }
        over.countDown();
        return null;
    }

    /** Connections that bring nothing, while others do, are left alone: their threads may wait for long, so that others take their places. */
    private synchronized void leaveStalled() throws IOException {
        for (Segment segment : takeOver.judged()) {
            RegistryException stall = takeOver.stall(segment);
            if (stall != null) {
                segment.slot.sources.failed(segment.source, segment.slot.blob, stall);
            }
            if (stall != null || TakeOver.hasLostAll(segment)) {
                end(segment);
                segment.abandoned = true;
                daemon("connection", new SegmentFetcher(this, settings));
            }
        }
    }

    /** The server sends what was asked for, or all of the blob; returns whether the segment is still wanted: see {@link Segment#learn}. */
    synchronized boolean learned(Segment segment, boolean part) {
        boolean goOn = failure == null && segment.learn(part);
        notifyAll();
        return goOn;
    }

    /** Returns how many of these bytes, which have come for a segment, are its to write: see {@link Segment#claim}. */
    synchronized int mayWrite(Segment segment, int count) {
        return failure == null ? segment.claim(count) : 0;
    }

    /**
     * Returns the hash that a connection is to update with what it has just written, or null if the {@link Hasher} reads it back.
     * Bytes at hand are hashed with less work, but meanwhile none are received: it pays where the other connections keep all processors busy.
     */
    synchronized @Nullable MessageDigest hashInPassing(Segment segment) {
        BlobFile slot = segment.slot;
        boolean isNext = segment.round == slot.round && segment.at == slot.hashed && !slot.beingHashed && !slot.isPartial();
        if (!isNext || underway.size() < SegmentScheduler.PROCESSORS) {
            return null;
        }
        slot.beingHashed = true;
        return slot.hash;
    }

    /** Some bytes of a segment are on disk, up to {@code at}, and were hashed in passing, or not; returns whether to go on. */
    synchronized boolean arrived(Segment segment, long at, boolean hashed) throws IOException {
        BlobFile slot = segment.slot;
        slot.beingHashed &= !hashed;
        if (failure != null || segment.round != slot.round) {
            return false;
        }
        segment.flow.came(at - segment.at);
        slot.senders.add(segment.source.host().address(), segment.at, at);
        if (slot.came == 0) {
            slot.cameSince = System.nanoTime();
        }
        slot.came += at - segment.at;
        slot.present.add(segment.at, at);
        slot.presentNow += at - segment.at;
        slot.hashed = hashed ? at : slot.hashed;
        segment.at = at;
        if (segment.isToBeNoted(settings.segment())) {
            note(segment);
        }
        hasher.lookAt(slot);
        return true;
    }

    /** A connection has waited for bytes for so many nanoseconds, and then dealt with them for so many. */
    synchronized void worked(long waited, long busy) {
        scheduler.worked(waited, busy);
    }

    /** A segment has ended, complete or not: what came of it is noted, what did not may be claimed again. */
    synchronized void ended(Segment segment) throws IOException {
        if (!segment.abandoned) {
            end(segment);
        }
    }

    private void end(Segment segment) throws IOException {
        underway.remove(segment);
        segment.flow.end();
        segment.slot.connected(segment.source, -1);
        if (segment.round == segment.slot.round) {
            segment.slot.claimed.remove(segment.at, segment.to);
            note(segment);
        }
        notifyAll();
    }

    private void note(Segment segment) throws IOException {
        journal.have(segment.slot.blob.digest(), segment.noted, segment.at, segment.source.host().address());
        segment.noted = segment.at;
    }

    private synchronized void noteUnderway() {
        try {
            for (Segment segment : underway) {
                if (segment.round == segment.slot.round) {
                    note(segment);
                }
            }
        } catch (IOException e) {
            // the next run fetches them again
        }
        underway.clear();
    }

    /** A slot is verified: it gets its name. */
    synchronized void verified(BlobFile slot) throws IOException {
        slot.verified = true;
        if (slot.verifiedName != null) {
            slot.takeName(file(slot));
            files.remove(slot.file);
        }
        notifyAll();
    }

    synchronized void failed(Throwable why) {
        if (failure == null) {
            failure = why;
        }
        over.countDown();
        notifyAll();
    }

    /** Returns the open file of a slot, for reading only where it has its name already. */
    synchronized FileChannel file(BlobFile slot) throws IOException {
        FileChannel channel = files.get(slot.file);
        if (channel == null) {
            channel = slot.isFound() ? FileChannel.open(slot.file, StandardOpenOption.READ) : slot.open(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            files.put(slot.file, channel);
        }
        return channel;
    }

    private synchronized void closeFiles() throws IOException {
        for (FileChannel channel : files.values()) {
            channel.close();
        }
    }
}
