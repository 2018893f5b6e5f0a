package lib.registry.auth;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a registry asks for in a {@code WWW-Authenticate} header: a scheme, in lower case, and its parameters.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1">RFC 9110, WWW-Authenticate</a>
 */
public record Challenge(String scheme, Map<String, String> parameters) {

    /** Returns a parameter's value, or null if there is none. The case of its name does not matter. */
    public @Nullable String parameter(String name) {
        return parameters.get(name);
    }

    /** Returns the scope that it names, or another one if it names none. */
    String scope(String otherwise) {
        String scope = parameter("scope");
        return scope == null || scope.isBlank() ? otherwise : scope;
    }

    /** Returns whether a token is asked for, and a token server named. */
    boolean isBearer() {
        return scheme.equals("bearer") && parameter("realm") != null;
    }

    /** Returns the challenges of all header lines. What is malformed is left out: a challenge beside it may do. */
    public static List<Challenge> parse(List<String> headerLines) {
        List<Challenge> challenges = new ArrayList<>();
        for (String line : headerLines) {
            new Parser(line).challenges(challenges);
        }
        return challenges;
    }

    /**
     * The grammar of RFC 9110, section 11.3, in the list of section 11.6.1:
     * <pre>
     * WWW-Authenticate = #challenge
     * challenge        = auth-scheme [ 1*SP ( token68 / #auth-param ) ]
     * auth-param       = token BWS "=" BWS ( token / quoted-string )
     * </pre>
     * Commas part both challenges and the parameters of one; a quoted string may hold commas.
     * A token with '=' and a value behind it is a parameter of the challenge before it; any other begins a challenge,
     * but that the first one behind a scheme, with no comma in between, is a token68, which no registry needs.
     */
    private static final class Parser {
        /** Section 5.6.2. */
        private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
        }

        void challenges(List<Challenge> found) {
            Challenge current = null;
            boolean justBegun = false;
            while (at < text.length()) {
                boolean comma = skip(" \t,").indexOf(',') >= 0;
                String token = token();
                skip(" \t");
                boolean token68 = justBegun && !comma && isToken68();
                if (token68 || !TOKEN.matcher(token).matches()) {
                    pastElement();
                } else if (at < text.length() && text.charAt(at) == '=') {
                    at++;
                    skip(" \t");
                    String value = value();
                    if (current != null && value != null) {
                        current.parameters.putIfAbsent(token, value);
                    }
                } else {
                    current = new Challenge(token.toLowerCase(Locale.ROOT), new TreeMap<>(String.CASE_INSENSITIVE_ORDER));
                    found.add(current);
                    justBegun = true;
                    continue;
                }
                justBegun = false;
            }
        }

        /** Returns whether the list's element ends here, after nothing but the padding of a token68. */
        private boolean isToken68() {
            int end = at;
            while (end < text.length() && " \t=".indexOf(text.charAt(end)) >= 0) {
                end++;
            }
            return end == text.length() || text.charAt(end) == ',';
        }

        private String skip(String characters) {
            int start = at;
            while (at < text.length() && characters.indexOf(text.charAt(at)) >= 0) {
                at++;
            }
            return text.substring(start, at);
        }

        /** Steps over what cannot be read, to the next comma that stands in no quotes. */
        private void pastElement() {
            while (at < text.length() && text.charAt(at) != ',') {
                if (text.charAt(at) == '"') {
                    quoted();
                } else {
                    at++;
                }
            }
        }

        private String token() {
            int start = at;
            while (at < text.length() && " \t,=\"".indexOf(text.charAt(at)) < 0) {
                at++;
            }
            return text.substring(start, at);
        }

        /** A token should hold no '/' or ':', yet a URL without quotes is clear enough: it runs to the next comma or space. */
        private @Nullable String value() {
            if (at < text.length() && text.charAt(at) == '"') {
                return quoted();
            }
            int start = at;
            while (at < text.length() && " \t,".indexOf(text.charAt(at)) < 0) {
                at++;
            }
            return text.substring(start, at);
        }

        /** Section 5.6.4: a backslash takes the next character as it is. Returns null if the closing quote is missing. */
        private @Nullable String quoted() {
            StringBuilder value = new StringBuilder();
            for (at++; at < text.length(); at++) {
                if (text.charAt(at) == '"') {
                    at++;
                    return value.toString();
                }
                if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                    at++;
                }
                value.append(text.charAt(at));
            }
            return null;
        }
    }
}
