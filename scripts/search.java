///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.Stage;
import lib.cli.options.NetworkOptions;
import lib.cli.options.PagesOption;
import lib.cli.options.TableOption;
import lib.cli.terminal.Table;
import lib.registry.Listed;
import lib.registry.hub.Hub;
import lib.text.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:CompileThresholdScaling=3
//DESCRIPTION Searches Docker Hub for images
//DOCS ../docs/commands/search.md
//SOURCES ../lib/sources/search.java

/** Registries cannot be searched; Docker Hub's own API, which stands beside its registry, can. */
@Command(name = "search", description = {"Searches Docker Hub for images.", "A table on a terminal, JSON in a pipe."},
        footer = {"", "Examples:", "  dray search nginx", "  dray search --limit 100 postgres backup | jq -r '.results[] | select(.star_count > 10).repo_name'",
                "", "Specification: https://docs.docker.com/reference/api/hub/latest/"})
public final class search implements Callable<Integer> {
    @Parameters(paramLabel = "WORD", arity = "1..*",
            description = "What to search for.")
    private List<String> words;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "25",
            description = "Print the first N, 0 for all (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Option(names = "--hub", paramLabel = "URL", defaultValue = Hub.ADDRESS,
            description = {"Where Docker Hub's own API is.", "The default is ${DEFAULT-VALUE}."})
    private String hub;

    @Mixin
    private PagesOption pages;

    @Mixin
    private TableOption form;

    @Mixin
    private CommonOptions common;

    @Mixin
    private NetworkOptions network;

    @Override
    public Integer call() throws Exception {
        String query = String.join(" ", words);
        if (limit < 0 || query.isBlank()) {
            throw new IllegalArgumentException("name a word to search for; --limit must be 0 or more");
        }
        boolean table = form.isTable();
        Listed<ObjectNode> found = new Hub(hub, network.network()).search(query, limit, pages.bounds());
        if (table) {
            Stage.print(table(found.items()).toString().getBytes(StandardCharsets.UTF_8));
        } else {
            ObjectNode json = Json.newObject().put("query", query);
            found.items().forEach(json.putArray("results")::add);
            Stage.print(json);
        }
        return pages.report("search", found.items().size(), found.missing());
    }

    private static Table table(List<ObjectNode> found) {
        Table rows = new Table("NAME", "OFFICIAL", "STARS", "PULLS", "DESCRIPTION");
        for (ObjectNode one : found) {
            rows.row(one.path("repo_name").asText(), one.path("is_official").asBoolean() ? "yes" : "", one.path("star_count").asText(),
                    one.path("pull_count").asText(), one.path("short_description").asText(""));
        }
        return rows;
    }

    public static void main(String... args) {
        Cli.run(new search(), args);
    }
}
