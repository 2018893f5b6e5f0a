package lib.store.layer;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import lib.failure.WrongContent;
import lib.image.Descriptor;
import lib.image.Digest;

/** Bytes that are compared with their descriptor while they are read: the end is only reported when size and digest are right. */
public final class CheckedStream extends FilterInputStream {
    private final Descriptor expected;
    private final String where;
    private final MessageDigest hash;
    private long size;

    public CheckedStream(InputStream in, Descriptor expected, String where) {
        super(in);
        this.expected = expected;
        this.where = where;
        this.hash = expected.digest().newHash();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, length);
        if (count > 0) {
            hash.update(buffer, offset, count);
            size += count;
        }
        if (size > expected.size() || count < 0 && size < expected.size()) {
            throw wrongSize(expected, where, count < 0);
        }
        if (count < 0 && !isRight()) {
            throw new WrongContent("the blob " + expected.digest() + " in " + where + " is damaged: its bytes have another digest");
        }
        return count;
    }

    /** Returns what is to be thrown for a blob of another size than its descriptor's. */
    public static WrongContent wrongSize(Descriptor expected, String where, boolean isShorter) {
        return new WrongContent("the blob " + expected.digest() + " in " + where + " is " + (isShorter ? "shorter" : "longer") + " than the " + expected.size() + " bytes it should have");
    }

    private boolean isRight() {
        return Digest.of(expected.digest().algorithm(), ((MessageDigest) clone(hash)).digest()).equals(expected.digest());
    }

    /** The end may be read more than once, but a hash is reset by asking for it. */
    private static Object clone(MessageDigest hash) {
        try {
            return hash.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("Java's own hashes can be cloned", e);
        }
    }

    @Override
    public long skip(long count) throws IOException {
        return readNBytes((int) Math.min(count, 64 * 1024)).length;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
