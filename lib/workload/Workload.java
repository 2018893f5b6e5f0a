package lib.workload;

import static lib.workload.YamlFile.text;
import static lib.workload.YamlFile.value;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lib.failure.NotFoundException;
import lib.failure.WrongContentException;
import org.yaml.snakeyaml.nodes.MappingNode;

/** The images that Kubernetes, Compose and kustomize files have a cluster or an engine run. */
public final class Workload {
    private final Map<String, String> environment;

    /** @param environment the variables that Compose files may refer to, besides those in the file {@code .env} beside them */
    public Workload(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * Returns what a file names.
     *
     * @throws WrongContentException when it is not YAML, or still a template
     */
    public Findings file(Path file) throws IOException {
        return findings(YamlFile.read(file), file.getFileName());
    }

    /**
     * Returns what is named on a stream, whose paths start in the working folder.
     *
     * @throws WrongContentException if it is not YAML, or still a template
     */
    public Findings stream(InputStream in) throws IOException {
        return findings(YamlFile.read(in, "stdin", Path.of("").toAbsolutePath()), null);
    }

    /**
     * Returns what is named in bytes that another program made of some file, whose paths start in the working folder.
     *
     * @param name what to call them in messages
     * @throws WrongContentException if they are not YAML, or still a template
     */
    public Findings rendered(String name, byte[] bytes) throws IOException {
        return findings(YamlFile.parse(name, Path.of("").toAbsolutePath(), bytes), null);
    }

    /**
     * Returns what the files below a folder name. Those that a kustomization or a Compose file leads to count as it has them;
     * of a folder with a kustomization, other files do not count, as for {@code kubectl apply -k}. A file that fails is noted, and
     * the others are read all the same.
     *
     * @throws WrongContentException for the folder of a Helm chart, which has to be rendered first
     */
    public Findings folder(Path folder) throws IOException {
        Findings all = new Findings();
        if (isChart(folder)) {
            throw new WrongContentException(folder + " is a Helm chart: it has to be rendered first");
        }
        Map<Path, Findings> found = new LinkedHashMap<>();
        below(folder, found, all);
        found.values().forEach(findings -> all.followed().addAll(findings.followed()));
        found.forEach((file, findings) -> {
            if (!all.followed().contains(file.toAbsolutePath().normalize())) {
                all.addAll(findings);
            }
        });
        return all;
    }

    private void below(Path folder, Map<Path, Findings> found, Findings all) throws IOException {
        Path kustomization = Kustomization.in(folder);
        List<Path> files = kustomization != null ? List.of(kustomization) : YamlFile.filesIn(folder);
        for (Path file : files) {
            try {
                found.put(file, file(file));
            } catch (NotFoundException | WrongContentException | IllegalArgumentException e) {
                all.failures().add(e); // the others are still wanted
            }
        }
        for (Path other : foldersIn(folder)) {
            if (isChart(other)) {
                all.note(other + ": left out: it is a Helm chart; name it, with its values");
            } else {
                below(other, found, all);
            }
        }
    }

    private static boolean isChart(Path folder) {
        return Files.isRegularFile(folder.resolve("Chart.yaml"));
    }

    /** Returns the folders in a folder: links may lead in a circle, and those that begin with a dot belong to tools. */
    private static List<Path> foldersIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> Files.isDirectory(file) && !Files.isSymbolicLink(file) && !file.getFileName().toString().startsWith(".")).sorted().toList();
        }
    }

    private Findings findings(YamlFile file, Path name) throws IOException {
        Findings findings = new Findings();
        for (MappingNode document : file.mappings()) {
            if (Kustomization.is(document, name)) {
                Kustomization.read(file, document, findings);
            } else if (Compose.is(document)) {
                compose(file, document, findings);
            } else if (text(value(document, "apiVersion")) != null) {
                Resources.of(file.name(), document, findings).forEach(image -> findings.add(file.name(), image.image()));
            }
        }
        if (findings.images().isEmpty() && !findings.templates().isEmpty()) {
            throw YamlFile.template(file.name());
        }
        return findings;
    }

    private void compose(YamlFile file, MappingNode document, Findings findings) throws IOException {
        try {
            Compose.read(file, document, new Variables(environment).over(file.folder().resolve(".env")), findings);
        } catch (IllegalArgumentException e) { // a variable that must be set and is not
            throw new IllegalArgumentException(file.name() + ": " + e.getMessage(), e);
        }
    }
}
