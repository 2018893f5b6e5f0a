package lib.workload;

import static lib.workload.YamlFile.items;
import static lib.workload.YamlFile.text;
import static lib.workload.YamlFile.texts;
import static lib.workload.YamlFile.value;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import lib.failure.NotFoundException;
import lib.failure.WrongContentException;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * The images that {@code kubectl kustomize} would print: those of the resources that a kustomization leads to, after its components,
 * patches and replacements. What is not on this machine is noted.
 *
 * @see <a href="https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/">kustomize, kustomization.yaml</a>
 */
final class Kustomization {
    /** What kustomize looks for in a folder. */
    static final List<String> NAMES = List.of("kustomization.yaml", "kustomization.yml", "Kustomization");
    private static final List<String> LISTS = List.of("resources", "bases", "components", "patches", "patchesStrategicMerge", "patchesJson6902", "configMapGenerator",
            "secretGenerator", "helmCharts", "generators", "transformers");

    private final YamlFile file;
    private final Node kustomization;
    private final List<Path> above;
    private final Findings findings;
    private final List<ResourceImage> images;
    private boolean isAllThere = true;

    private Kustomization(YamlFile file, Node kustomization, List<Path> above, List<ResourceImage> images, Findings findings) {
        this.file = file;
        this.kustomization = kustomization;
        this.above = above;
        this.images = images;
        this.findings = findings;
    }

    /** Returns whether a document is a kustomization; it need not say so by its kind, and a file's name may. */
    static boolean is(Node document, Path name) {
        String version = text(document, "apiVersion");
        String kind = text(document, "kind");
        if (version != null || kind != null) {
            return (version == null || version.startsWith("kustomize.config.k8s.io/")) && (kind == null || Set.of("Kustomization", "Component").contains(kind));
        }
        if (value(document, "services") != null) {
            return false;
        }
        return name != null && NAMES.contains(name.toString()) || LISTS.stream().anyMatch(key -> value(document, key) instanceof SequenceNode)
                || items(value(document, "images")).stream().map(Replacement::of).anyMatch(Replacement::changesSomething);
    }

    /** Returns a folder's kustomization, or null. */
    static @Nullable Path in(Path folder) {
        return NAMES.stream().map(folder::resolve).filter(Files::isRegularFile).findFirst().orElse(null);
    }

    /** Adds the images of a kustomization to the findings. */
    static void read(YamlFile file, Node document, Findings findings) throws IOException {
        build(file, document, List.of(), new ArrayList<>(), findings).forEach(image -> findings.add(file.name(), image.image()));
    }

    private static List<ResourceImage> build(YamlFile file, Node document, List<Path> above, List<ResourceImage> before, Findings findings) throws IOException {
        Kustomization kustomization = new Kustomization(file, document, above, before, findings);
        kustomization.build();
        return kustomization.images;
    }

    private void build() throws IOException {
        for (String entry : Stream.of("resources", "bases").flatMap(key -> texts(value(kustomization, key)).stream()).toList()) {
            follow(entry, new ArrayList<>());
        }
        for (String component : texts(value(kustomization, "components"))) {
            follow(component, images);
        }
        for (String key : List.of("helmCharts", "helmChartInflationGenerator", "generators")) {
            if (value(kustomization, key) != null) {
                leaveOut(key);
            }
        }
        new Patches(file, images, findings).apply(kustomization);
        replace();
    }

    /**
     * Adds the images of what an entry leads to.
     *
     * @param before the images that it changes, where it is a component
     */
    private void follow(String entry, List<ResourceImage> before) throws IOException {
        Path path = file.path(entry);
        if (!Files.exists(path)) {
            if (!isRemote(entry)) {
                throw new NotFoundException(file.name() + ": " + path + " does not exist");
            }
            leaveOut(entry);
        } else if (!Files.isDirectory(path)) {
            resource(path);
        } else if (in(path) != null) {
            below(in(path), before);
        } else {
            for (Path each : YamlFile.filesIn(path)) {
                resource(each);
            }
        }
    }

    private void below(Path path, List<ResourceImage> before) throws IOException {
        if (above.contains(path)) {
            throw new WrongContentException(file.name() + ": " + path + " leads back to itself");
        }
        findings.followed().add(path);
        YamlFile other = YamlFile.read(path);
        List<Path> soFar = Stream.concat(above.stream(), Stream.of(path)).toList();
        for (MappingNode document : other.mappings()) {
            List<ResourceImage> built = build(other, document, soFar, before, findings);
            if (built != images) {
                images.addAll(built);
            }
        }
    }

    private void resource(Path path) throws IOException {
        findings.followed().add(path);
        YamlFile resources = YamlFile.read(path);
        resources.mappings().forEach(document -> images.addAll(Resources.of(resources.name(), document, findings)));
    }

    private void leaveOut(String what) {
        isAllThere = false;
        findings.note(file.name() + ": left out: " + what + " is not read here; render it first, as in 'kubectl kustomize FOLDER | jbang images -'");
    }

    private static boolean isRemote(String entry) {
        return entry.contains("://") || entry.startsWith("git@") || entry.contains("?ref=") || entry.matches("[a-z0-9-]+(\\.[a-z0-9-]+)+/.*");
    }

    /** Replaces images of containers. What is for none counts only where there may be more than is known here. */
    private void replace() {
        boolean anywhere = value(kustomization, "configurations") != null;
        boolean isAlone = images.isEmpty() && Stream.of("resources", "bases", "components").allMatch(key -> value(kustomization, key) == null);
        for (Replacement replacement : items(value(kustomization, "images")).stream().map(Replacement::of).filter(Replacement::changesSomething).toList()) {
            boolean isUsed = false;
            for (int i = 0; i < images.size(); i++) {
                ResourceImage image = images.get(i);
                if ((anywhere || image.isOfContainer()) && Objects.nonNull(image.image()) && replacement.isFor(image.image())) {
                    images.set(i, image.withImage(replacement.of(image.image())));
                    isUsed = true;
                }
            }
            if (!isUsed && (isAlone || !isAllThere)) {
                addUnseen(replacement);
            }
        }
    }

    private void addUnseen(Replacement replacement) {
        if (replacement.saysWhich()) {
            images.add(new ResourceImage(null, null, "", "", replacement.of(replacement.name())));
        } else {
            findings.note(file.name() + ": left out: the tag of " + replacement.of(replacement.name()) + " stands in a file that is not read here");
        }
    }
}
