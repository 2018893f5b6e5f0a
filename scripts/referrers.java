///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import java.util.concurrent.Callable;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.RemoteNames;
import lib.cli.Stage;
import lib.cli.options.NetworkOptions;
import lib.cli.options.PagesOption;
import lib.image.Digest;
import lib.image.Reference;
import lib.registry.Referrers;
import lib.registry.Registry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:CompileThresholdScaling=3
//DESCRIPTION Lists what refers to an image, such as signatures
//SOURCES ../lib/sources/referrers.java

/** Signatures and other artifacts are manifests of their own, which name the manifest they belong to as their subject. */
@Command(name = "referrers", description = "Lists what refers to an image, such as signatures and SBOMs, as an index.",
        footer = {"", "Examples:", "  jbang referrers ghcr.io/org/app:1 | jq -r '.manifests[].artifactType'", "  jbang referrers --type application/spdx+json ghcr.io/org/app:1",
                "", "Specification: https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#listing-referrers"})
public final class referrers implements Callable<Integer> {
    @Parameters(paramLabel = "IMAGE", description = "The image. A tag means whatever it points to, which may be an index.")
    private String image;

    @Option(names = "--type", paramLabel = "TYPE", description = "List only artifacts of this type.")
    private String type;

    @Mixin
    private PagesOption pages;

    @Mixin
    private CommonOptions common;

    @Mixin
    private NetworkOptions network;

    @Override
    public Integer call() throws Exception {
        Reference reference = RemoteNames.of(image);
        Registry registry = new Registry(reference, network.network());
        Digest digest = reference.digest() != null ? reference.digest() : registry.describe().digest();
        Referrers.Found found = Referrers.of(registry, digest, type, pages.bounds());
        new Stage(registry.origin(digest, null), found.index()).print();
        return pages.report("referrers", found.index().path("manifests").size(), found.missing());
    }

    public static void main(String... args) {
        Cli.run(new referrers(), args);
    }
}
