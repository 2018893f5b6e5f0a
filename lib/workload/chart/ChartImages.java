package lib.workload.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import lib.failure.NotFoundException;
import lib.failure.WrongContentException;
import lib.file.SmallFile;
import lib.file.TemporaryPath;
import lib.image.Descriptor;
import lib.image.Manifest;
import lib.store.layer.BlobSource;
import lib.text.Json;
import lib.workload.Findings;
import lib.workload.Workload;
import lib.workload.YamlFile;

/**
 * The images of charts. What helm renders is certain, and so is, without a helm, what a chart's authors list; values that look like
 * images are guesses, and count as mentioned.
 */
public final class ChartImages {
    /** What helm's names of charts in registries begin with. */
    public static final String OCI = "oci://";
    private static final String HELM_LAYER = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";

    private final Workload workload;
    private final List<Path> files;
    private final List<String> sets;
    private final ObjectNode given;

    /**
     * With values that count before those of the charts.
     *
     * @param files files of values, the later ones before the earlier
     * @param sets  values in helm's short form, which count before all files
     * @throws NotFoundException        if a file is not there
     * @throws WrongContentException    if one is not YAML
     * @throws IllegalArgumentException if a value is not {@code name=value}
     */
    public ChartImages(Workload workload, List<Path> files, List<String> sets) throws IOException {
        this.workload = workload;
        this.files = files;
        this.sets = sets;
        ObjectNode all = Json.newObject();
        for (Path file : files) {
            all = Values.over(YamlTree.of(YamlFile.read(file)), all);
        }
        for (String set : sets) {
            all = Values.over(SetValues.of(set), all);
        }
        given = all;
    }

    /** Returns the images that a chart or a file is certain to need, or a folder with all below it; throws WrongContentException if it cannot be read. */
    public static List<String> certain(Path place) throws IOException {
        Workload workload = new Workload(System.getenv());
        Findings found = isChart(place) ? new ChartImages(workload, List.of(), List.of()).of(place) : Files.isDirectory(place) ? workload.folder(place) : workload.file(place);
        return List.copyOf(found.images().keySet());
    }

    /** Returns whether a path is that of a chart: a folder, or a file that is called like an archive of one. */
    public static boolean isChart(Path path) {
        return path.toString().endsWith(".tgz") || Files.isRegularFile(path.resolve(ChartFiles.CHART));
    }

    /**
     * Returns whether something else than an image is a chart.
     *
     * @throws WrongContentException if the manifest is malformed
     */
    public static boolean isChart(Manifest manifest) throws WrongContentException {
        return !manifest.isIndex() && !manifest.isSchema1() && manifest.layers().stream().anyMatch(layer -> layer.mediaType().equals(HELM_LAYER));
    }

    /** Returns the images of the chart in a folder, or in an archive as {@code helm package} writes; throws WrongContentException if it cannot be read. */
    public Findings of(Path place) throws IOException {
        String name = place.toString();
        return findings(name, Files.isDirectory(place) ? Chart.ofFolder(place) : Chart.ofArchive(name, SmallFile.named(place, ChartFiles.LARGEST_ARCHIVE)), place);
    }

    /**
     * Returns the images of a chart as registries, layouts and archives have it.
     *
     * @param name what to call it in messages
     * @throws WrongContentException if it cannot be read
     */
    public Findings ofManifest(String name, Manifest manifest, BlobSource blobs) throws IOException {
        Descriptor layer = manifest.layers().stream().filter(one -> one.mediaType().equals(HELM_LAYER)).findFirst().orElseThrow();
        byte[] bytes;
        try (InputStream in = blobs.open(layer)) {
            bytes = SmallFile.upTo(in, name, ChartFiles.LARGEST_ARCHIVE);
        }
        Chart chart = Chart.ofArchive(name, bytes);
        Path folder = TemporaryPath.folder();
        try (TemporaryPath deleted = new TemporaryPath(folder)) {
            return findings(name, chart, Files.write(folder.resolve("chart.tgz"), bytes));
        }
    }

    private Findings findings(String name, Chart chart, Path place) throws IOException {
        Findings all = new Findings();
        boolean isRendered = false;
        try {
            byte[] yaml = Helm.render(name, place, files, sets);
            if (yaml != null) {
                all.addAll(workload.rendered(name + ", as helm renders it", yaml));
                isRendered = true;
            } else {
                all.note(name + ": helm is not on the PATH to render it: its images come from annotations, and guesses from its values");
            }
        } catch (WrongContentException e) {
            all.failures().add(e); // what else tells of images is still wanted
        }
        Walk walk = new Walk(name, isRendered, all);
        ObjectNode values = Values.over(given, chart.values());
        walk.chart(chart, "", values, values.path("tags"));
        return all;
    }

    /** Through a chart and those below it, each with the values that it gets. */
    private record Walk(String name, boolean isRendered, Findings all) {
        void chart(Chart chart, String path, ObjectNode withNulls, JsonNode tags) {
            ObjectNode values = Values.withoutNulls(withNulls);
            try {
                Annotations.of(chart, values, this::listed);
            } catch (WrongContentException e) {
                all.failures().add(e);
            }
            List<Subcharts.Used> used = Subcharts.of(chart, values, tags);
            Set<String> others = new HashSet<>();
            chart.charts().forEach(one -> others.add(one.name()));
            chart.dependencies().forEach(one -> others.addAll(List.of(one.name(), one.alias())));
            if (!path.isEmpty()) {
                others.add(Values.GLOBAL);
            }
            ValueImages.of(chart, values, others, (image, at) -> all.mention(image, name + ", value " + path + at));
            for (Subcharts.Used one : used) {
                chart(one.chart(), path + one.name() + ".", Values.over(one.values(withNulls), one.chart().values()), tags);
            }
        }

        /** Of what is listed, these values may have helm leave some out. */
        private void listed(String image, String annotation) {
            if (isRendered) {
                all.mention(image, name + ", " + annotation);
            } else {
                all.add(name + ", " + annotation, image);
            }
        }
    }
}
