package lib.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import lib.failure.WrongContentException;
import lib.store.tar.TarFields;
import lib.store.tar.TarHeader;

/**
 * An archive that cannot be opened any more, because it was cut short or a header in it is damaged. The headers that are left still say where
 * blobs begin. Whether the bytes there are right is for the reader to find out.
 */
public final class DamagedArchive {
    /** How many bytes without a header are looked through: a file may as well be a disk image, and no archive at all. */
    private static final long MOST_WITHOUT = 1L << 30;
    private static final byte[] MAGIC = "ustar".getBytes(StandardCharsets.US_ASCII);
    private static final int MAGIC_AT = 257;
    private static final int PIECE = 2048 * TarHeader.BLOCK;

    private DamagedArchive() { }

    /**
     * Returns where in a file the content of each blob begins, in bytes, by the name of its entry, such as {@code blobs/sha256/…}.
     *
     * @throws IOException if the file cannot be read
     */
    public static Map<String, Long> blobs(Path file) throws IOException {
        Map<String, Long> offsets = new HashMap<>();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer piece = ByteBuffer.allocate(PIECE).limit(0);
            byte[] block = new byte[TarHeader.BLOCK];
            long passed = 0;
            for (long at = 0; passed <= MOST_WITHOUT && fill(piece, channel, at); ) {
                piece.get(block);
                at += TarHeader.BLOCK;
                passed += TarHeader.BLOCK;
                TarFields header = new TarFields(block);
                if (hasMagic(block) && isHeader(header)) {
                    if (header.name().startsWith("blobs/")) {
                        offsets.put(header.name(), at);
                    }
                    at += Math.min(header.size() + TarHeader.padding(header.size()), channel.size() - at);
                    piece.limit(piece.position());
                    passed = 0;
                }
            }
        }
        return offsets;
    }

    /** Has a piece hold at least the block that begins there; returns false where the file has none. */
    private static boolean fill(ByteBuffer piece, FileChannel channel, long at) throws IOException {
        if (piece.remaining() < TarHeader.BLOCK) {
            channel.read(piece.clear(), at);
            piece.flip();
        }
        return piece.remaining() >= TarHeader.BLOCK;
    }

    /** All that write blobs write this (POSIX pax, ustar Header Block); to reckon the checksum of each block takes far longer. */
    private static boolean hasMagic(byte[] block) {
        return Arrays.equals(block, MAGIC_AT, MAGIC_AT + MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    /** Behind a damaged header each block is looked at: the next header is one of them. */
    private static boolean isHeader(TarFields block) {
        try {
            block.check();
            return !block.isZero() && block.size() >= 0 && block.size() < Long.MAX_VALUE - TarHeader.BLOCK;
        } catch (WrongContentException e) {
            return false;
        }
    }
}
