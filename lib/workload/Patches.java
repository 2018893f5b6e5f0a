package lib.workload;

import static lib.workload.YamlFile.items;
import static lib.workload.YamlFile.text;
import static lib.workload.YamlFile.value;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Patches of a kustomization, as far as they change images: strategic merge patches, which look like parts of resources, and JSON Patch (RFC 6902).
 *
 * @see <a href="https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches/">kustomize, patches</a>
 */
final class Patches {
    private final YamlFile file;
    private final List<ResourceImage> images;
    private final Findings findings;

    /** @param images what is patched, and changed by it */
    Patches(YamlFile file, List<ResourceImage> images, Findings findings) {
        this.file = file;
        this.images = images;
        this.findings = findings;
    }

    void apply(Node kustomization) throws IOException {
        for (Node patch : items(value(kustomization, "patchesStrategicMerge"))) {
            String text = text(patch);
            if (text != null) {
                boolean isFile = !text.contains("\n") && Files.isRegularFile(file.path(text));
                patch(null, isFile ? text : null, isFile ? null : text);
            }
        }
        for (Node patch : items(value(kustomization, "patches"))) {
            patch(value(patch, "target"), text(patch, "path"), text(patch, "patch"));
        }
        for (Node patch : items(value(kustomization, "patchesJson6902"))) {
            patch(value(patch, "target"), text(patch, "path"), text(patch, "patch"));
        }
    }

    private void patch(Node target, String path, String inline) throws IOException {
        YamlFile patch = file;
        if (inline != null) {
            patch = YamlFile.parse(file.name(), file.folder(), inline);
        } else if (path != null) {
            Path at = file.path(path);
            patch = YamlFile.read(at);
            findings.followed().add(at);
        } else {
            return;
        }
        for (Node document : patch.documents()) {
            if (document instanceof SequenceNode operations) {
                for (Node operation : operations.getValue()) {
                    operation(patch.name(), target, operation);
                }
            } else {
                merge(target, Resources.of(patch.name(), document, findings));
            }
        }
    }

    private void merge(Node target, List<ResourceImage> changes) {
        for (ResourceImage change : changes) {
            for (ResourceImage of : targets(target, change)) {
                ResourceImage changed = change.of(of.kind(), of.name());
                if (change.image() == null) {
                    images.removeIf(image -> image.isOf(of.kind(), of.name()) && (image.path() + "/").startsWith(change.path() + "/"));
                } else if (images.stream().anyMatch(image -> image.isAt(changed))) {
                    images.replaceAll(image -> image.isAt(changed) ? image.withImage(change.image()) : image);
                } else {
                    images.add(changed);
                }
            }
        }
    }

    private void operation(String name, Node target, Node operation) {
        String pointer = String.valueOf(text(operation, "path"));
        String what = String.valueOf(text(operation, "op"));
        Node value = value(operation, "value");
        boolean inserts = what.equals("add") && pointer.matches(".*/(-|[0-9]+)");
        for (ResourceImage of : targets(target, new ResourceImage(null, null, "", "", null))) {
            if (text(value) != null && images.stream().anyMatch(image -> image.isOf(of.kind(), of.name()) && image.pointer().equals(pointer))) {
                images.replaceAll(image -> image.isOf(of.kind(), of.name()) && image.pointer().equals(pointer) ? image.withImage(text(value)) : image);
                continue;
            }
            if (what.matches("remove|replace|add") && !inserts) {
                images.removeIf(image -> image.isOf(of.kind(), of.name()) && image.isBelow(pointer));
            }
            if (value != null && !what.matches("remove|test")) {
                Resources.at(pointer, name, value, findings).forEach(image -> images.add(image.of(of.kind(), of.name())));
            }
        }
    }

    /** Returns one image of each resource that a patch is for or, where none is known, the patch's own, so that no image of it is lost. */
    private List<ResourceImage> targets(Node target, ResourceImage patch) {
        List<ResourceImage> targets = new ArrayList<>();
        for (ResourceImage image : images) {
            boolean isMeant = target == null ? image.isOf(patch.kind(), patch.name()) : isMeant(target, image);
            if (isMeant && targets.stream().noneMatch(other -> other.isOf(image.kind(), image.name()))) {
                targets.add(image);
            }
        }
        return targets.isEmpty() ? List.of(patch) : targets;
    }

    /** Labels are not known here: what is chosen by them is left as it is. */
    private static boolean isMeant(Node target, ResourceImage image) {
        return text(target, "labelSelector") == null && text(target, "annotationSelector") == null
                && matches(text(target, "kind"), image.kind()) && matches(text(target, "name"), image.name());
    }

    /** What a target says is a regular expression. */
    private static boolean matches(String expression, String text) {
        try {
            return expression == null || expression.isEmpty() || text.matches(expression);
        } catch (PatternSyntaxException e) {
            return expression.equals(text);
        }
    }
}
