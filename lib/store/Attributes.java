package lib.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.util.Base64;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

//SOURCES Archive.java
//SOURCES Programs.java

/** Gives files the owners, modes and times that a layer says, as far as this system and this user can, and counts what was left out. */
final class Attributes {
    private static final String XATTR = "SCHILY.xattr.";

    private final boolean unix;
    private final boolean root;
    private final Map<String, Integer> leftOut = new TreeMap<>();

    /** @param folder a folder that this user has made: its owner tells whether the user is root */
    Attributes(Path folder) throws IOException {
        unix = Files.getFileStore(folder).supportsFileAttributeView("posix") && folder.getFileSystem().supportedFileAttributeViews().contains("unix");
        root = unix && Integer.valueOf(0).equals(Files.getAttribute(folder, "unix:uid"));
    }

    boolean isRoot() {
        return root;
    }

    void leftOut(String what) {
        leftOut.merge(what, 1, Integer::sum);
    }

    Map<String, Integer> leftOut() {
        return leftOut;
    }

    /** The owner comes before the mode: giving a file away takes its setuid bit. */
    void set(Path path, TarArchiveEntry entry) throws IOException {
        if (root) {
            Files.setAttribute(path, "unix:uid", (int) entry.getLongUserId(), LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(path, "unix:gid", (int) entry.getLongGroupId(), LinkOption.NOFOLLOW_LINKS);
        } else if (entry.getLongUserId() != 0 || entry.getLongGroupId() != 0) {
            leftOut("owners other than you");
        }
        setExtended(path, entry);
        if (!entry.isSymbolicLink()) {
            setMode(path, entry.getMode() & 07777);
        }
        if (entry.isFIFO() || entry.isCharacterDevice() || entry.isBlockDevice()) {
            // Java opens what it gives a time to: a named pipe would make it wait for ever, and a device may do anything.
            Programs.run("touch", "-h", "-d", "@" + entry.getLastModifiedTime().toMillis() / 1000, path.toString());
        } else {
            setTime(path, entry.getLastModifiedTime());
        }
    }

    private void setMode(Path path, int mode) throws IOException {
        if (unix) {
            Files.setAttribute(path, "unix:mode", mode);
        } else {
            leftOut("modes, which this system does not have");
        }
    }

    private void setTime(Path path, FileTime time) throws IOException {
        try {
            Files.getFileAttributeView(path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS).setTimes(time, null, null);
        } catch (IOException e) {
            if (!Files.isSymbolicLink(path)) {
                throw e;
            }
            leftOut("times of symbolic links, which this Java cannot set");
        }
    }

    private void setExtended(Path path, TarArchiveEntry entry) throws IOException {
        for (Map.Entry<String, String> header : entry.getExtraPaxHeaders().entrySet()) {
            if (header.getKey().startsWith(XATTR)) {
                String value = "0s" + Base64.getEncoder().encodeToString(header.getValue().getBytes(StandardCharsets.UTF_8));
                String name = header.getKey().substring(XATTR.length());
                if (!root || !Programs.run("setfattr", "-h", "-n", name, "-v", value, path.toString())) {
                    leftOut("extended attributes, such as capabilities");
                }
            }
        }
    }

    /** Makes a device or a named pipe, which Java cannot; tells whether that worked. */
    boolean makeSpecial(Path path, TarArchiveEntry entry) throws IOException {
        if (entry.isFIFO()) {
            return Programs.run("mkfifo", path.toString());
        }
        String type = entry.isCharacterDevice() ? "c" : "b";
        return root && Programs.run("mknod", path.toString(), type, Integer.toString(entry.getDevMajor()), Integer.toString(entry.getDevMinor()));
    }
}
