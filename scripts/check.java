///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.Stage;
import lib.cli.options.ImageOption;
import lib.failure.WrongContentException;
import lib.file.SmallFile;
import lib.text.Sizes;
import lib.trust.TrustedKey;
import lib.verb.SignedImages;
import lib.verb.Verification;
import lib.verb.VerifiedImage;
import lib.verb.check.StoreCheck;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC
//DESCRIPTION Checks every blob of an archive or layout and prints a receipt
//DOCS ../docs/commands/check.md
//SOURCES ../lib/sources/check.java

/** Every digest in an archive can be checked where the archive is, without a network: before it is carried, and again on the far side. */
@Command(name = "check", description = {"Checks every blob of an archive or layout and prints a receipt.", "A summary on a terminal, the receipt as JSON in a pipe."},
        footer = {"", "Exit code 5: something is damaged or missing, or differs from the receipt; with --key, 8 and 9 as with verify.",
                "", "Examples:", "  dray check app.tar > app.receipt.json", "  dray check --receipt app.receipt.json app.tar",
                "", "Specification: https://github.com/opencontainers/image-spec/blob/v1.1.0/image-layout.md"})
public final class check implements Callable<Integer> {
    private static final int LARGEST_RECEIPT = 64;

    @Parameters(paramLabel = "ARCHIVE|LAYOUT",
            description = "The file or the folder.")
    private Path place;

    @Option(names = "--receipt", paramLabel = "FILE",
            description = {"Compare with this receipt of the other side.", "check printed it there."})
    private Path receipt;

    @Option(names = "--key", paramLabel = "FILE",
            description = "Also verify that this key's owner signed each image.")
    private Path key;

    @Option(names = "--json",
            description = "Print JSON, even on a terminal.")
    private boolean json;

    @Mixin
    private ImageOption image;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws Exception {
        byte[] other = receipt == null ? null : SmallFile.named(receipt, LARGEST_RECEIPT);
        TrustedKey trusted = key == null ? null : TrustedKey.in(key);
        StoreCheck.Checked checked = StoreCheck.of(place, image.choice(), CommonOptions::warn);
        ObjectNode found = checked.receipt();
        List<String> wrong = new ArrayList<>(checked.wrong());
        if (other != null) {
            wrong.addAll(StoreCheck.differences(found, other));
        }
        if (trusted != null && wrong.isEmpty()) {
            for (VerifiedImage signed : SignedImages.inStore(place, image.choice(), null, new Verification(trusted, Map.of()), CommonOptions::warn)) {
                found.withArray("signed").addObject().put("digest", signed.verified().signed().toString()).put("by", trusted.name()).put("fingerprint", trusted.fingerprint().toString());
            }
        }
        if (Stage.isForPeople() && !json) {
            Stage.print(summary(found).getBytes(StandardCharsets.UTF_8));
        } else {
            Stage.print(found);
        }
        if (!wrong.isEmpty()) {
            wrong.subList(1, wrong.size()).forEach(one -> CommonOptions.warn("check: " + one));
            throw new WrongContentException(wrong.get(0));
        }
        return 0;
    }

    private static String summary(ObjectNode found) {
        StringBuilder text = new StringBuilder();
        for (JsonNode image : found.path("images")) {
            text.append(CommonOptions.plain(image.path("name").asText() + "  " + image.path("digest").asText())).append('\n');
        }
        return text + "  " + found.path("blobs").size() + " blobs and manifests, " + Sizes.of(found.path("bytes").asLong()) + "; " + found.path("referrers").size()
                + " signatures and other referrers; " + (found.path("wrong").isEmpty() ? "all as their digests say" : found.path("wrong").size() + " wrong") + "\n";
    }

    public static void main(String... args) {
        Cli.run(new check(), args);
    }
}
