///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.RemoteNames;
import lib.cli.Stage;
import lib.cli.Table;
import lib.cli.options.NetworkOptions;
import lib.cli.options.PlatformOption;
import lib.cli.options.TableOption;
import lib.image.Digest;
import lib.image.Platform;
import lib.registry.Registry;
import lib.text.Json;
import lib.text.Sizes;
import lib.transfer.Settings;
import lib.verb.ImageSource;
import lib.verb.attestation.AttestedImage;
import lib.verb.attestation.Attestation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:CompileThresholdScaling=3
//DESCRIPTION Lists what is attested of an image, such as its SBOMs and how it was built
//SOURCES ../lib/sources/attestations.java

/** Attestations are in three places: beside the image in its index, among what refers to it, and under cosign's tags. This is one list of all. */
@Command(name = "attestations", description = "Lists what is attested of an image, such as its SBOMs and how it was built: a table on a terminal, JSON in a pipe.",
        footer = {"", "Found are BuildKit's in the index, what refers to the image, and cosign's tags. Nothing of it is verified: 'signed' only says that there is a signature.",
                "Without --platform, those of all platforms are listed.",
                "", "Examples:", "  jbang attestations ghcr.io/org/app:1", "  jbang attestations app.tar | jq -r '.attestations[].predicateType'",
                "", "Specification: https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md"})
public final class attestations implements Callable<Integer> {
    @Parameters(paramLabel = "IMAGE|ARCHIVE|LAYOUT", description = "An image's name, or a file or folder that holds some.")
    private String source;

    @Mixin
    private TableOption form;

    @Mixin
    private PlatformOption platform;

    @Mixin
    private CommonOptions common;

    @Mixin
    private NetworkOptions network;

    @Override
    public Integer call() throws Exception {
        boolean isTable = form.isTable();
        for (AttestedImage image : images(platform.isGiven() && !platform.isAll() ? platform.platform() : null)) {
            image.left().forEach(CommonOptions::warn);
            if (isTable) {
                Stage.print(table(image).getBytes(StandardCharsets.UTF_8));
            } else {
                new Stage(image.origin(), json(image)).print();
            }
        }
        return 0;
    }

    private List<AttestedImage> images(Platform wanted) throws Exception {
        if (ImageSource.isStore(source)) {
            return AttestedImage.inStore(Path.of(source), wanted, true, CommonOptions::warn);
        }
        Registry registry = new Registry(RemoteNames.of(source), network.network());
        return List.of(AttestedImage.inRegistry(registry, wanted, new Settings(network.retries(), CommonOptions::warn)));
    }

    private static ObjectNode json(AttestedImage image) {
        ObjectNode json = Json.newObject();
        ArrayNode all = json.putArray("attestations");
        for (Attestation one : image.attestations()) {
            ObjectNode entry = all.addObject().put("subject", one.subject().toString());
            if (!one.platform().isEmpty()) {
                entry.put("platform", one.platform());
            }
            entry.put("foundIn", word(one));
            if (!one.tag().isEmpty()) {
                entry.put("tag", one.tag());
            }
            entry.put("manifest", one.manifest().toString()).put("mediaType", one.blob().mediaType()).put("digest", one.blob().digest().toString()).put("size", one.blob().size());
            if (one.form() != Attestation.Form.DOCUMENT) {
                entry.put("predicateType", one.type());
            }
            entry.put("signed", one.isSigned());
        }
        return json;
    }

    private static String word(Attestation one) {
        return one.place().name().toLowerCase(Locale.ROOT);
    }

    private static String table(AttestedImage image) {
        String name = CommonOptions.plain(image.origin().reference().withDigest(null).familiarName() + "  " + image.origin().digest());
        if (image.attestations().isEmpty()) {
            return name + "\nno attestations\n";
        }
        Table table = new Table("PLATFORM", "FOUND IN", "DIGEST", "TYPE", "SIZE", "SIGNED");
        for (Attestation one : image.attestations()) {
            Digest digest = one.blob().digest();
            String place = one.tag().isEmpty() ? word(one) : "tag " + one.tag().substring(one.tag().lastIndexOf('.'));
            table.row(one.platform(), place, digest.algorithm() + ":" + digest.shortHex(), one.type(), Sizes.of(one.blob().size()), one.isSigned() ? "yes" : "no");
        }
        return name + "\n" + table;
    }

    public static void main(String... args) {
        Cli.run(new attestations(), args);
    }
}
