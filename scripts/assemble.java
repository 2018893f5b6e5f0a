///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.Failures;
import lib.cli.Names;
import lib.cli.Stage;
import lib.cli.Target;
import lib.cli.options.Delivery;
import lib.cli.options.FormatOption;
import lib.cli.options.LeaveOutOptions;
import lib.cli.options.PlatformOption;
import lib.failure.WrongContent;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.ManifestTree;
import lib.image.Reference;
import lib.store.ImageStore;
import lib.store.Layout;
import lib.store.Named;
import lib.store.StoredImages;
import lib.store.TemporaryLayout;
import lib.store.format.Assembly;
import lib.store.format.Format;
import lib.store.layer.BlobSource;
import lib.text.Sizes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC -XX:CompileThresholdScaling=3
//DESCRIPTION Writes images of layouts and archives into one archive that docker load takes
//SOURCES ../lib/sources/assemble.java

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

    @Mixin
    private LeaveOutOptions leaveOut;

    private final List<Named> images = new ArrayList<>();
    private final List<ImageStore> stores = new ArrayList<>();
    private final Failures failures = new Failures();
    private boolean deltas;
    private Format format;

    @Override
    public Integer call() throws Exception {
        format = form.format(platform);
        if (sources.isEmpty() || sources.remove(Path.of("-"))) {
            addStage(Stage.fromStdin());
        }
        addStored();
        leaveOutArtifacts();
        check();
        if (images.isEmpty()) {
            return failures.report("assemble", failures.count());
        }
        rename(Names.toLoadUnder(tags));
        format.check(images);
        String to = output != null ? output : defaultName();
        Target target = Delivery.target(format, to);
        leaveOut.check(to);
        if (form.compression() == null) {
            write(target);
            return failures.report("assemble", images.size() + failures.count());
        }
        leaveOut.refuse("layers that are compressed anew");
        try (TemporaryLayout temporary = target.isStream() ? new TemporaryLayout() : TemporaryLayout.beside(target.path())) {
            List<Named> recompressed = Delivery.recompressed(form.compression(), images, temporary.layout(), this::blob, form.maxSize());
            images.clear();
            images.addAll(recompressed);
            stores.add(temporary.layout());
            write(target);
        }
        return failures.report("assemble", images.size() + failures.count());
    }

    private void addStage(Stage stage) throws Exception {
        if (stage.origin().layout() == null) {
            throw new IllegalArgumentException("the JSON on stdin does not say where the blobs are: pipe it through 'blob --to LAYOUT' first");
        }
        stage.manifest();
        ImageStore store = ImageStore.open(Path.of(stage.origin().layout()), form.maxSize());
        if (!(store instanceof Layout layout)) {
            throw new IllegalArgumentException(store.path() + " is no folder");
        }
        Manifest root = Assembly.of(layout, stage.origin(), stage.json(), form.maxSize());
        stores.add(store);
        Reference name = stage.origin().reference();
        ManifestTree tree = platform.choose(root, store);
        List<Manifest> above = tree.above().isEmpty() ? pinned(layout, name, root) : tree.above();
        add(List.of(new Named(new ManifestTree(tree.root(), tree.below(), above), name)));
    }

    /** Returns the index that the digest in a name stands for, and those that lead from it to the manifest, where 'blob' kept them and nobody edited what was chosen; else none. */
    private static List<Manifest> pinned(Layout layout, Reference name, Manifest root) throws IOException {
        if (name.digest() == null || !Files.isRegularFile(layout.blobPath(name.digest()))) {
            return List.of();
        }
        return ManifestTree.wayTo(root.digest(), layout.manifest(layout.find(name.digest())), layout);
    }

    /** What an archive was written since is there to complete it: its own images are not wanted. */
    private void addStored() throws Exception {
        Map<ImageStore, StoredImages> all = new LinkedHashMap<>();
        for (Path source : sources) {
            ImageStore store = ImageStore.open(source, form.maxSize());
            stores.add(store);
            all.put(store, store.images());
        }
        for (ImageStore store : all.keySet()) {
            Set<Digest> old = new HashSet<>();
            all.forEach((other, images) -> images.images().stream().filter(image -> other != store).forEach(image -> old.addAll(image.since())));
            StoredImages stored = all.get(store);
            stored.remove(old);
            deltas |= stored.images().stream().anyMatch(image -> !image.since().isEmpty());
            if (!stored.images().isEmpty()) {
                add(platform.isOne() ? stored.choose(platform.platform(), platform.isGiven()) : stored.choose(platform.platforms()));
            }
            stored.leftOut().forEach(CommonOptions::warn);
            failures.add(stored.damaged());
        }
    }

    /** Images that are not complete do not keep the others from being written. */
    private void check() throws Exception {
        if (images.size() == 1) {
            check(images.get(0));
            return;
        }
        for (Named image : List.copyOf(images)) {
            if (!failures.attempt(named(image), () -> check(image))) {
                images.remove(image);
            }
        }
    }

    private void add(List<Named> chosen) throws Exception {
        for (Named one : chosen) {
            boolean isThere = images.stream().anyMatch(image -> image.manifest().digest().equals(one.manifest().digest()) && Objects.equals(image.reference(), one.reference()));
            if (!isThere) {
                images.add(one.without(leaveOut.of(one.tree())));
            }
        }
    }

    /** Signatures and charts may lie beside images; what engines load has no place for them. */
    private void leaveOutArtifacts() {
        List<Named> artifacts = images.stream().filter(image -> image.manifest().isArtifact()).toList();
        if (!format.takesAnything() && artifacts.size() < images.size()) {
            artifacts.forEach(one -> CommonOptions.warn(named(one) + " is left out: it is no image but an artifact of the type " + one.manifest().artifactType()));
            images.removeAll(artifacts);
        }
    }

    private void check(Named image) throws Exception {
        List<Descriptor> missing = image.blobs().stream().filter(blob -> stores.stream().noneMatch(store -> store.has(blob))).toList();
        if (!missing.isEmpty()) {
            throw new WrongContent(named(image) + " is incomplete: " + missing.stream().map(blob -> blob.digest().toString()).collect(Collectors.joining(", "))
                    + (missing.size() == 1 ? " is not there" : " are not there")
                    + (deltas ? "; name the archive too that this one was written since"
                            : missing.stream().noneMatch(blob -> blob.urls().isEmpty()) ? "; it is to be had from elsewhere: --skip-foreign leaves it out" : ""));
        }
        for (Manifest manifest : image.tree().manifests()) {
            if (manifest.isImage() && !image.without().blobs().contains(manifest.config().digest())) {
                BlobSource.checkConfig(this::blob, manifest);
            }
        }
    }

    private static String named(Named image) {
        return image.reference() != null ? image.reference().familiarName() : "the image " + image.manifest().digest();
    }

    private void rename(List<Reference> names) {
        if (names.isEmpty()) {
            return;
        }
        if (images.stream().map(image -> image.manifest().digest()).distinct().count() + failures.count() != 1) {
            throw new IllegalArgumentException("-t names one image, but there are more: assemble them one at a time");
        }
        Named image = images.get(0);
        images.clear();
        names.forEach(name -> images.add(new Named(image.tree(), name).without(image.without())));
    }

    private String defaultName() {
        Reference name = images.get(0).reference();
        if (name == null) {
            throw new IllegalArgumentException("the image has no name to call the result by: say -o NAME");
        }
        return name.fileName() + leaveOut.ending() + format.ending();
    }

    private void write(Target target) throws Exception {
        if (target.isStream()) {
            try (OutputStream out = new BufferedOutputStream(target.stream(), 1 << 16)) {
                format.write(images, this::blob, form.maxSize(), out);
            }
            return;
        }
        Path path = target.path();
        Delivery.write(format, images, this::blob, form.maxSize(), path);
        common.say("wrote " + path + (format == Format.OCI_DIR ? "" : ", " + Sizes.of(Files.size(path))) + ", every byte verified");
        common.say(Delivery.use(format, images, path));
    }

    private InputStream blob(Descriptor blob) throws IOException {
        for (ImageStore store : stores) {
            if (store.has(blob)) {
                return store.blob(blob);
            }
        }
        throw new WrongContent("the blob " + blob.digest() + " is not there");
    }

    public static void main(String... args) {
        Cli.run(new assemble(), args);
    }
}
