package lib.workload;

import static lib.workload.YamlFile.text;
import static lib.workload.YamlFile.value;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * The images of Kubernetes resources. Containers of all kinds have an image, wherever a kind of resource keeps its containers; a volume that
 * is an image has a reference. The value of an anchor is looked at once.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/containers/images/">Kubernetes, Images</a>
 */
final class Resources {
    /** Kinds that hold texts and schemas: an {@code image} in them is a key like any other. */
    private static final Set<String> WITHOUT_IMAGES = Set.of("ConfigMap", "Secret", "CustomResourceDefinition");

    private final String file;
    private final Findings findings;
    private final List<ResourceImage> images = new ArrayList<>();
    private final Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    private Resources(String file, Findings findings) {
        this.file = file;
        this.findings = findings;
    }

    /** Where the walk is: in which resource, and below which keys. */
    private record Place(String kind, String name, String path, String pointer) {
        Place below(String key) {
            return YamlFile.MERGE.equals(key) ? this : below(key, key);
        }

        Place below(String key, String pointerKey) {
            return new Place(kind, name, path + "/" + key, pointer + "/" + pointerKey);
        }
    }

    /** Returns the images of a resource, or of a list of them, and notes in the findings what its arguments mention. */
    static List<ResourceImage> of(String file, Node resource, Findings findings) {
        Resources walk = new Resources(file, findings);
        walk.node(resource, new Place(null, null, "", ""));
        return walk.images;
    }

    /** Returns the images of what a patch puts to a place in a resource. */
    static List<ResourceImage> at(String pointer, String file, Node value, Findings findings) {
        Resources walk = new Resources(file, findings);
        int last = pointer.lastIndexOf('/');
        Place parent = new Place(null, null, pointer.substring(0, Math.max(last, 0)), pointer.substring(0, Math.max(last, 0)));
        walk.entry(pointer.substring(last + 1), value, parent);
        return walk.images;
    }

    private void node(Node node, Place at) {
        if (!seen.add(node)) {
            return;
        }
        if (node instanceof SequenceNode sequence) {
            int i = 0;
            for (Node item : sequence.getValue()) {
                String name = text(item, "name");
                node(item, at.below(name == null ? String.valueOf(i) : name, String.valueOf(i)));
                i++;
            }
        } else if (node instanceof MappingNode mapping) {
            mapping(mapping, at);
        }
    }

    private void mapping(MappingNode mapping, Place at) {
        String kind = text(mapping, "kind");
        boolean isResource = kind != null && text(mapping, "apiVersion") != null;
        if (isResource && WITHOUT_IMAGES.contains(kind)) {
            return;
        }
        Place here = isResource ? new Place(kind, text(value(mapping, "metadata"), "name"), "", "") : at;
        if ("delete".equals(text(mapping, "$patch"))) {
            add(here, null);
            return;
        }
        for (NodeTuple tuple : mapping.getValue()) {
            String key = text(tuple.getKeyNode());
            if (key != null) {
                entry(key, tuple.getValueNode(), here);
            }
        }
        Arguments.of(file, mapping, findings);
    }

    private void entry(String key, Node value, Place parent) {
        Place here = parent.below(key);
        if ("image".equals(key)) {
            image(value, here);
        }
        node(value, here);
    }

    private void image(Node value, Place here) {
        if (text(value) != null) {
            add(here, text(value));
        } else if (text(value, "reference") != null) {
            add(here.below("reference"), text(value, "reference"));
        } else if (value instanceof MappingNode mapping && mapping.getValue().stream().anyMatch(tuple -> tuple.getKeyNode() instanceof MappingNode)) {
            add(here, "{{…}}"); // what a template writes without quotes is, to YAML, a mapping in a mapping
        }
    }

    private void add(Place at, String image) {
        images.add(new ResourceImage(at.kind, at.name, at.path, at.pointer, image));
    }
}
