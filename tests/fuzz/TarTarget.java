package tests.fuzz;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.store.files.FlatTar;

/** Whatever bytes a layer has, compressed or not, it is read as a tar or refused as wrong content, and never unpacks to more than is allowed. */
public final class TarTarget {
    private static final long MOST = 1 << 20;

    private TarTarget() { }

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        Digest digest = Digest.of(input);
        Descriptor layer = new Descriptor("", digest, input.length, null, null);
        try {
            FlatTar.write(List.of(layer), Arrays.asList((Digest) null), blob -> new ByteArrayInputStream(input), List.of(), MOST, new Counted());
        } catch (WrongContentException refused) {
            // as it should be
        }
    }

    /** Makes sure that what is written stays within a few times of what may be unpacked: headers and padding come to it. */
    private static final class Counted extends OutputStream {
        private long bytes;

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] buffer, int offset, int length) {
            bytes += length;
            if (bytes > 8 * MOST) {
                throw new AssertionError("a tar of " + bytes + " bytes and more");
            }
        }
    }
}
