package lib.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import lib.failure.WrongContentException;
import lib.text.Json;

/** What matters in the answer of a registry, for somebody who sees one for the first time. */
public final class DemoLines {
    private static final int LONGEST = 110;

    private DemoLines() { }

    /** Returns a line of output as it is or, where it is the JSON of a token, an index, a manifest or a config, the fields that matter, a line each. */
    public static List<String> of(String line) {
        if (!line.startsWith("{")) {
            return List.of(cut(line));
        }
        JsonNode json;
        try {
            json = Json.object(line.getBytes(java.nio.charset.StandardCharsets.UTF_8), "an answer");
        } catch (WrongContentException e) {
            return List.of(cut(line));
        }
        List<String> lines = new ArrayList<>();
        lines.add("{");
        for (String name : List.of("token", "expires_in", "mediaType", "architecture", "os", "rootfs")) {
            if (json.has(name)) {
                lines.add("  \"" + name + "\": " + cut(json.path(name).toString()));
            }
        }
        if (json.path("config").has("digest")) {
            lines.add("  config" + descriptor(json.path("config")));
        } else if (json.has("config")) {
            lines.add("  \"config\": " + cut(json.path("config").toString()));
        }
        json.path("manifests").forEach(entry -> lines.add("  manifest of " + entry.path("platform").path("os").asText() + "/" + entry.path("platform").path("architecture").asText() + descriptor(entry)));
        json.path("layers").forEach(layer -> lines.add("  layer" + descriptor(layer)));
        if (json.has("image")) {
            lines.add("  \"image\": " + cut(json.path("image").toString()));
        }
        lines.add("}   (in part)");
        return lines;
    }

    private static String descriptor(JsonNode entry) {
        return ": " + entry.path("digest").asText() + ", " + entry.path("size").asText() + " bytes";
    }

    private static String cut(String text) {
        return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    }
}
