package lib.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a registry asks for in a {@code WWW-Authenticate} header: a scheme, in lower case, and its parameters.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1">RFC 9110, WWW-Authenticate</a>
 */
record Challenge(String scheme, Map<String, String> parameters) {

    String parameter(String name) {
        return parameters.get(name);
    }

    /** Reads all challenges of all header lines; what is malformed is left out, for other challenges may do. */
    static List<Challenge> parse(List<String> headerLines) {
        List<Challenge> challenges = new ArrayList<>();
        for (String line : headerLines) {
            new Parser(line).challenges(challenges);
        }
        return challenges;
    }

    /**
     * The grammar of RFC 9110, section 11.6.1:
     * challenges are separated by commas, and so are a challenge's parameters; a quoted value may hold commas.
     * A token followed by '=' is a parameter of the challenge before it, any other token begins a new challenge.
     */
    private static final class Parser {
        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
        }

        void challenges(List<Challenge> found) {
            Challenge current = null;
            while (true) {
                skip(" \t,");
                String token = token();
                if (token.isEmpty()) {
                    return;
                }
                skip(" \t");
                if (at < text.length() && text.charAt(at) == '=') {
                    at++;
                    skip(" \t");
                    String value = value();
                    if (current != null) {
                        current.parameters.putIfAbsent(token, value);
                    }
                } else {
                    current = new Challenge(token.toLowerCase(Locale.ROOT), new TreeMap<>(String.CASE_INSENSITIVE_ORDER));
                    found.add(current);
                }
            }
        }

        private void skip(String characters) {
            while (at < text.length() && characters.indexOf(text.charAt(at)) >= 0) {
                at++;
            }
        }

        private String token() {
            int start = at;
            while (at < text.length() && " \t,=\"".indexOf(text.charAt(at)) < 0) {
                at++;
            }
            return text.substring(start, at);
        }

        /** A value is a quoted string, in which a backslash takes the next character as it is, or runs to the next comma. */
        private String value() {
            if (at >= text.length() || text.charAt(at) != '"') {
                int start = at;
                while (at < text.length() && text.charAt(at) != ',') {
                    at++;
                }
                return text.substring(start, at).strip();
            }
            StringBuilder value = new StringBuilder();
            for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
                if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                    at++;
                }
                value.append(text.charAt(at));
            }
            at++;
            return value.toString();
        }
    }
}
