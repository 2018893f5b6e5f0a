package lib.haul;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import lib.failure.WrongContentException;
import lib.image.Platform;
import lib.image.Reference;
import lib.text.VersionRange;
import lib.verb.referrers.ReferrerSelection;
import lib.workload.YamlFile;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;

/**
 * A list of images: names, one a line, where {@code #} begins a comment; or YAML with the key {@code images}, whose entries are names or
 * mappings that say which tags are wanted. Values are read as they are written, so that 1.10 stays what it is.
 */
final class WantedList {
    private static final List<String> LIST_KEYS = List.of("images", "platforms", "referrers");
    private static final List<String> IMAGE_KEYS = List.of("name", "tags", "versions", "regex", "newest", "prereleases", "platforms", "referrers");
    /** A line that has no space, and is neither a key nor an item of YAML. */
    private static final Predicate<String> IS_NAME = Pattern.compile("[^\\s\\-{\\[#]\\S*[^:\\s]|\\S").asMatchPredicate();

    private final String file;
    private final Function<String, Reference> names;

    /** How an entry is wanted that does not say it itself. */
    record Usual(List<Platform> platforms, boolean isAsked, ReferrerSelection referrers) { }

    private WantedList(String file, Function<String, Reference> names) {
        this.file = file;
        this.names = names;
    }

    /**
     * Reads a list.
     *
     * @param file  what it is called, for messages
     * @param names returns what a person means by a name
     * @throws IllegalArgumentException if it names nothing, or something that cannot be
     * @throws WrongContentException    if it is not YAML
     */
    static List<Wanted> read(byte[] bytes, String file, Function<String, Reference> names, Usual usual) throws WrongContentException {
        String text = new String(bytes, StandardCharsets.UTF_8).replaceFirst("^\uFEFF", "");
        WantedList list = new WantedList(file, names);
        List<String> lines = text.lines().map(line -> line.replaceFirst("(^|\\s)#.*", "").strip()).filter(line -> !line.isEmpty()).toList();
        List<Wanted> all = lines.isEmpty() || IS_NAME.test(lines.get(0)) ? list.ofLines(lines, usual) : list.ofYaml(text, usual);
        if (all.isEmpty()) {
            throw new IllegalArgumentException(file + " names no image");
        }
        return all;
    }

    private List<Wanted> ofLines(List<String> lines, Usual usual) {
        List<Wanted> all = new ArrayList<>();
        for (String line : lines) {
            all.add(new Wanted(name(line), usual.platforms, usual.isAsked, usual.referrers));
        }
        return all;
    }

    private List<Wanted> ofYaml(String text, Usual usual) throws WrongContentException {
        List<Node> documents = YamlFile.parse(file, Path.of(""), text).documents();
        if (documents.size() != 1) {
            throw new IllegalArgumentException(file + " has " + documents.size() + " YAML documents: one list is needed");
        }
        Node root = documents.get(0);
        List<Node> entries = YamlFile.items(root);
        Usual all = usual;
        if (root instanceof MappingNode mapping) {
            checkKeys(mapping, LIST_KEYS, "the list");
            entries = YamlFile.items(YamlFile.value(root, "images"));
            all = usual(root, usual, "the list");
        }
        List<Wanted> wanted = new ArrayList<>();
        for (Node entry : entries) {
            wanted.add(entry(entry, all, "image " + (wanted.size() + 1)));
        }
        return wanted;
    }

    private Wanted entry(Node entry, Usual usual, String what) {
        if (YamlFile.text(entry) != null) {
            return new Wanted(name(YamlFile.text(entry)), usual.platforms, usual.isAsked, usual.referrers);
        }
        String written = YamlFile.text(entry, "name");
        if (!(entry instanceof MappingNode mapping) || written == null) {
            throw wrong(what, "an image is a name, or a mapping with the key name");
        }
        String image = what + ", " + written;
        checkKeys(mapping, IMAGE_KEYS, image);
        Reference name = name(written);
        List<String> tags = YamlFile.texts(YamlFile.value(entry, "tags"));
        String versions = YamlFile.text(entry, "versions");
        String regex = YamlFile.text(entry, "regex");
        int newest = number(YamlFile.text(entry, "newest"), image);
        boolean isWithTag = written.contains("@") || written.lastIndexOf(':') > written.lastIndexOf('/');
        if (isWithTag && (!tags.isEmpty() || versions != null || regex != null || newest > 0)) {
            throw wrong(image, "the name has a tag or a digest: omit it, as tags are chosen");
        }
        tags.forEach(tag -> name(new Reference(name.registry(), name.repository(), null, null) + ":" + tag));
        Usual own = usual(entry, usual, image);
        try {
            return new Wanted(name, tags, regex == null ? null : Pattern.compile(regex), versions == null ? null : VersionRange.parse(versions), newest,
                    isTrue(YamlFile.text(entry, "prereleases"), image), own.platforms, own.isAsked, own.referrers);
        } catch (PatternSyntaxException e) {
            throw wrong(image, "'" + regex + "' is not a regular expression: " + e.getDescription());
        } catch (IllegalArgumentException e) {
            throw wrong(image, e.getMessage());
        }
    }

    private Usual usual(Node mapping, Usual other, String what) {
        List<String> platforms = YamlFile.texts(YamlFile.value(mapping, "platforms"));
        String referrers = YamlFile.text(mapping, "referrers");
        try {
            ReferrerSelection selection = referrers == null ? other.referrers : ReferrerSelection.parse(referrers);
            if (platforms.isEmpty()) {
                return new Usual(other.platforms, other.isAsked, selection);
            }
            return new Usual(platforms.equals(List.of("all")) ? List.of() : platforms.stream().map(Platform::parse).distinct().toList(), true, selection);
        } catch (IllegalArgumentException e) {
            throw wrong(what, e.getMessage());
        }
    }

    private void checkKeys(MappingNode mapping, List<String> known, String what) {
        for (NodeTuple tuple : mapping.getValue()) {
            String key = YamlFile.text(tuple.getKeyNode());
            if (!known.contains(String.valueOf(key))) {
                throw wrong(what, "unknown key '" + key + "': write one of " + String.join(", ", known));
            }
        }
    }

    private int number(@Nullable String text, String what) {
        if (text != null && !text.matches("[1-9][0-9]{0,5}")) {
            throw wrong(what, "newest must be a number from 1 on, but is '" + text + "'");
        }
        return text == null ? 0 : Integer.parseInt(text);
    }

    private boolean isTrue(@Nullable String text, String what) {
        if (text != null && !text.matches("true|false")) {
            throw wrong(what, "prereleases must be true or false, but is '" + text + "'");
        }
        return "true".equals(text);
    }

    private Reference name(String text) {
        try {
            return names.apply(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    private IllegalArgumentException wrong(String what, String why) {
        return new IllegalArgumentException(file + ": " + what + ": " + why);
    }
}
