package lib.store.layer;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.function.BooleanSupplier;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.store.tar.AheadBuffers;
import lib.store.tar.ReadAhead;
import lib.store.tar.TarEntry;
import lib.store.tar.TarReader;
import org.jspecify.annotations.Nullable;

/**
 * The tar of one layer, on its way through three threads: one fetches and verifies it as it is stored, one decompresses it, and entries are hashed and
 * written in the one that asks for them. Decompressing takes longest, so the others must not keep that one waiting.
 */
public final class LayerTar implements Closeable {
    private final Descriptor layer;
    private final Digest diffId;
    private final InputStream stored;
    private final ReadAhead storedAhead;
    private final MessageDigest hash;
    private final ReadAhead tar;

    /**
     * @param diffId  the digest of the uncompressed layer, or null if it is not known
     * @param buffers what it is decompressed into, which it may share with other layers
     */
    LayerTar(Descriptor layer, @Nullable Digest diffId, InputStream stored, UnpackLimit limit, AheadBuffers buffers) {
        this.layer = layer;
        this.diffId = diffId;
        this.stored = stored;
        this.hash = diffId == null ? Digest.newSha256() : diffId.newHash(layer.size());
        this.storedAhead = ReadAhead.asTheyCome(stored);
        this.tar = new ReadAhead(() -> limit.on(LayerStream.open(storedAhead)), buffers, hash);
    }

    /** Takes an entry, and its content where it wants it. */
    public interface Visitor {
        void entry(TarEntry entry, TarReader content) throws IOException;
    }

    /**
     * Shows each entry. Reads the layer to its end, beyond the tar's end, too, because all of it is hashed.
     *
     * @throws WrongContentException if it is not what its digest says, not a tar, or unpacks to too much
     * @throws IOException           if it cannot be read, or the visitor throws it
     */
    public void visit(Visitor visitor, UnpackLimit limit) throws IOException {
        visit(visitor, limit, () -> false);
    }

    /**
     * Does the same, but reads no further than enough; returns whether it was read to its end, so that it is sure to be the right layer.
     *
     * @throws WrongContentException as the other one
     * @throws IOException           as the other one
     */
    public boolean visit(Visitor visitor, UnpackLimit limit, BooleanSupplier isEnough) throws IOException {
        LayerStream.checkReadable(layer);
        try {
            TarReader entries = new TarReader(tar);
            for (TarEntry entry = entries.next(); entry != null; entry = entries.next()) {
                limit.check(entry);
                visitor.entry(entry, entries);
                if (isEnough.getAsBoolean()) {
                    return false;
                }
            }
            tar.transferTo(OutputStream.nullOutputStream());
            storedAhead.transferTo(OutputStream.nullOutputStream()); // the end returns whether these were the right bytes
        } catch (WrongContentException e) {
            throw new WrongContentException("layer " + layer.digest() + ": " + e.getMessage(), e);
        }
        Digest digest = Digest.of(diffId == null ? "sha256" : diffId.algorithm(), hash.digest());
        if (diffId != null && !digest.equals(diffId)) {
            throw VerifiedStream.wrongDiffId(layer, diffId, digest);
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        tar.close();
        storedAhead.close();
        stored.close();
    }
}
