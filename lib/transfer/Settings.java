package lib.transfer;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import lib.store.BlobCache;
import lib.text.Sizes;
import lib.store.layer.BlobSource;
import lib.transfer.source.Hosts;
import org.jspecify.annotations.Nullable;

/**
 * How to move bytes.
 *
 * @param connections how many transfers run side by side
 * @param segment     the shortest part of a blob that one request asks for, and how much may come at most before it is noted, in bytes
 * @param hosts       what was learned so far of the hosts that blobs come from
 * @param retries     how often a request is repeated without progress
 * @param reuse       archives, layouts and folders of them whose blobs need not be fetched
 * @param cache       blobs that commands share, null for none
 * @param notice      is told what a person may want to know, a line each
 * @param watcher     is given the blobs when their transfer begins, to show how far each has come
 */
public record Settings(int connections, long segment, Hosts hosts, int retries, List<Path> reuse, @Nullable BlobCache cache, Consumer<String> notice, Consumer<List<BlobProgress>> watcher) {
    private static final long DOCUMENT = 8 << 20;
    /** How many connections each of several hosts may have, if nobody says otherwise: as many as browsers use. */
    public static final int CONNECTIONS_PER_HOST = 6;

    /** With hosts that nothing is known of yet. */
    public Settings(int connections, long segment, int retries, List<Path> reuse, @Nullable BlobCache cache, Consumer<String> notice, Consumer<List<BlobProgress>> watcher) {
        this(connections, segment, new Hosts(CONNECTIONS_PER_HOST), retries, reuse, cache, notice, watcher);
    }

    /** Without places that have blobs already. */
    public Settings(int connections, long segment, int retries, Consumer<String> notice, Consumer<List<BlobProgress>> watcher) {
        this(connections, segment, retries, List.of(), null, notice, watcher);
    }

    /** For short documents: one request after the other, which nobody watches. */
    public Settings(int retries, Consumer<String> notice) {
        this(1, DOCUMENT, retries, notice, slots -> { });
    }

    /** Returns the same settings with other places that have blobs already. */
    public Settings reusing(List<Path> places) {
        return new Settings(connections, segment, hosts, retries, places, cache, notice, watcher);
    }

    /** Returns a source that takes blobs from the cache where it has them, and fills it; the same one if there is no cache. */
    public BlobSource cached(BlobSource source) {
        return cache == null ? source : cache.before(source);
    }

    /** Warns if so many bytes that are still to come have no room where a file is to be. */
    void warnIfTooLarge(Path target, long missing) {
        long free = target.toAbsolutePath().getParent().toFile().getUsableSpace(); // 0 also where that cannot be known
        if (free > 0 && free < missing) {
            notice.accept("warning: " + Sizes.of(missing) + " are still to come, but only " + Sizes.of(free) + " are free where " + target + " is to be");
        }
    }
}
