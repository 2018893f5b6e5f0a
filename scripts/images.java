///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.Failures;
import lib.cli.RemoteNames;
import lib.cli.Stage;
import lib.cli.options.NetworkOptions;
import lib.failure.NoSignatureException;
import lib.failure.NotFoundException;
import lib.failure.RegistryException;
import lib.failure.WrongContentException;
import lib.failure.WrongSignatureException;
import lib.image.Platform;
import lib.image.Reference;
import lib.registry.Network;
import lib.registry.Registry;
import lib.store.ImageStore;
import lib.store.NamedImage;
import lib.text.Json;
import lib.transfer.Settings;
import lib.trust.ImagePolicy;
import lib.verb.ImageSource;
import lib.verb.RemoteSource;
import lib.verb.SignaturePolicy;
import lib.workload.Findings;
import lib.workload.Workload;
import lib.workload.chart.ChartImages;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:CompileThresholdScaling=3
//DESCRIPTION Prints the images that Kubernetes, Compose and Helm files name
//DOCS ../docs/commands/images.md
//SOURCES ../lib/sources/images.java

/** The images that a cluster or a project needs are named in its files: printed one per line, for {@code pull -} to fetch them all. */
@Command(name = "images", description = {"Prints the images that Kubernetes, Compose and Helm files name.", "Those of kustomize files too; one per line, each once."},
        footer = {"", "Examples:", "  dray images deploy.yaml compose.yaml | dray pull - -o all.tar", "  dray images ./chart -f values-prod.yaml",
                "", "Specification: https://kubernetes.io/docs/concepts/containers/images/"})
public final class images implements Callable<Integer> {
    private static final String STDIN = "-";

    @Parameters(paramLabel = "FILE|FOLDER|CHART", arity = "0..*",
            description = {"YAML files, folders or charts; - (default) is stdin.",
                "Folders with everything below them. A Helm chart is a folder, a .tgz, an archive or a layout that pull wrote, or oci://HOST/NAME:VERSION."})
    private List<String> sources = List.of(STDIN);

    @Option(names = {"-f", "--values"}, paramLabel = "FILE",
            description = {"Values for the charts; may be repeated.", "As in helm: later files count before earlier ones."})
    private List<Path> values = new ArrayList<>();

    @Option(names = "--set", paramLabel = "NAME=VALUE",
            description = {"A value for the charts; may be repeated.", "As in helm: image.tag=1.2,metrics.enabled=true; counts before all files."})
    private List<String> sets = new ArrayList<>();

    @Option(names = "--with-mentioned",
            description = {"Also print images that may be needed.",
                "In arguments (--foo-image=…), variables (RELATED_IMAGE_…), parts (image.repository), or values of a chart. Without it they are listed on "
                + "stderr."})
    private boolean withMentioned;

    @Option(names = "--json",
            description = {"Print a line of JSON for each image.", "Its name, whether it is certain or guessed, and where it was found."})
    private boolean json;

    @Mixin
    private CommonOptions common;

    @Mixin
    private NetworkOptions network;

    private Workload workload;
    private @Nullable ChartImages charts;

    @Override
    public Integer call() throws Exception {
        Findings all = new Findings();
        workload = new Workload(System.getenv());
        if (!values.isEmpty() || !sets.isEmpty()) {
            charts(); // what is wrong with them is reported before any image
        }
        for (String source : sources) {
            try {
                all.addAll(found(source));
            } catch (NotFoundException | WrongContentException | RegistryException | NoSignatureException | WrongSignatureException | IllegalArgumentException e) {
                all.failures().add(e); // the others are still wanted
            }
        }
        all.notes().forEach(CommonOptions::warn);
        Map<String, String> mentioned = notCertain(all);
        if (!withMentioned) {
            mentioned.forEach((image, where) -> CommonOptions.warn("perhaps needed too: " + image + " (" + where + ")"));
            if (!mentioned.isEmpty()) {
                CommonOptions.warn(mentioned.size() + " such left out; --with-mentioned prints these, too");
            }
        }
        if (all.images().isEmpty() && mentioned.isEmpty() && all.failures().isEmpty()) {
            CommonOptions.warn("no images found");
        }
        StringBuilder lines = new StringBuilder();
        all.images().forEach((image, where) -> lines.append(line(image, true, where)).append('\n'));
        (withMentioned ? mentioned : Map.<String, String>of()).forEach((image, where) -> lines.append(line(image, false, where)).append('\n'));
        Stage.print(lines.toString().getBytes(StandardCharsets.UTF_8));
        return Failures.report("images", all.failures());
    }

    private String line(String image, boolean isCertain, String where) {
        return json ? Json.text(Json.newObject().put("name", image).put("certain", isCertain).put("found", where), false) : image;
    }

    /** One image may be written in two ways: nginx is docker.io/library/nginx:latest. */
    private static Map<String, String> notCertain(Findings all) {
        Set<Reference> certain = new HashSet<>();
        all.images().keySet().forEach(image -> certain.add(Reference.parse(image)));
        Map<String, String> mentioned = new LinkedHashMap<>(all.mentioned());
        mentioned.keySet().removeIf(image -> !certain.add(Reference.parse(image)));
        return mentioned;
    }

    /** Most runs have no chart, and need not load what reads one. */
    private ChartImages charts() throws IOException {
        if (charts == null) {
            charts = new ChartImages(workload, values, sets);
        }
        return charts;
    }

    private Findings found(String source) throws IOException {
        if (source.equals(STDIN)) {
            return workload.stream(System.in);
        }
        if (source.startsWith(ChartImages.OCI)) {
            return ofRegistry(source);
        }
        Path path = Path.of(source);
        if (ChartImages.isChart(path)) {
            return charts().of(path);
        }
        if (Files.isDirectory(path)) {
            return Files.isRegularFile(path.resolve("index.json")) ? ofStore(path) : workload.folder(path);
        }
        return Reference.isOfFile(source) ? ofStore(path) : workload.file(path);
    }

    /** The charts in a layout or an archive. */
    private Findings ofStore(Path path) throws IOException {
        Findings found = new Findings();
        ImageStore store = ImageStore.open(path);
        for (NamedImage one : store.images().choose(List.of())) {
            if (ChartImages.isChart(one.manifest())) {
                found.addAll(charts().ofManifest(path.toString(), one.manifest(), store::blob));
            }
        }
        if (found.isEmpty()) {
            throw new NotFoundException(path + " holds no Helm chart");
        }
        return found;
    }

    private Findings ofRegistry(String name) throws IOException {
        Network way = network.network();
        SignaturePolicy policy = new SignaturePolicy(null, ImagePolicy.in(way.hosts().folders().podman()));
        Registry registry = new Registry(RemoteNames.of(name), way);
        ImageSource chart = RemoteSource.of(registry, Platform.ofThisMachine(), policy, new Settings(network.retries(), CommonOptions::warn));
        if (!ChartImages.isChart(chart.image().manifest())) {
            throw new WrongContentException(name + " is not a Helm chart");
        }
        return charts().ofManifest(name, chart.image().manifest(), chart.blobs());
    }

    public static void main(String... args) {
        Cli.run(new images(), args);
    }
}
