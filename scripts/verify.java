///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.Stage;
import lib.cli.options.ImageOption;
import lib.cli.options.NetworkOptions;
import lib.cli.options.PlatformOption;
import lib.cli.options.SourceOptions;
import lib.file.SmallFile;
import lib.image.Platform;
import lib.trust.Authorities;
import lib.trust.Trust;
import lib.trust.TrustedKey;
import lib.verb.SignedImages;
import lib.verb.Verification;
import lib.verb.VerifiedImage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:CompileThresholdScaling=3
//DESCRIPTION Verifies who signed an image, asking only its registry
//DOCS ../docs/commands/verify.md
//SOURCES ../lib/sources/verify.java

/**
 * A signature is made of a digest: that of an image's manifest, which has those of all its parts, or of an index, which has those of its manifests.
 * So it holds wherever the image is. Nobody but the image's registry is asked, and nobody at all where the image is in a layout or an archive.
 */
@Command(name = "verify", description = {"Verifies who signed an image, asking only its registry.", "Sentences on a terminal, JSON in a pipe."},
        footer = {"", "Exit code 0: a signature is right, and for this digest; 8: there is none; 9: there are some, but none is right.",
                "A tag means what it points to: if that is an index, its signature covers all platforms. In an archive or a layout all images have to",
                "be signed, and all their blobs are checked. The transparency log and revocations are not checked.",
                "", "Examples:", "  dray verify ghcr.io/org/app:1 --key cosign.pub", "  dray verify app.tar --key cosign.pub -a env=prod",
                "  dray verify app.tar --ca company.pem --identity build@example.com",
                "", "Specification: https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md"})
public final class verify implements Callable<Integer> {
    @Parameters(paramLabel = "IMAGE|ARCHIVE|LAYOUT",
            description = "A name, or a file or folder that holds images.")
    private String source;

    @Option(names = "--key", paramLabel = "FILE",
            description = {"Trust the owner of this public key (PEM).", "Such as cosign.pub: EC P-256 or P-384, RSA or Ed25519."})
    private Path key;

    @Option(names = "--ca", paramLabel = "FILE",
            description = {"Trust certificates of these authorities (PEM).", "Signatures of cosign with certificates, and Notation's."})
    private Path ca;

    @Option(names = "--timestamp-ca", paramLabel = "FILE",
            description = {"Trust time stamps of these authorities.",
                "By default, those of --ca. A certificate that has expired since needs one."})
    private Path timestampCa;

    @Option(names = "--identity", paramLabel = "NAME",
            description = {"Require a certificate for this name.", "An e-mail address, a URI, a host or the whole subject."})
    private String identity;

    @Option(names = "--issuer", paramLabel = "URL",
            description = "Require a certificate that this service vouched for.")
    private String issuer;

    @Option(names = {"-a", "--annotation"}, paramLabel = "KEY=VALUE",
            description = "Require a signature stating this; may be repeated.")
    private List<String> annotations = new ArrayList<>();

    @Option(names = "--json",
            description = "Print JSON, even on a terminal.")
    private boolean json;

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
        Verification how = new Verification(trust(), stated());
        Platform wanted = platform.isGiven() ? platform.platform() : null;
        for (VerifiedImage signed : SignedImages.of(SourceOptions.location(source, image, network), wanted, how)) {
            print(signed);
        }
        return 0;
    }

    private Trust trust() throws Exception {
        if ((key == null) == (ca == null)) {
            throw new IllegalArgumentException("say whom to trust, either by --key FILE or by --ca FILE");
        }
        if (ca != null) {
            byte[] stampers = timestampCa == null ? null : SmallFile.named(timestampCa, 1);
            return Authorities.of(SmallFile.named(ca, 1), ca.toString(), stampers, String.valueOf(timestampCa), identity, issuer);
        }
        if (timestampCa != null || identity != null || issuer != null) {
            throw new IllegalArgumentException("--timestamp-ca, --identity and --issuer are about certificates, so they go with --ca");
        }
        return TrustedKey.in(key);
    }

    private Map<String, String> stated() {
        Map<String, String> stated = new LinkedHashMap<>();
        for (String one : annotations) {
            if (one.indexOf('=') < 1) {
                throw new IllegalArgumentException("-a " + one + ": KEY=VALUE is needed");
            }
            stated.put(one.substring(0, one.indexOf('=')), one.substring(one.indexOf('=') + 1));
        }
        return stated;
    }

    private void print(VerifiedImage signed) throws Exception {
        if (Stage.isForPeople() && !json) {
            Stage.printLines(signed.summary());
        } else {
            new Stage(signed.origin(), signed.json()).print();
        }
    }

    public static void main(String... args) {
        Cli.run(new verify(), args);
    }
}
