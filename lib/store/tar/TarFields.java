package lib.store.tar;

import java.util.Arrays;
import lib.failure.WrongContentException;

/**
 * The fields of one header block of a tar, as POSIX, GNU tar and star write them.
 *
 * @see <a href="https://www.gnu.org/software/tar/manual/html_node/Standard.html">GNU tar, Basic Tar Format</a>
 */
public record TarFields(byte[] block) {
    private static final byte[] ZEROS = new byte[512];
    /** More than any system has. */
    private static final int LARGEST_DEVICE = (1 << 21) - 1;
    private static final int CHECKSUM = 148;
    private static final int CHECKSUM_END = 156;

    /** Throws WrongContentException if the block's checksum is wrong: then this is not a header. Some old programs summed signed bytes. */
    public void check() throws WrongContentException {
        int signed = sum(0, CHECKSUM) + sum(CHECKSUM_END, block.length) + (CHECKSUM_END - CHECKSUM) * ' ';
        int negatives = negatives(0, CHECKSUM) + negatives(CHECKSUM_END, block.length);
        long stated = number(CHECKSUM, CHECKSUM_END - CHECKSUM);
        if (stated != signed + 256 * negatives && stated != signed) {
            throw new WrongContentException("what should be a header of the tar has a wrong checksum");
        }
    }

    private int sum(int from, int to) {
        int sum = 0;
        for (int i = from; i < to; i++) {
            sum += block[i];
        }
        return sum;
    }

    private int negatives(int from, int to) {
        int negatives = 0;
        for (int i = from; i < to; i++) {
            negatives -= block[i] >> 31;
        }
        return negatives;
    }

    /** Returns whether the block has nothing but zeros: two such blocks end an archive. */
    public boolean isZero() {
        return block[0] == 0 && Arrays.equals(block, ZEROS);
    }

    /** Returns the name, with the prefix before it that ustar has (POSIX pax, ustar Interchange Format). */
    public String name() {
        String name = text(0, 100);
        String prefix = is(257, "ustar\0") ? text(345, is(508, "tar\0") ? 131 : 155) : "";
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    int mode() throws WrongContentException {
        return (int) (number(100, 8) & 07777);
    }

    long uid() throws WrongContentException {
        return number(108, 8);
    }

    long gid() throws WrongContentException {
        return number(116, 8);
    }

    /**
     * Returns the size of the content, in bytes.
     *
     * @throws WrongContentException if it is not a number
     */
    public long size() throws WrongContentException {
        return number(124, 12);
    }

    /** Returns when the file was changed, in seconds since 1970. */
    long seconds() throws WrongContentException {
        return number(136, 12);
    }

    char type() {
        return (char) (block[156] & 0xff);
    }

    String link() {
        return text(157, 100);
    }

    int major() throws WrongContentException {
        return device(329);
    }

    int minor() throws WrongContentException {
        return device(337);
    }

    private int device(int at) throws WrongContentException {
        long number = number(at, 8);
        if (number < 0 || number > LARGEST_DEVICE) {
            throw new WrongContentException("a header of the tar has a device of a number that there cannot be");
        }
        return (int) number;
    }

    private boolean is(int at, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (block[at + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private String text(int at, int longest) {
        int end = at;
        while (end < at + longest && block[end] != 0) {
            end++;
        }
        return ByteName.of(Arrays.copyOfRange(block, at, end));
    }

    /** A number is octal digits between spaces or zero bytes; or binary, marked by its highest bit, where the digits would be too few. */
    long number(int at, int length) throws WrongContentException {
        if ((block[at] & 0x80) != 0) {
            return binary(at, length);
        }
        long number = 0;
        int i = at;
        while (i < at + length && block[i] == ' ') {
            i++;
        }
        for (; i < at + length && block[i] != 0 && block[i] != ' '; i++) {
            if (block[i] < '0' || block[i] > '7') {
                throw new WrongContentException("a header of the tar has no number where one belongs");
            }
            number = number * 8 + block[i] - '0';
        }
        return number;
    }

    private long binary(int at, int length) throws WrongContentException {
        boolean isNegative = (block[at] & 0x40) != 0;
        long number = isNegative ? -1 : 0;
        for (int i = at; i < at + length; i++) {
            int digit = i > at ? block[i] & 0xff : isNegative ? block[i] & 0xff : block[i] & 0x7f;
            if (number > Long.MAX_VALUE >> 8 || number < Long.MIN_VALUE >> 8) {
                throw new WrongContentException("a header of the tar has a number that is too large");
            }
            number = number << 8 | digit;
        }
        return number;
    }
}
