package lib.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the configs of two images say in different ways of how to run them. When they were made, by whom and by which steps is not compared.
 *
 * @param key    the property, and for lists of named things the name: {@code Cmd}, {@code Env PATH}, {@code Labels version}
 * @param before what the first config says, or null
 * @param after  what the second one says, or null
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/config.md#properties">image-spec, Image Configuration</a>
 */
public record ConfigChange(String key, @Nullable JsonNode before, @Nullable JsonNode after) {
    private static final List<String> PLATFORM = List.of("architecture", "os", "os.version", "variant");
    /** The last ones are Docker's. */
    private static final List<String> RUN = List.of("User", "ExposedPorts", "Env", "Entrypoint", "Cmd", "Volumes", "WorkingDir", "Labels", "StopSignal",
            "ArgsEscaped", "Healthcheck", "OnBuild", "Shell", "StopTimeout");

    /** Returns {@code added}, {@code removed} or {@code changed}. */
    public String change() {
        return before == null ? "added" : after == null ? "removed" : "changed";
    }

    /** Compares two configs; an empty value is none. */
    public static List<ConfigChange> between(ObjectNode before, ObjectNode after) {
        Map<String, JsonNode> one = facts(before);
        Map<String, JsonNode> other = facts(after);
        TreeSet<String> keys = new TreeSet<>(one.keySet());
        keys.addAll(other.keySet());
        List<ConfigChange> changes = new ArrayList<>();
        for (String key : keys) {
            if (!one.containsKey(key) || !one.get(key).equals(other.get(key))) {
                changes.add(new ConfigChange(key, one.get(key), other.get(key)));
            }
        }
        return changes;
    }

    private static Map<String, JsonNode> facts(ObjectNode config) {
        Map<String, JsonNode> facts = new TreeMap<>();
        PLATFORM.forEach(key -> add(facts, key, config.path(key)));
        for (String key : RUN) {
            JsonNode value = config.path("config").path(key);
            if (key.equals("Env")) {
                value.forEach(variable -> addVariable(facts, variable.asText()));
            } else if (List.of("ExposedPorts", "Volumes", "Labels").contains(key)) {
                value.properties().forEach(one -> facts.put(key + " " + one.getKey(), one.getValue()));
            } else {
                add(facts, key, value);
            }
        }
        return facts;
    }

    private static void addVariable(Map<String, JsonNode> facts, String variable) {
        int equals = variable.indexOf('=');
        String name = equals < 0 ? variable : variable.substring(0, equals);
        facts.put("Env " + name, JsonNodeFactory.instance.textNode(equals < 0 ? "" : variable.substring(equals + 1)));
    }

    private static void add(Map<String, JsonNode> facts, String key, JsonNode value) {
        boolean isNone = value.isMissingNode() || value.isNull() || value.isContainerNode() && value.isEmpty() || value.isTextual() && value.asText().isEmpty()
                || value.isBoolean() && !value.asBoolean();
        if (!isNone) {
            facts.put(key, value);
        }
    }
}
