///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.Target;
import lib.cli.options.ImageOption;
import lib.cli.options.MaxSizeOption;
import lib.cli.options.NetworkOptions;
import lib.cli.options.PlatformOption;
import lib.cli.options.SourceOptions;
import lib.cli.options.TransferOptions;
import lib.cli.options.VerifyKeyOption;
import lib.crypto.boringssl.NativeProvider;
import lib.store.format.Recompression;
import lib.store.rootfs.RootFs;
import lib.verb.Extraction;
import lib.verb.ImageSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

//JAVA 17+
//SOURCES ../lib/sources/extract.java
// HotSpot's second compiler would take a quarter of the whole time for code that is not hot; it still compiles what runs very often, such as hashing.
// Buffers are used to the end: from the first they are kept where the collector does not move them about.
//RUNTIME_OPTIONS -XX:+UseSerialGC -Xmn6m -XX:PretenureSizeThreshold=64k -Xlog:disable -Xlog:all=warning:stderr -Dsun.jnu.encoding=UTF-8
//RUNTIME_OPTIONS -XX:Tier4InvocationThreshold=50000 -XX:Tier4MinInvocationThreshold=6000 -XX:Tier4CompileThreshold=150000 -XX:Tier4BackEdgeThreshold=400000
//DESCRIPTION Extracts the files of an image, or some, to a folder or a tar
//DOCS ../docs/commands/extract.md

/**
 * A root file system is the layers of an image applied one over the other, the lowest first.
 * They come from a registry as they are needed, or out of a layout or an archive.
 */
@Command(name = "extract", description = "Extracts the files of an image, or some, to a folder or a tar.",
        footer = {"", "Examples:", "  dray extract nginx_alpine.tar -C rootfs", "  dray extract nginx:alpine etc/nginx/nginx.conf -C conf",
                "  dray extract nginx:alpine -o - | tar -tv", "  dray extract registry.example.com/charts/app:1.2.3 -C charts",
                "", "Specification: https://github.com/opencontainers/image-spec/blob/v1.1.0/layer.md"})
public final class extract implements Callable<Integer> {
    private static final int BUFFER = 64 * 1024;

    @Parameters(index = "0", paramLabel = "IMAGE|LAYOUT|ARCHIVE", arity = "0..1",
            description = {"The image; if missing or -, JSON is read from stdin.", "The JSON of 'manifest' or 'blob'."})
    private String from;

    @Parameters(index = "1..*", paramLabel = "PATH", arity = "0..*",
            description = "Only these paths, and everything below them.")
    private List<String> paths = new ArrayList<>();

    @Option(names = {"-C", "--directory"}, paramLabel = "FOLDER",
            description = "The folder to fill; created if missing.")
    private Path folder;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE",
            description = {"Write one tar instead; - for stdout.",
                "With all owners and devices; compressed, if it ends in .tar.gz or .tar.zst. Layers from a registry are kept in a temporary folder meanwhile."})
    private String output;

    @Option(names = "--keep", paramLabel = "LAYOUT",
            description = {"Keep fetched blobs in this layout.", "It is created if missing; blobs it already has are not fetched."})
    private Path keep;

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
    private TransferOptions transfer;

    @Mixin
    private VerifyKeyOption verifyKey;

    @Override
    public Integer call() throws Exception {
        NativeProvider.offer(common::debug);
        if (folder == null == (output == null)) {
            throw new IllegalArgumentException("name the target: -C FOLDER, or -o FILE for a tar (- for stdout)");
        }
        Target target = output == null ? null : Target.of(output);
        if (target != null && !target.isStream()) {
            Recompression.Form.ofFile(target.path()); // throws if the name says a compression that is only read
        }
        ImageSource source = SourceOptions.open(from, image, platform, network, maxSize, verifyKey, transfer.settings(common, network));
        Extraction extraction = new Extraction(source, paths, maxSize.bytes(), keep);
        String kept = keep == null ? "" : "; layers that were fetched to their end are kept in " + keep;
        Cli.ifInterrupted(() -> (folder != null ? folder + " is incomplete: delete it before you run the same command again"
                : target.isStream() ? "the tar is incomplete" : target.path() + " was not written") + kept);
        if (target == null) {
            RootFs.Report made = extraction.into(folder);
            common.say("wrote " + made.entries() + " entries to " + made.folder());
            made.leftOut().forEach(common::say);
        } else if (target.isStream()) {
            try (OutputStream out = new BufferedOutputStream(target.stream(), BUFFER)) {
                extraction.tar(out);
            }
        } else {
            common.say("wrote " + extraction.tar(target.path()) + " entries to " + target.path());
        }
        return 0;
    }

    public static void main(String... args) {
        Cli.run(new extract(), args);
    }
}
