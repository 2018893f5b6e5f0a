package lib.workload;

import static lib.workload.YamlFile.text;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Images that a container is told of: an operator runs others, which stand in its arguments ({@code --image=…},
 * {@code --prometheus-config-reloader=…}), in its environment ({@code RELATED_IMAGE_…}) or, as charts have them, in parts.
 * Nobody but the program knows whether it runs them.
 *
 * @see <a href="https://olm.operatorframework.io/docs/best-practices/common/">OLM, best practices: RELATED_IMAGE</a>
 */
final class Arguments {
    private static final Pattern OPTION = Pattern.compile("--?([A-Za-z0-9][A-Za-z0-9_.-]*)(?:=(.*))?", Pattern.DOTALL);
    private static final Pattern OF_AN_IMAGE = Pattern.compile("(?i)RELATED_IMAGE_.*|.*images?|.*[_.-]images?[_.-](name|ref|reference|url|uri)");

    private final String file;
    private final Findings findings;

    private Arguments(String file, Findings findings) {
        this.file = file;
        this.findings = findings;
    }

    /** Notes what a mapping, which may be a container, mentions. */
    static void of(String file, Node container, Findings findings) {
        Arguments arguments = new Arguments(file, findings);
        List<String> words = new ArrayList<>();
        Stream.of("command", "args").forEach(key -> YamlFile.texts(YamlFile.value(container, key)).forEach(text -> words.addAll(List.of(text.strip().split("\\s+")))));
        arguments.words(words);
        for (Node variable : YamlFile.items(YamlFile.value(container, "env"))) {
            arguments.value(text(variable, "name"), text(variable, "value"));
        }
        arguments.parts(YamlFile.value(container, "image"));
    }

    private void words(List<String> words) {
        String before = null;
        for (String word : words) {
            Matcher option = OPTION.matcher(word);
            boolean isOption = option.matches();
            value(isOption ? option.group(1) : before, isOption ? option.group(2) : word);
            before = isOption && option.group(2) == null ? option.group(1) : null;
        }
    }

    /** A value may be several: {@code --images=a=quay.io/a:1,b=quay.io/b:1}. */
    private void value(String name, String value) {
        boolean saysSo = name != null && OF_AN_IMAGE.matcher(name).matches();
        for (String part : value == null ? new String[0] : value.split("[\\s,;='\"]+")) {
            if (saysSo && part.matches(".*[/:@].*") || Findings.isFullName(part)) {
                mention(part, name == null ? "an argument" : name);
            }
        }
    }

    /** Charts and operators have a name in parts: {@code image: {repository: quay.io/a, tag: "1"}}. */
    private void parts(Node image) {
        String repository = text(image, "repository");
        String tag = text(image, "tag");
        String digest = text(image, "digest");
        if (repository != null && (tag != null || digest != null)) {
            String registry = text(image, "registry");
            mention((registry == null ? "" : registry + "/") + repository + (isEmpty(tag) ? "" : ":" + tag) + (isEmpty(digest) ? "" : "@" + digest), "image.repository");
        }
    }

    private static boolean isEmpty(String text) {
        return text == null || text.isEmpty();
    }

    private void mention(String image, String where) {
        findings.mention(image, file + ", " + where);
    }
}
