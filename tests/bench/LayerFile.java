package tests.bench;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import lib.image.Digest;

//SOURCES Pieces.java

/** A layer that is being written: a tar in ustar format, compressed with gzip, whose digests are known at its end. */
final class LayerFile implements Closeable {
    private static final byte[] GZIP_HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 255};
    private static final byte[] LAST_BLOCK = {3, 0};
    private static final int HEADER = 512;

    private final OutputStream out;
    private final CRC32 crc = new CRC32();
    private final MessageDigest tarHash = Digest.newSha256();
    private final MessageDigest hash = Digest.newSha256();
    private long tarSize;
    private long size;

    LayerFile(Path file) throws IOException {
        out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20);
        write(GZIP_HEADER);
    }

    void folder(String name) throws IOException {
        header(name + "/", '5', 0755, 0, "");
    }

    void file(String name, Pieces.Piece content) throws IOException {
        header(name, '0', 0644, content.size(), "");
        add(content.padded(), content.compressed());
    }

    /** A mark of image layers: a file without content, whose name says what to hide. */
    void mark(String name) throws IOException {
        header(name, '0', 0644, 0, "");
    }

    void symbolicLink(String name, String target) throws IOException {
        header(name, '2', 0777, 0, target);
    }

    void hardLink(String name, String target) throws IOException {
        header(name, '1', 0644, 0, target);
    }

    /** Returns the bytes written so far, compressed. */
    long size() {
        return size;
    }

    /** Returns the digest of the tar; closed first. */
    Digest diffId() {
        return Digest.of("sha256", tarHash.digest());
    }

    /** Returns the digest of the layer as stored; closed first. */
    Digest digest() {
        return Digest.of("sha256", hash.digest());
    }

    private void header(String name, char type, int mode, long contentSize, String link) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER);
        put(header, 0, name);
        put(header, 100, String.format("%07o", mode));
        put(header, 108, "0000000");
        put(header, 116, "0000000");
        put(header, 124, String.format("%011o", contentSize));
        put(header, 136, String.format("%011o", 1_700_000_000));
        put(header, 148, "        ");
        put(header, 156, String.valueOf(type));
        put(header, 157, link);
        put(header, 257, "ustar\00000");
        int sum = 0;
        for (byte b : header.array()) {
            sum += b & 0xff;
        }
        put(header, 148, String.format("%06o\0 ", sum));
        add(header.array(), Pieces.compress(header.array(), Deflater.BEST_SPEED));
    }

    private static void put(ByteBuffer header, int at, String text) {
        header.put(at, text.getBytes(StandardCharsets.US_ASCII));
    }

    private void add(byte[] plain, byte[] compressed) throws IOException {
        crc.update(plain);
        tarHash.update(plain);
        tarSize += plain.length;
        write(compressed);
    }

    private void write(byte[] bytes) throws IOException {
        out.write(bytes);
        hash.update(bytes);
        size += bytes.length;
    }

    @Override
    public void close() throws IOException {
        byte[] end = new byte[2 * HEADER];
        add(end, Pieces.compress(end, Deflater.BEST_SPEED));
        write(LAST_BLOCK);
        write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putInt((int) crc.getValue()).putInt((int) tarSize).array());
        out.close();
    }
}
