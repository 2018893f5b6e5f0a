package lib.store.files;

import java.nio.file.attribute.FileTime;
import lib.store.tar.ByteName;
import lib.store.tar.TarEntry;
import org.jspecify.annotations.Nullable;

/**
 * A file of any type in an image, for those who list them.
 *
 * @param path     from the root folder, without a slash before it
 * @param type     as {@code ls -l} writes it: {@code -} for a regular file, {@code d}, {@code l}, {@code c}, {@code b}, {@code p}
 * @param mode     permissions and the three bits above them
 * @param size     in bytes
 * @param modified when its content last changed; null if no layer describes the file, as of a folder that others are in
 * @param link     where a symbolic link leads, else ""
 * @param major    of a device, as is {@code minor}
 * @param layer    the layer that it comes from, counted from 1, the lowest
 */
public record ListedFile(String path, char type, int mode, long uid, long gid, long size, @Nullable FileTime modified, String link, int major, int minor, int layer) {
    private static final int MODE_OF_FOLDERS = 0755;
    private static final String TYPES = "-hlcbdp";

    /**
     * Returns what is listed of a file.
     *
     * @param layer counted from 0, or below that for a folder that no layer describes
     */
    public static ListedFile of(String path, FileNode node, int layer) {
        TarEntry entry = node.entry();
        if (entry == null) {
            return new ListedFile(path, 'd', MODE_OF_FOLDERS, 0, 0, 0, null, "", 0, 0, Math.max(0, node.content().layer()) + 1);
        }
        String link = entry.isSymbolicLink() ? entry.link() : "";
        return new ListedFile(path, TYPES.charAt(entry.type() - TarEntry.FILE), entry.mode() & 07777, entry.uid(), entry.gid(), entry.isFile() ? entry.size() : 0,
                entry.modified(), link, entry.major(), entry.minor(), layer + 1);
    }

    /** Returns it as {@code ls -ln} does, but for the time: permissions, owner, group, size in bytes, path. */
    @Override
    public String toString() {
        return String.format("%s %d %d %9d %s%s", modeText(), uid, gid, size, ByteName.shown(path), link.isEmpty() ? "" : " -> " + ByteName.shown(link));
    }

    /** Returns type and permissions as {@code ls -l} writes them, such as {@code -rwsr-xr-x}. */
    public String modeText() {
        StringBuilder text = new StringBuilder().append(type);
        for (int shift = 6; shift >= 0; shift -= 3) {
            text.append((mode >> shift & 4) != 0 ? 'r' : '-').append((mode >> shift & 2) != 0 ? 'w' : '-');
            boolean runs = (mode >> shift & 1) != 0;
            boolean isSpecial = (mode >> 9 & 1 << shift / 3) != 0; // setuid, setgid and sticky stand in the same order
            char special = shift == 0 ? 't' : 's';
            text.append(isSpecial ? runs ? special : Character.toUpperCase(special) : runs ? 'x' : '-');
        }
        return text.toString();
    }
}
