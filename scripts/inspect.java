///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.RemoteNames;
import lib.cli.Stage;
import lib.cli.options.ImageOption;
import lib.cli.options.MaxSizeOption;
import lib.cli.options.NetworkOptions;
import lib.cli.options.PlatformOption;
import lib.cli.options.VerifyKeyOption;
import lib.registry.Registry;
import lib.transfer.Settings;
import lib.verb.ImageSource;
import lib.verb.Inspection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:CompileThresholdScaling=3
//DESCRIPTION Shows what an image runs and how each layer was built
//DOCS ../docs/commands/inspect.md
//SOURCES ../lib/sources/inspect.java

/** The config is a blob like a layer: JSON that says what to run, with which variables, and how each layer was made. */
@Command(name = "inspect", description = {"Shows what an image runs and how each layer was built.", "A summary on a terminal, the config as JSON in a pipe."},
        footer = {"", "Examples:", "  dray inspect nginx:alpine", "  dray inspect nginx_alpine.tar | jq .config.Env",
                "", "Specification: https://github.com/opencontainers/image-spec/blob/v1.1.0/config.md"})
public final class inspect implements Callable<Integer> {
    @Parameters(paramLabel = "IMAGE|LAYOUT|ARCHIVE",
            description = "A name, or a file or folder that holds an image.")
    private String source;

    @Option(names = "--json",
            description = "Print JSON, even on a terminal.")
    private boolean json;

    @Option(names = "--summary",
            description = "Print the summary, even into a pipe.")
    private boolean summary;

    @Mixin
    private ImageOption image;

    @Mixin
    private PlatformOption platform;

    @Mixin
    private MaxSizeOption maxSize;

    @Mixin
    private CommonOptions common;

    @Mixin
    private NetworkOptions network;

    @Mixin
    private VerifyKeyOption verifyKey;

    @Override
    public Integer call() throws Exception {
        print(ImageSource.isStore(source) ? ofStore() : ofRegistry());
        return 0;
    }

    private Inspection ofStore() throws Exception {
        return Inspection.of(ImageSource.stored(Path.of(source), image.choice(), platform.platform(), platform.isGiven(), maxSize.bytes(), CommonOptions::warn, verifyKey.signed()));
    }

    private Inspection ofRegistry() throws Exception {
        image.refuse(source);
        Registry registry = new Registry(RemoteNames.of(source), network.network());
        return Inspection.of(registry, platform.platform(), verifyKey.policy(), new Settings(network.retries(), CommonOptions::warn));
    }

    private void print(Inspection found) throws Exception {
        if (summary || Stage.isForPeople() && !json) {
            Stage.print((found.origin().reference() + "  " + found.manifest().digest() + "\n" + String.join("\n", found.summary()) + "\n").getBytes(StandardCharsets.UTF_8));
        } else {
            new Stage(found.origin(), found.config()).print();
        }
    }

    public static void main(String... args) {
        Cli.run(new inspect(), args);
    }
}
