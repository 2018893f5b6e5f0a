package lib.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import lib.image.Descriptor;
import lib.registry.Registry;
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
    final @Nullable Registry registry;
    @Nullable Path file;
    final long offset;
    /** What the file is renamed to when its bytes are verified; null in an archive, whose file holds many blobs, and where it has that name. */
    @Nullable Path verifiedName;
    /** Where a blob goes that was found under its name but is wrong; null if none was found. */
    private @Nullable Path part;

    final Ranges present = new Ranges();
    /** The bytes that are present or on their way. */
    final Ranges claimed = new Ranges();
    Parts parts = Parts.UNKNOWN;
    int connections;
    /** How many bytes this run has brought, and since when, by {@link System#nanoTime()}. */
    long came;
    long cameSince;
    MessageDigest hash;
    long hashed;
    boolean beingHashed;
    boolean verified;
    /** Counts how often the blob was begun anew: what belongs to an earlier round does not count any more. */
    int round;
    volatile long presentAtStart;
    volatile long presentNow;

    BlobFile(Descriptor blob, @Nullable Registry registry, @Nullable Path file, long offset, @Nullable Path verifiedName) {
        this.blob = blob;
        this.registry = registry;
        this.file = file;
        this.offset = offset;
        this.verifiedName = verifiedName;
        this.hash = blob.digest().newHash(blob.size());
    }

    /** Returns the slot of a blob that is there under its name already: it is only read, and stays what it is until a better one is complete. */
    static BlobFile found(Descriptor blob, Registry registry, Path file, Path part) {
        BlobFile slot = new BlobFile(blob, registry, file, 0, null);
        slot.part = part;
        slot.resume(0, blob.size());
        return slot;
    }

    boolean isFound() {
        return part != null;
    }

    /** Takes bytes for present which an earlier run left. Their hash will prove it. */
    void resume(long from, long to) {
        present.add(Math.max(0, from), Math.min(to, blob.size()));
        claimed.add(Math.max(0, from), Math.min(to, blob.size()));
        presentAtStart = present.total();
        presentNow = presentAtStart;
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
        InputStream in = Files.newInputStream(verifiedName != null ? verifiedName : file);
        in.skipNBytes(offset);
        return BoundedInputStream.builder().setInputStream(in).setMaxCount(blob.size()).get();
    }

    void beginAnew() {
        if (isFound()) {
            verifiedName = file;
            file = part;
            part = null;
        }
        present.clear();
        presentNow = 0;
        claimed.clear();
        hash = blob.digest().newHash(blob.size());
        hashed = 0;
        parts = Parts.UNKNOWN;
        round++;
    }
}
