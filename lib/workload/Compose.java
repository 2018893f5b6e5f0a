package lib.workload;

import static lib.workload.YamlFile.items;
import static lib.workload.YamlFile.text;
import static lib.workload.YamlFile.texts;
import static lib.workload.YamlFile.value;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lib.failure.NotFoundException;
import lib.failure.WrongContentException;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * The images that {@code docker compose config --images} would print: those of the services of a Compose file, of the files that it
 * includes, and of the services that these extend.
 *
 * @see <a href="https://github.com/compose-spec/compose-spec/blob/main/14-include.md">Compose specification, Include</a>
 * @see <a href="https://github.com/compose-spec/compose-spec/blob/main/05-services.md#extends">Compose specification, extends</a>
 */
final class Compose {
    private final Variables variables;
    private final List<Path> above;
    private final Findings findings;
    private final Map<String, String> images = new LinkedHashMap<>();

    private Compose(Variables variables, List<Path> above, Findings findings) {
        this.variables = variables;
        this.above = above;
        this.findings = findings;
    }

    static boolean is(Node document) {
        return text(document, "apiVersion") == null && (value(document, "services") instanceof MappingNode || value(document, "include") instanceof SequenceNode);
    }

    /** Adds the images of a Compose file to the findings. */
    static void read(YamlFile file, Node document, Variables variables, Findings findings) throws IOException {
        Compose compose = new Compose(variables, List.of(), findings);
        compose.file(file, document);
        compose.images.values().forEach(image -> findings.add(file.name(), image));
    }

    private void file(YamlFile file, Node document) throws IOException {
        for (Node include : items(value(document, "include"))) {
            include(file, include);
        }
        if (value(document, "services") instanceof MappingNode services) {
            for (NodeTuple tuple : services.getValue()) {
                service(file, services, text(tuple.getKeyNode()), tuple.getValueNode());
            }
        }
    }

    private void service(YamlFile file, MappingNode services, String name, Node service) throws IOException {
        if (YamlFile.MERGE.equals(name) && service instanceof MappingNode merged) {
            for (NodeTuple tuple : merged.getValue()) {
                service(file, merged, text(tuple.getKeyNode()), tuple.getValueNode());
            }
            return;
        }
        String image = image(file, service, services, List.of());
        if (image != null) {
            images.put(name, image);
        }
        for (Node volume : items(value(service, "volumes"))) {
            if ("image".equals(text(volume, "type")) && text(volume, "source") != null) {
                String source = variables.expand(text(volume, "source"));
                images.put(name + " " + source, source);
            }
        }
    }

    /** Returns a service's own image, else that of the service that it extends, or null. */
    private @Nullable String image(YamlFile file, Node service, Node services, List<String> extended) throws IOException {
        if (text(service, "image") != null) {
            return variables.expand(text(service, "image"));
        }
        Node extend = value(service, "extends");
        String name = text(extend) != null ? text(extend) : text(extend, "service");
        if (name == null) {
            return null;
        }
        String where = text(extend, "file");
        if (where == null) {
            return extended(file, services, name, extended);
        }
        String expanded = variables.expand(where);
        YamlFile other = other(file, expanded);
        if (other == null) {
            return null;
        }
        for (MappingNode document : other.mappings()) {
            if (value(value(document, "services"), name) != null) {
                return extended(other, value(document, "services"), name, extended);
            }
        }
        throw new NotFoundException(file.name() + " extends the service " + name + ", which is not in " + other.name());
    }

    private String extended(YamlFile file, Node services, String name, List<String> extended) throws IOException {
        String place = file.name() + ", service " + name;
        if (extended.contains(place)) {
            throw new WrongContentException(place + " extends itself");
        }
        if (value(services, name) == null) {
            throw new NotFoundException(file.name() + " extends the service " + name + ", which is not there");
        }
        return image(file, value(services, name), services, Stream.concat(extended.stream(), Stream.of(place)).toList());
    }

    private void include(YamlFile file, Node include) throws IOException {
        List<String> paths = texts(text(include) != null ? include : value(include, "path")).stream().map(variables::expand).toList();
        Path folder = null;
        Compose included = null;
        for (String path : paths) {
            YamlFile other = other(file, path);
            if (other == null) {
                continue;
            }
            Path place = file.path(path);
            if (above.contains(place)) {
                throw new WrongContentException(file.name() + ": " + place + " includes itself");
            }
            if (folder == null) {
                String project = text(include, "project_directory");
                folder = project == null ? other.folder() : file.path(variables.expand(project));
                included = new Compose(environment(file, include, folder), Stream.concat(above.stream(), Stream.of(place)).toList(), findings);
            }
            for (MappingNode document : other.mappings()) {
                included.file(new YamlFile(other.name(), folder, List.of(document)), document);
            }
        }
        if (included != null) {
            included.images.forEach((name, image) -> images.put(file.name() + " " + name + images.size(), image));
        }
    }

    /** What the including project sets counts before the files of the included one. */
    private Variables environment(YamlFile file, Node include, Path folder) throws IOException {
        List<String> files = texts(value(include, "env_file")).stream().map(variables::expand).toList();
        Variables below = variables;
        if (files.isEmpty()) {
            return below.over(folder.resolve(".env"));
        }
        for (int i = files.size() - 1; i >= 0; i--) {
            below = below.over(file.path(files.get(i)));
        }
        return below;
    }

    /** Reads a file that another names; returns null, and notes it, where it is not on this machine. */
    private @Nullable YamlFile other(YamlFile file, String path) throws IOException {
        if (path.contains("://") || path.startsWith("git@")) {
            findings.note(file.name() + ": left out: " + path + " is not on this machine; render it first, as in 'docker compose config | jbang images -'");
            return null;
        }
        Path place = file.path(path);
        if (!Files.exists(place)) {
            throw new NotFoundException(file.name() + ": " + place + " does not exist");
        }
        findings.followed().add(place);
        return YamlFile.read(place);
    }
}
