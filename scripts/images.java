///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.Stage;
import lib.image.Reference;
import lib.image.WrongContent;
import lib.workload.Variables;
import lib.workload.Workload;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:CompileThresholdScaling=3
//DESCRIPTION Prints the images that Kubernetes, Compose and kustomize files name
//SOURCES ../lib/cli/Cli.java
//SOURCES ../lib/cli/CommonOptions.java
//SOURCES ../lib/cli/Stage.java
//SOURCES ../lib/image/Reference.java
//SOURCES ../lib/image/WrongContent.java
//SOURCES ../lib/workload/Variables.java
//SOURCES ../lib/workload/Workload.java

/** What a cluster or a project needs stands in its files: a name a line, for {@code pull -} to bring them all. */
@Command(name = "images", description = "Prints the images that Kubernetes, Compose and kustomize files name, one a line, each once.",
        footer = {"", "Examples:", "  jbang images deploy.yaml compose.yaml | jbang pull - -o all.tar", "  helm template ./chart | jbang images",
                "", "Specification: https://kubernetes.io/docs/concepts/containers/images/"})
public final class images implements Callable<Integer> {
    private static final Path STDIN = Path.of("-");

    @Parameters(paramLabel = "FILE|FOLDER", arity = "0..*", description = "YAML files, folders of them, - for stdin (default: stdin).")
    private List<Path> sources = List.of(STDIN);

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws Exception {
        Set<String> images = new LinkedHashSet<>();
        for (Path source : sources) {
            for (Path file : files(source)) {
                images.addAll(named(file));
            }
        }
        if (images.isEmpty()) {
            CommonOptions.warn("no image is named there");
        }
        StringBuilder lines = new StringBuilder();
        images.forEach(image -> lines.append(image).append('\n'));
        Stage.print(lines.toString().getBytes(StandardCharsets.UTF_8));
        return 0;
    }

    /** Returns the file or, of a folder, those in it that kubectl takes, in the order of their names. */
    private static List<Path> files(Path source) throws IOException {
        if (!Files.isDirectory(source)) {
            return List.of(source);
        }
        try (Stream<Path> files = Files.list(source)) {
            return files.filter(file -> file.toString().matches(".*\\.(ya?ml|json)")).sorted().toList();
        }
    }

    /** Returns what a file names that is a name; what is none, such as the variable of a pipeline, is told of. */
    private static List<String> named(Path file) throws IOException {
        String name = file.equals(STDIN) ? "stdin" : file.toString();
        List<String> images = new ArrayList<>();
        for (String image : Workload.images(name, text(file), new Variables(variables(file)))) {
            try {
                Reference.parse(image);
                images.add(image);
            } catch (IllegalArgumentException e) {
                CommonOptions.warn(name + ": left out: " + e.getMessage());
            }
        }
        return images;
    }

    private static String text(Path file) throws IOException {
        byte[] bytes = file.equals(STDIN) ? System.in.readAllBytes() : Files.readAllBytes(file);
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') >= 0) {
            throw new WrongContent(file + " is no YAML: it is not UTF-8");
        }
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /** As Compose does: the environment counts before what stands in the file {@code .env} beside it. */
    private static Map<String, String> variables(Path file) throws IOException {
        Map<String, String> variables = new HashMap<>();
        Path beside = file.toAbsolutePath().resolveSibling(".env");
        if (!file.equals(STDIN) && Files.isRegularFile(beside)) {
            for (String line : Files.readAllLines(beside)) {
                String[] pair = line.strip().replaceFirst("^export\\s+", "").split("=", 2);
                if (pair.length == 2 && !line.strip().startsWith("#")) {
                    variables.put(pair[0].strip(), pair[1].strip().replaceFirst("^(['\"])(.*)\\1$", "$2"));
                }
            }
        }
        variables.putAll(System.getenv());
        return variables;
    }

    public static void main(String... args) {
        Cli.run(new images(), args);
    }
}
