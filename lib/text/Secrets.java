package lib.text;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The passwords and tokens that this program knows. A server that was shown one may send it back, in an error or a header:
 * whatever is shown to people or written to a log goes through here first. Each secret is found as it is, in Base64 and with
 * percent signs, in time that grows with the text and not with its square.
 */
public final class Secrets {
    public static final String MASK = "***";

    private static final Set<String> KNOWN = ConcurrentHashMap.newKeySet();
    private static final List<SecretForm> FORMS = new CopyOnWriteArrayList<>();

    private Secrets() { }

    /** Has this be masked from now on; null and what is too short to be told from other words are left as they are. */
    public static void know(@Nullable String secret) {
        if (secret != null && KNOWN.add(secret)) {
            FORMS.addAll(SecretForm.of(secret));
        }
    }

    /** Has a password be masked from now on, and what HTTP's Basic scheme makes of it (RFC 7617, section 2). */
    public static void know(String user, String password) {
        if (password != null && !password.isEmpty()) {
            know(password);
            know(user + ":" + password);
        }
    }

    /** Has the value of a header such as Authorization be masked from now on: all of it, and what stands behind a scheme. */
    public static void knowHeader(String value) {
        know(value);
        String[] parts = value.strip().split(" +", 2);
        if (parts.length == 2) {
            know(parts[1]);
        }
        if (parts.length == 2 && parts[0].equalsIgnoreCase("Basic")) {
            try {
                String[] login = new String(Base64.getDecoder().decode(parts[1]), StandardCharsets.UTF_8).split(":", 2);
                know(login[0], login.length == 2 ? login[1] : "");
            } catch (IllegalArgumentException e) {
                // no Base64: masked as it is
            }
        }
    }

    /** Returns the text with {@link #MASK} in place of every secret in it; null for null. */
    public static @Nullable String masked(@Nullable String text) {
        if (text == null || FORMS.isEmpty()) {
            return text;
        }
        BitSet hidden = new BitSet(text.length());
        for (SecretForm form : FORMS) {
            form.find(text, (from, to) -> hidden.set(from, to));
        }
        if (text.indexOf('%') >= 0) {
            findEncoded(text, hidden);
        }
        return hidden.isEmpty() ? text : without(text, hidden);
    }

    /** Servers differ in what they write with percent signs (RFC 3986, section 2.1): it is looked at decoded, a byte a character. */
    private static void findEncoded(String text, BitSet hidden) {
        StringBuilder decoded = new StringBuilder(text.length());
        int[] places = new int[text.length() + 1];
        for (int at = 0; at < text.length(); ) {
            places[decoded.length()] = at;
            int value = text.charAt(at) == '%' && at + 2 < text.length() ? hex(text.charAt(at + 1)) * 16 + hex(text.charAt(at + 2)) : -1;
            decoded.append(value < 0 ? text.charAt(at) : (char) value);
            at += value < 0 ? 1 : 3;
        }
        places[decoded.length()] = text.length();
        String bytes = decoded.toString();
        for (SecretForm form : FORMS) {
            form.find(bytes, (from, to) -> hidden.set(places[from], places[to]));
        }
    }

    /** Returns the value of a hexadecimal digit, or a number so low that no other digit makes up for it. */
    private static int hex(char digit) {
        int value = Character.digit(digit, 16);
        return value < 0 || digit > 'f' ? -1000 : value;
    }

    private static String without(String text, BitSet hidden) {
        StringBuilder shown = new StringBuilder(text.length());
        for (int at = 0; at < text.length(); ) {
            int begin = hidden.nextSetBit(at);
            if (begin < 0) {
                return shown.append(text, at, text.length()).toString();
            }
            shown.append(text, at, begin).append(MASK);
            at = hidden.nextClearBit(begin);
        }
        return shown.toString();
    }
}
