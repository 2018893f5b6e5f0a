package lib.workload;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lib.file.SmallFile;

/**
 * The variables that a Compose file refers to.
 *
 * @param values by their names
 * @see <a href="https://github.com/compose-spec/compose-spec/blob/main/12-interpolation.md">Compose specification, Interpolation</a>
 */
public record Variables(Map<String, String> values) {
    private static final int LARGEST = 8;
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    /**
     * Returns these variables and, where they lack one, those of a file such as {@code .env}, if it is there.
     *
     * @throws lib.failure.WrongContentException if the file is longer than one in earnest
     * @throws IOException                       if it cannot be read
     */
    public Variables over(Path file) throws IOException {
        Map<String, String> all = new HashMap<>();
        if (Files.isRegularFile(file)) {
            for (String line : new String(bytes(file), StandardCharsets.UTF_8).lines().toList()) { // which also takes bytes that are not UTF-8
                String[] pair = line.strip().replaceFirst("^export\\s+", "").split("=", 2);
                if (pair.length == 2 && !line.strip().startsWith("#")) {
                    all.put(pair[0].strip(), pair[1].strip().replaceFirst("^(['\"])(.*)\\1$", "$2"));
                }
            }
        }
        all.putAll(values);
        return new Variables(all);
    }

    private static byte[] bytes(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return SmallFile.upTo(in, file.toString(), LARGEST);
        }
    }

    /**
     * Returns a text with its variables replaced: {@code $NAME}, <code>${NAME}</code>, with a default behind {@code :-} or {@code -},
     * what stands instead of a value behind {@code :+} or {@code +}, and a message behind {@code :?} or {@code ?}; {@code $$} is a dollar.
     *
     * @throws IllegalArgumentException for a variable that must be set and is not, and for braces that do not close
     */
    public String expand(String text) {
        StringBuilder expanded = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            char next = at + 1 < text.length() ? text.charAt(at + 1) : 0;
            Matcher name = NAME.matcher(text);
            if (c != '$') {
                expanded.append(c);
                at++;
            } else if (next == '$') {
                expanded.append('$');
                at += 2;
            } else if (next == '{') {
                int end = closing(text, at + 2);
                expanded.append(braced(text.substring(at + 2, end)));
                at = end + 1;
            } else if (name.region(at + 1, text.length()).lookingAt()) {
                expanded.append(values.getOrDefault(name.group(), ""));
                at = name.end();
            } else {
                expanded.append(c);
                at++;
            }
        }
        return expanded.toString();
    }

    private static int closing(String text, int from) {
        int depth = 1;
        for (int i = from; i < text.length(); i++) {
            depth += text.startsWith("${", i) ? 1 : text.charAt(i) == '}' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        throw new IllegalArgumentException("'" + text + "' has a brace that is not closed");
    }

    private String braced(String inside) {
        Matcher name = NAME.matcher(inside);
        if (!name.lookingAt()) {
            throw new IllegalArgumentException("'${" + inside + "}' does not begin with the name of a variable");
        }
        String value = values.get(name.group());
        String rest = inside.substring(name.end());
        boolean emptyCounts = !rest.startsWith(":");
        boolean isSet = value != null && (emptyCounts || !value.isEmpty());
        String operator = emptyCounts ? rest : rest.substring(1);
        if (operator.startsWith("-")) {
            return isSet ? value : expand(operator.substring(1));
        }
        if (operator.startsWith("+")) {
            return isSet ? expand(operator.substring(1)) : "";
        }
        if (operator.startsWith("?") && !isSet) {
            throw new IllegalArgumentException("the variable " + name.group() + " must be set: " + expand(operator.substring(1)));
        }
        return value == null ? "" : value;
    }
}
