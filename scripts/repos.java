///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.Stage;
import lib.cli.options.ListOptions;
import lib.cli.options.NetworkOptions;
import lib.cli.options.PagesOption;
import lib.cli.options.TableOption;
import lib.cli.terminal.Table;
import lib.registry.Listed;
import lib.registry.Tags;
import lib.text.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:CompileThresholdScaling=3
//DESCRIPTION Lists the repositories of a registry, if it allows that
//DOCS ../docs/commands/repos.md
//SOURCES ../lib/sources/repos.java

/** A registry's catalog comes in pages, as its tags do. The command is not called catalog, as that is a command of JBang's own. */
@Command(name = "repos", description = {"Lists the repositories of a registry, if it allows that.", "One per line on a terminal, JSON in a pipe. Docker Hub, GHCR and others do not allow it."},
        footer = {"", "Examples:", "  dray repos localhost:5000", "  dray repos --filter '^team/' registry.example.com | jq -r '.repositories[]'",
                "", "Specification: https://distribution.github.io/distribution/spec/api/#listing-repositories"})
public final class repos implements Callable<Integer> {
    @Parameters(paramLabel = "HOST",
            description = "The registry, such as localhost:5000.")
    private String host;

    @Mixin
    private ListOptions list;

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
        list.check();
        boolean table = form.isTable();
        Listed<String> found = Tags.repositories(host, network.network(), list.enough(), pages.bounds());
        List<String> chosen = list.chosen(found.items());
        if (table) {
            StringBuilder lines = new StringBuilder();
            chosen.forEach(repository -> lines.append(Table.plain(repository)).append('\n'));
            Stage.print(lines.toString().getBytes(StandardCharsets.UTF_8));
        } else {
            ObjectNode json = Json.newObject().put("registry", host);
            chosen.forEach(json.putArray("repositories")::add);
            Stage.print(json);
        }
        return pages.report("repos", found.items().size(), found.missing());
    }

    public static void main(String... args) {
        Cli.run(new repos(), args);
    }
}
