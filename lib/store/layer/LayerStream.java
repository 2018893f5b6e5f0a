package lib.store.layer;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.text.PlainText;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

//DEPS org.apache.commons:commons-compress:1.28.0
//DEPS com.github.luben:zstd-jni:1.5.7-6
//DEPS org.tukaani:xz:1.10
//RUNTIME_OPTIONS --enable-native-access=ALL-UNNAMED

/**
 * The uncompressed tar of a layer, whichever way it was compressed: gzip and zstd are the two that there are.
 *
 * @see <a href="https://github.com/containers/ocicrypt/blob/v1.1.10/README.md">ocicrypt, which makes encrypted layers</a>
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/layer.md#distributable-format">image-spec, Layer formats</a>
 */
public final class LayerStream {
    private static final int BUFFER = 128 * 1024;
    /** What xz may take to unpack: its strongest level needs 65 MB. */
    private static final int MOST_MEMORY_KB = 128 * 1024;

    private LayerStream() { }

    /** Returns the tar in the bytes of a layer; throws WrongContentException for one that is encrypted, as there are no keys here. */
    public static InputStream open(Descriptor layer, InputStream stored) throws IOException {
        checkReadable(layer);
        return open(stored);
    }

    /**
     * Returns the tar in the bytes of a layer, verified while it is read: its end is only reported when it has the diff ID, and the bytes their digest.
     *
     * @param stored the bytes, which check themselves while they are read
     * @param limit  counts what they unpack to
     * @throws WrongContentException if the bytes are encrypted, or cannot be decompressed; reading throws it, too, over wrong bytes
     * @throws IOException           if the stream cannot be read
     */
    public static InputStream open(Descriptor layer, Digest diffId, InputStream stored, UnpackLimit limit) throws IOException {
        return VerifiedStream.ofTar(limit.on(open(layer, stored)), layer, diffId);
    }

    /** Throws WrongContentException for a layer that is encrypted, as its type then says. */
    static void checkReadable(Descriptor layer) throws WrongContentException {
        if (layer.mediaType().endsWith("+encrypted")) {
            throw new WrongContentException("layer " + layer.digest() + " is encrypted (" + PlainText.line(layer.mediaType()) + "): decrypt the image first, as with skopeo copy --decryption-key");
        }
    }

    /** Returns the tar in these bytes: gzip, with as many members as there are, zstd, or not compressed at all. Throws WrongContentException for what cannot be decompressed. */
    public static InputStream open(InputStream stored) throws IOException {
        Source source = new Source(stored);
        BufferedInputStream in = new BufferedInputStream(source, BUFFER);
        Compression compression = Compression.of(in);
        if (compression == Compression.XZ || compression == Compression.BZIP2) {
            throw new WrongContentException("it is compressed with " + compression + ", but a layer is compressed with gzip or zstd, or not at all");
        }
        return tar(in, compression, source);
    }

    /**
     * Returns the tar in the bytes of an archive, which may be compressed with xz or bzip2 too: engines unpack these.
     *
     * @throws WrongContentException if they cannot be decompressed
     * @throws IOException           if the stream cannot be read
     */
    public static InputStream openAny(InputStream stored) throws IOException {
        Source source = new Source(stored);
        BufferedInputStream in = new BufferedInputStream(source, BUFFER);
        return tar(in, Compression.of(in), source);
    }

    private static InputStream tar(BufferedInputStream in, Compression compression, Source source) throws IOException {
        try {
            return switch (compression) {
                case NONE -> in;
                case GZIP -> new Tar(GzipCompressorInputStream.builder().setInputStream(in).setDecompressConcatenated(true).setBufferSize(BUFFER).get(), source);
                case ZSTD -> new Tar(Zstd.open(in), source);
                case XZ -> new Tar(xz(in), source);
                case BZIP2 -> new Tar(new BZip2CompressorInputStream(in, true), source);
            };
        } catch (IOException e) {
            throw source.reason(e);
        }
    }

    /**
     * Returns what a layer of these bytes has at the end of its media type: +gzip, +zstd, or nothing. The stream is where it was.
     *
     * @throws IOException if the stream cannot be read
     */
    public static String suffix(BufferedInputStream stored) throws IOException {
        Compression compression = Compression.of(stored);
        return compression == Compression.GZIP || compression == Compression.ZSTD ? "+" + compression : "";
    }

    private static InputStream xz(InputStream in) throws IOException {
        return XZCompressorInputStream.builder().setInputStream(in).setDecompressConcatenated(true).setMemoryLimitKiB(MOST_MEMORY_KB).get();
    }

    /** The compressed bytes. If they cannot be had, the network is to blame or the disk, and not what is in them. */
    private static final class Source extends FilterInputStream {
        private IOException failure;

        Source(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            try {
                return super.read(buffer, offset, length);
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }

        /** What cannot be decompressed is mostly damaged: the bytes check themselves, and say that at their end, if they do. */
        IOException reason(IOException e) {
            try {
                transferTo(OutputStream.nullOutputStream());
            } catch (IOException damage) {
                failure = damage;
            }
            return failure != null ? failure : new WrongContentException("it cannot be decompressed: " + (e instanceof EOFException ? "it ends too early" : e.getMessage()), e);
        }
    }

    private static final class Tar extends FilterInputStream {
        private final Source source;

        Tar(InputStream in, Source source) {
            super(in);
            this.source = source;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            try {
                return super.read(buffer, offset, length);
            } catch (IOException e) {
                throw source.reason(e);
            }
        }
    }

    /**
     * On its own, so that the native library is only looked for when a layer needs it. Its memory is given back at the end of the tar;
     * no finalizer does that, as one might close the bytes below while somebody still reads them.
     */
    private static final class Zstd extends InputStream {
        private final InputStream stored;
        private final InputStream tar;
        private boolean ended;

        private Zstd(InputStream stored) throws IOException {
            this.stored = stored;
            this.tar = new ZstdInputStreamNoFinalizer(new FilterInputStream(stored) {
                @Override
                public void close() {
                    // they are closed by the code that opened them
                }
            }).setContinuous(false);
        }

        static InputStream open(InputStream stored) throws IOException {
            return new Zstd(stored);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = ended ? -1 : tar.read(buffer, offset, length);
            if (count < 0 && !ended) {
                ended = true;
                tar.close();
            }
            return count;
        }

        @Override
        public void close() throws IOException {
            tar.close();
            stored.close();
        }
    }
}
