package lib.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * A JSON object whose keys are found as Go finds them, in which engines and registries are written: {@code Layers} where there is no
 * {@code layers}. Of several that differ only in case, the last one counts, as in Go. Keys keep the case in which they were written.
 *
 * @see <a href="https://pkg.go.dev/encoding/json#Unmarshal">encoding/json, Unmarshal</a>
 */
@SuppressWarnings("unchecked") // JsonNode's deepCopy promises whatever its caller wants
final class GoObject extends ObjectNode {
    private static final long serialVersionUID = 1;

    private GoObject(Map<String, JsonNode> fields) {
        super(JsonTree.NODES, new Fields(fields));
    }

    /** Returns the object of these fields, which are as the JSON has them. */
    static ObjectNode of(Map<String, JsonNode> fields) {
        TreeSet<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        names.addAll(fields.keySet());
        return new GoObject(names.size() == fields.size() ? fields : last(fields));
    }

    private static Map<String, JsonNode> last(Map<String, JsonNode> fields) {
        TreeSet<String> later = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        Object[] keys = fields.keySet().toArray();
        for (int i = keys.length - 1; i >= 0; i--) {
            if (!later.add((String) keys[i])) {
                fields.remove(keys[i]);
            }
        }
        return fields;
    }

    @Override
    public ObjectNode deepCopy() {
        Map<String, JsonNode> copies = new LinkedHashMap<>();
        properties().forEach(field -> copies.put(field.getKey(), field.getValue().deepCopy()));
        return new GoObject(copies);
    }

    /** What ObjectNode keeps its fields in. */
    private static final class Fields extends LinkedHashMap<String, JsonNode> {
        private static final long serialVersionUID = 1;

        Fields(Map<String, JsonNode> fields) {
            super(fields);
        }

        /** Returns the key that stands here for this one, or this one if there is none. */
        private Object written(Object wanted) {
            if (!super.containsKey(wanted)) {
                for (String key : keySet()) {
                    if (key.equalsIgnoreCase((String) wanted)) {
                        return key;
                    }
                }
            }
            return wanted;
        }

        @Override
        public JsonNode get(Object key) {
            return super.get(written(key));
        }

        @Override
        public boolean containsKey(Object key) {
            return super.containsKey(written(key));
        }

        @Override
        public JsonNode put(String key, JsonNode value) {
            return super.put((String) written(key), value);
        }

        @Override
        public JsonNode remove(Object key) {
            return super.remove(written(key));
        }
    }
}
