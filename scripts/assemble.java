///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.Failures;
import lib.cli.Names;
import lib.cli.PipedManifest;
import lib.cli.Stage;
import lib.cli.Target;
import lib.cli.options.FormatOption;
import lib.cli.options.ImageOption;
import lib.cli.options.LeaveOutOptions;
import lib.cli.options.PlatformOption;
import lib.crypto.boringssl.NativeProvider;
import lib.image.Reference;
import lib.store.format.Format;
import lib.verb.ImageAssembly;
import lib.verb.ImageChoice;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC -XX:CompileThresholdScaling=3
//DESCRIPTION Packs layouts and archives into one archive for docker load
//DOCS ../docs/commands/assemble.md
//SOURCES ../lib/sources/assemble.java

/**
 * An archive that engines load is a tar of the blobs, an index.json and a manifest.json that say which blobs make which image.
 * Each blob is checked while it is copied.
 */
@Command(name = "assemble", description = "Packs layouts and archives into one archive for docker load.",
        footer = {"", "Examples:", "  dray manifest nginx:alpine | dray blob --to nginx.oci | dray assemble -o nginx.tar", "  dray assemble nginx.oci other.tar -o both.tar",
                "", "Specification: https://github.com/opencontainers/image-spec/blob/v1.1.0/image-layout.md"})
public final class assemble implements Callable<Integer> {
    @Parameters(paramLabel = "LAYOUT|ARCHIVE", arity = "0..*",
            description = {"What to take images from.", "Without any, the JSON of 'blob' is read from stdin."})
    private List<Path> sources = new ArrayList<>();

    @Option(names = {"-o", "--output"}, paramLabel = "FILE",
            description = {"The archive, - for stdout.", "Without it, nginx_alpine.tar for nginx:alpine. FILE.tar.gz and FILE.tar.zst are compressed as a whole."})
    private String output;

    @Option(names = {"-t", "--tag"}, paramLabel = "NAME",
            description = "Name the image gets when loaded; may be repeated.")
    private List<String> tags = new ArrayList<>();

    @Mixin
    private FormatOption form;

    @Mixin
    private ImageOption image;

    @Mixin
    private PlatformOption platform;

    @Mixin
    private CommonOptions common;

    @Mixin
    private LeaveOutOptions leaveOut;

    @Override
    public Integer call() throws Exception {
        NativeProvider.offer(common::debug);
        Format format = form.format(platform);
        if (form.compression() != null) {
            leaveOut.refuse("recompressed layers");
        }
        ImageAssembly assembly = new ImageAssembly(format, form.compression(), leaveOut.selection(platform), form.maxSize(), CommonOptions::warn);
        if (sources.isEmpty() || sources.remove(Path.of("-"))) {
            addStage(assembly, Stage.fromStdin());
        }
        assembly.addStores(sources, image.choice());
        assembly.complete();
        Failures failures = new Failures();
        failures.add(assembly.failures());
        if (!assembly.images().isEmpty()) {
            rename(assembly);
            format.check(assembly.images());
            write(assembly, output != null ? output : defaultName(assembly, format));
        }
        return failures.report("assemble", assembly.images().size() + failures.count());
    }

    private void addStage(ImageAssembly assembly, Stage stage) throws Exception {
        if (stage.wholeImage() != null) {
            assembly.addStores(List.of(stage.wholeImage()), image.isGiven() ? image.choice() : ImageChoice.of(stage.origin()));
            return;
        }
        if (stage.origin().layout() == null) {
            throw new IllegalArgumentException("the JSON on stdin does not say where the blobs are: pipe it through 'blob --to LAYOUT' first");
        }
        PipedManifest.of(stage); // throws if it is not a manifest
        assembly.add(stage.origin(), stage.json());
    }

    private void rename(ImageAssembly assembly) {
        List<Reference> names = Names.toLoadUnder(tags);
        if (!names.isEmpty() && !assembly.isOne()) {
            throw new IllegalArgumentException("-t names one image, but there are more: choose one with --image");
        }
        if (!names.isEmpty()) {
            assembly.rename(names);
        }
    }

    private String defaultName(ImageAssembly assembly, Format format) {
        Reference name = assembly.images().get(0).reference();
        if (name == null) {
            throw new IllegalArgumentException("the image has no name: name the result with -o");
        }
        return name.fileName() + leaveOut.ending() + format.ending();
    }

    private void write(ImageAssembly assembly, String to) throws Exception {
        Target target = form.target(to);
        leaveOut.check(to);
        if (target.isStream()) {
            form.say(assembly.into(target.stream()), common);
        } else {
            form.say(assembly.into(target.path(), form.volumes()), common);
        }
    }

    public static void main(String... args) {
        Cli.run(new assemble(), args);
    }
}
