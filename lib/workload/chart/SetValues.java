package lib.workload.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import lib.text.Json;

/**
 * Values in helm's short form: {@code image.tag=1.2,metrics.enabled=true}. A backslash takes the meaning of the dot or the comma behind it.
 * Lists, which helm knows here too, are left to files.
 *
 * @see <a href="https://helm.sh/docs/intro/using_helm/#the-format-and-limitations-of---set">Helm, The Format and Limitations of --set</a>
 */
final class SetValues {
    private static final String UNESCAPED = "(?<!\\\\)";

    private SetValues() { }

    /** Returns the tree that a text stands for; throws IllegalArgumentException if it is not of that form. */
    static ObjectNode of(String text) {
        ObjectNode all = Json.newObject();
        for (String pair : text.split(UNESCAPED + ",")) {
            int equals = pair.indexOf('=');
            String value = pair.substring(equals + 1);
            if (equals < 1 || pair.substring(0, equals).contains("[") || value.startsWith("{")) {
                throw new IllegalArgumentException("'" + pair + "' is not NAME=VALUE, such as image.tag=1.2; lists belong into a values file");
            }
            put(all, pair.substring(0, equals), value(plain(value)));
        }
        return all;
    }

    private static void put(ObjectNode all, String path, JsonNode value) {
        String[] keys = path.split(UNESCAPED + "\\.");
        ObjectNode at = all;
        for (int i = 0; i < keys.length - 1; i++) {
            String key = plain(keys[i]);
            at = at.get(key) instanceof ObjectNode below ? below : at.putObject(key);
        }
        at.set(plain(keys[keys.length - 1]), value);
    }

    private static JsonNode value(String text) {
        return switch (text) {
            case "true", "false" -> BooleanNode.valueOf(text.equals("true"));
            case "null" -> NullNode.instance;
            default -> TextNode.valueOf(text);
        };
    }

    private static String plain(String text) {
        return text.replaceAll("\\\\(.)", "$1");
    }
}
