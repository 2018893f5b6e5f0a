///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.Failures;
import lib.cli.PipedInput;
import lib.cli.PipedManifest;
import lib.cli.ReferrerCount;
import lib.cli.RemoteNames;
import lib.cli.Stage;
import lib.cli.copy.DestinationOptions;
import lib.cli.copy.FarSideOption;
import lib.cli.copy.FromOptions;
import lib.cli.copy.MediaTypesOption;
import lib.cli.options.ImageOption;
import lib.cli.options.MaxSizeOption;
import lib.cli.options.NetworkOptions;
import lib.cli.options.ReferrersOption;
import lib.cli.options.UploadOptions;
import lib.crypto.boringssl.NativeProvider;
import lib.failure.WrongContentException;
import lib.image.Manifest;
import lib.image.Platform;
import lib.image.Reference;
import lib.registry.Network;
import lib.store.ImageStore;
import lib.text.Sizes;
import lib.transfer.Settings;
import lib.transfer.push.Outgoing;
import lib.transfer.push.Push;
import lib.trust.ImagePolicy;
import lib.verb.ImageChoice;
import lib.verb.ImagePush;
import lib.verb.ImageSource;
import lib.verb.SignaturePolicy;
import lib.verb.copy.ImageCopy;
import lib.verb.copy.PipedImage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC -XX:TieredStopAtLevel=1
//DESCRIPTION Pushes images from files or another registry, byte for byte
//DOCS ../docs/commands/push.md
//SOURCES ../lib/sources/push.java

/** The far side of the air gap: blobs that the registry already has are skipped, the others sent, then the manifests, then the tag. */
@Command(name = "push", description = {"Pushes images from files or another registry, byte for byte.", "Prints a line NAME@DIGEST for each."},
        footer = {"", "Examples:", "  dray push nginx_alpine.tar registry.example.com/web/nginx:alpine", "  dray push --to registry.example.com/mirror all.tar",
                "  dray push --to registry.example.com --settings registries.conf all.tar > mirror.conf",
                "  dray push nginx:alpine registry.example.com/web/nginx:alpine", "  docker save app:1 | dray push - registry.example.com/app:1",
                "  dray manifest nginx:alpine | jq '.annotations.who = \"me\"' | dray push registry.example.com/mine:1",
                "", "Specification: https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#push"})
public final class push implements Callable<Integer> {
    /** Finds an image when its turn comes. */
    private interface Finder {
        Outgoing find() throws Exception;
    }

    @Mixin
    private DestinationOptions destination;

    @Mixin
    private FarSideOption farSide;

    @Option(names = "--replace-index",
            description = "Let one platform replace an index under the tag.")
    private boolean replaceIndex;

    @Option(names = "--platform", paramLabel = "OS/ARCH[/VARIANT]",
            description = {"Push only the image for this platform.", "Without it, the index and everything it lists."})
    private String platform;

    @Mixin
    private MediaTypesOption mediaTypes;

    @Mixin
    private ImageOption chosen;

    @Mixin
    private MaxSizeOption maxSize;

    @Mixin
    private CommonOptions common;

    @Mixin
    private NetworkOptions network;

    @Mixin
    private FromOptions from;

    @Mixin
    private UploadOptions upload;

    @Mixin
    private ReferrersOption referrers;

    private final OutputStream out = Stage.stdout();
    private final Map<Reference, Finder> images = new LinkedHashMap<>();
    private final Map<String, WrongContentException> damaged = new LinkedHashMap<>();
    private Platform wanted;
    private Network far;
    private Settings settings;
    private boolean printsSettings;
    private final Map<Reference, Reference> brought = new LinkedHashMap<>();

    @Override
    public Integer call() throws Exception {
        NativeProvider.offer(common::debug);
        wanted = platform == null ? null : Platform.parse(platform);
        mediaTypes.check();
        settings = upload.settings(common, network);
        List<String> places = destination.places();
        printsSettings = farSide.isGiven(destination.keepsNames());
        if (!places.contains(DestinationOptions.STDIN)) {
            for (String place : places) {
                add(place);
            }
            return pushAll();
        }
        if (network.readsStdin()) {
            throw new IllegalArgumentException("stdin has either the image or the password: set DRAY_USERNAME and DRAY_PASSWORD, or log in with docker login or podman login");
        }
        try (PipedInput piped = new PipedInput()) {
            if (piped.archive() != null) {
                addStore(ImageStore.open(piped.archive(), maxSize.bytes(), CommonOptions::warn), chosen.choice());
            }
            for (Stage stage : piped.stages()) {
                add(stage);
            }
            return pushAll();
        }
    }

