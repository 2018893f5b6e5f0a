package lib.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.registry.Registry;
import lib.store.volume.PartFiles;
import lib.transfer.source.Host;
import lib.transfer.source.Ranges;
import lib.transfer.source.Senders;
import lib.transfer.source.Source;
import lib.transfer.source.Sources;
import org.apache.commons.io.input.BoundedInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The place that one blob goes to, a stretch of a file, and how much of it is there.
 * What changes is guarded by the {@link Transfer} that works on it.
 */
final class BlobFile implements BlobProgress {
    /** Whether the server sends parts of this blob: not known before it was asked. */
    enum Parts { UNKNOWN, SENT, REFUSED }

    final Descriptor blob;
    final Registry registry;
    @Nullable Path file;
    /** The files of the archive that it goes to, or that file. */
    private PartFiles files;
    final long offset;
    /** The bytes of it that are wanted: fewer than all if a volume is made alone, and the blob goes on in another. */
    private final long wantedFrom;
    private final long wantedTo;
    /** What the file is renamed to when its bytes are verified; null in an archive, whose file holds many blobs, and where it has that name. */
    @Nullable Path verifiedName;
    /** Where a blob goes that was found under its name but is wrong; null if none was found. */
    private @Nullable Path part;

    /** Where the blob may be taken from, once there is a transfer. */
    Sources sources;
    private @Nullable Source last;
    final Ranges present = new Ranges();
    final Senders senders = new Senders();
    /** The bytes that are present or on their way. */
    final Ranges claimed = new Ranges();
    Parts parts = Parts.UNKNOWN;
    int connections;
    private final Map<String, Integer> connectionsByHost = new ConcurrentHashMap<>();
    /** How many bytes this run has brought, and since when, by {@link System#nanoTime()}. */
    long came;
    long cameSince;
    /** For how long its connections held back what had come, to keep to a limit, all together. */
    final LongAdder waitedNanos = new LongAdder();
    /** Made where there is a transfer. */
    MessageDigest hash;
    long hashed;
    boolean beingHashed;
    boolean verified;
    /** What was wrong with its bytes, if they were: people are told if nothing better comes. */
    @Nullable WrongContentException wrong;
    /** Whether the others are to come where this one fails. */
    boolean mayFail;
    /** Why it does not come, where the others come all the same. */
    volatile @Nullable IOException failure;
    /** Counts how often the blob was begun anew: what belongs to an earlier round does not count any more. */
    int round;
    volatile long presentAtStart;
    volatile long presentNow;

    /** A blob that is a file of its own. */
    BlobFile(Descriptor blob, Registry registry, Path file, @Nullable Path verifiedName) {
        this(blob, registry, PartFiles.of(file), 0, 0, blob.size());
        this.verifiedName = verifiedName;
    }

    /**
     * A blob in an archive, of which only some bytes may be wanted.
     * @param offset where in the archive it begins
     * @param from   the first byte of the archive that is wanted; {@code to} is the byte after the last one
     */
    BlobFile(Descriptor blob, Registry registry, PartFiles parts, long offset, long from, long to) {
        this.blob = blob;
        this.registry = registry;
        this.file = parts.first();
        this.files = parts;
        this.offset = offset;
        this.wantedFrom = Math.max(0, from - offset);
        this.wantedTo = Math.min(blob.size(), to - offset);
        leaveOutOthers();
    }

    /** Bytes that are not wanted count as there, but nobody has sent them, and no file holds them. */
    private void leaveOutOthers() {
        for (Ranges ranges : List.of(present, claimed)) {
            ranges.add(0, wantedFrom);
            ranges.add(wantedTo, blob.size());
        }
        presentAtStart = present.total();
        presentNow = presentAtStart;
    }

    /** Returns whether only some bytes are wanted: they have no digest by which they could be verified. */
    boolean isPartial() {
        return wantedFrom > 0 || wantedTo < blob.size();
    }

    /** Opens the file that it goes to, or all files of its archive as if they were one. */
    FileChannel open(OpenOption... options) throws IOException {
        return files.open(options);
    }

