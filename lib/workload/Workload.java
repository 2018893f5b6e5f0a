package lib.workload;

import java.io.StringReader;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import lib.image.WrongContent;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

//DEPS org.yaml:snakeyaml:2.4
//SOURCES Variables.java
//SOURCES ../image/WrongContent.java

/**
 * The images that a YAML file has a cluster or an engine run. The file is looked at as a graph of nodes, in the order of its lines:
 * what an anchor stands for is looked at once, and tags mean nothing here.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/containers/images/">Kubernetes, Images</a>
 * @see <a href="https://github.com/compose-spec/compose-spec/blob/main/05-services.md#image">Compose specification, image</a>
 */
public final class Workload {
    private static final String MERGE = "<<";
    private static final int MOST_MERGES = 8;

    private final Variables variables;
    private final Set<String> images = new LinkedHashSet<>();
    private final Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    private Workload(Variables variables) {
        this.variables = variables;
    }

    /**
     * Returns what the documents of a file name as images, each once, as written there.
     *
     * @param file      what the file is called, for messages
     * @param variables what Compose files may refer to
     * @throws WrongContent when the text is no YAML, or still a template
     */
    public static Set<String> images(String file, String text, Variables variables) throws WrongContent {
        Workload workload = new Workload(variables);
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(Integer.MAX_VALUE); // what a chart renders may be large
        try {
            for (Node document : new Yaml(options).composeAll(new StringReader(text))) {
                if (document instanceof MappingNode mapping) {
                    workload.document(mapping);
                }
            }
        } catch (YAMLException e) {
            if (text.contains("{{")) {
                throw template(file);
            }
            throw new WrongContent(file + " is no YAML: " + e.getMessage().lines().map(String::strip).limit(2).reduce((a, b) -> a + ", " + b).orElse(""), e);
        }
        if (workload.images.stream().anyMatch(image -> image.contains("{{"))) {
            throw template(file);
        }
        return workload.images;
    }

    private static WrongContent template(String file) {
        return new WrongContent(file + " is a template and not yet YAML: render it first, as in 'helm template CHART | jbang images -'");
    }

    private void document(MappingNode document) {
        if ("Kustomization".equals(text(value(document, "kind")))) {
            items(value(document, "images")).forEach(this::replacement);
        } else if (value(document, "apiVersion") == null && value(document, "services") instanceof MappingNode services) {
            services.getValue().forEach(service -> service(service.getValueNode()));
        } else if (value(document, "apiVersion") != null) {
            everywhere(document);
        }
    }

    /** What kustomize puts in the place of an image: another name, tag or digest. */
    private void replacement(Node item) {
        if (!(item instanceof MappingNode image) || value(image, "name") == null) {
            return;
        }
        String newName = text(value(image, "newName"));
        String tag = text(value(image, "newTag"));
        String digest = text(value(image, "digest"));
        if (newName != null || tag != null || digest != null) {
            add((newName != null ? newName : text(value(image, "name"))) + (tag == null ? "" : ":" + tag) + (digest == null ? "" : "@" + digest));
        }
    }

    private void service(Node node) {
        if (node instanceof MappingNode service && text(value(service, "image")) != null) {
            add(variables.expand(text(value(service, "image"))));
        }
    }

    /** Containers of all kinds have an image, wherever a kind of resource keeps its containers; a volume that is an image has a reference. */
    private void everywhere(Node node) {
        if (!seen.add(node)) {
            return;
        }
        if (node instanceof SequenceNode sequence) {
            sequence.getValue().forEach(this::everywhere);
        } else if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                Node value = tuple.getValueNode();
                if ("image".equals(text(tuple.getKeyNode()))) {
                    add(value instanceof MappingNode volume ? text(value(volume, "reference")) : text(value));
                }
                everywhere(value);
            }
        }
    }

    private void add(String image) {
        if (image != null && !image.isBlank()) {
            images.add(image.strip());
        }
    }

    private static Node value(MappingNode mapping, String key) {
        return value(mapping, key, MOST_MERGES);
    }

    /** Returns what a key stands for: in the mapping itself, else in those that are merged into it, as deep as files of people are. */
    private static Node value(MappingNode mapping, String key, int depth) {
        Node found = null;
        for (NodeTuple tuple : mapping.getValue()) {
            if (key.equals(text(tuple.getKeyNode()))) {
                return tuple.getValueNode();
            }
            if (found == null && depth > 0 && MERGE.equals(text(tuple.getKeyNode()))) {
                found = Stream.concat(Stream.of(tuple.getValueNode()), items(tuple.getValueNode()).stream()).filter(MappingNode.class::isInstance)
                        .map(other -> value((MappingNode) other, key, depth - 1)).filter(Objects::nonNull).findFirst().orElse(null);
            }
        }
        return found;
    }

    private static List<Node> items(Node node) {
        return node instanceof SequenceNode sequence ? sequence.getValue() : List.of();
    }

    private static String text(Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : null;
    }
}
