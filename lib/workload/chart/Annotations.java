package lib.workload.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;
import lib.failure.WrongContentException;
import lib.workload.YamlFile;

/**
 * The images that the authors of a chart list: a text of YAML, in an annotation that Artifact Hub, or hauler and Zarf, or Bitnami's own tools read.
 *
 * @see <a href="https://artifacthub.io/docs/topics/annotations/helm/">Artifact Hub, Helm annotations</a>
 */
final class Annotations {
    private static final List<String> LISTS = List.of("artifacthub.io/images", "helm.sh/images", "images");

    private Annotations() { }

    /**
     * Finds the images that a chart lists.
     *
     * @param values decide on images that are listed with a condition
     * @param found  is given each image, and the name of the annotation
     * @throws WrongContentException if an annotation is not a list
     */
    static void of(Chart chart, ObjectNode values, BiConsumer<String, String> found) throws WrongContentException {
        for (String name : LISTS) {
            String text = Values.text(chart.annotations(), name);
            if (text.isEmpty()) {
                continue;
            }
            JsonNode list = YamlTree.any(YamlFile.parse("the annotation " + name + " of the chart " + chart.name(), Path.of(""), text.getBytes(StandardCharsets.UTF_8)));
            if (!list.isArray()) {
                throw new WrongContentException("the annotation " + name + " of the chart " + chart.name() + " is not a list of images");
            }
            for (JsonNode one : list) {
                String image = one.isTextual() ? one.asText() : Values.text(one, "image");
                String condition = Values.text(one, "condition");
                boolean isOff = !condition.isEmpty() && Values.at(values, condition).isBoolean() && !Values.at(values, condition).asBoolean();
                if (!image.isEmpty() && !isOff) {
                    found.accept(image, "annotation " + name);
                }
            }
        }
    }
}
