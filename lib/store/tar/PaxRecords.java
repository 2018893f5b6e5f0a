package lib.store.tar;

import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import lib.failure.WrongContentException;

/**
 * An extended header: records that stand before an entry and override its fields. A record is "LENGTH KEY=VALUE\n".
 * Values are bytes here: those of extended attributes are not text.
 *
 * @see <a href="https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_03">POSIX, pax Extended Header</a>
 */
record PaxRecords(Map<String, byte[]> values) {
    static final String EXTENDED = "SCHILY.xattr.";
    static final String SPARSE_MAP = "GNU.sparse.map";
    static final PaxRecords NONE = new PaxRecords(Map.of());

    static PaxRecords parse(byte[] bytes) throws WrongContentException {
        Map<String, byte[]> values = new HashMap<>();
        StringBuilder map = new StringBuilder();
        for (int at = 0; at < bytes.length && bytes[at] != 0; ) {
            int space = indexOf(bytes, ' ', at);
            int length = length(bytes, at, space);
            int equals = indexOf(bytes, '=', space);
            if (equals < 0 || equals >= at + length || bytes[at + length - 1] != '\n') {
                throw new WrongContentException("an extended header of the tar has a malformed record");
            }
            String key = ByteName.of(Arrays.copyOfRange(bytes, space + 1, equals));
            byte[] value = Arrays.copyOfRange(bytes, equals + 1, at + length - 1);
            if (key.equals("GNU.sparse.offset") || key.equals("GNU.sparse.numbytes")) {
                // The oldest form repeats two keys; the next one has the same numbers in one value.
                map.append(map.isEmpty() ? "" : ",").append(ByteName.of(value));
            }
            values.put(key, value);
            at += length;
        }
        if (!map.isEmpty()) {
            values.put(SPARSE_MAP, map.toString().getBytes(StandardCharsets.UTF_8));
        }
        return new PaxRecords(values);
    }

    private static int indexOf(byte[] bytes, char wanted, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private static int length(byte[] bytes, int at, int space) throws WrongContentException {
        String digits = space < 0 ? "" : new String(bytes, at, Math.min(space - at, 9), StandardCharsets.ISO_8859_1);
        if (!digits.matches("[0-9]{1,8}") || Integer.parseInt(digits) <= space - at + 1 || Integer.parseInt(digits) > bytes.length - at) {
            throw new WrongContentException("an extended header of the tar has a record of a wrong length");
        }
        return Integer.parseInt(digits);
    }

    /** Returns a text, or the other one if there is no such record; a record without a value counts as none. */
    String text(String key, String other) throws WrongContentException {
        byte[] value = values.get(key);
        if (value == null || value.length == 0) {
            return other;
        }
        if (indexOf(value, '\0', 0) >= 0) {
            throw new WrongContentException("an extended header of the tar has a " + key + " with a zero byte in it");
        }
        return ByteName.of(value);
    }

    /** Returns a number, or the other one if there is no such record. */
    long number(String key, long other) throws WrongContentException {
        String text = text(key, Long.toString(other));
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new WrongContentException("an extended header of the tar has a " + key + " that is not a number, or too large: " + ByteName.shown(text), e);
        }
    }

    /** Returns when the file was changed, to the nanosecond, or the other time if there is no such record. */
    FileTime modified(FileTime other) throws WrongContentException {
        String text = text("mtime", "");
        if (text.isEmpty()) {
            return other;
        }
        if (!text.matches("-?[0-9]{1,16}(\\.[0-9]*)?")) {
            throw new WrongContentException("an extended header of the tar has a malformed mtime: " + ByteName.shown(text));
        }
        String[] parts = text.split("\\.");
        long nanos = parts.length < 2 ? 0 : Long.parseLong((parts[1] + "000000000").substring(0, 9));
        return FileTime.from(Instant.ofEpochSecond(Long.parseLong(parts[0]), text.startsWith("-") ? -nanos : nanos));
    }

    /** Returns the extended attributes, by name. */
    Map<String, byte[]> extended() {
        if (values.keySet().stream().noneMatch(key -> key.startsWith(EXTENDED))) {
            return Map.of();
        }
        Map<String, byte[]> extended = new HashMap<>();
        values.forEach((key, value) -> {
            if (key.startsWith(EXTENDED)) {
                extended.put(key.substring(EXTENDED.length()), value);
            }
        });
        return extended;
    }
}
