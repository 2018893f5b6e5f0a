package lib.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import lib.image.Descriptor;
import lib.store.files.ListedFile;
import lib.text.Json;
import lib.text.PlainText;

/** Files of images, as JSON and as people read them. */
public final class FileText {
    private FileText() { }

    /** Returns all that is known of a file, and the layer that it comes from. */
    public static ObjectNode json(ListedFile file, List<Descriptor> layers) {
        ObjectNode json = Json.newObject().put("path", file.path()).put("type", type(file)).put("mode", mode(file)).put("uid", file.uid()).put("gid", file.gid());
        if (file.type() == '-') {
            json.put("size", file.size());
        }
        if (file.modified() != null) {
            json.put("modified", file.modified().toString());
        }
        if (file.type() == 'l') {
            json.put("link", file.link());
        }
        if (isDevice(file)) {
            json.put("major", file.major()).put("minor", file.minor());
        }
        json.putObject("layer").put("number", file.layer()).put("digest", layers.get(file.layer() - 1).digest().toString());
        return json;
    }

    private static boolean isDevice(ListedFile file) {
        return file.type() == 'c' || file.type() == 'b';
    }

    /** Returns the kind of a file in a word, as in JSON. */
    public static String type(ListedFile file) {
        return switch (file.type()) {
            case 'd' -> "folder";
            case 'l' -> "link";
            case 'c', 'b' -> "device";
            case 'p' -> "pipe";
            default -> "file";
        };
    }

    /** Returns the permissions as four octal digits. */
    public static String mode(ListedFile file) {
        return String.format(Locale.ROOT, "%04o", file.mode());
    }

    /** Returns the owner and the group as numbers. */
    public static String owner(ListedFile file) {
        return file.uid() + ":" + file.gid();
    }

    /** Returns the size in bytes or, of a device, the two numbers that it has instead. */
    public static String size(ListedFile file) {
        return isDevice(file) ? file.major() + "," + file.minor() : Long.toString(file.size());
    }

    /** Returns the name of a file as a terminal may show it: all of it, with nothing that moves the cursor, and bytes that are no UTF-8 as {@code \xff}. */
    public static String shown(String name) {
        StringBuilder text = new StringBuilder(name.length());
        name.codePoints().forEach(character -> {
            if (Character.getType(character) == Character.SURROGATE) {
                text.append(String.format(Locale.ROOT, "\\x%02x", character & 0xff));
            } else {
                text.append(PlainText.isUnfit(character) ? "?" : Character.toString(character));
            }
        });
        return text.toString();
    }
}
