package lib.workload;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import lib.failure.NotFoundException;
import lib.failure.WrongContentException;
import lib.file.SmallFile;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

//DEPS org.yaml:snakeyaml:2.4

/**
 * A YAML file as a graph of nodes, in the order of its lines. Tags mean nothing here.
 *
 * @param name      what the file is called, for messages
 * @param folder    where the paths in it start
 * @param documents the roots of its documents
 * @see <a href="https://yaml.org/spec/1.2.2/">YAML 1.2</a>
 */
public record YamlFile(String name, Path folder, List<Node> documents) {
    static final String MERGE = "<<";
    private static final int MOST_MERGES = 8;
    /** The size that a file may have, in MiB: what a chart renders may be large. */
    private static final int LARGEST = 64;

    /** Reads a file; throws WrongContentException when it is not YAML, or still a template, and NotFoundException when it is not there. */
    public static YamlFile read(Path file) throws IOException {
        if (!Files.isRegularFile(file) && !Files.isReadable(file)) {
            throw new NotFoundException(file + " does not exist or cannot be read");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return read(in, file.toString(), file.toAbsolutePath().getParent());
        }
    }

    /** Does the same for a stream, whose paths start in a folder. */
    static YamlFile read(InputStream in, String name, Path folder) throws IOException {
        return parse(name, folder, SmallFile.upTo(in, name, LARGEST));
    }

    /** Does the same for bytes; throws WrongContentException when they are not YAML, or still a template. */
    public static YamlFile parse(String name, Path folder, byte[] bytes) throws WrongContentException {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') >= 0) {
            throw new WrongContentException(name + " is not YAML: it is not UTF-8");
        }
        return parse(name, folder, text.startsWith("\uFEFF") ? text.substring(1) : text);
    }

    /**
     * Reads a text.
     *
     * @param folder where the paths in it start
     * @throws WrongContentException when it is not YAML, or still a template
     */
    public static YamlFile parse(String name, Path folder, String text) throws WrongContentException {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(Integer.MAX_VALUE); // what a chart renders may be large
        try {
            List<Node> documents = new ArrayList<>();
            new Yaml(options).composeAll(new StringReader(text)).forEach(documents::add);
            return new YamlFile(name, folder, documents);
        } catch (YAMLException e) {
            if (text.contains("{{")) {
                throw template(name);
            }
            throw new WrongContentException(name + " is not YAML: " + e.getMessage().lines().map(String::strip).limit(2).reduce((a, b) -> a + ", " + b).orElse(""), e);
        }
    }

    static WrongContentException template(String name) {
        return new WrongContentException(name + " is a template and not yet YAML: render it first, as in 'helm template CHART | jbang images -'");
    }

    /** Returns the files in a folder that kubectl takes, in the order of their names. */
    static List<Path> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().matches(".*\\.(ya?ml|json)") && Files.isRegularFile(file)).sorted().toList();
        }
    }

    /** Returns the documents that are mappings, which all that name images are. */
    List<MappingNode> mappings() {
        return documents.stream().filter(MappingNode.class::isInstance).map(MappingNode.class::cast).toList();
    }

    /** Returns the value at a path in this file. */
    Path path(String relative) {
        return folder.resolve(relative).normalize();
    }

    /** Returns the value of a key of a mapping, or null. */
    public static @Nullable Node value(@Nullable Node mapping, String key) {
        return mapping instanceof MappingNode some ? value(some, key, MOST_MERGES) : null;
    }

    /** Returns the value of a key: in the mapping itself, else in those that are merged into it, to a sensible depth. */
    private static Node value(MappingNode mapping, String key, int depth) {
        Node found = null;
        for (NodeTuple tuple : mapping.getValue()) {
            if (key.equals(text(tuple.getKeyNode()))) {
                return tuple.getValueNode();
            }
            if (found == null && depth > 0 && MERGE.equals(text(tuple.getKeyNode()))) {
                found = Stream.concat(Stream.of(tuple.getValueNode()), items(tuple.getValueNode()).stream()).filter(MappingNode.class::isInstance)
                        .map(other -> value((MappingNode) other, key, depth - 1)).filter(Objects::nonNull).findFirst().orElse(null);
            }
        }
        return found;
    }

    /** Returns the text that is the value of a key, or null. */
    public static @Nullable String text(@Nullable Node mapping, String key) {
        return text(value(mapping, key));
    }

    /** Returns the text of a node, as it is written, or null if it has none. */
    public static @Nullable String text(@Nullable Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : null;
    }

    /** Returns the items of a list; of anything else none. */
    public static List<Node> items(@Nullable Node node) {
        return node instanceof SequenceNode sequence ? sequence.getValue() : List.of();
    }

    /** Returns the texts of a list or, where no list is needed for one, of a single text. */
    public static List<String> texts(@Nullable Node node) {
        return text(node) != null ? List.of(text(node)) : items(node).stream().map(YamlFile::text).filter(Objects::nonNull).toList();
    }
}
