///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.Stage;
import lib.cli.options.ImageOption;
import lib.cli.options.NetworkOptions;
import lib.cli.options.PlatformOption;
import lib.cli.options.SourceOptions;
import lib.failure.NotFoundException;
import lib.text.Json;
import lib.text.PlainText;
import lib.text.Sizes;
import lib.trust.TrustedKey;
import lib.verb.attestation.AttestedImage;
import lib.verb.attestation.Attestation;
import lib.verb.attestation.Sbom;
import lib.verb.attestation.SbomFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:CompileThresholdScaling=3
//DESCRIPTION Prints the SBOM of an image, SPDX or CycloneDX
//DOCS ../docs/commands/sbom.md
//SOURCES ../lib/sources/sbom.java

/** An SBOM lists what is in an image. The builder of the image attaches it: bare, or as the predicate of a statement, which may be signed. */
@Command(name = "sbom", description = {"Prints the SBOM of an image, SPDX or CycloneDX.", "The document itself, without the statement or envelope around it."},
        footer = {"", "Exit code 3: there is none; 2: there are several, which are listed; with --verify-key also 8: none is signed; 9: no signature is right.",
                "Without --verify-key, the document may be anybody's. The transparency log and revocations are never asked for.",
                "", "Examples:", "  dray sbom ghcr.io/org/app:1 | jq -r '.packages[] | .name + \" \" + .versionInfo'",
                "  dray sbom app.tar --type cyclonedx --verify-key cosign.pub",
                "", "Specification: https://spdx.github.io/spdx-spec/v2.3/"})
public final class sbom implements Callable<Integer> {
    @Parameters(paramLabel = "IMAGE|ARCHIVE|LAYOUT",
            description = "A name, or a file or folder that holds an image.")
    private String source;

    @Option(names = "--type", paramLabel = "TYPE",
            description = "Take only an SBOM in this format: spdx, cyclonedx.")
    private String type;

    @Option(names = "--digest", paramLabel = "DIGEST",
            description = {"Take the SBOM whose digest begins like this.", "Its own, or that of its manifest; see attestations."})
    private String digest;

    @Option(names = "--verify-key", paramLabel = "FILE",
            description = {"Print only what the owner of FILE signed.",
                "FILE is a public key, such as cosign.pub; the SBOM must be about this image."})
    private Path key;

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
        SbomFormat format = type == null ? null : SbomFormat.parse(type);
        TrustedKey trusted = key == null ? null : TrustedKey.in(key);
        List<AttestedImage> images = AttestedImage.of(SourceOptions.location(source, image, network), platform.platform(), platform.isGiven());
        images.forEach(image -> image.left().forEach(CommonOptions::warn));
        List<Sbom> found = Sbom.of(images, format, digest);
        if (found.isEmpty()) {
            throw new NotFoundException(none(images));
        }
        List<Sbom.Document> signed = trusted == null ? List.of() : Sbom.verified(found, trusted, source);
        List<Sbom> chosen = trusted == null ? found : signed.stream().map(Sbom.Document::sbom).toList();
        if (chosen.size() > 1) {
            chosen.forEach(one -> CommonOptions.warn(line(one)));
            throw new IllegalArgumentException(source + " has " + chosen.size() + " SBOMs: choose one of these with --digest DIGEST, or with --type spdx or cyclonedx");
        }
        print(trusted == null ? found.get(0).document() : signed.get(0));
        return 0;
    }

    private String none(List<AttestedImage> images) {
        String wanted = (type == null ? "" : " of the type " + type) + (digest == null ? "" : " whose digest begins with " + digest);
        long others = images.stream().mapToLong(image -> image.attestations().size()).sum();
        return source + " has no SBOM (SPDX or CycloneDX)" + wanted + " for this platform" + (others == 0 ? "" : "; list what is attested about it with: attestations " + source);
    }

    private static String line(Sbom one) {
        Attestation at = one.attestation();
        return CommonOptions.plain("  " + at.blob().digest() + "  " + one.format() + ", " + Sizes.of(at.blob().size()) + ", " + (at.isSigned() ? "signed" : "not signed") + ", found in "
                + (at.tag().isEmpty() ? at.place().word() : at.tag()) + ", of " + one.image().origin().reference().withDigest(null).familiarName());
    }

    private static void print(Sbom.Document document) throws Exception {
        if (!document.warning().isEmpty()) {
            CommonOptions.warn("warning: " + document.warning());
        }
        String text = new String(document.bytes(), StandardCharsets.UTF_8);
        if (!Stage.isForPeople()) {
            Stage.print(document.bytes());
        } else if (text.stripLeading().startsWith("{")) {
            Stage.print(Json.exact(document.bytes(), "the SBOM"));
        } else {
            Stage.print(PlainText.lines(text).getBytes(StandardCharsets.UTF_8));
        }
    }

    public static void main(String... args) {
        Cli.run(new sbom(), args);
    }
}