    private void add(String place) throws Exception {
        if (!ImageSource.isStore(place)) {
            chosen.refuse(place);
            Reference image = RemoteNames.of(place);
            Reference target = destination.target(image);
            add(target, () -> copy(image, target).find(image, target));
            return;
        }
        Path path = Path.of(place);
        if (Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path)) {
            throw new IllegalArgumentException(place + " is a pipe or a device: pipe the archive into: push -");
        }
        addStore(ImageStore.open(path, maxSize.bytes(), CommonOptions::warn), chosen.choice());
    }

    private void addStore(ImageStore store, ImageChoice choice) throws Exception {
        ImagePush stored = destination.targets(store, choice, wanted);
        damaged.putAll(stored.damaged());
        for (ImagePush.Task task : stored.tasks()) {
            add(task.target(), () -> {
                String guess = stored.guess(task);
                if (guess != null) {
                    CommonOptions.warn(guess + "; --platform chooses another");
                }
                return stored.outgoing(task, referrers.selection());
            });
        }
    }

    private void add(Stage stage) throws Exception {
        if (stage.wholeImage() != null) {
            addStore(ImageStore.open(stage.wholeImage(), maxSize.bytes(), CommonOptions::warn), chosen.isGiven() ? chosen.choice() : ImageChoice.of(stage.origin()));
            return;
        }
        Manifest manifest = PipedManifest.of(stage);
        Reference image = stage.origin().reference();
        Reference target = destination.target(image);
        add(target, () -> new PipedImage(manifest, stage.origin(), copy(image, target)).find(target));
    }

    private ImageCopy copy(Reference image, Reference target) throws Exception {
        SignaturePolicy policy = new SignaturePolicy(null, ImagePolicy.in(far.hosts().folders().podman()));
        return new ImageCopy(from.network(image, target, far, network), wanted, referrers.selection(), policy, settings);
    }

    private void add(Reference target, Finder image) {
        if (images.put(target, image) != null) {
            throw new IllegalArgumentException("there are two images for " + target.familiarName() + ": a tag can point to only one of them");
        }
    }

    private int pushAll() throws Exception {
        List<Reference> targets = List.copyOf(images.keySet());
        far = network.network(targets);
        Push push = new Push(far, settings, targets, upload.chunk(), replaceIndex);
        if (targets.size() == 1 && damaged.isEmpty()) {
            push(push, targets.get(0));
            printSettings();
            return 0;
        }
        Failures failures = new Failures();
        failures.add(damaged);
        for (Reference target : targets) {
            failures.attempt(target.familiarName(), () -> push(push, target));
        }
        printSettings();
        return failures.report("push", targets.size() + damaged.size());
    }

    private void printSettings() throws Exception {
        if (printsSettings) {
            out.write(farSide.settings(brought, far).getBytes(StandardCharsets.UTF_8));
        }
    }

    private void push(Push push, Reference target) throws Exception {
        Outgoing image = mediaTypes.of(images.get(target).find());
        upload.shows(image.image().manifest());
        Push.Result result = push.run(image, target);
        upload.endProgress();
        brought.put(image.image().reference(), target);
        if (!printsSettings) {
            out.write((target.withDigest(result.digest()).familiarName() + "\n").getBytes(StandardCharsets.UTF_8)); // each as soon as it is there
        }
        common.say("pushed " + target.familiarName() + ": " + result.blobs() + " blobs, " + result.there().blobs() + " already there" + bytes(result.there()) + ", "
                + result.mounted().blobs() + " mounted from another repository" + bytes(result.mounted()) + ", "
                + (result.fetched() == 0 ? "" : Sizes.of(result.fetched()) + " fetched, ") + Sizes.of(result.sent()) + " sent" + ReferrerCount.with(image.image().referrers()));
    }

    private static String bytes(Push.Share share) {
        return share.blobs() == 0 ? "" : " (" + Sizes.of(share.bytes()) + ")";
    }

    public static void main(String... args) {
        Cli.run(new push(), args);
    }
}
