package lib.store.tar;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.WritableByteChannel;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.TimeUnit;
import lib.failure.WrongContentException;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a layer, one after the other, and between them their content. commons-compress, which reads archives here,
 * takes every extended record for text: capabilities, which are none, would not survive it, nor would names that are not UTF-8.
 *
 * @see <a href="https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13">POSIX, pax</a>
 */
public final class TarReader extends InputStream {
    private static final int BLOCK = 512;
    /** An extended header or a long name is read into memory. No honest one is this long, in bytes. */
    private static final int LONGEST_HEADER = 1 << 20;

    /** Owners have 32 bits; all of them set mean "leave it as it is" (chown(2)). */
    private static final long NOBODYS_OWNER = 0xffffffffL;

    private final ReadAhead in;
    private String name = "";
    /** What is still to come of the entry at hand, in bytes. */
    private long content;
    private int padding;

    /** @param in the tar, not compressed */
    public TarReader(ReadAhead in) {
        this.in = in;
    }

    /** Returns the next entry, whose stored content can be read then, or null after the last one; throws WrongContentException if it is not a tar. */
    public @Nullable TarEntry next() throws IOException {
        skipContent();
        PaxRecords records = PaxRecords.NONE;
        String longName = "";
        String longLink = "";
        for (boolean isFirst = true; ; isFirst = false) {
            byte[] block = new byte[BLOCK];
            int count = in.readNBytes(block, 0, BLOCK);
            TarFields header = new TarFields(block);
            if (count == BLOCK && header.isZero() || count == 0 && isFirst) {
                return null;
            }
            if (count < BLOCK) {
                throw new WrongContentException("the tar ends in the middle of a header" + afterLast());
            }
            header.check();
            switch (header.type()) {
                case 'x', 'X' -> records = PaxRecords.parse(readWhole(header));
                case 'L' -> longName = untilZero(readWhole(header));
                case 'K' -> longLink = untilZero(readWhole(header));
                case 'g' -> {
                    // Records for all entries, such as the commit that git made the tar of. Engines skip them.
                    setContent(header.size());
                    skipContent();
                }
                default -> {
                    return entry(header, records, longName.isEmpty() ? header.name() : longName, longLink.isEmpty() ? header.link() : longLink);
                }
            }
        }
    }

    private TarEntry entry(TarFields header, PaxRecords records, String headersName, String headersLink) throws IOException {
        name = records.text("GNU.sparse.name", records.text("path", headersName));
        char type = type(header.type());
        long stored = records.number("size", header.size());
        if (stored < 0) {
            throw new WrongContentException("the entry '" + ByteName.shown(name) + "' says that it has " + stored + " bytes: refused");
        }
        setContent(type == TarEntry.FILE ? stored : 0); // only files have content, whatever its size says
        List<TarEntry.Piece> pieces = null;
        long size = content;
        if (header.type() == 'S') {
            size = records.number("GNU.sparse.realsize", records.number("GNU.sparse.size", header.number(483, 12)));
            pieces = SparseMap.ofHeader(header, name, this::block).pieces(size, content);
        } else if (type == TarEntry.FILE && records.values().containsKey(PaxRecords.SPARSE_MAP)) {
            size = records.number("GNU.sparse.size", content);
            pieces = SparseMap.ofRecord(records.text(PaxRecords.SPARSE_MAP, ""), name).pieces(size, content);
        } else if (type == TarEntry.FILE && records.number("GNU.sparse.major", 0) == 1) {
            size = records.number("GNU.sparse.realsize", content);
            SparseMap map = SparseMap.ofContent(this::contentBlock, name);
            pieces = map.pieces(size, content);
        }
        boolean isDevice = type == TarEntry.CHARACTER_DEVICE || type == TarEntry.BLOCK_DEVICE; // the fields of others may hold anything
        return new TarEntry(name, isFolder(type, name) ? TarEntry.FOLDER : type, header.mode(), owner(records.number("uid", header.uid())), owner(records.number("gid", header.gid())),
                isFolder(type, name) ? 0 : size, records.modified(FileTime.from(header.seconds(), TimeUnit.SECONDS)), records.text("linkpath", headersLink),
                isDevice ? header.major() : 0, isDevice ? header.minor() : 0, records.extended(), pieces);
    }

    private long owner(long number) throws WrongContentException {
        if (number < 0 || number >= NOBODYS_OWNER) {
            throw EntryPath.refused(name, "has an owner with an impossible number");
        }
        return number;
    }

    private static char type(char flag) {
        return flag == 0 || flag == '7' || flag == 'S' ? TarEntry.FILE : flag;
    }

    /** Before there was a flag for folders, a slash at the end said it. */
    private static boolean isFolder(char type, String name) {
        return type == TarEntry.FOLDER || type == TarEntry.FILE && name.endsWith("/");
    }

    private void setContent(long size) throws WrongContentException {
        if (size < 0) {
            throw new WrongContentException("the tar has a header with a negative size" + afterLast());
        }
        content = size;
        padding = (int) (-size & (BLOCK - 1));
    }

    private byte[] readWhole(TarFields header) throws IOException {
        setContent(header.size());
        if (content > LONGEST_HEADER) {
            throw new WrongContentException("the tar has an extended header of " + content + " bytes" + afterLast() + ": refused");
        }
        byte[] whole = readNBytes((int) content);
        skipContent();
        return whole;
    }

    private static String untilZero(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return ByteName.of(java.util.Arrays.copyOf(bytes, end));
    }

    private byte[] block() throws IOException {
        byte[] block = in.readNBytes(BLOCK);
        if (block.length < BLOCK) {
            throw endsEarly();
        }
        return block;
    }

    private byte[] contentBlock() throws IOException {
        if (content < BLOCK) {
            throw endsEarly();
        }
        content -= BLOCK;
        return block();
    }

    /** Skips what was not read. */
    private void skipContent() throws IOException {
        byte[] buffer = new byte[content > 0 ? 16 * 1024 : 0];
        while (content > 0) {
            read(buffer, 0, buffer.length);
        }
        in.readNBytes(padding); // behind the last entry it may be missing, as in layers of umoci insert: its content is whole, and engines take it
        padding = 0;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /** Reads the stored content of the entry at hand, to its end; throws WrongContentException when the tar ends before that. */
    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (content == 0) {
            return -1;
        }
        int count = in.read(buffer, offset, (int) Math.min(length, content));
        if (count < 0) {
            throw endsEarly();
        }
        content -= count;
        return count;
    }

    /**
     * Writes so many bytes of the stored content of the entry at hand.
     *
     * @throws WrongContentException if the tar ends early
     * @throws IOException           if the tar cannot be read, or the channel cannot be written
     */
    public void writeTo(WritableByteChannel out, long length) throws IOException {
        for (long left = Math.min(length, content); left > 0; ) {
            int count = in.read(out, left);
            if (count < 0) {
                throw endsEarly();
            }
            content -= count;
            left -= count;
        }
    }

    private WrongContentException endsEarly() {
        return new WrongContentException("the tar ends in the middle of the entry '" + ByteName.shown(name) + "'");
    }

    private String afterLast() {
        return name.isEmpty() ? "" : " behind the entry '" + ByteName.shown(name) + "'";
    }
}
