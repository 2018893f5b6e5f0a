///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.FileText;
import lib.cli.Listing;
import lib.cli.Stage;
import lib.cli.options.ImageOption;
import lib.cli.options.MaxSizeOption;
import lib.cli.options.NetworkOptions;
import lib.cli.options.PlatformOption;
import lib.cli.options.SourceOptions;
import lib.cli.options.TableOption;
import lib.cli.options.VerifyKeyOption;
import lib.cli.terminal.Table;
import lib.crypto.boringssl.NativeProvider;
import lib.image.ConfigChange;
import lib.image.Descriptor;
import lib.store.diff.FileChange;
import lib.store.files.ListedFile;
import lib.text.Json;
import lib.text.Sizes;
import lib.verb.ImageDiff;
import lib.verb.ImageSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC -Xmn32m -Xlog:disable -Xlog:all=warning:stderr
//RUNTIME_OPTIONS -XX:Tier4InvocationThreshold=50000 -XX:Tier4MinInvocationThreshold=6000 -XX:Tier4CompileThreshold=150000 -XX:Tier4BackEdgeThreshold=400000
//DESCRIPTION Compares the files and the configs of two images
//DOCS ../docs/commands/diff.md
//SOURCES ../lib/sources/diff.java

/**
 * Layers that two images begin with have the same digests, and make the same files: they need not be fetched to compare what comes
 * above them. What they have under a path that only one image writes is not known then, unless they are at hand or --full asks for them.
 */
@Command(name = "diff", description = {"Compares the files and the configs of two images.", "A table on a terminal, JSON in a pipe."},
        footer = {"", "It compares types, modes, owners, sizes, contents, link targets, capabilities and hard links, but not times, and what the configs say",
                "about running the image. With --platform A,B each image has its own platform. The layers that both images begin with are not",
                "fetched, so a file that only one image has in its later layers is called 'added or changed', or 'removed or changed'. With --full,",
                "or if one of the images is a layout or an archive, these layers are read, too, and the answer is certain.",
                "", "Examples:", "  dray diff nginx:1.26-alpine nginx:1.27-alpine", "  dray diff before.tar after.tar | jq -r '.changes[] | select(.change == \"added\").path'",
                "", "Specification: https://github.com/opencontainers/image-spec/blob/v1.1.0/layer.md#change-types"})
public final class diff implements Callable<Integer> {
    private static final int DIFFERENT = 1;

    @Parameters(index = "0", paramLabel = "A",
            description = {"An image, a layout or an archive.", "- reads the JSON of 'manifest' or 'blob' from stdin."})
    private String nameOfA;

    @Parameters(index = "1", paramLabel = "B",
            description = "The other one.")
    private String nameOfB;

    @Option(names = "--full",
            description = "Also read the layers that both begin with.")
    private boolean isFull;

    @Option(names = "--exit-code",
            description = "Exit with 1 if there are differences, else with 0.")
    private boolean tellsByExitCode;

    @Mixin
    private MaxSizeOption maxSize;

    @Mixin
    private TableOption form;

    @Mixin
    private ImageOption image;

    @Mixin
    private PlatformOption platform;

    @Mixin
    private CommonOptions common;

    @Mixin
    private NetworkOptions network;

    @Mixin
    private VerifyKeyOption verifyKey;

    @Override
    public Integer call() throws Exception {
        NativeProvider.offer(common::debug);
        boolean isTable = form.isTable();
        if (nameOfA.equals("-") && nameOfB.equals("-")) {
            throw new IllegalArgumentException("only one of the images can be read from stdin");
        }
        ImageSource a = SourceOptions.open(nameOfA, image.pair(nameOfA, nameOfB).get(0), platform.pair().get(0), network, maxSize, verifyKey);
        ImageSource b = SourceOptions.open(nameOfB, image.pair(nameOfA, nameOfB).get(1), platform.pair().get(1), network, maxSize, verifyKey);
        ImageDiff diff = ImageDiff.between(a, b, isFull, maxSize.bytes());
        if (isTable) {
            printTable(diff.configs(), diff.files());
        } else {
            printJson(diff.configs(), diff.files(), List.of(a, b), diff.common());
        }
        say(diff, a.image().manifest().layers().size(), b.image().manifest().layers().size());
        return tellsByExitCode && diff.size() > 0 ? DIFFERENT : 0;
    }

