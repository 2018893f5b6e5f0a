package lib.text;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Trees from Jackson's parser, and to its generator. Jackson's ObjectMapper does the same, but can bind classes and dates too,
 * and getting ready for that takes a fifth of the time in which a small script starts and ends.
 */
final class JsonTree {
    /** Numbers keep their digits: 1.10 does not become 1.1. */
    static final JsonNodeFactory NODES = new JsonNodeFactory(true) {
        @Override
        public NullNode nullNode() {
            return Nothing.IT;
        }
    };

    /** Go writes null for what is empty and reads it as such. As text it is "", not the word. */
    private static final class Nothing extends NullNode {
        static final Nothing IT = new Nothing();

        @Override
        public String asText() {
            return "";
        }
    }

    /** How the keys of an object are found. */
    enum Keys {
        /** As they are written, in all objects. */
        EXACT,
        /** As those of Go's structs: in any case. */
        GO,
        /** As they are written, because they are data; the objects in this one are again Go's. */
        DATA;

        Keys below(String key) {
            return this == EXACT ? EXACT : this == GO && DATA_IN.contains(key.toLowerCase(Locale.ROOT)) ? DATA : GO;
        }
    }

    /** What Go has maps for in manifests, configs, Docker's own config and tables of contents. */
    private static final Set<String> DATA_IN = Set.of("annotations", "labels", "exposedports", "volumes", "auths", "credhelpers", "xattrs");

    private JsonTree() { }

    /** Returns the value that the parser stands on. How deep it may go is limited by the parser. */
    static JsonNode read(JsonParser parser, Keys keys) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser, keys);
            case START_ARRAY -> array(parser, keys);
            case VALUE_STRING -> NODES.textNode(parser.getText());
            case VALUE_NUMBER_INT -> switch (parser.getNumberType()) {
                case INT -> NODES.numberNode(parser.getIntValue());
                case LONG -> NODES.numberNode(parser.getLongValue());
                default -> NODES.numberNode(parser.getBigIntegerValue());
            };
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDecimalValue());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            default -> NODES.nullNode();
        };
    }

    private static ObjectNode object(JsonParser parser, Keys keys) throws IOException {
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            parser.nextToken();
            fields.put(key, read(parser, keys.below(key)));
        }
        return keys == Keys.GO ? GoObject.of(fields) : new ObjectNode(NODES, fields);
    }

    private static ArrayNode array(JsonParser parser, Keys keys) throws IOException {
        ArrayNode array = NODES.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(read(parser, keys));
        }
        return array;
    }

    /** Returns a tree in which each name and each text is what the function makes of it. */
    static JsonNode withTexts(JsonNode tree, UnaryOperator<String> function) {
        if (tree instanceof ObjectNode object) {
            ObjectNode other = NODES.objectNode();
            object.properties().forEach(entry -> other.set(function.apply(entry.getKey()), withTexts(entry.getValue(), function)));
            return other;
        }
        if (tree instanceof ArrayNode array) {
            ArrayNode other = NODES.arrayNode(array.size());
            array.forEach(item -> other.add(withTexts(item, function)));
            return other;
        }
        return tree.isTextual() ? NODES.textNode(function.apply(tree.textValue())) : tree;
    }

    static void write(JsonNode tree, JsonGenerator generator) throws IOException {
        switch (tree.getNodeType()) {
            case OBJECT -> {
                generator.writeStartObject();
                for (Map.Entry<String, JsonNode> entry : tree.properties()) {
                    generator.writeFieldName(entry.getKey());
                    write(entry.getValue(), generator);
                }
                generator.writeEndObject();
            }
            case ARRAY -> {
                generator.writeStartArray();
                for (JsonNode element : tree) {
                    write(element, generator);
                }
                generator.writeEndArray();
            }
            case STRING -> generator.writeString(tree.textValue());
            case NUMBER -> generator.writeNumber(tree.asText());
            case BOOLEAN -> generator.writeBoolean(tree.booleanValue());
            default -> generator.writeNull();
        }
    }
}
