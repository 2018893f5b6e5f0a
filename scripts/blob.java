///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.PipedManifest;
import lib.cli.RemoteNames;
import lib.cli.Stage;
import lib.cli.Target;
import lib.cli.options.NetworkOptions;
import lib.cli.options.ReferrersOption;
import lib.cli.options.TransferOptions;
import lib.cli.options.VerifyKeyOption;
import lib.crypto.boringssl.NativeProvider;
import lib.image.Manifest;
import lib.image.Reference;
import lib.registry.Registry;
import lib.text.Sizes;
import lib.transfer.BlobPull;
import lib.transfer.Settings;
import lib.verb.BlobFetch;
import lib.verb.SignaturePolicy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC -Xmn16m -Xlog:disable -Xlog:all=warning:stderr -XX:CompileThresholdScaling=3
//DESCRIPTION Fetches the blobs of a manifest into a layout, or one to stdout
//DOCS ../docs/commands/blob.md
//SOURCES ../lib/sources/blob.java

/**
 * A blob is what a digest names: the config of an image, or a layer. Its bytes are only believed when they have that digest.
 * What the manifest on stdin lists is what is fetched, also when somebody edited it on the way.
 */
@Command(name = "blob", description = "Fetches the blobs of a manifest into a layout, or one to stdout.",
        footer = {"", "Examples:", "  dray manifest nginx:alpine | dray blob --to nginx.oci", "  dray blob nginx@sha256:… | jq .config",
                "", "Specification: https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pulling-blobs"})
public final class blob implements Callable<Integer> {
    /** How many bytes at the beginning of a blob decide whether it is text. */
    private static final int BEGINNING = 8000;

    @Parameters(paramLabel = "NAME@DIGEST", arity = "0..1",
            description = {"One blob.", "Without it, the JSON of 'manifest' is read from stdin."})
    private String name;

    @Option(names = "--to", paramLabel = "LAYOUT",
            description = {"The folder for all blobs; created if missing.", "The blobs of a manifest, or of everything an index lists."})
    private Path layout;

    @Option(names = "--skip-foreign",
            description = {"Skip layers that are stored elsewhere (urls).",
                "Those that the manifest says to download from elsewhere, mostly Windows base layers."})
    private boolean skipForeign;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE",
            description = "The file for one blob (default: -, stdout).")
    private String output = "-";

    @Mixin
    private CommonOptions common;

    @Mixin
    private NetworkOptions network;

    @Mixin
    private TransferOptions transfer;

    @Mixin
    private VerifyKeyOption verifyKey;

    @Mixin
    private ReferrersOption referrers;

    @Override
    public Integer call() throws Exception {
        NativeProvider.offer(common::debug);
        if (name != null && !name.equals("-")) {
            fetchOne(RemoteNames.of(name));
        } else {
            fetchAll(Stage.fromStdin());
        }
        return 0;
    }

    private void fetchOne(Reference reference) throws Exception {
        if (reference.digest() == null || layout != null) {
            throw new IllegalArgumentException("blob takes NAME@DIGEST. To fetch all blobs of an image: manifest NAME | blob --to FOLDER");
        }
        SignaturePolicy policy = verifyKey.policy();
        if (policy.signed() != null) {
            throw new IllegalArgumentException("--verify-key is for all blobs of a manifest: one that is named by its digest needs no signature");
        }
        Target target = Target.ofAnything(output);
        Registry registry = new Registry(reference, network.network());
        Settings settings = transfer.settings(common, network);
        if (!target.isStream()) {
            transfer.keepsIn(BlobPull.part(target.path()));
            BlobFetch.intoFile(target.path(), reference, registry, policy, settings);
            sayFetched(settings);
            return;
        }
        try (InputStream in = BlobFetch.open(reference, registry, policy, settings); OutputStream out = target.stream()) {
            byte[] beginning = in.readNBytes(BEGINNING);
            if (target.path() == null && Stage.isForPeople() && isBinary(beginning)) {
                throw new IllegalArgumentException("the blob is binary, and stdout is a terminal: use -o FILE, or pipe it, as in: blob " + name + " | tar -tz");
            }
            out.write(beginning);
            in.transferTo(out);
        }
    }

    /** As git and curl tell them apart: text has no NUL. */
    private static boolean isBinary(byte[] bytes) {
        for (byte b : bytes) {
            if (b == 0) {
                return true;
            }
        }
        return false;
    }

    private void fetchAll(Stage stage) throws Exception {
        if (layout == null) {
            throw new IllegalArgumentException("name the folder for the blobs with --to LAYOUT");
        }
        if (!output.equals("-")) {
            throw new IllegalArgumentException("-o is for one blob, NAME@DIGEST; the blobs of a manifest go to the folder named by --to");
        }
        Registry registry = new Registry(stage.origin().reference(), network.network());
        Settings settings = transfer.settings(common, network);
        transfer.keepsIn(layout);
        Manifest manifest = PipedManifest.of(stage);
        transfer.shows(List.of(manifest));
        BlobFetch fetched = BlobFetch.of(manifest, stage.origin(), registry, layout, skipForeign, referrers.selection(), verifyKey.policy(), settings);
        sayFetched(settings);
        new Stage(fetched.origin(), fetched.manifest().json()).print();
    }

    /** Says how much came from where, if it came from several hosts. */
    private void sayFetched(Settings settings) {
        transfer.endProgress();
        String from = Sizes.from(settings.hosts().totals());
        if (!from.isEmpty()) {
            common.say("fetched" + from);
        }
    }

    public static void main(String... args) {
        Cli.run(new blob(), args);
    }
}
