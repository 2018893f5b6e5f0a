package lib.workload.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The charts below a chart that its values have it use, and the values that each of them gets.
 *
 * @see <a href="https://helm.sh/docs/topics/charts/#tags-and-condition-fields-in-dependencies">Helm, Tags and Condition fields in dependencies</a>
 */
final class Subcharts {
    private Subcharts() { }

    /** A chart, by what it is called in the values of the one above it. */
    record Used(String name, Chart chart) {
        /** Returns the values that the chart above has for it, with the global ones of all charts. */
        ObjectNode values(ObjectNode above) {
            ObjectNode values = Values.mapping(above, name).deepCopy();
            ObjectNode global = Values.over(Values.mapping(above, Values.GLOBAL), Values.mapping(values, Values.GLOBAL));
            values.set(Values.GLOBAL, global);
            return values;
        }
    }

    /**
     * Returns the charts that are used. One that lies there without being listed is, too.
     *
     * @param values those of the chart, its own included
     * @param tags   what the values of the topmost chart switch on and off
     */
    static List<Used> of(Chart chart, ObjectNode values, JsonNode tags) {
        List<Used> all = new ArrayList<>();
        for (Chart below : chart.charts()) {
            List<Chart.Dependency> listed = chart.dependencies().stream().filter(one -> one.name().equals(below.name())).toList();
            if (listed.isEmpty()) {
                all.add(new Used(below.name(), below));
            }
            for (Chart.Dependency one : listed) {
                Used used = new Used(one.alias().isEmpty() ? one.name() : one.alias(), below);
                if (isUsed(one, used, values, tags)) {
                    all.add(used);
                }
            }
        }
        return all;
    }

    private static boolean isUsed(Chart.Dependency dependency, Used used, ObjectNode values, JsonNode tags) {
        for (String path : dependency.conditions()) {
            JsonNode value = Values.at(values, path);
            if (value.isMissingNode() && path.startsWith(used.name() + ".")) { // the default is in the chart's own values
                value = Values.at(used.chart().values(), path.substring(used.name().length() + 1));
            }
            if (value.isBoolean()) {
                return value.asBoolean();
            }
        }
        List<JsonNode> set = dependency.tags().stream().map(tags::path).filter(JsonNode::isBoolean).toList();
        return set.isEmpty() || set.stream().anyMatch(JsonNode::asBoolean);
    }
}
