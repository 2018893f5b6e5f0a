package lib.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A form in which a secret may stand in a text, and where it does: by the algorithm of Knuth, Morris and Pratt, which looks at each
 * character of the text once, whatever the text and the secret are made of.
 */
final class SecretForm {
    /** What is shorter is a word of its own, or no secret: a password of three letters would have half a message masked. */
    private static final int SHORTEST = 4;
    private static final int SHORTEST_IN_WORDS = 6;

    /** Is told of each place. */
    interface Place {
        void at(int from, int to);
    }

    private final String form;
    private final boolean base64;
    /** For each beginning of the form, the length of its longest other beginning that it ends in. */
    private final int[] fallback;

    private SecretForm(String form, boolean base64) {
        this.form = form;
        this.base64 = base64;
        this.fallback = new int[form.length()];
        for (int at = 1, length = 0; at < form.length(); at++) {
            length = next(length, form.charAt(at));
            fallback[at] = length;
        }
    }

    /** Returns how much of the form has been seen when this character follows so much of it. */
    private int next(int seen, char character) {
        int length = seen;
        while (length > 0 && (length == form.length() || form.charAt(length) != character)) {
            length = fallback[length - 1];
        }
        return form.charAt(length) == character ? length + 1 : length;
    }

    /** Returns the forms of a secret, none of one that is too short. */
    static List<SecretForm> of(String secret) {
        List<SecretForm> forms = new ArrayList<>();
        if (secret.length() < SHORTEST) {
            return forms;
        }
        String bytes = new String(secret.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1); // as headers are read
        Set<String> plain = new LinkedHashSet<>(List.of(secret));
        plain.addAll(List.of(bytes, secret.replace(' ', '+'), bytes.replace(' ', '+'))); // as HTML forms write a space
        plain.forEach(form -> forms.add(new SecretForm(form, false)));
        for (int before = 0; before < 3; before++) {
            String encoded = base64(bytes, before);
            if (encoded.length() >= SHORTEST_IN_WORDS) {
                forms.add(new SecretForm(encoded, true));
            }
        }
        return forms;
    }

    /** Returns the part of the Base64 that is sure when these bytes follow others; of the number of those only the remainder by three matters. */
    private static String base64(String bytes, int before) {
        String encoded = Base64.getEncoder().encodeToString(("\0".repeat(before) + bytes).getBytes(StandardCharsets.ISO_8859_1));
        return encoded.substring((8 * before + 5) / 6, 8 * (before + bytes.length()) / 6);
    }

    /** Tells of each place in a text. Of Base64, which may be a larger whole's, all of the whole is meant, in either alphabet (RFC 4648). */
    void find(String text, Place place) {
        int done = 0;
        for (int at = 0, seen = 0; at < text.length(); at++) {
            seen = next(seen, base64 ? standard(text.charAt(at)) : text.charAt(at));
            int from = Math.max(done, at + 1 - form.length());
            if (seen == form.length() && from <= at && (base64 || stands(text, at + 1 - form.length(), at + 1))) {
                int to = at + 1;
                while (base64 && from > done && text.charAt(from - 1) != '=' && isBase64(text.charAt(from - 1))) {
                    from--;
                }
                while (base64 && to < text.length() && isBase64(text.charAt(to))) {
                    to++;
                }
                place.at(from, to);
                done = to;
            }
        }
    }

    /** Returns whether a short one stands by itself there. */
    private boolean stands(String text, int from, int to) {
        return form.length() >= SHORTEST_IN_WORDS || (from == 0 || !Character.isLetterOrDigit(text.charAt(from - 1)))
                && (to == text.length() || !Character.isLetterOrDigit(text.charAt(to)));
    }

    private static char standard(char character) {
        return character == '-' ? '+' : character == '_' ? '/' : character;
    }

    private static boolean isBase64(char character) {
        return character < 128 && Character.isLetterOrDigit(character) || "+/-_=".indexOf(character) >= 0;
    }
}
