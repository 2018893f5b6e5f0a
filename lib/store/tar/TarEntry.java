package lib.store.tar;

import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a tar says of one file.
 *
 * @param name     its path, as {@link ByteName} writes it
 * @param type     the type flag of POSIX: {@link #FILE} and so on
 * @param mode     permissions and the three bits above them
 * @param size     of its content, in bytes, gaps included
 * @param modified when its content last changed; what is before 1677 or after 2262 becomes one of these years
 * @param link     where a link leads, else ""
 * @param major    of a device, as is {@code minor}
 * @param extended extended attributes, such as {@code security.capability}, by name
 * @param pieces   where the stored bytes of a file with gaps belong, in order; null for a file without gaps
 * @see <a href="https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06">POSIX, ustar Interchange Format</a>
 */
public record TarEntry(String name, char type, int mode, long uid, long gid, long size, FileTime modified, String link, int major, int minor,
        Map<String, byte[]> extended, @Nullable List<Piece> pieces) {
    public static final char FILE = '0';
    public static final char HARD_LINK = '1';
    public static final char SYMBOLIC_LINK = '2';
    public static final char CHARACTER_DEVICE = '3';
    public static final char BLOCK_DEVICE = '4';
    public static final char FOLDER = '5';
    public static final char PIPE = '6';

    /** Java gives files times in nanoseconds of 64 bits, which are these years. */
    private static final FileTime FIRST = FileTime.from(Instant.parse("1677-09-22T00:00:00Z"));
    private static final FileTime LAST = FileTime.from(Instant.parse("2262-04-11T00:00:00Z"));

    public TarEntry {
        modified = modified.compareTo(FIRST) < 0 ? FIRST : modified.compareTo(LAST) > 0 ? LAST : modified;
    }

    /** Some bytes of a file with gaps: where they begin in the file, and how many they are. */
    public record Piece(long offset, long length) { }

    /** Returns how many bytes of the size are not stored. */
    public long gaps() {
        return pieces == null ? 0 : size - pieces.stream().mapToLong(Piece::length).sum();
    }

    /** Returns whether it is a folder. */
    public boolean isFolder() {
        return type == FOLDER;
    }

    /** Returns whether it is a file with content of its own: not a link, a device or a pipe. */
    public boolean isFile() {
        return type == FILE;
    }

    /** Returns whether it is a symbolic link. */
    public boolean isSymbolicLink() {
        return type == SYMBOLIC_LINK;
    }

    /** Returns whether this is of a type that a layer may hold. */
    public boolean isProper() {
        return type >= FILE && type <= PIPE;
    }

    /** Returns whether this is a device or a named pipe. */
    public boolean isSpecial() {
        return type == CHARACTER_DEVICE || type == BLOCK_DEVICE || type == PIPE;
    }
}
