package lib.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import lib.text.Json;
import org.jspecify.annotations.Nullable;

/**
 * The description of an image by an engine before Docker 1.8.3, or by none that said which it was. Docker does not keep such a description as
 * it is when it makes a config of it, but writes it anew with the settings that it knows itself, each in its place, also those that were not there.
 * The image ID is the digest of that.
 *
 * @see <a href="https://github.com/moby/docker-image-spec/blob/v1.0.0/spec.md#image-json-field-descriptions">Docker image spec, v1, Image JSON</a>
 */
final class V1Config {
    private static final int[] FIRST_KEPT = {1, 8, 3};
    private static final Set<String> LISTS = Set.of("Cmd", "Entrypoint", "Shell");
    private static final Set<String> OBJECTS_OF_NOTHING = Set.of("ExposedPorts", "Volumes");
    private static final List<String> TEXTS = List.of("comment", "container", "docker_version", "author", "architecture", "variant", "os");
    /** The settings in Docker's order, and what stands there where one is not given; null for those that are left out then. */
    private static final Map<String, @Nullable JsonNode> SETTINGS = settings();

    private V1Config() { }

    private static Map<String, JsonNode> settings() {
        JsonNodeFactory json = JsonNodeFactory.instance;
        Map<String, JsonNode> settings = new LinkedHashMap<>();
        List.of("Hostname", "Domainname", "User").forEach(key -> settings.put(key, json.textNode("")));
        List.of("AttachStdin", "AttachStdout", "AttachStderr").forEach(key -> settings.put(key, json.booleanNode(false)));
        settings.put("ExposedPorts", null);
        List.of("Tty", "OpenStdin", "StdinOnce").forEach(key -> settings.put(key, json.booleanNode(false)));
        List.of("Env", "Cmd").forEach(key -> settings.put(key, json.nullNode()));
        List.of("Healthcheck", "ArgsEscaped").forEach(key -> settings.put(key, null));
        settings.put("Image", json.textNode(""));
        settings.put("Volumes", json.nullNode());
        settings.put("WorkingDir", json.textNode(""));
        settings.put("Entrypoint", json.nullNode());
        List.of("NetworkDisabled", "MacAddress").forEach(key -> settings.put(key, null));
        List.of("OnBuild", "Labels").forEach(key -> settings.put(key, json.nullNode()));
        List.of("StopSignal", "StopTimeout", "Shell").forEach(key -> settings.put(key, null));
        return settings;
    }

    /** Returns whether Docker writes a description anew; whatever is not a number in a version counts as 0. */
    static boolean isOld(ObjectNode description) {
        String[] parts = description.path("docker_version").asText().split("\\.");
        for (int i = 0; i < FIRST_KEPT.length; i++) {
            int number = i < parts.length && parts[i].matches("[0-9]{1,9}") ? Integer.parseInt(parts[i]) : 0;
            if (number != FIRST_KEPT[i]) {
                return number < FIRST_KEPT[i];
            }
        }
        return false;
    }

    /** Returns the description as Docker writes it. */
    static ObjectNode of(ObjectNode description) {
        ObjectNode written = Json.newObject().put("created", description.path("created").asText("0001-01-01T00:00:00Z"));
        written.set("container_config", settings(description.path("container_config")));
        if (description.path("config").isObject()) {
            written.set("config", settings(description.path("config")));
        }
        for (String key : TEXTS) {
            String text = description.path(key).asText();
            if (!text.isEmpty()) {
                written.put(key, text);
            }
        }
        return written;
    }

    private static ObjectNode settings(JsonNode given) {
        ObjectNode written = Json.newObject();
        SETTINGS.forEach((key, otherwise) -> {
            JsonNode value = value(key, given.path(key));
            if (otherwise != null) {
                written.set(key, value.isNull() || value.isMissingNode() ? otherwise : value);
            } else if (!isEmpty(value)) {
                written.set(key, value);
            }
        });
        return written;
    }

    private static JsonNode value(String key, JsonNode given) {
        if (LISTS.contains(key) && given.isTextual()) {
            ArrayNode list = Json.newArray();
            return list.add(given);
        }
        if (given.isObject() && !key.equals("Healthcheck")) {
            Map<String, JsonNode> sorted = new TreeMap<>();
            given.properties().forEach(property -> sorted.put(property.getKey(), OBJECTS_OF_NOTHING.contains(key) ? Json.newObject() : property.getValue()));
            ObjectNode object = Json.newObject();
            object.setAll(sorted);
            return object;
        }
        return given;
    }

    private static boolean isEmpty(JsonNode value) {
        return value.isMissingNode() || value.isNull() || value.isContainerNode() && value.isEmpty() || value.isTextual() && value.asText().isEmpty()
                || value.isBoolean() && !value.asBoolean() || value.isNumber() && value.asLong() == 0;
    }
}
