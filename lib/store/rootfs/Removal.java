package lib.store.rootfs;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import lib.store.tar.ByteName;

/** Takes away what lower layers have put into a folder, and leaves what the layer at hand has brought. */
final class Removal {
    private final Attributes attributes;
    private final SeenPaths brought;

    Removal(Attributes attributes, SeenPaths brought) {
        this.attributes = attributes;
        this.brought = brought;
    }

    /** Removes all that is in a folder; {@code print} is the fingerprint of its path. */
    void below(Path folder, long print) throws IOException {
        for (Path child : children(folder)) {
            one(child, SeenPaths.print(print, ByteName.of(child)));
        }
    }

    /** Removes a file or a folder with all that is in it. A folder stays, as it was, that this layer has brought or put something into. */
    void one(Path path, long print) throws IOException {
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            if (!brought.contains(print)) {
                Files.delete(path);
            }
            return;
        }
        BasicFileAttributes found = attributes.read(path);
        int mode = attributes.makeUsable(path, found);
        below(path, print);
        if (brought.contains(print) || !children(path).isEmpty()) {
            attributes.restore(path, found.lastModifiedTime(), mode);
        } else {
            Files.delete(path);
        }
    }

    /** Removes whatever is there, for something else to take its place. A link is removed, not what it leads to. */
    void all(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            attributes.makeUsable(path, attributes.read(path));
            for (Path child : children(path)) {
                all(child);
            }
        }
        Files.delete(path);
    }

    /** The folder is closed again before anything is done with its children, so that no depth takes all file handles. */
    private static List<Path> children(Path folder) throws IOException {
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            entries.forEach(children::add);
        }
        return children;
    }
}
