package tests.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntSupplier;
import java.util.zip.Deflater;

/**
 * What the files of the images are made of: pieces that are compressed once and used many times, so that
 * an image of a gibibyte is made in seconds. A piece ends in a full flush, which lets any other follow it in one stream.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc1951">RFC 1951, DEFLATE</a>
 */
record Pieces(List<Piece> all) {
    private static final int POOL = 64 * 1024 * 1024;
    private static final int BLOCK = 512;

    /** The content of a file, and the same with zeros up to a full block of a tar, compressed. */
    record Piece(byte[] padded, int size, byte[] compressed) { }

    /** Returns pieces of what this Java is made of: classes and texts, which compress as programs do. Sizes vary as in real images. */
    static Pieces ofJava() throws IOException {
        Path modules = Path.of(System.getProperty("java.home"), "lib", "modules");
        try (InputStream in = Files.newInputStream(modules)) {
            in.skipNBytes(Math.max(0, Math.min(Files.size(modules) / 4, Files.size(modules) - POOL)));
            Random random = new Random(1);
            return cut(in.readNBytes(POOL), 6, () -> (int) Math.min(4_000_000, Math.exp(9.6 + 1.6 * random.nextGaussian())));
        }
    }

    /** Returns pieces of a mebibyte that do not compress, as media and packed programs. */
    static Pieces ofNoise() {
        byte[] noise = new byte[POOL];
        new Random(2).nextBytes(noise);
        return cut(noise, 0, () -> 1024 * 1024);
    }

    private static Pieces cut(byte[] bytes, int level, IntSupplier sizes) {
        List<Piece> pieces = new ArrayList<>();
        for (int from = 0; from < bytes.length;) {
            int size = Math.min(Math.max(1, sizes.getAsInt()), bytes.length - from);
            byte[] padded = new byte[(size + BLOCK - 1) / BLOCK * BLOCK];
            System.arraycopy(bytes, from, padded, 0, size);
            pieces.add(new Piece(padded, size, compress(padded, level)));
            from += size;
        }
        return new Pieces(pieces);
    }

    /** Returns a part of a raw stream of DEFLATE, to which any other such part may be added. */
    static byte[] compress(byte[] bytes, int level) {
        Deflater deflater = new Deflater(level, true);
        try {
            deflater.setInput(bytes);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[64 * 1024];
            int count = buffer.length;
            while (count == buffer.length) {
                count = deflater.deflate(buffer, 0, buffer.length, Deflater.FULL_FLUSH);
                out.write(buffer, 0, count);
            }
            return out.toByteArray();
        } finally {
            deflater.end();
        }
    }

    Piece any(Random random) {
        return all.get(random.nextInt(all.size()));
    }
}
