package lib.store.layer;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import org.apache.commons.io.input.BoundedInputStream;

/**
 * Bytes that are hashed while they are read. The end is only reported when their size and digest are the expected ones: what has read it
 * may use them. The JDK's DigestInputStream hashes too, but reports every end.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/descriptor.md#verification">image-spec, Verification</a>
 */
public final class VerifiedStream extends FilterInputStream {
    private static final long ANY_SIZE = -1;
    private static final int MOST_SKIPPED = 64 * 1024;
    private static final int PIECE = 256 * 1024;
    private static final String DIFFERS = " is damaged: its bytes have the digest %s";

    private final String subject;
    private final Digest digest;
    private final long size;
    private final String differs;
    private final MessageDigest hash;
    private long count;
    private boolean isVerified;

    /** @param differs what is said of the subject if the digest differs; %s in it becomes the digest found */
    private VerifiedStream(InputStream in, String subject, Digest digest, long size, String differs) {
        this(in, subject, digest, size, differs, digest.newHash(size == ANY_SIZE ? Long.MAX_VALUE : size));
    }

    private VerifiedStream(InputStream in, String subject, Digest digest, long size, String differs, MessageDigest hash) {
        super(in);
        this.subject = subject;
        this.digest = digest;
        this.size = size;
        this.differs = differs;
        this.hash = hash;
    }

    /**
     * Returns the bytes of a blob, which have to be what its descriptor says.
     *
     * @param where where they come from, such as a file, for the WrongContentException that reading throws
     */
    public static VerifiedStream ofBlob(InputStream in, Descriptor blob, String where) {
        return new VerifiedStream(in, subject(blob) + " in " + where, blob.digest(), blob.size(), DIFFERS);
    }

    /** Does the same for bytes that come from a registry. */
    public static VerifiedStream ofBlob(InputStream in, Descriptor blob) {
        return new VerifiedStream(in, subject(blob), blob.digest(), blob.size(), DIFFERS);
    }

    /**
     * Does the same for the rest of a blob.
     *
     * @param from its first byte, counted from that of the blob
     * @param hash that of the bytes before; takes up those that are read
     */
    public static VerifiedStream ofRest(InputStream in, Descriptor blob, long from, MessageDigest hash) {
        VerifiedStream rest = new VerifiedStream(in, subject(blob), blob.digest(), blob.size(), DIFFERS, hash);
        rest.count = from;
        return rest;
    }

    /**
     * Returns whether the next bytes of a stream are this blob. No more than the blob's size is read.
     *
     * @throws IOException if the stream cannot be read
     */
    public static boolean isBlob(InputStream in, Descriptor blob) throws IOException {
        VerifiedStream bytes = ofBlob(BoundedInputStream.builder().setInputStream(in).setMaxCount(blob.size()).setPropagateClose(false).get(), blob);
        byte[] buffer = new byte[PIECE];
        try {
            while (bytes.read(buffer, 0, PIECE) >= 0) {
                // reading the end verifies
            }
            return true;
        } catch (WrongContentException e) {
            return false;
        }
    }

    /**
     * Returns the tar that a layer unpacks to, which has to have the layer's diff ID: else reading its end throws WrongContentException.
     *
     * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/config.md#layer-diffid">image-spec, Layer DiffID</a>
     */
    public static VerifiedStream ofTar(InputStream tar, Descriptor layer, Digest diffId) {
        return new VerifiedStream(tar, "layer " + layer.digest(), diffId, ANY_SIZE, differs(diffId));
    }

    /** Returns the content of one file in a layer, which has to be what the layer's table of contents says. */
    static VerifiedStream ofFile(InputStream content, String name, Digest digest, long size) {
        return new VerifiedStream(content, "the content of " + name, digest, size, " does not have the digest that the table of contents says");
    }

    /** Returns what is to be thrown for a blob of another size than its descriptor's. */
    public static WrongContentException wrongSize(Descriptor blob, String where, boolean isShorter) {
        return wrongSize(subject(blob) + " in " + where, blob.size(), isShorter);
    }

    /** Returns what is to be thrown for a blob whose bytes have another digest than its descriptor's. */
    public static WrongContentException wrongDigest(Descriptor blob, Digest actual) {
        return new WrongContentException(subject(blob) + String.format(DIFFERS, actual));
    }

    /** Returns what is to be thrown for a layer whose tar has another digest than its diff ID. */
    static WrongContentException wrongDiffId(Descriptor layer, Digest diffId, Digest actual) {
        return new WrongContentException("layer " + layer.digest() + String.format(differs(diffId), actual));
    }

    private static String subject(Descriptor blob) {
        return "the blob " + blob.digest();
    }

    private static String differs(Digest diffId) {
        return " unpacks to the diff ID %s instead of " + diffId;
    }

    private static WrongContentException wrongSize(String subject, long size, boolean isShorter) {
        return new WrongContentException(subject + " is " + (isShorter ? "shorter" : "longer") + " than the " + size + " bytes it should have");
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = super.read(buffer, offset, length);
        if (read > 0) {
            hash.update(buffer, offset, read);
            count += read;
        }
        if (size != ANY_SIZE && (count > size || read < 0 && count < size)) {
            throw wrongSize(subject, size, read < 0);
        }
        if (read < 0 && !isVerified) { // the end may be read more than once
            verify();
        }
        return read;
    }

    private void verify() throws WrongContentException {
        Digest actual = Digest.of(digest.algorithm(), hash.digest());
        if (!actual.equals(digest)) {
            throw new WrongContentException(subject + String.format(differs, actual));
        }
        isVerified = true;
    }

    /** Skips by reading: all bytes are hashed. */
    @Override
    public long skip(long most) throws IOException {
        return readNBytes((int) Math.min(most, MOST_SKIPPED)).length;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
