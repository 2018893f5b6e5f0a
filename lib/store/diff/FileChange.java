package lib.store.diff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lib.store.files.ListedFile;
import lib.store.tar.ByteName;
import lib.store.tar.TarEntry;
import org.jspecify.annotations.Nullable;

/**
 * How a file of one image differs from that of another.
 *
 * @param path   from the root folder, without a slash before it
 * @param kind   what was done to it
 * @param what   of a changed file: {@code type}, {@code mode}, {@code owner}, {@code size}, {@code content}, {@code link}, {@code device}, {@code capabilities},
 *               {@code attributes} for the other extended ones, {@code hard links} where other names are the same file;
 *               of a folder {@code opaque}, where one image hides what the layers in common have in it
 * @param before the file of the first image; null if there is none or it was not read
 * @param after  that of the second one
 */
public record FileChange(String path, Kind kind, List<String> what, @Nullable ListedFile before, @Nullable ListedFile after) {

    /** @see <a href="https://man7.org/linux/man-pages/man7/capabilities.7.html">capabilities(7), File capabilities</a> */
    private static final String CAPABILITIES = "security.capability";

    /** The last two are of files that the layers in common may have or not: those were not read. */
    public enum Kind {
        ADDED, REMOVED, CHANGED, ADDED_OR_CHANGED, REMOVED_OR_CHANGED;

        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
        }
    }

    /** Returns what was done to which file, and what of it is different. */
    @Override
    public String toString() {
        return kind + " " + ByteName.shown(path) + (what.isEmpty() ? "" : " (" + String.join(", ", what) + ")");
    }

    /** Returns in what two files differ, times aside: nothing where they are the same. An entry is null for a folder that no layer describes. */
    static List<String> differences(ListedFile before, @Nullable TarEntry one, ListedFile after, @Nullable TarEntry other, ContentHashes contents) {
        List<String> what = new ArrayList<>();
        note(what, "type", before.type() != after.type());
        note(what, "mode", before.mode() != after.mode() && before.type() != 'l');
        note(what, "capabilities", !Arrays.equals(attribute(one, CAPABILITIES), attribute(other, CAPABILITIES)));
        note(what, "attributes", !others(one).equals(others(other)));
        note(what, "owner", before.uid() != after.uid() || before.gid() != after.gid());
        if (before.type() == after.type()) {
            note(what, "size", before.size() != after.size());
            note(what, "content", before.type() == '-' && !contents.areSame(one, other));
            note(what, "link", !before.link().equals(after.link()));
            note(what, "device", before.major() != after.major() || before.minor() != after.minor());
        }
        return what;
    }

    private static byte @Nullable [] attribute(@Nullable TarEntry entry, String name) {
        return entry == null ? null : entry.extended().get(name);
    }

    /** Returns the other extended attributes, as texts, for arrays are equal to nothing but themselves. */
    private static Map<String, String> others(TarEntry entry) {
        Map<String, String> others = new HashMap<>();
        if (entry != null) {
            entry.extended().forEach((name, value) -> others.put(name, Arrays.toString(value)));
        }
        others.remove(CAPABILITIES);
        return others;
    }

    private static void note(List<String> what, String name, boolean differs) {
        if (differs) {
            what.add(name);
        }
    }
}
