package tests.store;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Makes tars by hand, independently of what Dray itself knows of them, so that they can hold what no honest program writes.
 * Texts are written as ISO-8859-1: a character is a byte.
 */
public final class TarMaker {
    private static final int BLOCK = 512;

    private final ByteArrayOutputStream tar = new ByteArrayOutputStream();

    public TarMaker file(String name, String content) {
        return entry('0', name, "", content.length(), 0644).bytes(content).pad();
    }

    public TarMaker folder(String name) {
        return folder(name, 0755);
    }

    public TarMaker folder(String name, int mode) {
        return entry('5', name, "", 0, mode);
    }

    public TarMaker symbolicLink(String name, String target) {
        return entry('2', name, target, 0, 0777);
    }

    public TarMaker hardLink(String name, String target) {
        return entry('1', name, target, 0, 0644);
    }

    /** Adds a header; a name over 100 characters is cut, because a longer one stands elsewhere. */
    public TarMaker entry(char type, String name, String link, long size, int mode) {
        byte[] block = new byte[BLOCK];
        put(block, 0, name.substring(0, Math.min(100, name.length())));
        put(block, 100, String.format("%07o", mode));
        put(block, 108, "0000000");
        put(block, 116, "0000000");
        put(block, 124, String.format("%011o", size));
        put(block, 136, "14000000000");
        put(block, 156, String.valueOf(type));
        put(block, 157, link.substring(0, Math.min(100, link.length())));
        put(block, 257, "ustar\00000");
        return block(block);
    }

    /** Adds a header block with the right checksum. */
    public TarMaker block(byte[] block) {
        Arrays.fill(block, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : block) {
            sum += b & 0xff;
        }
        put(block, 148, String.format("%06o\0 ", sum));
        tar.writeBytes(block);
        return this;
    }

    /** Adds an extended header of these keys and values, in turn. */
    public TarMaker pax(String... keysAndValues) {
        StringBuilder records = new StringBuilder();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            String rest = " " + keysAndValues[i] + "=" + keysAndValues[i + 1] + "\n";
            int length = rest.length() + 1;
            while (length < rest.length() + Integer.toString(length).length()) {
                length++;
            }
            records.append(length).append(rest);
        }
        return entry('x', "pax", "", records.length(), 0644).bytes(records.toString()).pad();
    }

    public TarMaker bytes(String bytes) {
        tar.writeBytes(bytes.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    /** Fills the last block. */
    public TarMaker pad() {
        tar.writeBytes(new byte[-tar.size() & (BLOCK - 1)]);
        return this;
    }

    public byte[] end() {
        tar.writeBytes(new byte[2 * BLOCK]);
        return tar.toByteArray();
    }

    /** Returns what there is so far, without the two empty blocks. */
    public byte[] unfinished() {
        return tar.toByteArray();
    }

    public static void put(byte[] block, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, block, at, bytes.length);
    }
}
