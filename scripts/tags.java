///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.RemoteNames;
import lib.cli.Stage;
import lib.cli.options.ListOptions;
import lib.cli.options.NetworkOptions;
import lib.cli.options.PagesOption;
import lib.cli.options.TableOption;
import lib.cli.terminal.Table;
import lib.image.Origin;
import lib.image.Platform;
import lib.image.Reference;
import lib.registry.Listed;
import lib.registry.Registry;
import lib.registry.Tags;
import lib.registry.hub.Hub;
import lib.registry.hub.HubTag;
import lib.text.Json;
import lib.text.Sizes;
import lib.text.VersionRange;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:CompileThresholdScaling=3
//DESCRIPTION Lists the tags of a repository
//DOCS ../docs/commands/tags.md
//SOURCES ../lib/sources/tags.java

/** A registry lists the tags of a repository in pages; each names the next one by a link. Docker Hub's own API tells more of each. */
@Command(name = "tags", description = {"Lists the tags of a repository.", "One per line on a terminal, JSON in a pipe."},
        footer = {"", "Examples:", "  dray tags --sort version --filter '^1\\.2[0-9]\\.' nginx", "  dray tags ghcr.io/org/app | jq -r '.tags[]'",
                "", "Specification: https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#listing-tags"})
public final class tags implements Callable<Integer> {
    @Parameters(paramLabel = "IMAGE",
            description = "The repository, such as nginx or ghcr.io/org/app.")
    private String image;

    @Option(names = "--platforms",
            description = "Show platforms, sizes, last push (Docker Hub only).")
    private boolean platforms;

    @Option(names = "--platform", paramLabel = "OS/ARCH[/VARIANT]",
            description = "List only tags that have it (Docker Hub only).")
    private String platform;

    @Option(names = "--hub", paramLabel = "URL", defaultValue = Hub.ADDRESS,
            description = {"Where Docker Hub's own API is.", "It knows platforms. The default is ${DEFAULT-VALUE}."})
    private String hub;

    @Option(names = "--versions", paramLabel = "RANGE",
            description = {"List only these versions, such as '^1.27-alpine'.",
                "Or '1.27 - 1.29', '~1.27.1', '>=1.27 <2'. A range takes tags of the family behind it only, such as -alpine, and pre-releases only if it names one."})
    private String versions;

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

    private VersionRange range;

    @Override
    public Integer call() throws Exception {
        list.check();
        range = versions == null ? null : VersionRange.parse(versions);
        boolean table = form.isTable();
        Reference reference = RemoteNames.of(image);
        return platforms || platform != null ? ofHub(reference, platform == null ? null : Platform.parse(platform), table) : ofRegistry(reference, table);
    }

    /** Returns how many tags are enough to choose from, 0 for all. */
    private int enough() {
        return range == null ? list.enough() : 0;
    }

    private List<String> chosen(List<String> all) {
        return list.chosen(range == null ? all : all.stream().filter(tag -> range.takes(tag, false)).toList());
    }

    private int ofRegistry(Reference reference, boolean table) throws Exception {
        Registry registry = new Registry(reference, network.network());
        Listed<String> found = Tags.of(registry, reference, enough(), pages.bounds());
        List<String> chosen = chosen(found.items());
        if (table) {
            StringBuilder lines = new StringBuilder();
            chosen.forEach(tag -> lines.append(Table.plain(tag)).append('\n'));
            print(lines.toString());
        } else {
            new Stage(registry.origin(null, null), json(reference, chosen)).print();
        }
        return pages.report("tags", found.items().size(), found.missing());
    }

    private int ofHub(Reference reference, Platform wanted, boolean table) throws Exception {
        Map<String, HubTag> tags = new LinkedHashMap<>();
        Listed<HubTag> found = new Hub(hub, network.network()).tags(reference, wanted == null ? enough() : 0, pages.bounds());
        for (HubTag tag : found.items()) {
            if (wanted == null || tag.has(wanted)) {
                tags.put(tag.name(), tag);
            }
        }
        List<String> chosen = chosen(List.copyOf(tags.keySet()));
        if (table) {
            Table rows = new Table("TAG", "PLATFORM", "SIZE", "PUSHED");
            for (String tag : chosen) {
                tags.get(tag).images().stream().filter(image -> wanted == null || wanted.takes(image.platform()))
                        .forEach(image -> rows.row(tag, image.platform().toString(), Sizes.of(image.size()), tags.get(tag).day()));
            }
            print(rows.toString());
        } else {
            ObjectNode json = json(reference, chosen);
            chosen.forEach(tag -> json.withArray("results").add(tags.get(tag).json()));
            new Stage(new Origin(reference, null, null, wanted, null), json).print();
        }
        return pages.report("tags", found.items().size(), found.missing());
    }

    private static ObjectNode json(Reference reference, List<String> tags) {
        ObjectNode json = Json.newObject().put("name", reference.repository());
        tags.forEach(json.putArray("tags")::add);
        return json;
    }

    private static void print(String text) throws Exception {
        Stage.print(text.getBytes(StandardCharsets.UTF_8));
    }

    public static void main(String... args) {
        Cli.run(new tags(), args);
    }
}
