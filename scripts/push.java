///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import java.io.IOException;
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
import lib.cli.PipedArchive;
import lib.cli.Stage;
import lib.cli.options.MaxSizeOption;
import lib.cli.options.NetworkOptions;
import lib.cli.options.UploadOptions;
import lib.failure.WrongContent;
import lib.image.Choice;
import lib.image.Descriptor;
import lib.image.Manifest;
import lib.image.ManifestTree;
import lib.image.Platform;
import lib.image.Reference;
import lib.store.ImageStore;
import lib.store.Named;
import lib.store.StoredImage;
import lib.store.StoredImages;
import lib.text.Sizes;
import lib.transfer.Push;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC -XX:TieredStopAtLevel=1
//DESCRIPTION Fills a registry with the images of a layout or an archive
//SOURCES ../lib/sources/push.java

/** The far side of the air gap: blobs that the registry has are passed over, the others sent, then the manifests, then the tag. */
@Command(name = "push", description = "Fills a registry with the images of a layout or an archive, byte for byte. Prints a line NAME@DIGEST for each.",
        footer = {"", "Examples:", "  jbang push nginx_alpine.tar registry.example.com/web/nginx:alpine", "  jbang push --to registry.example.com/mirror all.tar",
                "  docker save app:1 | jbang push - registry.example.com/app:1",
                "", "Specification: https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#push"})
