package tests.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import lib.text.Json;

//SOURCES Measured.java
//SOURCES Race.java

/** Results for people, as a table in Markdown, and for programs, as JSON with every single run. */
final class Table {
    private Table() { }

    static String markdown(Race.Results results) {
        StringBuilder text = new StringBuilder("\n### " + results.title() + "\n\n| | wall s | best s | processor s | memory MB | from first request s | wall, ratio |\n|---|---|---|---|---|---|---|\n");
        double floor = Double.NaN;
        for (String name : results.runs().keySet()) {
            List<Measured> runs = results.runs().get(name);
            double wall = Measured.median(runs, Measured::wall);
            floor = Double.isNaN(floor) ? wall : floor;
            double best = runs.stream().mapToDouble(Measured::wall).min().orElse(Double.NaN);
            text.append("| ").append(name).append(cell(3, wall)).append(cell(3, best)).append(cell(2, Measured.median(runs, Measured::cpu)))
                    .append(cell(0, Measured.median(runs, Measured::memory))).append(cell(3, Measured.median(runs, Measured::inside)))
                    .append(cell(2, wall / floor)).append(" |\n");
        }
        results.absent().forEach(line -> text.append("\n").append(line).append("\n"));
        return text.toString();
    }

    private static String cell(int decimals, double figure) {
        return " | " + (Double.isNaN(figure) ? "" : String.format(Locale.ROOT, "%." + decimals + "f", figure));
    }

    static ObjectNode json(Race.Results results) {
        ObjectNode json = Json.newObject().put("title", results.title());
        ObjectNode contenders = json.putObject("contenders");
        results.runs().forEach((name, runs) -> {
            ArrayNode all = contenders.putArray(name);
            for (Measured run : runs) {
                ObjectNode one = all.addObject().put("wallSeconds", run.wall()).put("cpuSeconds", run.cpu()).put("memoryMegabytes", run.memory());
                if (!Double.isNaN(run.inside())) {
                    one.put("fromFirstRequestSeconds", run.inside());
                }
                one.put("loadBefore", run.load());
            }
        });
        results.absent().forEach(json.putArray("absent")::add);
        return json;
    }
}
