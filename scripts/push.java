///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.Failures;
import lib.cli.MaxSizeOption;
import lib.cli.NetworkOptions;
import lib.cli.PipedArchive;
import lib.cli.Sizes;
import lib.cli.Stage;
import lib.cli.UploadOptions;
import lib.image.Descriptor;
import lib.image.Manifest;
import lib.image.ManifestTree;
import lib.image.Platform;
import lib.image.Reference;
import lib.image.WrongContent;
import lib.store.ImageStore;
import lib.store.Named;
import lib.transfer.Push;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC -XX:TieredStopAtLevel=1
//DESCRIPTION Fills a registry with the images of a layout or an archive
//SOURCES ../lib/cli/Cli.java
//SOURCES ../lib/cli/CommonOptions.java
//SOURCES ../lib/cli/Failures.java
//SOURCES ../lib/cli/MaxSizeOption.java
//SOURCES ../lib/cli/NetworkOptions.java
//SOURCES ../lib/cli/PipedArchive.java
//SOURCES ../lib/cli/Sizes.java
//SOURCES ../lib/cli/Stage.java
//SOURCES ../lib/cli/UploadOptions.java
//SOURCES ../lib/image/Descriptor.java
//SOURCES ../lib/image/Manifest.java
//SOURCES ../lib/image/ManifestTree.java
//SOURCES ../lib/image/Platform.java
//SOURCES ../lib/image/Reference.java
//SOURCES ../lib/image/WrongContent.java
//SOURCES ../lib/store/ImageStore.java
//SOURCES ../lib/store/Named.java
//SOURCES ../lib/transfer/Push.java

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

    /** An image in store, and where it goes. */
    private record Task(Named image, Reference target) { }

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

    private int pushFrom(ImageStore store) throws Exception {
        List<Task> tasks = tasks(store);
        List<Reference> targets = tasks.stream().map(Task::target).toList();
        Push push = new Push(store, network.network(targets), upload.settings(common, network), targets, upload.chunk());
        if (tasks.size() == 1) {
            push(push, tasks.get(0));
            return 0;
        }
        Failures failures = new Failures();
        for (Task task : tasks) {
            failures.attempt(task.target.familiarName(), () -> push(push, task));
        }
        return failures.report("push", tasks.size());
    }

    private List<Task> tasks(ImageStore store) throws Exception {
        List<Task> tasks = new ArrayList<>();
        for (Named root : store.roots()) {
            ManifestTree tree = platform == null ? ManifestTree.whole(root.manifest(), entry -> manifest(store, entry))
                    : ManifestTree.of(root.manifest(), List.of(Platform.parse(platform)), store::manifest);
            tasks.add(new Task(new Named(tree, root.reference()).without(root.without()), name == null ? target(root) : Reference.parse(name)));
        }
        if (name != null && to != null) {
            throw new IllegalArgumentException("NAME says it all: leave --to out");
        }
        if (name != null && tasks.stream().map(task -> task.image().manifest().digest()).distinct().count() > 1) {
            throw new IllegalArgumentException(source + " holds " + tasks.size() + " images, but NAME is for one: leave it out, and each goes to the name it has, or say --to HOST");
        }
        return name == null ? tasks : tasks.subList(0, 1);
    }

    /** docker save writes an index as the registry has it, but only those of its images that the engine has. */
    private static Manifest manifest(ImageStore store, Descriptor entry) throws IOException {
        if (!store.has(entry)) {
            throw new WrongContent(store.path() + " is incomplete: the manifest " + entry.digest() + (entry.platform() == null ? "" : " for " + entry.platform())
                    + " is not there; --platform pushes one that is");
        }
        return store.manifest(entry);
    }

    private Reference target(Named image) {
        Reference has = image.reference();
        if (has == null) {
            throw new IllegalArgumentException("the image " + image.manifest().digest() + " in " + source + " has no name: say under which to push it");
        }
        return to == null ? has : Reference.parse(to.replaceFirst("/+$", "") + "/" + has.repository() + ":" + has.tag());
    }

    private void push(Push push, Task task) throws Exception {
        Push.Result result = push.run(task.image, task.target);
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
