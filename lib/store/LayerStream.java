package lib.store;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

//DEPS com.github.luben:zstd-jni:1.5.7-6
//SOURCES Archive.java

/**
 * The uncompressed tar of a layer. How it was compressed is told by its first bytes: media types are not always right.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/layer.md#distributable-format">image-spec, Layer formats</a>
 */
final class LayerStream {
    private static final int BUFFER = 128 * 1024;

    private LayerStream() { }

    /** Returns the tar in these bytes: gzip, with as many members as there are, zstd, or not compressed at all. */
    static InputStream open(InputStream stored) throws IOException {
        BufferedInputStream in = new BufferedInputStream(stored, BUFFER);
        in.mark(4);
        byte[] magic = in.readNBytes(4);
        in.reset();
        if (beginsWith(magic, 0x1f, 0x8b)) {
            return GzipCompressorInputStream.builder().setInputStream(in).setDecompressConcatenated(true).setBufferSize(BUFFER).get();
        }
        if (beginsWith(magic, 0x28, 0xb5, 0x2f, 0xfd) || magic.length == 4 && (magic[0] & 0xf0) == 0x50 && beginsWith(new byte[] {magic[1], magic[2], magic[3]}, 0x2a, 0x4d, 0x18)) {
            return Zstd.open(in);
        }
        return in;
    }

    private static boolean beginsWith(byte[] bytes, int... magic) {
        for (int i = 0; i < magic.length; i++) {
            if (i >= bytes.length || (bytes[i] & 0xff) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    /** On its own, so that the native library is only looked for when a layer needs it. */
    private static final class Zstd {
        static InputStream open(InputStream in) throws IOException {
            ZstdInputStream zstd = new ZstdInputStream(in);
            zstd.setContinuous(false);
            return zstd;
        }
    }
}
