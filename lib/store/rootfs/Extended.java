package lib.store.rootfs;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lib.store.tar.ByteName;
import lib.store.tar.TarEntry;
import lib.store.tar.TarHeader;
import lib.store.tar.TarWriter;

/**
 * Extended attributes, such as the capabilities that let a program do a part of what root may.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/xattr.7.html">xattr(7)</a>
 */
final class Extended {
    private static final String USER = "user.";
    private static final FileTime LONG_AGO = FileTime.fromMillis(0);

    private Extended() { }

    /**
     * Sets what an entry has of them: Java can set those of users, GNU tar those that are root's. Java opens a file to do so,
     * and would wait at a named pipe for ever.
     */
    static void set(Path path, TarEntry entry, boolean isRoot, UnsupportedEntries leftOut) throws IOException {
        Map<String, byte[]> ofUsers = new HashMap<>();
        Map<String, byte[]> others = new HashMap<>();
        entry.extended().forEach((name, value) -> (entry.isSpecial() || !name.startsWith(USER) ? others : ofUsers).put(name, value));
        boolean areSet = others.isEmpty() || isRoot && setByTar(path, entry, others); // first, for tar makes the file anew
        for (Map.Entry<String, byte[]> one : ofUsers.entrySet()) {
            areSet &= setOfUser(path, one.getKey().substring(USER.length()), one.getValue());
        }
        if (!areSet) {
            leftOut.add("extended attributes, such as capabilities", entry.name());
        }
    }

    /** Takes from a folder what it has of users' attributes, before an entry that describes it again says what it has from then on. */
    static void clear(Path folder) throws IOException {
        UserDefinedFileAttributeView view = Files.getFileAttributeView(folder, UserDefinedFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        try {
            for (String name : view == null ? List.<String>of() : view.list()) {
                view.delete(name);
            }
        } catch (FileSystemException e) {
            // this file system has none
        }
    }

    private static boolean setOfUser(Path path, String name, byte[] value) throws IOException {
        UserDefinedFileAttributeView view = Files.getFileAttributeView(path, UserDefinedFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        try {
            if (view != null) {
                view.write(name, ByteBuffer.wrap(value));
            }
            return view != null;
        } catch (FileSystemException e) {
            return false; // this file system has none
        }
    }

    /** Lets tar make a file with them from a copy of the one that is there: it takes its place only when that went well. */
    private static boolean setByTar(Path path, TarEntry entry, Map<String, byte[]> extended) throws IOException {
        if (!entry.isFile() && !entry.isFolder()) {
            return false;
        }
        Path result = entry.isFolder() ? path : Files.createTempFile(path.getParent(), ".with-attributes.", null);
        // of a time that is to come, or long past, tar warns; the right one is set later
        TarEntry named = new TarEntry(ByteName.of(result), entry.type(), entry.mode(), entry.uid(), entry.gid(), entry.size(), LONG_AGO,
                "", 0, 0, extended, null);
        try (InputStream content = entry.isFile() ? Files.newInputStream(path) : InputStream.nullInputStream()) {
            InputStream tar = new SequenceInputStream(Collections.enumeration(List.of(
                    new ByteArrayInputStream(TarWriter.header(named)), content,
                    new ByteArrayInputStream(new byte[TarHeader.padding(entry.size()) + 2 * TarHeader.BLOCK]))));
            if (!Programs.feed(tar, "tar", "-C", ByteName.ofWhole(path.getParent()), "--xattrs", "--xattrs-include=*", "-xpf", "-")) {
                return false;
            }
            if (entry.isFile()) {
                Files.move(result, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            }
            return true;
        } finally {
            if (entry.isFile()) {
                Files.deleteIfExists(result);
            }
        }
    }
}
