package lib.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.failure.WrongContentException;
import lib.text.PlainText;

/**
 * The config of an image in words: what it runs, and what each layer came from.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/config.md">image-spec, Image Configuration</a>
 */
public record ImageConfig(ObjectNode json) {

    /** Returns the platform that the image says it is for. */
    public Platform platform() {
        return new Platform(json.path("os").asText(), json.path("architecture").asText(), json.path("variant").asText(), json.path("os.version").asText());
    }

    /** Returns the command that a container starts with, quoted for a shell; "" when the image names none. */
    public String startCommand() {
        return Stream.concat(words("Entrypoint").stream(), words("Cmd").stream()).map(ImageConfig::quoted).collect(Collectors.joining(" "));
    }

    /** Returns a {@code docker run} that says what the image says itself, so that it can be changed. */
    public String dockerRun(String name) {
        List<String> command = new ArrayList<>(List.of("docker", "run", "--rm"));
        add(command, "--user", json.path("config").path("User").asText());
        add(command, "--workdir", json.path("config").path("WorkingDir").asText());
        words("Env").stream().filter(variable -> !variable.startsWith("PATH=")).forEach(variable -> add(command, "--env", variable));
        keys("ExposedPorts").forEach(port -> add(command, "--publish", port.replaceFirst("^([0-9]+).*", "$1") + ":" + port));
        keys("Volumes").forEach(volume -> add(command, "--volume", volume));
        List<String> entrypoint = words("Entrypoint");
        if (!entrypoint.isEmpty()) {
            add(command, "--entrypoint", entrypoint.get(0));
        }
        command.add(name);
        command.addAll(entrypoint.subList(Math.min(1, entrypoint.size()), entrypoint.size()));
        command.addAll(words("Cmd"));
        return command.stream().map(ImageConfig::quoted).collect(Collectors.joining(" "));
    }

    private static void add(List<String> command, String option, String value) {
        if (!value.isEmpty()) {
            command.addAll(List.of(option, value));
        }
    }

    /**
     * Returns a summary for people, a line a fact.
     *
     * @throws WrongContentException if the manifest's layers are not descriptors
     */
    public List<String> summary(Manifest manifest, String name) throws WrongContentException {
        List<String> lines = new ArrayList<>();
        line(lines, "platform", Stream.of("os", "architecture", "variant").map(key -> json.path(key).asText()).filter(part -> !part.isEmpty()).collect(Collectors.joining("/")));
        line(lines, "version", json.path("os.version").asText());
        line(lines, "created", json.path("created").asText());
        line(lines, "user", json.path("config").path("User").asText());
        line(lines, "folder", json.path("config").path("WorkingDir").asText());
        words("Env").forEach(variable -> line(lines, "environment", variable));
        line(lines, "ports", String.join(", ", keys("ExposedPorts")));
        line(lines, "volumes", String.join(", ", keys("Volumes")));
        json.path("config").path("Labels").properties().forEach(label -> line(lines, "label", label.getKey() + "=" + label.getValue().asText()));
        line(lines, "starts", startCommand());
        line(lines, "the same as", dockerRun(name));
        List<String> makers = makers();
        List<Descriptor> layers = manifest.layers();
        for (int i = 0; i < layers.size(); i++) {
            line(lines, "layer " + (i + 1), String.format(java.util.Locale.ROOT, "%,13d bytes  %s", layers.get(i).size(), i < makers.size() ? makers.get(i) : ""));
        }
        return lines;
    }

    private static void line(List<String> lines, String fact, String value) {
        if (!value.isEmpty()) {
            lines.add(String.format("%-12s %s", fact, PlainText.spaced(value)));
        }
    }

    /** Returns what made each layer, oldest first: the lines of the history that say they made none are left out. */
    private List<String> makers() {
        List<String> makers = new ArrayList<>();
        for (JsonNode step : json.path("history")) {
            if (!step.path("empty_layer").asBoolean()) {
                makers.add(step.path("created_by").asText().replaceFirst("^/bin/sh -c (#\\(nop\\) +)?", ""));
            }
        }
        return makers;
    }

    private List<String> words(String key) {
        List<String> words = new ArrayList<>();
        json.path("config").path(key).forEach(word -> words.add(word.asText()));
        return words;
    }

    private List<String> keys(String key) {
        List<String> keys = new ArrayList<>();
        json.path("config").path(key).fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    /** What a terminal must not be shown stands there by its number, which bash and zsh read between $' and '. */
    private static String quoted(String word) {
        if (PlainText.isUnfit(word)) {
            return "$'" + PlainText.escaped(word.replace("\\", "\\\\").replace("'", "\\'")) + "'";
        }
        return word.matches("[A-Za-z0-9_@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
