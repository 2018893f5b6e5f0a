package lib.store.tar;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The 512 bytes before each entry of a tar archive. Owner, group and time are 0, so that the same content
 * gives the same archive everywhere.
 *
 * @see <a href="https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06">POSIX, ustar Interchange Format</a>
 */
public final class TarHeader {
    public static final int BLOCK = 512;
    /** The first size, in bytes, that eleven octal digits cannot hold. */
    private static final long TOO_LARGE = 1L << 33;
    private static final int LONGEST_NAME = 100;

    private TarHeader() { }

    /** Returns the header of a file, preceded by a pax header where the name or the size does not fit in. */
    public static byte[] ofFile(String name, long size) {
        StringBuilder records = new StringBuilder();
        if (name.length() > LONGEST_NAME) {
            records.append(paxRecord("path", name));
        }
        if (size >= TOO_LARGE) {
            records.append(paxRecord("size", Long.toString(size)));
        }
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        if (records.length() > 0) {
            byte[] content = records.toString().getBytes(StandardCharsets.UTF_8);
            header.writeBytes(block("pax", 0644, content.length, 'x'));
            header.writeBytes(content);
            header.writeBytes(new byte[padding(content.length)]);
        }
        // A reader that knows pax takes the size from there, and ignores the field.
        header.writeBytes(block(name, 0644, size >= TOO_LARGE ? 0 : size, '0'));
        return header.toByteArray();
    }

    /** Returns the block of a folder that everybody may read and only its owner may write to. */
    public static byte[] ofFolder(String name) {
        return block(name, 0755, 0, '5');
    }

    /** Returns how many zero bytes follow content of this size to fill its last block. */
    public static int padding(long size) {
        return (int) (-size & (BLOCK - 1));
    }

    /** Returns a header block of these fields, the rest of them zero. */
    static byte[] block(String name, int mode, long size, char type) {
        byte[] block = new byte[BLOCK];
        put(block, 0, name.substring(0, Math.min(name.length(), LONGEST_NAME)));
        put(block, 100, octal(mode, 7));
        put(block, 108, "0000000");
        put(block, 116, "0000000");
        put(block, 124, octal(size, 11));
        put(block, 136, "00000000000");
        put(block, 156, String.valueOf(type));
        put(block, 257, "ustar\00000");
        put(block, 329, "0000000");
        put(block, 337, "0000000");
        sum(block);
        return block;
    }

    /** Writes the checksum, which is the sum of all bytes, its own field counted as spaces. */
    static void sum(byte[] block) {
        put(block, 148, "        ");
        int sum = 0;
        for (byte b : block) {
            sum += b & 0xff;
        }
        put(block, 148, octal(sum, 6) + "\0 ");
    }

    private static String octal(long number, int digits) {
        String octal = Long.toOctalString(number);
        return "0".repeat(Math.max(0, digits - octal.length())) + octal;
    }

    static void put(byte[] block, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, block, at, bytes.length);
    }

    /** A record is "LENGTH KEY=VALUE\n", and its length counts the digits of the length too. */
    private static String paxRecord(String key, String value) {
        String rest = " " + key + "=" + value + "\n";
        return recordLength(rest.length()) + rest;
    }

    /** Returns the length of a record, its own digits counted, by the length of all that follows them. */
    static int recordLength(int rest) {
        int length = rest + 1;
        while (length != rest + Integer.toString(length).length()) {
            length++;
        }
        return length;
    }
}