public final class push implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "LAYOUT|ARCHIVE", description = "What to take images from; - reads an archive from stdin.")
    private Path source;

    @Parameters(index = "1", paramLabel = "NAME", arity = "0..1",
            description = "The name to give the one image there, registry first; without it, each goes to the name it has.")
    private String name;

    @Option(names = "--to", paramLabel = "HOST[/PREFIX]", description = "Put this in the place of the registry in the names that the images have.")
    private String to;

    @Option(names = "--platform", paramLabel = "OS/ARCH[/VARIANT]", description = "Of an index, push the image for this platform only (default: the index, and all that it lists).")
    private String platform;

    @Mixin
    private MaxSizeOption maxSize;

    @Mixin
    private CommonOptions common;

    @Mixin
    private NetworkOptions network;

    @Mixin
    private UploadOptions upload;

    private final OutputStream out = Stage.stdout();
    private ImageStore store;

    /** An image in store, and where it goes. */
    private record Task(StoredImage image, Reference target) { }

    @Override
    public Integer call() throws Exception {
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

    private int pushFrom(ImageStore opened) throws Exception {
        store = opened;
        StoredImages stored = store.images();
        if (name != null && !stored.damaged().isEmpty()) {
            throw stored.damaged().values().iterator().next(); // it may be the one that NAME is for
        }
        List<Task> tasks = tasks(stored.images());
        stored.leftOut().forEach(CommonOptions::warn);
        List<Reference> targets = tasks.stream().map(Task::target).toList();
        Push push = new Push(store, network.network(targets), upload.settings(common, network), targets, upload.chunk());
        if (tasks.size() == 1 && stored.damaged().isEmpty()) {
            push(push, tasks.get(0));
            return 0;
        }
        Failures failures = new Failures();
        failures.add(stored.damaged());
        for (Task task : tasks) {
            failures.attempt(task.target.familiarName(), () -> push(push, task));
        }
        return failures.report("push", tasks.size() + stored.damaged().size());
    }

    private List<Task> tasks(List<StoredImage> images) {
        if (name != null && to != null) {
            throw new IllegalArgumentException("NAME says it all: leave --to out");
        }
        Map<Reference, StoredImage> tasks = new LinkedHashMap<>();
        for (StoredImage image : name == null ? named(images) : List.of(only(images))) {
            Reference target = name == null ? target(image) : Reference.parse(name);
            if (tasks.put(target, image) != null) {
                throw new IllegalArgumentException(source + " has two images for " + target.familiarName() + ": a tag can stand for one of them only");
            }
        }
        return tasks.entrySet().stream().map(task -> new Task(task.getValue(), task.getKey())).toList();
    }

    /** A signature or a list of contents without a name does not keep the images beside it from being pushed. */
    private static List<StoredImage> named(List<StoredImage> images) {
        List<StoredImage> named = images.stream().filter(image -> image.reference() != null || !image.isArtifact()).toList();
        if (named.isEmpty()) {
            return images;
        }
        images.stream().filter(image -> !named.contains(image)).forEach(image -> CommonOptions.warn(image.name() + " is not pushed: it is an artifact without a full name"));
        return named;
    }

    /** Returns the one image, whatever artifacts lie beside it, and however many names it has. */
    private StoredImage only(List<StoredImage> images) {
        List<StoredImage> real = images.stream().filter(image -> !image.isArtifact()).toList();
        List<StoredImage> candidates = real.isEmpty() ? images : real;
        if (candidates.stream().map(StoredImage::roots).map(roots -> roots.get(0).manifest().digest()).distinct().count() > 1) {
            throw new IllegalArgumentException(source + " holds " + candidates.size() + " images, but NAME is for one: leave it out, and each goes to the name it has, or use --to HOST");
        }
        images.stream().filter(image -> image.isArtifact() && !candidates.contains(image))
                .forEach(image -> CommonOptions.warn(image.name() + " is not pushed: it is an artifact, and NAME is for the image"));
        return candidates.get(0);
    }

    /** Returns what is to be pushed: for one platform its manifest, else all that is listed. */
    private Named chosen(StoredImage image, Reference target) throws IOException {
        if (platform != null) {
            return image.choose(Platform.parse(platform), true);
        }
        if (image.hasVariants()) {
            Named chosen = image.choose(Platform.ofThisMachine(), true);
            CommonOptions.warn(store.path() + " lists " + image.name() + " for " + image.platforms() + " without an index, and a tag can stand for one of them only: "
                    + "this is the one for " + Platform.ofThisMachine() + "; --platform chooses another");
            return chosen;
        }
        Manifest root = image.roots().get(0).manifest();
        Descriptor missing = ManifestTree.missing(root, store);
        if (missing == null) {
            return image.named(ManifestTree.whole(root, store));
        }
        List<Choice> here = Choice.all(root, store);
        if (here.size() != 1 || target.tag() == null) {
            throw new WrongContent(store.path() + " is incomplete: the manifest " + missing.digest() + (missing.platform() == null ? "" : " for " + missing.platform())
                    + " of the index " + root.digest() + " is not there" + (target.tag() == null ? "; pull all platforms to push it by its digest" : "; --platform pushes one that is"));
        }
        CommonOptions.warn(target.familiarName() + " becomes the image " + here.get(0).manifest().digest() + " alone: the other platforms of its index are not in " + store.path());
        return image.named(new ManifestTree(here.get(0).manifest(), List.of()));
    }

    /** An image with a tag goes to the tag, whatever digest its name has; one without goes to its digest. */
    private Reference target(StoredImage image) {
        Reference has = image.reference();
        if (has == null) {
            throw new IllegalArgumentException("the image " + image.name() + " in " + source + " has no full name: say under which to push it");
        }
        Reference name = has.tag() == null ? has : has.withDigest(null);
        Reference there = to == null ? name : Reference.parse(to.replaceFirst("/+$", "") + "/" + has.repository());
        return new Reference(there.registry(), there.repository(), name.tag(), name.digest());
    }

    private void push(Push push, Task task) throws Exception {
        Push.Result result = push.run(chosen(task.image, task.target), task.target);
        upload.endProgress();
        Reference pushed = task.target.withDigest(result.digest());
        out.write((pushed.familiarName() + "\n").getBytes(StandardCharsets.UTF_8)); // each as soon as it is there
        common.say("pushed " + task.target.familiarName() + ": " + result.blobs() + " blobs, " + result.there() + " of them there already, "
                + result.mounted() + " taken from another repository there, " + Sizes.of(result.sent()) + " sent");
    }

    public static void main(String... args) {
        Cli.run(new push(), args);
    }
}
