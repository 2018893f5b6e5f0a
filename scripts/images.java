///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.Failures;
import lib.cli.Stage;
import lib.failure.NotFoundException;
import lib.failure.WrongContentException;
import lib.workload.Findings;
import lib.workload.Workload;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:CompileThresholdScaling=3
//DESCRIPTION Prints the images that Kubernetes and Compose files name
//DOCS ../docs/commands/images.md
//SOURCES ../lib/sources/images.java

/** The images that a cluster or a project needs are named in its files: printed one per line, for {@code pull -} to fetch them all. */
@Command(name = "images", description = {"Prints the images that Kubernetes and Compose files name.", "Those of kustomize files too; one per line, each once."},
        footer = {"", "Examples:", "  dray images deploy.yaml compose.yaml | dray pull - -o all.tar", "  helm template ./chart | dray images",
                "", "Specification: https://kubernetes.io/docs/concepts/containers/images/"})
public final class images implements Callable<Integer> {
    private static final Path STDIN = Path.of("-");

    @Parameters(paramLabel = "FILE|FOLDER", arity = "0..*",
            description = {"YAML files, folders, or - for stdin (the default).", "Folders with everything below them."})
    private List<Path> sources = List.of(STDIN);

    @Option(names = "--with-mentioned",
            description = {"Also print images that are only mentioned.",
                "In arguments (--foo-image=…), variables (RELATED_IMAGE_…) or parts (image.repository). Without it they are listed on "
                + "stderr."})
    private boolean withMentioned;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws Exception {
        Set<String> images = new LinkedHashSet<>();
        Map<String, String> mentioned = new LinkedHashMap<>();
        List<Exception> failures = new ArrayList<>();
        Workload workload = new Workload(System.getenv());
        for (Path source : sources) {
            Findings found;
            try {
                found = found(workload, source);
            } catch (NotFoundException | WrongContentException | IllegalArgumentException e) {
                failures.add(e); // the others are still wanted
                continue;
            }
            failures.addAll(found.failures());
            found.notes().forEach(CommonOptions::warn);
            images.addAll(found.images());
            found.mentioned().forEach(mentioned::putIfAbsent);
        }
        mentioned.keySet().removeAll(images);
        if (withMentioned) {
            images.addAll(mentioned.keySet());
        } else {
            mentioned.forEach((image, where) -> CommonOptions.warn("perhaps needed too: " + image + " (" + where + ")"));
            if (!mentioned.isEmpty()) {
                CommonOptions.warn("left out " + mentioned.size() + " of the kind: --with-mentioned prints them as well");
            }
        }
        if (images.isEmpty() && failures.isEmpty()) {
            CommonOptions.warn("no images found");
        }
        StringBuilder lines = new StringBuilder();
        images.forEach(image -> lines.append(image).append('\n'));
        Stage.print(lines.toString().getBytes(StandardCharsets.UTF_8));
        return Failures.report("images", failures);
    }

    private static Findings found(Workload workload, Path source) throws IOException {
        if (source.equals(STDIN)) {
            return workload.stream(System.in);
        }
        return Files.isDirectory(source) ? workload.folder(source) : workload.file(source);
    }

    public static void main(String... args) {
        Cli.run(new images(), args);
    }
}
