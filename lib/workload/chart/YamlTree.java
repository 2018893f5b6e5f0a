package lib.workload.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.nio.file.Path;
import lib.failure.WrongContentException;
import lib.text.Json;
import lib.workload.YamlFile;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * YAML as the tree that helm makes of it: aliases are written out, and {@code <<} is merged. All numbers become texts, as templates print
 * them: {@code tag: 1.10} is a number, and prints as 1.1. Some lines of aliases of aliases could stand for billions of values.
 */
final class YamlTree {
    private static final int MOST_NODES = 200_000;
    private static final int DEEPEST = 100;

    private final String name;
    private int nodes;

    private YamlTree(String name) {
        this.name = name;
    }

    /**
     * Returns the first document; an empty object where there is none.
     *
     * @throws WrongContentException if it is not YAML, not a mapping, or too large or too deep
     */
    static ObjectNode of(String name, byte[] yaml) throws WrongContentException {
        return of(YamlFile.parse(name, Path.of(""), yaml));
    }

    /** Does the same for a file that is open. */
    static ObjectNode of(YamlFile yaml) throws WrongContentException {
        JsonNode tree = any(yaml);
        if (tree.isNull()) {
            return Json.newObject();
        }
        if (tree instanceof ObjectNode object) {
            return object;
        }
        throw new WrongContentException(yaml.name() + " is not a mapping of names to values");
    }

    /** Returns the first document, whatever it is; throws WrongContentException if it is too large or too deep. */
    static JsonNode any(YamlFile yaml) throws WrongContentException {
        return yaml.documents().isEmpty() ? NullNode.instance : new YamlTree(yaml.name()).tree(yaml.documents().get(0), 0);
    }

    private JsonNode tree(Node node, int depth) throws WrongContentException {
        if (++nodes > MOST_NODES || depth > DEEPEST) {
            throw new WrongContentException(name + " has more than " + MOST_NODES + " values, or more than " + DEEPEST + " in each other: refused");
        }
        if (node instanceof MappingNode mapping) {
            return mapping(mapping, depth);
        }
        if (node instanceof SequenceNode sequence) {
            ArrayNode list = Json.newArray();
            for (Node item : sequence.getValue()) {
                list.add(tree(item, depth + 1));
            }
            return list;
        }
        return scalar((ScalarNode) node);
    }

    /** What a mapping has itself counts before what is merged into it. */
    private ObjectNode mapping(MappingNode mapping, int depth) throws WrongContentException {
        ObjectNode object = Json.newObject();
        for (NodeTuple tuple : mapping.getValue()) {
            if (isMerge(tuple)) {
                JsonNode merged = tree(tuple.getValueNode(), depth + 1);
                for (JsonNode one : merged.isArray() ? merged : Json.newArray().add(merged)) {
                    one.fields().forEachRemaining(field -> object.putIfAbsent(field.getKey(), field.getValue()));
                }
            }
        }
        for (NodeTuple tuple : mapping.getValue()) {
            if (tuple.getKeyNode() instanceof ScalarNode key && !isMerge(tuple)) {
                object.set(key.getValue(), tree(tuple.getValueNode(), depth + 1));
            }
        }
        return object;
    }

    private static boolean isMerge(NodeTuple tuple) {
        return Tag.MERGE.equals(tuple.getKeyNode().getTag());
    }

    private static JsonNode scalar(ScalarNode scalar) {
        String text = scalar.getValue();
        if (Tag.NULL.equals(scalar.getTag())) {
            return NullNode.instance;
        }
        if (Tag.BOOL.equals(scalar.getTag())) {
            return BooleanNode.valueOf(text.matches("(?i)true|yes|on|y"));
        }
        return TextNode.valueOf(Tag.FLOAT.equals(scalar.getTag()) ? number(text) : text);
    }

    private static String number(String text) {
        try {
            return BigDecimal.valueOf(Double.parseDouble(text.replace("_", ""))).stripTrailingZeros().toPlainString();
        } catch (NumberFormatException e) {
            return text; // .inf, or minutes and seconds with a colon between them
        }
    }
}
