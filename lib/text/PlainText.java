package lib.text;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Text from elsewhere, made fit for a terminal, a page or a script. Control characters (Unicode category Cc) move a terminal's
 * cursor and colour what follows; line and paragraph separators break a line in two; bidirectional marks have a line read otherwise
 * than what it is.
 *
 * @see <a href="https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing">UTR 36, Bidirectional Text Spoofing</a>
 */
public final class PlainText {
    private static final String UNSEEN = "\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069";
    private static final Pattern ONE = Pattern.compile("[\\p{Cc}" + UNSEEN + "]");
    private static final Pattern SOME = Pattern.compile(ONE + "+");
    private static final Pattern BUT_OF_LINES = Pattern.compile("[\\p{Cc}" + UNSEEN + "&&[^\\n\\t]]");
    private static final Pattern RAW_IN_JSON = Pattern.compile("[\\x7F-\\x9F" + UNSEEN + "]");

    /** Longer texts from elsewhere are cut where they stand in a sentence, in characters. */
    private static final int LONGEST = 300;

    private PlainText() { }

    /** Returns the text, or its beginning where it is too long for a sentence. Secrets are to be masked before: half a password is too much. */
    public static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    }

    /** Returns whether a text has a character that is not to be shown. */
    public static boolean isUnfit(String text) {
        return ONE.matcher(text).find();
    }

    /** Returns whether a character is not to be shown. */
    public static boolean isUnfit(int character) {
        return Character.isISOControl(character) || isUnfit(Character.toString(character));
    }

    /** Returns the text on one line, with a question mark for each character that is not to be shown; null for null. */
    public static @Nullable String line(@Nullable String text) {
        return text == null ? null : ONE.matcher(text).replaceAll("?");
    }

    /** Returns the same of a text that may have several lines, and tabs. */
    public static String lines(String text) {
        return BUT_OF_LINES.matcher(text).replaceAll("?");
    }

    /** Returns the text on one line, with one space for all such characters that stand together. */
    public static String spaced(String text) {
        return SOME.matcher(text).replaceAll(" ").strip();
    }

    /** Returns the text with such characters written as {@code \u005cu001b}, as JSON and bash do. */
    public static String escaped(String text) {
        return ONE.matcher(text).replaceAll(match -> Matcher.quoteReplacement(String.format(Locale.ROOT, "\\u%04x", (int) match.group().charAt(0))));
    }

    /** Returns JSON that says the same, with escapes in place of such characters, which stand nowhere but in its strings (RFC 8259, section 7). */
    public static String json(String json) {
        return RAW_IN_JSON.matcher(json).replaceAll(match -> escaped(match.group()).replace("\\", "\\\\"));
    }
}
