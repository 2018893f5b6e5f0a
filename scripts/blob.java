///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import java.io.IOException;
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
import lib.cli.options.TransferOptions;
import lib.cli.options.VerifyKeyOption;
import lib.crypto.NativeProvider;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.ManifestTree;
import lib.image.Origin;
import lib.image.Reference;
import lib.registry.Registry;
import lib.store.Exclusions;
import lib.store.Layout;
import lib.store.NamedImage;
import lib.transfer.BlobPull;
import lib.transfer.BlobStream;
import lib.transfer.RemoteImage;
import lib.transfer.Settings;
import lib.verb.SignaturePolicy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC -Xmn16m -Xlog:disable -Xlog:all=warning:stderr -XX:CompileThresholdScaling=3
//DESCRIPTION Fetches blobs: all of an image into a layout, or one to stdout
//SOURCES ../lib/sources/blob.java

/**
 * A blob is what a digest names: the config of an image, or a layer. Its bytes are only believed when they have that digest.
 * What the manifest on stdin lists is what is fetched, also when somebody edited it on the way.
 */
@Command(name = "blob", description = "Fetches the blobs of the manifest on stdin into a layout, or one blob to stdout.",
        footer = {"", "Examples:", "  jbang manifest nginx:alpine | jbang blob --to nginx.oci", "  jbang blob nginx@sha256:… | jq .config",
                "", "Specification: https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pulling-blobs"})
public final class blob implements Callable<Integer> {
    @Parameters(paramLabel = "NAME@DIGEST", arity = "0..1", description = "One blob; without it, the JSON of 'manifest' is read from stdin.")
    private String name;

    @Option(names = "--to", paramLabel = "LAYOUT", description = "The folder for all blobs of a manifest, or of all that an index lists; it is made where there is none.")
    private Path layout;

    @Option(names = "--skip-foreign", description = "Leave out layers that are to be had from elsewhere, as the manifest says with urls: Windows' own, mostly.")
    private boolean skipForeign;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE", description = "The file for one blob (default: -, stdout).")
    private String output = "-";

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
        NativeProvider.use(common::debug);
        if (name != null && !name.equals("-")) {
            fetchOne(RemoteNames.of(name));
        } else {
            fetchAll(Stage.fromStdin());
        }
        return 0;
    }

    private void fetchOne(Reference reference) throws Exception {
        if (reference.digest() == null || layout != null) {
            throw new IllegalArgumentException("one blob is named NAME@DIGEST, and goes to stdout or -o FILE; for all blobs of an image, pipe in its manifest");
        }
        if (!verifyKey.policy().isNone()) {
            throw new IllegalArgumentException("--verify-key is for all blobs of a manifest: one that is named by its digest needs no signature");
        }
        Target target = Target.of(output);
        Registry registry = new Registry(reference, network.network());
        Settings settings = transfer.settings(common, network);
        Descriptor descriptor = registry.describe(reference.digest());
        if (!target.isStream()) {
            BlobPull.intoFile(target.path(), descriptor, registry, settings);
            transfer.endProgress();
            return;
        }
        try (InputStream in = settings.cached(blob -> BlobStream.of(registry, blob, settings)).open(descriptor); OutputStream out = target.stream()) {
            in.transferTo(out);
        }
    }

    private void fetchAll(Stage stage) throws Exception {
        if (layout == null) {
            throw new IllegalArgumentException("say with --to LAYOUT which folder the blobs go to");
        }
        if (!output.equals("-")) {
            throw new IllegalArgumentException("-o is for one blob, NAME@DIGEST: those of a manifest go to the folder that --to names");
        }
        Registry registry = new Registry(stage.origin().reference(), network.network());
        Manifest edited = PipedManifest.of(stage);
        // A manifest's digest is that of the registry's bytes, which a pipe does not carry: they are fetched again, by their digest.
        // Where the JSON says something else by now, it has been edited, and is a manifest of its own.
        Digest digest = stage.origin().digest();
        Manifest original = digest == null ? edited : registry.manifest(digest.toString());
        Manifest manifest = original.json().equals(stage.json()) ? original : edited;
        SignaturePolicy policy = verifyKey.policy();
        if (!policy.isNone() && (manifest != original || digest == null)) {
            throw new IllegalArgumentException("the manifest on stdin was edited on the way, or does not say where it came from: nobody signed it like this");
        }
        policy.check(stage.origin().reference().familiarName(), original, registry, transfer.settings(common, network));
        Layout store = Layout.openOrCreate(layout);
        if (!original.isSchema1()) {
            store.store(original.digest(), original.bytes());
        }
        ManifestTree tree = ManifestTree.whole(manifest, registry);
        RemoteImage image = new RemoteImage(registry, manifest, stage.origin(), tree.below(), pinned(registry, stage.origin().reference(), manifest), Exclusions.of(tree, List.of(), skipForeign));
        NamedImage stored = BlobPull.intoLayout(store, image, transfer.settings(common, network));
        transfer.endProgress();
        Origin origin = stage.origin().withLayout(layout.toString());
        if (manifest.isSchema1()) {
            new Stage(origin.withDigest(stored.manifest().digest()), stored.manifest().json()).print();
        } else {
            new Stage(origin, stage.json()).print();
        }
    }

    /** Returns the index that the digest in a name stands for, and those that lead from it to the manifest, if that was chosen from it: without it, the name would stand for nothing. */
    private static List<Manifest> pinned(Registry registry, Reference name, Manifest chosen) throws IOException {
        if (name.digest() == null || name.digest().equals(chosen.digest())) {
            return List.of();
        }
        return ManifestTree.wayTo(chosen.digest(), registry.manifest(), registry);
    }

    public static void main(String... args) {
        Cli.run(new blob(), args);
    }
}
