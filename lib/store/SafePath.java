package lib.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import lib.image.WrongContent;

//SOURCES ../image/WrongContent.java

/**
 * Finds the place of a layer's entry below the root folder, and never outside it. Links on the way are followed as a
 * process in the container would follow them: an absolute one begins at the root folder. A link to something that is
 * not there is not followed: what is written through it would land where nobody expects it.
 */
final class SafePath {
    private static final int MOST_LINKS = 40;

    private final Path root;

    SafePath(Path root) {
        this.root = root;
    }

    /** Returns the parts of an entry's name; throws WrongContent when it is absolute, leads upwards or is none. */
    static List<String> parts(String name) throws WrongContent {
        if (name.startsWith("/")) {
            throw new WrongContent("the entry '" + name + "' has an absolute path: refused");
        }
        List<String> parts = Arrays.stream(name.split("/")).filter(part -> !part.isEmpty() && !part.equals(".")).toList();
        if (parts.contains("..")) {
            throw new WrongContent("the entry '" + name + "' leads upwards: refused");
        }
        if (name.indexOf('\0') >= 0) {
            throw new WrongContent("the entry '" + name.replace('\0', '?') + "' has a zero byte in its name: refused");
        }
        return parts;
    }

    /** Returns where an entry goes; its parent folders are made where they are missing. The entry itself may be a link: it is not followed. */
    Path place(String name) throws IOException {
        List<String> parts = parts(name);
        if (parts.isEmpty()) {
            return root;
        }
        Path parent = folder(parts.subList(0, parts.size() - 1), name, true);
        return child(parent, parts.get(parts.size() - 1), name);
    }

    /** Returns where an entry is, or null when its parent folder is not there. */
    Path find(String name) throws IOException {
        List<String> parts = parts(name);
        if (parts.isEmpty()) {
            return root;
        }
        Path parent = folder(parts.subList(0, parts.size() - 1), name, false);
        return parent == null ? null : child(parent, parts.get(parts.size() - 1), name);
    }

    private Path folder(List<String> parts, String name, boolean make) throws IOException {
        Deque<String> left = new ArrayDeque<>(parts);
        Path at = root;
        int links = 0;
        while (!left.isEmpty()) {
            String part = left.pop();
            if (part.equals("..")) {
                if (at.equals(root)) {
                    throw new WrongContent("the entry '" + name + "' goes through a link that leads out of the root file system: refused");
                }
                at = at.getParent();
                continue;
            }
            Path next = child(at, part, name);
            if (Files.isSymbolicLink(next)) {
                if (++links > MOST_LINKS) {
                    throw new WrongContent("the entry '" + name + "' goes through a circle of links: refused");
                }
                String target = Files.readSymbolicLink(next).toString();
                at = target.startsWith("/") ? root : at;
                List<String> more = Arrays.stream(target.split("/")).filter(p -> !p.isEmpty() && !p.equals(".")).toList();
                for (int i = more.size() - 1; i >= 0; i--) {
                    left.push(more.get(i));
                }
                // What a link leads to must be there: only the rest of the entry's own path may be new.
                requireThere(at, more, name, links);
                continue;
            }
            if (!Files.isDirectory(next, LinkOption.NOFOLLOW_LINKS)) {
                if (!make) {
                    return null;
                }
                makeFolder(next, name);
            }
            at = next;
        }
        return at;
    }

    private void requireThere(Path from, List<String> target, String name, int links) throws IOException {
        Path at = from;
        for (String part : target) {
            at = part.equals("..") ? at.getParent() : child(at, part, name);
            if (at == null || !at.startsWith(root) || !Files.exists(at, LinkOption.NOFOLLOW_LINKS)) {
                throw new WrongContent("the entry '" + name + "' goes through a link that leads out of the root file system or nowhere: refused");
            }
            if (Files.isSymbolicLink(at)) {
                return; // followed in its turn
            }
        }
    }

    private static void makeFolder(Path folder, String name) throws IOException {
        try {
            Files.createDirectory(folder);
        } catch (FileAlreadyExistsException e) {
            throw new WrongContent("the entry '" + name + "' is below " + folder.getFileName() + ", which is no folder: refused");
        }
    }

    /** Names that this system cannot have, as Windows cannot have a colon, are refused rather than bent. */
    private static Path child(Path parent, String part, String name) throws WrongContent {
        try {
            Path child = parent.resolve(part);
            if (child.getParent() == null || !child.getParent().equals(parent)) {
                throw new WrongContent("the entry '" + name + "' does not stay in its folder on this system: refused");
            }
            return child;
        } catch (InvalidPathException e) {
            throw new WrongContent("the entry '" + name + "' has a name that this system cannot have: " + e.getReason(), e);
        }
    }
}
