package lib.store.tar;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lib.failure.WrongContentException;

/** The path that a layer gives an entry, before anybody has looked where it leads. */
public final class EntryPath {
    /** The longest name and the longest path that Linux has, in bytes (limits.h). */
    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_PATH = 4095;

    private EntryPath() { }

    /**
     * Returns the parts of a path; none for the root folder. A slash at its front changes nothing, as with tar: kaniko, ko and others write one.
     *
     * @throws WrongContentException when the path leads upwards
     */
    public static List<String> parts(String name) throws WrongContentException {
        List<String> parts = new ArrayList<>();
        for (String part : name.split("/")) {
            if (part.equals("..")) {
                throw refused(name, "leads upwards");
            }
            if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return parts;
    }

    /** Throws WrongContentException when a part of a path, or all of it below the root folder, is longer than a POSIX system allows. */
    public static void checkLength(Path root, String part, String name) throws WrongContentException {
        // A character is three bytes at most, or two of them are four.
        if (part.length() > LONGEST_NAME / 3 && ByteName.bytes(part).length > LONGEST_NAME
                || name.length() > LONGEST_PATH / 3 - root.toString().length() && ByteName.bytes(root + "/" + name).length > LONGEST_PATH) {
            throw refused(name, "has a name that is too long for this system");
        }
    }

    /** Throws WrongContentException when a symbolic link leads to nothing at all or is longer than a POSIX system allows. */
    public static void checkTarget(String target, String name) throws WrongContentException {
        if (target.isEmpty()) {
            throw refused(name, "is a symbolic link without a target");
        }
        if (target.length() > LONGEST_PATH / 3 && ByteName.bytes(target).length > LONGEST_PATH) {
            throw refused(name, "is a symbolic link to a name that is too long for this system");
        }
    }

    /** Returns what is to be thrown for an entry that is refused. */
    public static WrongContentException refused(String name, String why) {
        return new WrongContentException("the entry '" + ByteName.shown(name) + "' " + why + ": refused");
    }
}
