package lib.workload.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.Map;
import lib.text.Json;

/**
 * Values of charts, put together as helm does: mappings are merged, anything else is replaced, and a null takes away what was there.
 *
 * @see <a href="https://helm.sh/docs/chart_template_guide/values_files/">Helm, Values Files</a>
 */
final class Values {
    static final String GLOBAL = "global";

    private Values() { }

    /** Returns these values and, where they have none, those of another tree. */
    static ObjectNode over(ObjectNode values, ObjectNode others) {
        ObjectNode all = Json.newObject();
        others.fields().forEachRemaining(other -> {
            JsonNode value = values.get(other.getKey());
            if (value == null) {
                all.set(other.getKey(), other.getValue());
            } else if (value instanceof ObjectNode object && other.getValue() instanceof ObjectNode under) {
                all.set(other.getKey(), over(object, under));
            } else {
                all.set(other.getKey(), value);
            }
        });
        values.fields().forEachRemaining(value -> all.putIfAbsent(value.getKey(), value.getValue()));
        return all;
    }

    /** Returns a tree without nulls: by then they have taken away what they should. */
    static ObjectNode withoutNulls(ObjectNode values) {
        ObjectNode rest = Json.newObject();
        for (Iterator<Map.Entry<String, JsonNode>> fields = values.fields(); fields.hasNext(); ) {
            Map.Entry<String, JsonNode> field = fields.next();
            if (field.getValue() instanceof ObjectNode object) {
                rest.set(field.getKey(), withoutNulls(object));
            } else if (!field.getValue().isNull()) {
                rest.set(field.getKey(), field.getValue());
            }
        }
        return rest;
    }

    /** Returns the value at a path with dots; missing if there is none. */
    static JsonNode at(JsonNode values, String path) {
        JsonNode at = values;
        for (String key : path.split("\\.")) {
            at = at.path(key);
        }
        return at;
    }

    /** Returns the mapping of this name, or an empty one. */
    static ObjectNode mapping(JsonNode values, String name) {
        return values.path(name) instanceof ObjectNode object ? object : Json.newObject();
    }

    /** Returns a text that is not empty, or "". */
    static String text(JsonNode values, String name) {
        JsonNode value = values.isObject() ? values.path(name) : MissingNode.getInstance();
        return value.isTextual() ? value.asText().strip() : "";
    }
}
