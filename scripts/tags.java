///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.NetworkOptions;
import lib.cli.Stage;
import lib.cli.VersionOrder;
import lib.image.Json;
import lib.image.Reference;
import lib.registry.Registry;
import lib.registry.Tags;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:CompileThresholdScaling=3
//DESCRIPTION Lists the tags of a repository
//SOURCES ../lib/cli/Cli.java
//SOURCES ../lib/cli/CommonOptions.java
//SOURCES ../lib/cli/NetworkOptions.java
//SOURCES ../lib/cli/Stage.java
//SOURCES ../lib/cli/VersionOrder.java
//SOURCES ../lib/image/Json.java
//SOURCES ../lib/image/Reference.java
//SOURCES ../lib/registry/Registry.java
//SOURCES ../lib/registry/Tags.java

/** A registry lists the tags of a repository in pages; each names the next one by a link. */
@Command(name = "tags", description = "Lists the tags of a repository: a line each on a terminal, JSON in a pipe.",
        footer = {"", "Examples:", "  jbang tags --sort version --filter '^1\\.2[0-9]\\.' nginx", "  jbang tags ghcr.io/org/app | jq -r '.tags[]'",
                "", "Specification: https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#listing-tags"})
public final class tags implements Callable<Integer> {
    private enum Order { registry, name, version }

    @Parameters(paramLabel = "IMAGE", description = "The repository, such as nginx or ghcr.io/org/app.")
    private String image;

    @Option(names = "--filter", paramLabel = "REGEX", description = "Keep only the tags in which this regular expression is found.")
    private String filter;

    @Option(names = "--sort", paramLabel = "ORDER", defaultValue = "registry",
            description = "One of ${COMPLETION-CANDIDATES}; in the order of versions 1.9 comes before 1.10 (default: ${DEFAULT-VALUE}).")
    private Order order;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "0", description = "Print only the first N, of a sorted list the last N; 0 for all (default).")
    private int limit;

    @Mixin
    private CommonOptions common;

    @Mixin
    private NetworkOptions network;

    @Override
    public Integer call() throws Exception {
        if (limit < 0) {
            throw new IllegalArgumentException("--limit must be 0 or more");
        }
        Reference reference = Reference.parse(image);
        Registry registry = new Registry(reference, network.network());
        boolean asListed = order == Order.registry && filter == null;
        List<String> list = chosen(Tags.of(registry, reference, asListed ? limit : 0));
        ObjectNode json = Json.newObject().put("name", reference.repository());
        list.forEach(json.putArray("tags")::add);
        if (Stage.isForPeople()) {
            Stage.print(list.stream().map(tag -> tag + "\n").reduce("", String::concat).getBytes(StandardCharsets.UTF_8));
        } else {
            new Stage(registry.origin(null, null), json).print();
        }
        return 0;
    }

    private List<String> chosen(List<String> all) {
        List<String> list;
        try {
            Pattern wanted = Pattern.compile(filter == null ? "" : filter);
            list = all.stream().filter(tag -> wanted.matcher(tag).find()).toList();
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("--filter '" + filter + "' is no regular expression: " + e.getDescription());
        }
        if (order == Order.registry) {
            return limit == 0 ? list : list.subList(0, Math.min(limit, list.size()));
        }
        list = list.stream().sorted(order == Order.version ? VersionOrder.OF_TAGS : Comparator.<String>naturalOrder()).toList();
        return limit == 0 ? list : list.subList(Math.max(0, list.size() - limit), list.size());
    }

    public static void main(String... args) {
        Cli.run(new tags(), args);
    }
}
