///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.Failures;
import lib.cli.PipedArchive;
import lib.cli.ReferrerCount;
import lib.cli.Stage;
import lib.cli.options.ImageOption;
import lib.cli.options.MaxSizeOption;
import lib.cli.options.NetworkOptions;
import lib.cli.options.ReferrersOption;
import lib.cli.options.UploadOptions;
import lib.crypto.boringssl.NativeProvider;
import lib.failure.SeveralImagesException;
import lib.image.Platform;
import lib.image.Reference;
import lib.store.ImageStore;
import lib.store.NamedImage;
import lib.text.Sizes;
import lib.transfer.push.Push;
import lib.verb.ImagePush;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC -XX:TieredStopAtLevel=1
//DESCRIPTION Pushes images from archives and layouts, byte for byte
//DOCS ../docs/commands/push.md
//SOURCES ../lib/sources/push.java

/** The far side of the air gap: blobs that the registry already has are skipped, the others sent, then the manifests, then the tag. */
@Command(name = "push", description = {"Pushes images from archives and layouts, byte for byte.", "Prints a line NAME@DIGEST for each."},
        footer = {"", "Examples:", "  dray push nginx_alpine.tar registry.example.com/web/nginx:alpine", "  dray push --to registry.example.com/mirror all.tar",
                "  docker save app:1 | dray push - registry.example.com/app:1",
                "", "Specification: https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#push"})
public final class push implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "LAYOUT|ARCHIVE",
            description = "What to take images from; - for stdin.")
    private Path source;

    @Parameters(index = "1", paramLabel = "NAME", arity = "0..1",
            description = "The name for the one image, registry first.")
    private String name;

    @Option(names = "--to", paramLabel = "HOST[/PREFIX]",
            description = "Replace the registry in the images' own names.")
    private String to;

    @Option(names = "--own-names",
            description = {"Push each image to the registry in its own name.", "That is docker.io for a name without a registry."})
    private boolean ownNames;

    @Option(names = "--replace-index",
            description = "Let one platform replace an index under the tag.")
    private boolean replaceIndex;

    @Option(names = "--platform", paramLabel = "OS/ARCH[/VARIANT]",
            description = {"Push only the image for this platform.", "Without it, the index and everything it lists."})
    private String platform;

    @Mixin
    private ImageOption image;

    @Mixin
    private MaxSizeOption maxSize;

    @Mixin
    private CommonOptions common;

    @Mixin
    private NetworkOptions network;

    @Mixin
    private UploadOptions upload;

    @Mixin
    private ReferrersOption referrers;

    private final OutputStream out = Stage.stdout();

    @Override
    public Integer call() throws Exception {
        NativeProvider.offer(common::debug);
        if (!source.toString().equals("-")) {
            return pushFrom(opened());
        }
        if (network.readsStdin()) {
            throw new IllegalArgumentException("stdin has either the archive or the password: set DRAY_USERNAME and DRAY_PASSWORD, or log in with docker login or podman login");
        }
        try (PipedArchive piped = new PipedArchive()) {
            return pushFrom(ImageStore.open(piped.file(), maxSize.bytes()));
        }
    }

    private ImageStore opened() throws IOException {
        if (Files.exists(source) && !Files.isRegularFile(source) && !Files.isDirectory(source)) {
            throw new IllegalArgumentException(source + " is a pipe or a device: pipe the archive into: push -");
        }
        return ImageStore.open(source, maxSize.bytes());
    }

    private int pushFrom(ImageStore store) throws Exception {
        if ((name != null ? 1 : 0) + (to != null ? 1 : 0) + (ownNames ? 1 : 0) > 1) {
            throw new IllegalArgumentException("NAME, --to and --own-names exclude each other");
        }
        Platform wanted = platform == null ? null : Platform.parse(platform);
        ImagePush images = name == null ? ImagePush.toNames(to, store, image.choice(), wanted, CommonOptions::warn) : only(store, Reference.parse(name), wanted);
        if (name == null && to == null && !ownNames) {
            throw new IllegalArgumentException("where to? Use NAME, --to HOST[/PREFIX], or --own-names to push to "
                    + images.targets().stream().map(Reference::familiarName).collect(Collectors.joining(", ")));
        }
        Push push = images.push(network.network(images.targets()), upload.settings(common, network), upload.chunk(), replaceIndex);
        if (images.tasks().size() == 1 && images.damaged().isEmpty()) {
            push(push, images, images.tasks().get(0));
            return 0;
        }
        Failures failures = new Failures();
        failures.add(images.damaged());
        for (ImagePush.Task task : images.tasks()) {
            failures.attempt(task.target().familiarName(), () -> push(push, images, task));
        }
        return failures.report("push", images.tasks().size() + images.damaged().size());
    }

    private ImagePush only(ImageStore store, Reference target, Platform wanted) throws Exception {
        try {
            return ImagePush.to(target, store, image.choice(), wanted, CommonOptions::warn);
        } catch (SeveralImagesException e) {
            throw new SeveralImagesException(e.getMessage() + "; use --to HOST[/PREFIX] or --own-names for all of them");
        }
    }

    private void push(Push push, ImagePush images, ImagePush.Task task) throws Exception {
        String guess = images.guess(task);
        if (guess != null) {
            CommonOptions.warn(guess + "; --platform chooses another");
        }
        NamedImage image = images.chosen(task, referrers.selection());
        upload.shows(image.manifest());
        Push.Result result = push.run(image, task.target());
        upload.endProgress();
        out.write((task.target().withDigest(result.digest()).familiarName() + "\n").getBytes(StandardCharsets.UTF_8)); // each as soon as it is there
        common.say("pushed " + task.target().familiarName() + ": " + result.blobs() + " blobs (" + result.there() + " already there, "
                + result.mounted() + " mounted from another repository), " + Sizes.of(result.sent()) + " sent" + ReferrerCount.with(image.referrers()));
    }

    public static void main(String... args) {
        Cli.run(new push(), args);
    }
}
