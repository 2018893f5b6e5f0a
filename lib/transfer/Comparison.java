package lib.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.store.format.ArchivePlan;

/** Compares an archive with its plan, from the first byte to the last. */
final class Comparison {
    private final InputStream archive;
    private final byte[] buffer = new byte[256 * 1024];

    Comparison(InputStream archive) {
        this.archive = archive;
    }

    boolean holds(ArchivePlan plan) throws IOException {
        TreeMap<Long, byte[]> texts = new TreeMap<>(plan.texts());
        TreeMap<Long, Descriptor> blobs = new TreeMap<>();
        plan.places().forEach((blob, offset) -> {
            if (blob.size() > 0) {
                blobs.put(offset, blob);
            }
        });
        long at = 0;
        while (at < plan.size()) {
            byte[] text = texts.get(at);
            Descriptor blob = blobs.get(at);
            boolean same = blob != null ? isSame(blob) : Arrays.equals(text, archive.readNBytes(text.length));
            if (!same) {
                return false;
            }
            at += blob != null ? blob.size() : text.length;
        }
        return true;
    }

    private boolean isSame(Descriptor blob) throws IOException {
        MessageDigest hash = blob.digest().newHash();
        for (long left = blob.size(); left > 0; ) {
            int count = archive.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (count < 0) {
                return false;
            }
            hash.update(buffer, 0, count);
            left -= count;
        }
        return Digest.of(blob.digest().algorithm(), hash.digest()).equals(blob.digest());
    }
}
