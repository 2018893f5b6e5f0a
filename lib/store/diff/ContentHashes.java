package lib.store.diff;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.security.MessageDigest;
import java.util.IdentityHashMap;
import java.util.Map;
import lib.image.Digest;
import lib.store.layer.WholeContent;
import lib.store.tar.TarEntry;
import lib.store.tar.TarReader;

/** The digests of the contents of files, to tell whether two are the same without keeping them. */
final class ContentHashes {
    /** By the entry itself, for two entries may say the same and have different contents. */
    private final Map<TarEntry, Digest> digests = new IdentityHashMap<>();

    /** Reads an entry's content, or takes what is known of it already. */
    void add(TarEntry entry, TarReader content, Digest known) throws IOException {
        if (entry.isFile()) {
            digests.put(entry, content == null ? known : hashed(entry, content));
        }
    }

    private static Digest hashed(TarEntry entry, TarReader content) throws IOException {
        MessageDigest hash = Digest.newSha256();
        WholeContent.write(entry, content, new WritableByteChannel() {
            @Override
            public int write(ByteBuffer bytes) {
                int count = bytes.remaining();
                hash.update(bytes);
                return count;
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {
                // there is nothing to close
            }
        });
        return Digest.of("sha256", hash.digest());
    }

    /** Returns whether two files have the same content; it is not the same where one of them is not known. */
    boolean areSame(TarEntry one, TarEntry other) {
        Digest digest = digests.get(one);
        return one == other || digest != null && digest.equals(digests.get(other));
    }
}
