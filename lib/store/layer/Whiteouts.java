package lib.store.layer;

import java.io.IOException;
import java.util.List;
import lib.store.tar.EntryPath;

/**
 * The entries of a layer that are not files themselves, but hide files of lower layers.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/layer.md#whiteouts">image-spec, Whiteouts</a>
 */
public final class Whiteouts {
    private static final String PREFIX = ".wh.";
    private static final String OPAQUE = ".wh..wh..opq";
    /** The storage driver AUFS kept notes of its own in the top folder of each layer, under names that begin so. */
    private static final String AUFS = ".wh..wh.";
    /** In there AUFS put the content of files that have several names. */
    public static final String AUFS_LINKS = ".wh..wh.plnk";

    private Whiteouts() { }

    /** What whiteouts hide files in. */
    public interface Files {
        /** Opens the folder of these parts; returns whether there is one. */
        boolean open(List<String> folder, String name) throws IOException;

        /** Removes what lower layers have brought into the open folder. */
        void removeAll() throws IOException;

        /** Removes what lower layers have brought under a name in the open folder. */
        void remove(String hidden, String name) throws IOException;
    }

    /** Returns whether an entry is a whiteout, by the last part of its path. */
    public static boolean is(String last) {
        return last.startsWith(PREFIX);
    }

    /** Returns whether it is one that hides all that lower layers have in its folder. */
    public static boolean isOpaque(String last) {
        return last.equals(OPAQUE);
    }

    /** Returns whether an entry belongs to the notes that AUFS left in old layers: it is neither a file of the image nor a whiteout. */
    public static boolean isOfAufs(List<String> parts) {
        return !parts.isEmpty() && parts.get(0).startsWith(AUFS) && !(parts.size() == 1 && isOpaque(parts.get(0)));
    }

    /** Returns whether AUFS kept the content of a file there that hard links of the same layer lead to. */
    public static boolean isAufsLink(List<String> parts) {
        return parts.size() > 1 && parts.get(0).equals(AUFS_LINKS);
    }

    /** Returns the name that a whiteout hides. */
    public static String hidden(String last) {
        return last.substring(PREFIX.length());
    }

    /**
     * Hides what lower layers have: one name, or all that is in the whiteout's folder. What its own layer brings stays.
     *
     * @throws lib.failure.WrongContentException if the whiteout would lead outside
     * @throws IOException                       if the files cannot be changed
     */
    public static void apply(String name, List<String> parts, String last, Files files) throws IOException {
        String hidden = hidden(last);
        List<String> folder = parts.subList(0, parts.size() - 1);
        if (isOpaque(last)) {
            if (files.open(folder, name)) {
                files.removeAll();
            }
            return;
        }
        if (hidden.isEmpty() || hidden.equals(".") || hidden.equals("..")) {
            throw EntryPath.refused(name, "is a whiteout of nothing that can be hidden");
        }
        if (hidden.startsWith(PREFIX)) {
            return; // the notes of an old storage driver, nothing of the image
        }
        if (files.open(folder, name)) {
            files.remove(hidden, name);
        }
    }
}
