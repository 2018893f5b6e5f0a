package lib.store.tar;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import lib.failure.WrongContentException;

/**
 * Where the pieces of a file with gaps belong: GNU tar leaves the gaps out, and has written down in four ways where they are.
 *
 * @see <a href="https://www.gnu.org/software/tar/manual/html_node/Sparse-Formats.html">GNU tar, Storing Sparse Files</a>
 */
final class SparseMap {
    private static final int MOST_PIECES = 1 << 18;
    private static final int OFFSET_AND_LENGTH = 24;

    private final String name;
    private final List<TarEntry.Piece> pieces = new ArrayList<>();
    private long end;
    private long stored;

    private SparseMap(String name) {
        this.name = name;
    }

    /** Gives the blocks that follow a header, until there are no more. */
    interface Blocks {
        byte[] next() throws IOException;
    }

    /** Reads the form that has the pieces in the header itself and in blocks behind it. */
    static SparseMap ofHeader(TarFields header, String name, Blocks blocks) throws IOException {
        SparseMap map = new SparseMap(name);
        map.addFields(header, 386, 4);
        boolean more = header.block()[482] != 0;
        while (more) {
            TarFields next = new TarFields(blocks.next());
            map.addFields(next, 0, 21);
            more = next.block()[504] != 0;
        }
        return map;
    }

    private void addFields(TarFields fields, int from, int count) throws WrongContentException {
        for (int at = from; at < from + count * OFFSET_AND_LENGTH && fields.block()[at] != 0; at += OFFSET_AND_LENGTH) {
            add(fields.number(at, 12), fields.number(at + 12, 12));
        }
    }

    /** Reads the form of one extended record: offsets and lengths in turn, between commas. */
    static SparseMap ofRecord(String record, String name) throws WrongContentException {
        SparseMap map = new SparseMap(name);
        String[] numbers = record.isEmpty() ? new String[0] : record.split(",", -1);
        for (int i = 0; i + 1 < numbers.length; i += 2) {
            map.add(map.number(numbers[i]), map.number(numbers[i + 1]));
        }
        if (numbers.length % 2 != 0) {
            throw map.wrong();
        }
        return map;
    }

    /** Reads the form that begins the content itself: lines with the number of pieces, then an offset and a length for each. */
    static SparseMap ofContent(Blocks blocks, String name) throws IOException {
        SparseMap map = new SparseMap(name);
        Lines lines = new Lines(map, blocks);
        long count = lines.next();
        for (long i = 0; i < count; i++) {
            map.add(lines.next(), lines.next());
        }
        return map;
    }

    private void add(long offset, long length) throws WrongContentException {
        if (offset < end || length < 0 || offset > Long.MAX_VALUE - length || pieces.size() == MOST_PIECES) {
            throw wrong();
        }
        end = offset + length;
        stored += length;
        if (length > 0) {
            pieces.add(new TarEntry.Piece(offset, length));
        }
    }

    private long number(String digits) throws WrongContentException {
        if (!digits.matches("[0-9]{1,18}")) {
            throw wrong();
        }
        return Long.parseLong(digits);
    }

    /** Returns the pieces; throws WrongContentException when they do not go with the size of the file and of what is stored, in bytes. */
    List<TarEntry.Piece> pieces(long size, long storedSize) throws WrongContentException {
        if (end > size || stored != storedSize) {
            throw wrong();
        }
        return pieces;
    }

    private WrongContentException wrong() {
        return new WrongContentException("the entry '" + ByteName.shown(name) + "' has gaps in places where they cannot be");
    }

    /** The lines of a map, which end at any byte of a block. */
    private static final class Lines {
        private final SparseMap map;
        private final Blocks blocks;
        private byte[] block = {};
        private int at;

        Lines(SparseMap map, Blocks blocks) {
            this.map = map;
            this.blocks = blocks;
        }

        long next() throws IOException {
            StringBuilder digits = new StringBuilder();
            for (;;) {
                if (at == block.length) {
                    block = blocks.next();
                    at = 0;
                }
                char c = (char) block[at++];
                if (c == '\n') {
                    return map.number(digits.toString());
                }
                digits.append(c);
                if (digits.length() > 18) {
                    throw map.wrong();
                }
            }
        }
    }
}
