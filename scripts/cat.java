///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.Callable;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.Stage;
import lib.cli.options.ImageOption;
import lib.cli.options.MaxSizeOption;
import lib.cli.options.NetworkOptions;
import lib.cli.options.PlatformOption;
import lib.cli.options.SourceOptions;
import lib.cli.options.VerifyKeyOption;
import lib.crypto.boringssl.NativeProvider;
import lib.store.files.FileContents;
import lib.verb.ImageSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC -Xmn32m -Xlog:disable -Xlog:all=warning:stderr
//RUNTIME_OPTIONS -XX:Tier4InvocationThreshold=50000 -XX:Tier4MinInvocationThreshold=6000 -XX:Tier4CompileThreshold=150000 -XX:Tier4BackEdgeThreshold=400000
//DESCRIPTION Prints files of an image
//DOCS ../docs/commands/cat.md
//SOURCES ../lib/sources/cat.java

/**
 * The newest layer that has a file is the one that counts. So layers are read from the highest down, and those below the answer
 * not at all. Nothing is printed before the layers that were read have turned out to be what their digests say.
 */
@Command(name = "cat", description = {"Prints files of an image.", "Layers below the files are not fetched."},
        footer = {"", "Links are followed within the image. Without --fast nothing is printed that was not checked against a digest.",
                "", "Examples:", "  dray cat nginx:alpine etc/nginx/nginx.conf", "  dray cat nginx_alpine.tar etc/os-release | grep VERSION",
                "", "Specification: https://github.com/opencontainers/image-spec/blob/v1.1.0/layer.md"})
public final class cat implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "IMAGE|LAYOUT|ARCHIVE",
            description = {"The image; - reads JSON from stdin.", "The JSON of 'manifest' or 'blob'."})
    private String from;

    @Parameters(index = "1..*", paramLabel = "PATH", arity = "1..*",
            description = "The files, printed one after the other.")
    private List<String> paths;

    @Option(names = "--fast",
            description = {"Stop as soon as the files have been read.", "Even in the middle of a layer, whose digest is then not checked."})
    private boolean isFast;

    @Mixin
    private MaxSizeOption maxSize;

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
        ImageSource source = SourceOptions.open(from, image, platform, network, maxSize, verifyKey);
        try (FileContents contents = FileContents.of(source.layers(maxSize.bytes()), paths, isFast); OutputStream out = new BufferedOutputStream(Stage.stdout())) {
            contents.writeTo(out);
            out.flush();
            if (!contents.isVerified()) {
                common.say("a layer was not read to its end, so its digest was not checked; without --fast it is");
            }
        }
        return 0;
    }

    public static void main(String... args) {
        Cli.run(new cat(), args);
    }
}