    private void say(ImageDiff diff, int layersOfA, int layersOfB) {
        common.say((diff.size() == 0 ? "no difference" : diff.size() == 1 ? "1 difference" : diff.size() + " differences") + "; the images have "
                + diff.common() + " of " + layersOfA + " and " + layersOfB + " layers in common");
        if (!diff.isComplete()) {
            common.say("the common layers were not read; --full reads them too and can tell added from changed");
        }
    }

    private static void printTable(List<ConfigChange> configs, List<FileChange> changes) throws IOException {
        if (!configs.isEmpty() || !changes.isEmpty()) {
            Table table = new Table("CHANGE", "PATH", "WHAT");
            configs.forEach(change -> table.row(change.change(), FileText.shown("config: " + change.key()), FileText.shown(
                    Stream.of(change.before(), change.after()).filter(Objects::nonNull).map(JsonNode::toString).collect(Collectors.joining(", ")))));
            changes.forEach(change -> table.row(change.kind().toString(), FileText.shown(change.path()), what(change)));
            Stage.print(table.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String what(FileChange change) {
        ListedFile before = change.before();
        ListedFile after = change.after();
        if (change.what().isEmpty()) {
            ListedFile file = after != null ? after : before;
            return file == null ? "" : file.type() == '-' ? "file of " + Sizes.of(file.size()) : FileText.type(file) + (file.type() == 'l' ? " to " + FileText.shown(file.link()) : "");
        }
        List<String> what = new ArrayList<>();
        for (String one : change.what()) {
            what.add(switch (one) {
                case "type" -> "type: " + FileText.type(before) + ", " + FileText.type(after);
                case "mode" -> "mode: " + FileText.mode(before) + ", " + FileText.mode(after);
                case "owner" -> "owner: " + FileText.owner(before) + ", " + FileText.owner(after);
                case "size" -> "size: " + FileText.size(before) + ", " + FileText.size(after);
                case "link" -> "link: " + FileText.shown(before.link()) + ", " + FileText.shown(after.link());
                default -> one;
            });
        }
        return String.join("; ", what);
    }

    private static void printJson(List<ConfigChange> configs, List<FileChange> changes, List<ImageSource> sources, int shared) throws IOException {
        List<Descriptor> ofA = sources.get(0).image().manifest().layers();
        List<Descriptor> ofB = sources.get(1).image().manifest().layers();
        ObjectNode rest = Json.newObject();
        ObjectNode layers = rest.putObject("layers");
        digests(ofA.subList(0, shared), layers.putArray("common"));
        digests(ofA.subList(shared, ofA.size()), layers.putArray("before"));
        digests(ofB.subList(shared, ofB.size()), layers.putArray("after"));
        ArrayNode config = rest.putArray("config");
        for (ConfigChange change : configs) {
            ObjectNode json = config.addObject().put("key", change.key()).put("change", change.change());
            if (change.before() != null) {
                json.set("before", change.before());
            }
            if (change.after() != null) {
                json.set("after", change.after());
            }
        }
        ArrayNode images = rest.putArray("images");
        sources.forEach(source -> images.add(source.origin().toJson()));
        try (Listing list = new Listing("changes", rest)) {
            for (FileChange change : changes) {
                ObjectNode json = Json.newObject().put("path", change.path()).put("change", change.kind().toString());
                change.what().forEach(json.putArray("what")::add);
                if (change.before() != null) {
                    json.set("before", FileText.json(change.before(), ofA));
                }
                if (change.after() != null) {
                    json.set("after", FileText.json(change.after(), ofB));
                }
                list.add(json);
            }
            list.end();
        }
    }

    private static void digests(List<Descriptor> layers, ArrayNode list) {
        layers.forEach(layer -> list.add(layer.digest().toString()));
    }

    public static void main(String... args) {
        Cli.run(new diff(), args);
    }
}
