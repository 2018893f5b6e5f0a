package lib.store.tar;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * The header of any entry, as POSIX tars have it: what the fields of a block cannot hold stands in an extended header before it.
 *
 * @see <a href="https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13">POSIX, pax</a>
 */
public final class TarWriter {
    private static final int LONGEST_NAME = 100;
    private static final long LARGEST_SIZE = (1L << 33) - 1;
    private static final long LARGEST_NUMBER = (1L << 21) - 1;

    private final ByteArrayOutputStream records = new ByteArrayOutputStream();

    private TarWriter() { }

    /** Returns the blocks that stand before the entry's content; its padding and the end of the tar are the caller's. */
    public static byte[] header(TarEntry entry) {
        return new TarWriter().of(entry);
    }

    private byte[] of(TarEntry entry) {
        byte[] name = ByteName.bytes(entry.name());
        byte[] link = ByteName.bytes(entry.link());
        Instant modified = entry.modified().toInstant();
        boolean isOddTime = modified.getNano() != 0 || modified.getEpochSecond() < 0 || modified.getEpochSecond() > LARGEST_SIZE;
        if (name.length > LONGEST_NAME) {
            record("path", name);
        }
        if (link.length > LONGEST_NAME) {
            record("linkpath", link);
        }
        number("size", entry.size(), LARGEST_SIZE);
        number("uid", entry.uid(), LARGEST_NUMBER);
        number("gid", entry.gid(), LARGEST_NUMBER);
        if (isOddTime) {
            record("mtime", decimal(modified).getBytes(StandardCharsets.US_ASCII));
        }
        entry.extended().forEach((key, value) -> record(PaxRecords.EXTENDED + key, value));
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        if (records.size() > 0) {
            header.writeBytes(TarHeader.block("pax", 0644, records.size(), 'x'));
            header.writeBytes(records.toByteArray());
            header.writeBytes(new byte[TarHeader.padding(records.size())]);
        }
        header.writeBytes(block(entry, name, link, Math.max(0, Math.min(LARGEST_SIZE, modified.getEpochSecond())))); // for readers that know no records
        return header.toByteArray();
    }

    private static byte[] block(TarEntry entry, byte[] name, byte[] link, long seconds) {
        byte[] block = TarHeader.block("", entry.mode(), fitting(entry.size(), LARGEST_SIZE), entry.type());
        System.arraycopy(name, 0, block, 0, Math.min(name.length, LONGEST_NAME));
        TarHeader.put(block, 108, String.format("%07o", fitting(entry.uid(), LARGEST_NUMBER)));
        TarHeader.put(block, 116, String.format("%07o", fitting(entry.gid(), LARGEST_NUMBER)));
        TarHeader.put(block, 136, String.format("%011o", seconds));
        System.arraycopy(link, 0, block, 157, Math.min(link.length, LONGEST_NAME));
        TarHeader.put(block, 329, String.format("%07o", entry.major()));
        TarHeader.put(block, 337, String.format("%07o", entry.minor()));
        TarHeader.sum(block);
        return block;
    }

    private static long fitting(long number, long largest) {
        return number <= largest ? number : 0;
    }

    private void number(String key, long value, long largest) {
        if (value > largest) {
            record(key, Long.toString(value).getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static String decimal(Instant time) {
        java.math.BigDecimal nanos = java.math.BigDecimal.valueOf(time.getEpochSecond()).add(java.math.BigDecimal.valueOf(time.getNano(), 9));
        return nanos.stripTrailingZeros().toPlainString();
    }

    private void record(String key, byte[] value) {
        byte[] keyBytes = ByteName.bytes(key);
        int rest = keyBytes.length + value.length + 3;
        records.writeBytes((TarHeader.recordLength(rest) + " ").getBytes(StandardCharsets.US_ASCII));
        records.writeBytes(keyBytes);
        records.write('=');
        records.writeBytes(value);
        records.write('\n');
    }
}
