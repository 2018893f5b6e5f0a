///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.Failures;
import lib.cli.RemoteNames;
import lib.cli.Stage;
import lib.cli.options.MaxSizeOption;
import lib.cli.options.NetworkOptions;
import lib.cli.options.PlatformOption;
import lib.failure.WrongContentException;
import lib.image.Choice;
import lib.image.Descriptor;
import lib.image.ImageConfig;
import lib.image.Manifest;
import lib.image.Origin;
import lib.image.Reference;
import lib.image.Schema1;
import lib.registry.Network;
import lib.registry.Registry;
import lib.store.ImageStore;
import lib.store.NamedImage;
import lib.store.StoredImages;
import lib.store.layer.BlobSource;
import lib.text.Json;
import lib.transfer.BlobStream;
import lib.transfer.Settings;
import lib.verb.ImageSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:CompileThresholdScaling=3
//DESCRIPTION Tells what an image runs, and what its layers came from
//SOURCES ../lib/sources/inspect.java

/** The config is a blob like a layer: JSON that says what to run, with which variables, and how each layer was made. */
@Command(name = "inspect", description = "Tells what an image runs and what its layers came from: a summary on a terminal, the config as JSON in a pipe.",
        footer = {"", "Examples:", "  jbang inspect nginx:alpine", "  jbang inspect nginx_alpine.tar | jq .config.Env",
                "", "Specification: https://github.com/opencontainers/image-spec/blob/v1.1.0/config.md"})
public final class inspect implements Callable<Integer> {
    @Parameters(paramLabel = "IMAGE|LAYOUT|ARCHIVE", description = "An image's name, or a file or folder that holds one.")
    private String source;

    @Option(names = "--json", description = "Print JSON, on a terminal too.")
    private boolean json;

    @Option(names = "--summary", description = "Print the summary, into a pipe too.")
    private boolean summary;

    @Mixin
    private PlatformOption platform;

    @Mixin
    private MaxSizeOption maxSize;

    @Mixin
    private CommonOptions common;

    @Mixin
    private NetworkOptions network;

    @Override
    public Integer call() throws Exception {
        return ImageSource.isStore(source) ? ofStore(ImageStore.open(Path.of(source), maxSize.bytes())) : ofRegistry();
    }

    private int ofStore(ImageStore store) throws Exception {
        StoredImages stored = store.images();
        List<NamedImage> images = stored.choose(platform.platform(), platform.isGiven());
        stored.leftOut().forEach(CommonOptions::warn);
        Failures failures = new Failures();
        failures.add(stored.damaged());
        for (NamedImage image : images) {
            byte[] config = BlobSource.config(store::blob, image.manifest());
            Reference name = image.reference() != null ? image.reference() : Reference.parse("localhost/unnamed");
            print(image.manifest(), checked(image.manifest(), config), new Origin(name, null, image.manifest().digest(), null, store.path().toString()));
        }
        return failures.report("inspect", images.size() + stored.damaged().size());
    }

    private int ofRegistry() throws Exception {
        Network how = network.network();
        Registry registry = new Registry(RemoteNames.of(source), how);
        Choice chosen = registry.manifest(platform.platform());
        if (chosen.manifest().isSchema1()) { // it has no config: what would be its own is shown, but for what only the layers tell
            Schema1 old = Schema1.of(chosen.manifest());
            byte[] config = old.config(List.of());
            print(Schema1.manifest(config, registry.describe(old.digests())), config, registry.origin(chosen.manifest().digest(), null));
            return 0;
        }
        Descriptor config = chosen.manifest().config();
        Settings settings = new Settings(1, config.size(), how.http().retries(), CommonOptions::warn, slots -> { });
        byte[] bytes = BlobSource.config(blob -> BlobStream.of(registry, blob, settings), chosen.manifest());
        print(chosen.manifest(), checked(chosen.manifest(), bytes), registry.origin(chosen.manifest().digest(), chosen.platform()));
        return 0;
    }

    /** Where there are more or fewer layers than the config knows, what made them would be told of the wrong ones. */
    private static byte[] checked(Manifest manifest, byte[] config) throws WrongContentException {
        if (manifest.isImage()) {
            manifest.diffIds(config);
        }
        return config;
    }

    private void print(Manifest manifest, byte[] config, Origin origin) throws Exception {
        ObjectNode tree = Json.object(config, "the config " + manifest.config().digest());
        if (summary || Stage.isForPeople() && !json) {
            List<String> lines = new ImageConfig(tree).summary(manifest, origin.reference().withDigest(null).familiarName());
            Stage.print((origin.reference() + "  " + manifest.digest() + "\n" + String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
        } else {
            new Stage(origin, tree).print();
        }
    }

    public static void main(String... args) {
        Cli.run(new inspect(), args);
    }
}
