package lib.workload.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import lib.failure.WrongContentException;
import lib.text.Json;

/**
 * A chart, as far as it tells its images.
 *
 * @param name         what it is called in the values of a chart above it
 * @param appVersion   the version of what it runs, which is the usual tag; may be empty
 * @param annotations  what its authors say of it, such as the list of its images
 * @param dependencies the charts that it may use
 * @param values       its own, before anybody sets others
 * @param charts       those that lie in it
 * @see <a href="https://helm.sh/docs/topics/charts/#the-chartyaml-file">Helm, The Chart.yaml File</a>
 */
record Chart(String name, String appVersion, ObjectNode annotations, List<Dependency> dependencies, ObjectNode values, List<Chart> charts) {
    private static final String BELOW = "charts/";

    /**
     * A chart that another may use.
     *
     * @param alias      what it is called in the other's values; its name if empty
     * @param conditions paths in these values, the first of which that is true or false decides whether it is used
     * @param tags       names below {@code tags} in the values of the topmost chart, which decide otherwise
     */
    record Dependency(String name, String alias, List<String> conditions, List<String> tags) { }

    /** Reads the chart in a folder; throws WrongContentException if it is not one, or too large. */
    static Chart ofFolder(Path folder) throws IOException {
        ChartFiles limits = new ChartFiles();
        return of(folder.toString(), limits.ofFolder(folder), limits, 0);
    }

    /** Reads the chart in the bytes of an archive; throws WrongContentException if it is not one, or too large. */
    static Chart ofArchive(String name, byte[] archive) throws IOException {
        ChartFiles limits = new ChartFiles();
        return of(name, limits.ofArchive(name, archive), limits, 0);
    }

    private static Chart of(String where, Map<String, byte[]> files, ChartFiles limits, int depth) throws IOException {
        ChartFiles.check(where, ChartFiles.isShallow(depth));
        ObjectNode about = tree(where, files, ChartFiles.CHART);
        String name = Values.text(about, "name");
        if (name.isEmpty()) {
            throw new WrongContentException(where + " is not a Helm chart: its " + ChartFiles.CHART + " has no name");
        }
        ObjectNode requirements = about.has("dependencies") ? about : tree(where, files, ChartFiles.REQUIREMENTS);
        List<Dependency> dependencies = new ArrayList<>();
        requirements.path("dependencies").forEach(one -> dependencies.add(dependency(one)));
        List<Chart> charts = new ArrayList<>();
        for (Map.Entry<String, Map<String, byte[]>> below : below(files).entrySet()) {
            String place = where + "/" + BELOW + below.getKey();
            Map<String, byte[]> own = below.getKey().endsWith(".tgz") ? limits.ofArchive(place, below.getValue().get("")) : below.getValue();
            if (own.containsKey(ChartFiles.CHART)) {
                charts.add(of(place, own, limits, depth + 1));
            }
        }
        return new Chart(name, Values.text(about, "appVersion"), Values.mapping(about, "annotations"), dependencies, tree(where, files, ChartFiles.VALUES), charts);
    }

    private static ObjectNode tree(String where, Map<String, byte[]> files, String name) throws WrongContentException {
        byte[] bytes = files.get(name);
        return bytes == null ? Json.newObject() : YamlTree.of(where + "/" + name, bytes);
    }

    /** Returns the files of each chart below, by its folder or archive. */
    private static Map<String, Map<String, byte[]>> below(Map<String, byte[]> files) {
        Map<String, Map<String, byte[]>> charts = new TreeMap<>();
        files.forEach((path, bytes) -> {
            if (path.startsWith(BELOW)) {
                String[] parts = path.substring(BELOW.length()).split("/", 2);
                charts.computeIfAbsent(parts[0], name -> new TreeMap<>()).put(parts.length < 2 ? "" : parts[1], bytes);
            }
        });
        return charts;
    }

    private static Dependency dependency(JsonNode one) {
        List<String> conditions = Arrays.stream(Values.text(one, "condition").split(",")).map(String::strip).filter(path -> !path.isEmpty()).toList();
        List<String> tags = StreamSupport.stream(one.path("tags").spliterator(), false).map(JsonNode::asText).toList();
        return new Dependency(Values.text(one, "name"), Values.text(one, "alias"), conditions, tags);
    }
}
