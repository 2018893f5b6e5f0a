package lib.workload.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import lib.workload.Findings;

/**
 * Values that look like images. A chart may call them what it likes, so these are guesses, by what most charts do: a mapping with a
 * repository and a tag; a text called {@code image} or {@code sidecarImage}; or any text with a registry and a tag.
 */
final class ValueImages {
    private final String registry;
    private final String appVersion;
    private final BiConsumer<String, String> found;

    private ValueImages(String registry, String appVersion, BiConsumer<String, String> found) {
        this.registry = registry;
        this.appVersion = appVersion;
        this.found = found;
    }

    /**
     * Looks at the values of a chart.
     *
     * @param skip  names of its topmost values that are not its own: those of the charts below it
     * @param found is given each image and the path of its value
     */
    static void of(Chart chart, ObjectNode values, Set<String> skip, BiConsumer<String, String> found) {
        ValueImages images = new ValueImages(Values.text(Values.mapping(values, Values.GLOBAL), "imageRegistry"), chart.appVersion(), found);
        ObjectNode own = values.deepCopy();
        own.remove(skip);
        images.mapping(own, "", "", "");
    }

    private void any(JsonNode value, String key, String path, String remark) {
        if (value instanceof ObjectNode mapping) {
            mapping(mapping, key, path, remark);
        } else if (value.isTextual()) {
            Stream.of(value.asText().split("[\\s,;='\"]+")).filter(Findings::isFullName).forEach(image -> found.accept(image, path + remark));
        } else {
            int i = 0;
            for (JsonNode item : value) {
                any(item, key, path + "[" + i++ + "]", remark);
            }
        }
    }

    private void mapping(ObjectNode mapping, String key, String path, String above) {
        boolean isOff = mapping.path("enabled").isBoolean() && !mapping.path("enabled").asBoolean();
        String remark = isOff && above.isEmpty() ? ", which is not enabled" : above;
        parts(mapping, key, path, remark);
        for (Iterator<Map.Entry<String, JsonNode>> fields = mapping.fields(); fields.hasNext(); ) {
            Map.Entry<String, JsonNode> field = fields.next();
            String below = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
            if (isOfImage(field.getKey()) && field.getValue().isTextual() && !Findings.isFullName(field.getValue().asText())) {
                text(mapping, field.getKey(), below, remark);
            } else {
                any(field.getValue(), field.getKey(), below, remark);
            }
        }
    }

    /** A mapping whose parts make up the name: registry, repository, tag, digest. */
    private void parts(ObjectNode mapping, String key, String path, String remark) {
        boolean hasVersion = mapping.has("tag") || mapping.has("digest");
        String repository = Stream.of("repository", isOfImage(key) ? "name" : "repository", isOfImage(key) ? "image" : "repository")
                .map(name -> Values.text(mapping, name)).filter(text -> !text.isEmpty()).findFirst().orElse("");
        if (repository.isEmpty() || !hasVersion && !mapping.has("registry") && !isOfImage(key)) {
            return;
        }
        String own = Values.text(mapping, "registry");
        String host = mapping.has("registry") && !registry.isEmpty() ? registry : own;
        String digest = Values.text(mapping, "digest");
        String name = (host.isEmpty() ? "" : host + "/") + repository;
        String tag = Values.text(mapping, "tag");
        String version = hasVersion(repository) ? "" : !tag.isEmpty() ? tag : digest.isEmpty() ? appVersion : "";
        accept(name + (version.isEmpty() ? "" : ":" + version) + (digest.isEmpty() ? "" : "@" + digest), path, remark);
    }

    /** A text that is a name, its tag in it or beside it: {@code image} with {@code tag} or {@code imageTag}. */
    private void text(ObjectNode mapping, String key, String path, String remark) {
        String name = mapping.path(key).asText().strip();
        if (hasVersion(name)) {
            accept(name, path, remark);
            return;
        }
        String beside = Stream.of(key + "Tag", "tag").filter(mapping::has).findFirst().orElse(null);
        if (beside != null && !name.isEmpty() && !mapping.has("repository")) {
            String tag = Values.text(mapping, beside);
            accept(name + ":" + (tag.isEmpty() ? appVersion : tag), path, remark);
        }
    }

    private void accept(String image, String path, String remark) {
        if (hasVersion(image)) {
            found.accept(image, path + remark);
        }
    }

    private static boolean isOfImage(String key) {
        return key.matches("(?i).*image");
    }

    private static boolean hasVersion(String name) {
        return name.contains("@") || name.lastIndexOf(':') > name.lastIndexOf('/');
    }
}
