package lib.store.tar;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;

/**
 * Names of files. On the systems that images are for, a name is any bytes, most often UTF-8. Here it is a text from which the
 * bytes can be told: a byte that is not part of UTF-8 becomes one of the characters U+DC80 to U+DCFF, which no UTF-8 holds.
 *
 * @see <a href="https://peps.python.org/pep-0383/">PEP 383, which does the same in Python</a>
 */
public final class ByteName {
    private static final int LONGEST_SHOWN = 200;
    private static final int ESCAPED = 0xdc00;
    private static final char REPLACEMENT = '\ufffd';

    private ByteName() { }

    /** Returns the text of a name. */
    public static String of(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) < 0) {
            return text;
        }
        StringBuilder exact = new StringBuilder();
        for (int at = 0; at < bytes.length; ) {
            int length = Math.min(lengthByFirstByte(bytes[at]), bytes.length - at);
            String character = new String(bytes, at, length, StandardCharsets.UTF_8);
            boolean valid = character.codePointCount(0, character.length()) == 1
                    && (character.charAt(0) != REPLACEMENT || length == 3 && (bytes[at] & 0xff) == 0xef && (bytes[at + 2] & 0xff) == 0xbd);
            if (valid) {
                exact.append(character);
                at += length;
            } else {
                exact.append((char) (ESCAPED + (bytes[at++] & 0xff)));
            }
        }
        return exact.toString();
    }

    private static int lengthByFirstByte(byte first) {
        int value = first & 0xff;
        return value < 0xc0 ? 1 : value < 0xe0 ? 2 : value < 0xf0 ? 3 : 4;
    }

    /** Returns the bytes of a name. */
    public static byte[] bytes(String name) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(name.length());
        for (int at = 0; at < name.length(); ) {
            int character = name.codePointAt(at);
            if (character > ESCAPED + 0x7f && character <= ESCAPED + 0xff) {
                bytes.write(character);
            } else {
                bytes.writeBytes(Character.toString(character).getBytes(StandardCharsets.UTF_8));
            }
            at += Character.charCount(character);
        }
        return bytes.toByteArray();
    }

    /**
     * Returns the path that a text means, such as the target of a link: to the byte, whatever Java takes the system's encoding for,
     * and with a slash at its end where there is one.
     *
     * @throws InvalidPathException when this system has no such paths
     */
    public static Path path(String text) {
        try {
            Path path = Path.of(text);
            if (isPlain(text) || path.toString().equals(text)) {
                return path;
            }
        } catch (InvalidPathException e) {
            if (!isPosix()) {
                throw e;
            }
        }
        return isPosix() ? rawPath(text) : Path.of(text);
    }

    /** Returns whether no system and no encoding has another idea of a text: it is a name in ASCII. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '/' || c == '\\' || c == ':') {
                return false;
            }
        }
        return true;
    }

    private static boolean isPosix() {
        return Path.of("/").getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /** An address of a file has its bytes written out: Java makes a path of it without a look at any encoding. */
    private static Path rawPath(String text) {
        boolean isAbsolute = text.startsWith("/");
        StringBuilder address = new StringBuilder("file:///");
        for (byte b : bytes(isAbsolute ? text.substring(1) : text)) {
            address.append(String.format(Locale.ROOT, "%%%02X", b));
        }
        Path absolute = Path.of(URI.create(address.toString()));
        return isAbsolute || absolute.getNameCount() == 0 ? absolute : absolute.subpath(0, absolute.getNameCount());
    }

    /** Returns the name that a path ends in. */
    public static String of(Path path) {
        String name = path.getFileName().toString();
        return name.indexOf(REPLACEMENT) < 0 ? name : ofAddress(Path.of("/").resolve(path.getFileName())).substring(1);
    }

    /**
     * Returns the names that make up a link's target. On a POSIX system they are what stands between slashes: Java takes a slash
     * at the end of a target for a part of its last name.
     */
    public static List<String> parts(Path target) {
        if (!isPosix()) {
            return StreamSupport.stream(target.spliterator(), false).map(ByteName::of).toList();
        }
        String text = target.toString();
        return List.of((text.indexOf(REPLACEMENT) < 0 ? text : ofAddress(Path.of("/").resolve(target))).split("/"));
    }

    /** Returns a whole absolute path. */
    public static String ofWhole(Path path) {
        return isPosix() ? ofAddress(path) : path.toString();
    }

    private static String ofAddress(Path path) {
        String address = path.toUri().getRawPath();
        boolean isFolder = address.length() > 1 && address.endsWith("/"); // Java looks, and adds a slash for a folder that is there
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int at = 0; at < address.length() - (isFolder ? 1 : 0); at++) {
            if (address.charAt(at) == '%') {
                bytes.write(Integer.parseInt(address.substring(at + 1, at + 3), 16));
                at += 2;
            } else {
                bytes.write(address.charAt(at));
            }
        }
        return of(bytes.toByteArray());
    }

    /** Returns a name for a message: not endless, and without what would do something to a terminal. */
    public static String shown(String name) {
        StringBuilder shown = new StringBuilder();
        for (int at = 0; at < name.length() && at < LONGEST_SHOWN; at++) {
            char c = name.charAt(at);
            if (c > ESCAPED + 0x7f && c <= ESCAPED + 0xff || c < ' ' || c >= 0x7f && c < 0xa0) {
                shown.append(String.format(Locale.ROOT, "\\x%02x", c & 0xff));
            } else {
                shown.append(c);
            }
        }
        return name.length() > LONGEST_SHOWN ? shown + "..." : shown.toString();
    }
}
