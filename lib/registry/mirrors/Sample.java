package lib.registry.mirrors;

import java.io.IOException;
import java.security.MessageDigest;
import lib.failure.RegistryException;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.registry.BlobBody;
import lib.registry.Registry;
import org.jspecify.annotations.Nullable;

/**
 * The first bytes of a layer, as one place sends them. The very first is left out, so that a part is asked for, whatever the layer's size.
 *
 * @param layer   the layer's digest
 * @param bytes   how many bytes came
 * @param nanos   how long that took since they were asked for, in nanoseconds
 * @param isPart  whether only the part was sent that was asked for, and not the whole layer
 * @param content the digest of these bytes, by which places are compared; null if not all came in time
 */
public record Sample(Digest layer, long bytes, long nanos, boolean isPart, @Nullable Digest content) {
    private static final int BUFFER = 64 * 1024;
    /** With less, a pull would take an hour for each 36 MB. */
    private static final long LEAST_A_SECOND = 10_000;
    private static final long SECOND = 1_000_000_000;

    /**
     * Reads them.
     *
     * @param layer  of at least two bytes
     * @param most   how many bytes at most
     * @param millis how long at most, in milliseconds
     * @throws RegistryException     if the place does not send them
     * @throws WrongContentException if it says that the layer has another size
     */
    static Sample of(Registry registry, Descriptor layer, long most, long millis) throws IOException {
        long end = Math.min(layer.size(), 1 + most);
        long begun = System.nanoTime();
        MessageDigest hash = Digest.newSha256();
        try (BlobBody body = registry.blob(layer, 1, end)) {
            body.skipTo(1);
            byte[] buffer = new byte[BUFFER];
            long received = 0;
            while (received < end - 1 && System.nanoTime() - begun < millis * 1_000_000) {
                int count = body.read(buffer, 0, (int) Math.min(buffer.length, end - 1 - received));
                if (count < 0) {
                    throw body.endedEarly();
                }
                hash.update(buffer, 0, count);
                received += count;
            }
            return new Sample(layer.digest(), received, Math.max(1, System.nanoTime() - begun), body.isPart(), received < end - 1 ? null : Digest.of("sha256", hash.digest()));
        }
    }

    /** Returns the rate in bytes a second. */
    public long rate() {
        return (long) ((double) bytes * SECOND / nanos);
    }

    /** Returns whether the place sends so little that it is useless. */
    boolean isTooSlow() {
        return content == null && rate() < LEAST_A_SECOND;
    }
}
