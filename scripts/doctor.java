///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import lib.cli.Advice;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.RemoteNames;
import lib.cli.Stage;
import lib.cli.options.NetworkOptions;
import lib.image.Reference;
import lib.registry.doctor.Diagnosis;
import lib.text.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:CompileThresholdScaling=3
//DESCRIPTION Checks each step of a pull and says which one fails, and why
//DOCS ../docs/commands/doctor.md
//SOURCES ../lib/sources/doctor.java

/** A pull fails at one of a dozen steps: here they are taken one by one. */
@Command(name = "doctor", description = "Checks each step of a pull and says which one fails, and why.",
        footer = {"", "Examples:", "  dray doctor nginx:alpine", "  dray doctor --json registry.example.com:5000 | jq '.[] | select(.ok | not)'",
                "", "To compare mirrors with each other: dray mirrors IMAGE", "", "Specification: https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pull"})
public final class doctor implements Callable<Integer> {
    @Parameters(paramLabel = "IMAGE|HOST",
            description = {"An image, or only a registry's host.", "Such as ghcr.io or localhost:5000."})
    private String name;

    @Option(names = "--json",
            description = "Print JSON, even on a terminal.")
    private boolean json;

    @Mixin
    private CommonOptions common;

    @Mixin
    private NetworkOptions network;

    @Override
    public Integer call() throws Exception {
        boolean hostOnly = !name.contains("/") && name.matches("localhost|[^:@]*\\.[^:@]*|[^@]*[^@0-9.][^@]*:[0-9]+|[0-9.]+:[0-9]+|\\[.*");
        Reference reference = hostOnly ? Reference.parse(name + "/any") : RemoteNames.of(name);
        Diagnosis.Watcher watcher = json ? step -> { } : step -> Stage.print(line(step).getBytes(StandardCharsets.UTF_8));
        List<Diagnosis.Step> steps = new Diagnosis(reference, hostOnly, network.network(), watcher).run();
        if (json) {
            ArrayNode list = Json.newArray();
            steps.forEach(step -> list.add(json(step)));
            Stage.printJson((Json.text(list, false) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        for (Diagnosis.Step step : steps) {
            if (!step.ok()) {
                throw step.failure();
            }
        }
        common.say(hostOnly ? "a pull from " + name + " gets as far as its images" : "a pull of " + reference.familiarName() + " works from here");
        return 0;
    }

    private static String line(Diagnosis.Step step) {
        String line = String.format("%s %-13s %5d ms  %s%n", step.ok() ? "✓" : "✗", step.part().label(), step.millis(), CommonOptions.plain(step.found()));
        return Advice.of(step) == null ? line : line + String.format("%27s%s%n", "", "→ " + CommonOptions.plain(Advice.of(step)));
    }

    private static ObjectNode json(Diagnosis.Step step) {
        ObjectNode json = Json.newObject().put("step", step.part().label()).put("ok", step.ok()).put("millis", step.millis()).put("found", CommonOptions.plain(step.found()));
        return Advice.of(step) == null ? json : json.put("advice", Advice.of(step));
    }

    public static void main(String... args) {
        Cli.run(new doctor(), args);
    }
}
