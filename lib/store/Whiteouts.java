package lib.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

//SOURCES Brought.java
//SOURCES EntryPath.java
//SOURCES OpenFolders.java
//SOURCES Removal.java

/**
 * The entries of a layer that stand for no file, but hide files of lower layers.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/layer.md#whiteouts">image-spec, Whiteouts</a>
 */
final class Whiteouts {
    private static final String PREFIX = ".wh.";
    private static final String OPAQUE = ".wh..wh..opq";

    private final OpenFolders folders;
    private final Removal removal;

    Whiteouts(OpenFolders folders, Removal removal) {
        this.folders = folders;
        this.removal = removal;
    }

    /** Tells whether an entry is a whiteout, by the last part of its path. */
    static boolean is(String last) {
        return last.startsWith(PREFIX);
    }

    /** Hides what lower layers have: one name, or all that is in the whiteout's folder. What its own layer brings stays. */
    void apply(String name, List<String> parts, String last) throws IOException {
        String hidden = last.substring(PREFIX.length());
        List<String> folder = parts.subList(0, parts.size() - 1);
        if (last.equals(OPAQUE)) {
            if (folders.openIfThere(folder, name)) {
                removal.below(folders.path(), folders.print());
            }
            return;
        }
        if (hidden.isEmpty() || hidden.equals(".") || hidden.equals("..")) {
            throw EntryPath.refused(name, "is a whiteout of nothing that can be hidden");
        }
        if (hidden.startsWith(PREFIX)) {
            return; // the notes of an old storage driver, nothing of the image
        }
        if (folders.openIfThere(folder, name)) {
            Path place = folders.child(hidden, name);
            if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
                removal.one(place, Brought.print(folders.print(), hidden));
            }
        }
    }
}
