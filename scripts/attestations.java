///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.Stage;
import lib.cli.options.ImageOption;
import lib.cli.options.NetworkOptions;
import lib.cli.options.PlatformOption;
import lib.cli.options.SourceOptions;
import lib.cli.options.TableOption;
import lib.cli.terminal.Table;
import lib.image.Digest;
import lib.image.Platform;
import lib.text.Sizes;
import lib.verb.attestation.Attestation;
import lib.verb.attestation.AttestedImage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:CompileThresholdScaling=3
//DESCRIPTION Lists what is attested about an image: SBOMs, how it was built
//DOCS ../docs/commands/attestations.md
//SOURCES ../lib/sources/attestations.java

/** Attestations are in three places: beside the image in its index, among what refers to it, and under cosign's tags. This is one list of all. */
@Command(name = "attestations", description = {"Lists what is attested about an image: SBOMs, how it was built.", "A table on a terminal, JSON in a pipe."},
        footer = {"", "Found are BuildKit's in the index, what refers to the image, and cosign's tags. Nothing of it is verified: 'signed' only says that there is a signature.",
                "Without --platform, those of all platforms are listed.",
                "", "Examples:", "  dray attestations ghcr.io/org/app:1", "  dray attestations app.tar | jq -r '.attestations[].predicateType'",
                "", "Specification: https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md"})
public final class attestations implements Callable<Integer> {
    @Parameters(paramLabel = "IMAGE|ARCHIVE|LAYOUT",
            description = "A name, or a file or folder that holds images.")
    private String source;

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

    @Override
    public Integer call() throws Exception {
        boolean isTable = form.isTable();
        Platform wanted = platform.isGiven() && !platform.isAll() ? platform.platform() : null;
        for (AttestedImage image : AttestedImage.of(SourceOptions.location(source, image, network), wanted, true)) {
            image.left().forEach(CommonOptions::warn);
            if (isTable) {
                Stage.print(table(image).getBytes(StandardCharsets.UTF_8));
            } else {
                new Stage(image.origin(), image.json()).print();
            }
        }
        return 0;
    }

    private static String table(AttestedImage image) {
        String name = CommonOptions.plain(image.origin().reference().withDigest(null).familiarName() + "  " + image.origin().digest());
        if (image.attestations().isEmpty()) {
            return name + "\nno attestations\n";
        }
        Table table = new Table("PLATFORM", "FOUND IN", "DIGEST", "TYPE", "SIZE", "SIGNED");
        for (Attestation one : image.attestations()) {
            Digest digest = one.blob().digest();
            String place = one.tag().isEmpty() ? one.place().word() : "tag " + one.tag().substring(one.tag().lastIndexOf('.'));
            table.row(one.platform(), place, digest.algorithm() + ":" + digest.shortHex(), one.type(), Sizes.of(one.blob().size()), one.isSigned() ? "yes" : "no");
        }
        return name + "\n" + table;
    }

    public static void main(String... args) {
        Cli.run(new attestations(), args);
    }
}