    /** Returns the slot of a blob that is there under its name already: it is only read, and stays what it is until a better one is complete. */
    static BlobFile found(Descriptor blob, Registry registry, Path file, Path part) {
        BlobFile slot = new BlobFile(blob, registry, file, null);
        slot.part = part;
        slot.resume(0, blob.size());
        return slot;
    }

    /** Returns the one source that is left to try after several gave something wrong, and nobody found out which; null before that, and where it is not believed any more. */
    @Nullable Source last() {
        return last == null || last.host().isDistrusted() ? null : last;
    }

    /** Has all of it come from this source. */
    void takeFrom(@Nullable Source last) {
        this.last = last;
    }

    /** Returns the sources that may give it, now or after a rest. */
    List<Source> serving() {
        return last() != null ? List.of(last) : sources.serving(blob);
    }

    /** Returns the sources that may be asked for it now. */
    List<Source> ready() {
        return last() != null ? List.of(last) : sources.ready(blob);
    }

    /** Returns whether another source than this one sends parts of blobs, or may do so. */
    boolean hasOtherWithParts(Source source) {
        return serving().stream().anyMatch(other -> other.host() != source.host() && other.host().parts() != Host.Parts.REFUSED);
    }

    /** Returns why the rest will not come, as no source is left, with what came wrong or what the registry said; null while it may. */
    @Nullable IOException whyIncomplete() {
        boolean isLost = failure == null && connections == 0 && present.total() < blob.size() && serving().isEmpty();
        return !isLost ? null : wrong != null ? wrong : sources.words(null);
    }

    /** Returns whether nothing more is done for it. */
    boolean isOver() {
        return verified || failure != null;
    }

    /** Notes why it does not come; returns whether the others are to come all the same. */
    boolean giveUp(IOException why) {
        failure = mayFail ? why : null;
        return mayFail;
    }

    boolean isFound() {
        return part != null;
    }

    /** Takes bytes for present which are on this machine. Their hash will prove it. */
    void resume(long from, long to) {
        resume(from, to, Senders.UNKNOWN);
    }

    /** Takes bytes for present which an earlier run left, and which this host sent then. */
    void resume(long from, long to, String sender) {
        present.add(Math.max(0, from), Math.min(to, blob.size()));
        claimed.add(Math.max(0, from), Math.min(to, blob.size()));
        senders.add(sender, Math.max(0, from), Math.min(to, blob.size()));
        presentAtStart = present.total();
        presentNow = presentAtStart;
    }

    /** A connection begins or ends to bring bytes of it. */
    void connected(Source source, int more) {
        connections += more;
        connectionsByHost.merge(source.host().address(), more, (before, change) -> before + change == 0 ? null : before + change);
    }

    @Override
    public Set<String> sources() {
        return connectionsByHost.keySet();
    }

    @Override
    public Descriptor blob() {
        return blob;
    }

    @Override
    public long presentAtStart() {
        return presentAtStart;
    }

    @Override
    public long presentNow() {
        return presentNow;
    }

    /** Opens the content of a slot whose bytes are verified, to read no more than these. */
    InputStream content() throws IOException {
        FileChannel channel = verifiedName != null ? FileChannel.open(verifiedName, StandardOpenOption.READ) : open(StandardOpenOption.READ);
        return BoundedInputStream.builder().setInputStream(Channels.newInputStream(channel.position(offset))).setMaxCount(blob.size()).get();
    }

    /** Gives a file of its own the name that it gets when it is verified. A damaged part file may hold more than its bytes. */
    void takeName(FileChannel open) throws IOException {
        try (open) {
            open.truncate(blob.size());
        }
        Files.move(file, verifiedName, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    void beginAnew() {
        if (isFound()) {
            verifiedName = file;
            file = part;
            files = PartFiles.of(part);
            part = null;
        }
        present.clear();
        senders.clear();
        claimed.clear();
        hash = blob.digest().newHash(blob.size());
        hashed = 0;
        beingHashed = false;
        parts = Parts.UNKNOWN;
        round++;
        leaveOutOthers();
    }
}
