///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.CurlScript;
import lib.cli.Failures;
import lib.cli.Names;
import lib.cli.NetworkOptions;
import lib.cli.PlatformOption;
import lib.cli.Sizes;
import lib.cli.Stage;
import lib.cli.Target;
import lib.cli.TransferOptions;
import lib.image.Reference;
import lib.registry.Network;
import lib.registry.Registry;
import lib.transfer.Pull;
import lib.transfer.Settings;
import lib.transfer.Wanted;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC -Xmn16m -XX:CompileThresholdScaling=3
//DESCRIPTION Pulls an image into an archive that docker load takes
//SOURCES ../lib/cli/Cli.java
//SOURCES ../lib/cli/CommonOptions.java
//SOURCES ../lib/cli/CurlScript.java
//SOURCES ../lib/cli/Failures.java
//SOURCES ../lib/cli/Names.java
//SOURCES ../lib/cli/NetworkOptions.java
//SOURCES ../lib/cli/PlatformOption.java
//SOURCES ../lib/cli/Sizes.java
//SOURCES ../lib/cli/Stage.java
//SOURCES ../lib/cli/Target.java
//SOURCES ../lib/cli/TransferOptions.java
//SOURCES ../lib/image/Reference.java
//SOURCES ../lib/registry/Network.java
//SOURCES ../lib/registry/Registry.java
//SOURCES ../lib/transfer/Pull.java
//SOURCES ../lib/transfer/Settings.java
//SOURCES ../lib/transfer/Wanted.java

/** Shorthand for {@code token}, {@code manifest}, {@code blob} and {@code assemble}, in one process and without a layout in between. */
@Command(name = "pull", description = "Pulls images into an archive that docker load, podman load and others take.",
        footer = {"", "Examples:", "  jbang pull nginx:alpine", "  jbang pull --platform linux/arm64 -o app.tar ghcr.io/org/app:1.2",
                "", "Specification: https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pull"})
public final class pull implements Callable<Integer> {
    @Parameters(paramLabel = "IMAGE", arity = "1..*",
            description = "The images' names, such as nginx:alpine or ghcr.io/org/app:1.2; - reads them from stdin, one a line.")
    private List<String> images;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE",
            description = "One archive for all images, - for stdout (default: an archive an image, nginx_alpine.tar for nginx:alpine).")
    private String output;

    @Option(names = {"-t", "--tag"}, paramLabel = "NAME", description = "Have the image loaded under this name instead of its own; may be repeated.")
    private List<String> tags = new ArrayList<>();

    @Option(names = "--as-curl", description = "Print a bash script of curl, jq and tar that pulls the image, instead of pulling it.")
    private boolean asCurl;

    @Mixin
    private PlatformOption platform;

    @Mixin
    private CommonOptions common;

    @Mixin
    private NetworkOptions network;

    @Mixin
    private TransferOptions transfer;

    @Override
    public Integer call() throws Exception {
        List<Reference> references = Names.of(images);
        List<Reference> names = Names.toLoadUnder(tags);
        if (!names.isEmpty() && references.size() > 1) {
            throw new IllegalArgumentException("-t names one image, but there are " + references.size() + ": pull them one at a time");
        }
        Settings settings = transfer.settings(common, network);
        Network how = network.network(references);
        if (asCurl) {
            return printScript(references, how);
        }
        return output == null ? pullEach(references, names, how, settings) : pullAll(references, names, how, settings);
    }

    private int printScript(List<Reference> references, Network how) throws Exception {
        if (references.size() > 1 || !tags.isEmpty() || "-".equals(output)) {
            throw new IllegalArgumentException("--as-curl writes a script for one image, under its own name, into one archive");
        }
        Wanted image = wanted(references.get(0), how);
        String archive = output != null ? output : references.get(0).fileName() + ".tar";
        Stage.print(CurlScript.of(image.origin(), image.manifest(), archive).getBytes(StandardCharsets.UTF_8));
        return 0;
    }

    /** An archive an image. */
    private int pullEach(List<Reference> references, List<Reference> names, Network how, Settings settings) throws Exception {
        Map<String, Reference> archives = new LinkedHashMap<>();
        for (Reference reference : references) {
            String archive = (names.isEmpty() ? reference : names.get(0)).fileName() + ".tar";
            Reference other = archives.put(archive, reference);
            if (other != null) {
                throw new IllegalArgumentException(other + " and " + reference + " would both be written to " + archive + ": say -o FILE, for one archive of all");
            }
        }
        if (references.size() == 1) {
            write(named(wanted(references.get(0), how), names), Target.of(archives.keySet().iterator().next()), settings);
            return 0;
        }
        Failures failures = new Failures();
        for (Map.Entry<String, Reference> archive : archives.entrySet()) {
            failures.attempt(archive.getValue().familiarName(),
                    () -> write(List.of(wanted(archive.getValue(), how)), Target.of(archive.getKey()), settings));
        }
        transfer.endProgress();
        return failures.report("pull", references.size());
    }

    /** One archive of all images. If one of them cannot be had, there is none, but what the others are made of is kept beside it. */
    private int pullAll(List<Reference> references, List<Reference> names, Network how, Settings settings) throws Exception {
        Target target = Target.of(output);
        if (references.size() == 1) {
            write(named(wanted(references.get(0), how), names), target, settings);
            return 0;
        }
        List<Wanted> all = new ArrayList<>();
        Failures failures = new Failures();
        for (Reference reference : references) {
            failures.attempt(reference.familiarName(), () -> all.add(wanted(reference, how)));
        }
        if (failures.isEmpty()) {
            write(all, target, settings);
        } else if (!all.isEmpty() && !target.isStream()) {
            failures.attempt("the others", () -> new Pull(all, settings).keepFor(target.path()));
            transfer.endProgress();
            common.say("not written: " + target.path() + "; what the other images are made of is kept for the next run");
        }
        return failures.report("pull", references.size());
    }

    /** Returns the image under its own name, or under those that -t gives it. */
    private static List<Wanted> named(Wanted image, List<Reference> names) {
        return names.isEmpty() ? List.of(image) : names.stream().map(image::as).toList();
    }

    private Wanted wanted(Reference reference, Network how) throws Exception {
        Registry registry = new Registry(reference, how);
        Registry.Chosen chosen = registry.manifest(platform.platform());
        return new Wanted(registry, chosen.manifest(), registry.origin(chosen.manifest().digest(), chosen.platform()));
    }

    private void write(List<Wanted> wanted, Target target, Settings settings) throws Exception {
        if (target.isStream()) {
            try (OutputStream out = target.stream()) {
                new Pull(wanted, settings).into(out);
            }
            return;
        }
        Pull.Result result = new Pull(wanted, settings).into(target.path());
        transfer.endProgress();
        common.say(result.wasComplete()
                ? target.path() + " is complete already, every byte of it verified: nothing was fetched but the manifest"
                : "wrote " + target.path() + ", " + Sizes.of(result.size()) + " (" + Sizes.of(result.fetched()) + " fetched), every byte verified");
        common.say("load it with: docker load -i " + target.path());
    }

    public static void main(String... args) {
        Cli.run(new pull(), args);
    }
}
