///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.Delivery;
import lib.cli.FormatOption;
import lib.cli.Names;
import lib.cli.PlatformOption;
import lib.cli.Sizes;
import lib.cli.Stage;
import lib.cli.Target;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.ManifestTree;
import lib.image.Reference;
import lib.store.Assembly;
import lib.store.Format;
import lib.store.ImageStore;
import lib.store.Layout;
import lib.store.Named;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC -XX:CompileThresholdScaling=3
//DESCRIPTION Writes images of layouts and archives into one archive that docker load takes
//SOURCES ../lib/cli/Cli.java
//SOURCES ../lib/cli/CommonOptions.java
//SOURCES ../lib/cli/Delivery.java
//SOURCES ../lib/cli/FormatOption.java
//SOURCES ../lib/cli/Names.java
//SOURCES ../lib/cli/PlatformOption.java
//SOURCES ../lib/cli/Sizes.java
//SOURCES ../lib/cli/Stage.java
//SOURCES ../lib/cli/Target.java
//SOURCES ../lib/image/Descriptor.java
//SOURCES ../lib/image/Digest.java
//SOURCES ../lib/image/Manifest.java
//SOURCES ../lib/image/ManifestTree.java
//SOURCES ../lib/image/Reference.java
//SOURCES ../lib/store/Assembly.java
//SOURCES ../lib/store/Format.java
//SOURCES ../lib/store/ImageStore.java
//SOURCES ../lib/store/Layout.java
//SOURCES ../lib/store/Named.java

/**
 * An archive that engines load is a tar of the blobs, an index.json and a manifest.json that say which blobs make which image.
 * Each blob is checked while it is copied.
 */
@Command(name = "assemble", description = "Writes images into an archive that docker load, podman load and others take.",
        footer = {"", "Examples:", "  jbang manifest nginx:alpine | jbang blob --to nginx.oci | jbang assemble -o nginx.tar", "  jbang assemble nginx.oci other.tar -o both.tar",
                "", "Specification: https://github.com/opencontainers/image-spec/blob/v1.1.0/image-layout.md"})
public final class assemble implements Callable<Integer> {
    @Parameters(paramLabel = "LAYOUT|ARCHIVE", arity = "0..*", description = "What to take images from; without any, the JSON of 'blob' is read from stdin.")
    private List<Path> sources = new ArrayList<>();

    @Option(names = {"-o", "--output"}, paramLabel = "FILE", description = "The archive, - for stdout (default: nginx_alpine.tar for nginx:alpine).")
    private String output;

    @Option(names = {"-t", "--tag"}, paramLabel = "NAME", description = "Have the image loaded under this name instead of its own; may be repeated.")
    private List<String> tags = new ArrayList<>();

    @Mixin
    private FormatOption form;

    @Mixin
    private PlatformOption platform;

    @Mixin
    private CommonOptions common;

    private final List<Named> images = new ArrayList<>();
    private final Map<Digest, ImageStore> stores = new HashMap<>();
    private Format format;

    @Override
    public Integer call() throws Exception {
        format = form.format(platform);
        if (sources.isEmpty() || sources.equals(List.of(Path.of("-")))) {
            addStage(Stage.fromStdin());
        }
        for (Path source : sources) {
            if (!source.equals(Path.of("-"))) {
                addAll(ImageStore.open(source));
            }
        }
        rename(Names.toLoadUnder(tags));
        format.check(images);
        String to = output != null ? output : defaultName();
        if (format == Format.OCI_DIR && !to.equals("-")) {
            Format.fill(Layout.openOrCreate(Path.of(to)), images, this::blob);
            say("wrote " + to, Path.of(to));
        } else {
            write(Target.of(to));
        }
        return 0;
    }

    private void addStage(Stage stage) throws Exception {
        if (stage.origin().layout() == null) {
            throw new IllegalArgumentException("the JSON on stdin does not say where the blobs are: pipe it through 'blob --to LAYOUT' first");
        }
        ImageStore store = ImageStore.open(Path.of(stage.origin().layout()));
        if (!(store instanceof Layout layout)) {
            throw new IllegalArgumentException(store.path() + " is no folder");
        }
        Manifest root = Assembly.of(layout, stage.origin(), stage.json());
        add(new Named(platform.choose(root, store::manifest), stage.origin().reference()), store);
    }

    private void addAll(ImageStore store) throws Exception {
        for (Named root : store.roots()) {
            add(new Named(platform.choose(root.manifest(), store::manifest), root.reference()), store);
        }
    }

    private void add(Named image, ImageStore store) throws Exception {
        images.add(image);
        for (Manifest manifest : image.tree().manifests()) {
            if (!manifest.isIndex() && manifest.artifactType().isEmpty()) {
                Assembly.check(store, manifest);
            }
        }
        for (Descriptor blob : image.tree().blobs()) {
            stores.putIfAbsent(blob.digest(), store);
        }
    }

    private void rename(List<Reference> names) {
        if (names.isEmpty()) {
            return;
        }
        if (images.stream().map(image -> image.manifest().digest()).distinct().count() != 1) {
            throw new IllegalArgumentException("-t names one image, but there are more: assemble them one at a time");
        }
        ManifestTree image = images.get(0).tree();
        images.clear();
        names.forEach(name -> images.add(new Named(image, name)));
    }

    private String defaultName() {
        Reference name = images.get(0).reference();
        if (name == null) {
            throw new IllegalArgumentException("the image has no name to call the result by: say -o NAME");
        }
        return name.fileName() + format.ending();
    }

    private void write(Target target) throws Exception {
        if (target.isStream()) {
            try (OutputStream out = new BufferedOutputStream(target.stream(), 1 << 16)) {
                format.write(images, this::blob, out);
            }
            return;
        }
        Delivery.write(format, images, this::blob, target.path());
        say("wrote " + target.path() + ", " + Sizes.of(Files.size(target.path())), target.path());
    }

    private void say(String done, Path result) {
        common.say(done + ", every byte verified");
        common.say(format.use(result));
    }

    private InputStream blob(Descriptor blob) throws IOException {
        return stores.get(blob.digest()).blob(blob);
    }

    public static void main(String... args) {
        Cli.run(new assemble(), args);
    }
}
