package lib.cli.options;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import lib.cli.CommonOptions;
import lib.cli.Target;
import lib.file.AtomicFile;
import lib.file.LockFile;
import lib.file.OwnFile;
import lib.file.TemporaryPath;
import lib.image.Manifest;
import lib.store.ImageStore;
import lib.store.Layout;
import lib.store.Named;
import lib.store.TemporaryLayout;
import lib.store.format.Format;
import lib.store.format.OldLayers;
import lib.store.format.Recompression;
import lib.store.layer.BlobSource;
import lib.text.Sizes;
import lib.transfer.BlobPull;
import lib.transfer.LayersPull;
import lib.transfer.Pull;
import lib.transfer.Settings;
import lib.transfer.Wanted;

/**
 * Brings images from a registry into a file or a folder of some form. Forms that keep blobs as they are get each byte straight into its
 * place. The others are made of a layout, which stands beside the target until it is written, so that the next run goes on where one broke off.
 */
public final class Delivery {
    private final Format format;
    private final Recompression.Form compression;
    private final Long most;
    private final CommonOptions common;
    private final TransferOptions transfer;
    private final Settings settings;

    /**
     * @param compression the form that layers are wanted in, or null for the one that they have
     * @param most        how many bytes the layers of an image may unpack to, null for the usual limit
     */
    public Delivery(Format format, Recompression.Form compression, Long most, CommonOptions common, TransferOptions transfer, Settings settings) {
        this.format = format;
        this.compression = compression;
        this.most = most;
        this.common = common;
        this.transfer = transfer;
        this.settings = settings;
    }

    /** Throws what {@link #write} would throw for a target that cannot be written, before anything is fetched. */
    public void check(String output) throws IOException {
        target(format, output);
    }

    /** Returns where a result of this form goes; throws as {@link Target#of}, and IllegalArgumentException for a folder on stdout. */
    public static Target target(Format format, String output) throws IOException {
        if (format != Format.OCI_DIR) {
            return Target.of(output);
        }
        if (output.equals("-")) {
            throw new IllegalArgumentException("--format oci-dir makes a folder, which cannot be written to stdout: say --format oci");
        }
        return new Target(Path.of(output), false);
    }

    /** Writes the images, and says what was written. */
    public void write(List<Wanted> images, String output) throws Exception {
        List<Named> named = images.stream().map(Wanted::named).toList();
        format.check(named);
        Target target = target(format, output);
        if (!keepsBlobs(images)) {
            convert(images, target);
        } else if (format == Format.OCI_DIR) {
            fetchInto(Layout.openOrCreate(target.path()), images);
            say("wrote " + target.path() + ", every byte verified", named, target);
        } else {
            archive(pull(images), named, target);
        }
    }

    /** Tells whether blobs are written as they are: then they go straight to their places, for manifests say how large they are. Those of schema 1 do not. */
    private boolean keepsBlobs(List<Wanted> images) {
        return format.keepsBlobs() && compression == null && images.stream().noneMatch(image -> image.manifest().isSchema1());
    }

    private Pull pull(List<Wanted> images) throws IOException {
        return format == Format.OCI ? Pull.ofLayout(images, settings) : new Pull(images, settings);
    }

    private void archive(Pull pull, List<Named> named, Target target) throws Exception {
        if (target.isStream()) {
            try (OutputStream out = target.stream()) {
                pull.into(out);
            }
            return;
        }
        Pull.Result result = pull.into(target.path());
        say(result.wasComplete()
                ? target.path() + " is complete already, every byte of it verified: no blob was fetched"
                : "wrote " + target.path() + ", " + Sizes.of(result.size()) + " (" + Sizes.of(result.fetched()) + " fetched), every byte verified", named, target);
    }

    private void convert(List<Wanted> images, Target target) throws Exception {
        if (target.isStream()) {
            try (TemporaryLayout temporary = new TemporaryLayout(); OutputStream out = new BufferedOutputStream(target.stream(), 1 << 16)) {
                format.write(converted(fetching(temporary.layout(), null), temporary.layout(), images), temporary.layout()::blob, most, out);
            }
            return;
        }
        Path beside = kept(target.path());
        List<Named> named;
        LockFile lock = lock(target.path());
        try {
            Layout layout = Layout.openOrCreate(beside);
            LayersPull pull = fetching(layout, target.path());
            named = converted(pull, layout, images);
            write(format, named, pull, most, target.path());
            TemporaryPath.delete(beside);
        } finally {
            lock.delete();
        }
        String size = format == Format.OCI_DIR ? "" : ", " + Sizes.of(Files.size(target.path()));
        say("wrote " + target.path() + size + ", every byte verified", named, target);
    }

    /** @param target what is to be replaced, whose layers need not be fetched; null for nothing */
    private LayersPull fetching(Layout layout, Path target) {
        boolean hasLayers = target != null && format != Format.ROOTFS;
        boolean keepsSome = hasLayers && format.keepsBlobs() && ImageStore.isAt(target); // configs, and layers that have the form already
        List<Path> reuse = Stream.concat(settings.reuse().stream(), keepsSome ? Stream.of(target) : Stream.<Path>empty()).toList();
        return new LayersPull(layout, OldLayers.at(hasLayers ? target : null, most), compression, settings.reusing(reuse));
    }

    private List<Named> converted(LayersPull pull, Layout layout, List<Wanted> images) throws Exception {
        List<Named> named = new ArrayList<>();
        for (Wanted image : images) {
            named.add(checked(layout, pull.fetch(image)));
        }
        transfer.endProgress();
        return compression == null ? named : recompressed(compression, named, layout, pull, most);
    }

    /** Returns the images with layers of another form, which are in the layout then. */
    public static List<Named> recompressed(Recompression.Form form, List<Named> images, Layout layout, BlobSource blobs, Long most) throws IOException {
        Recompression recompression = new Recompression(form, layout, blobs, most);
        List<Named> recompressed = new ArrayList<>();
        for (Named image : images) {
            recompressed.add(recompression.of(image));
        }
        return recompressed;
    }

    /** Writes the images into a file, which takes its name when all of it is right; or into a folder, if that is the format. */
    public static void write(Format format, List<Named> images, BlobSource blobs, Long most, Path target) throws IOException {
        if (format == Format.OCI_DIR) {
            Format.fill(Layout.openOrCreate(target), images, blobs);
            return;
        }
        AtomicFile.write(target, out -> format.write(images, blobs, most, out));
    }

    /** Keeps what the images are made of, for a run that has more of them to write. */
    public void keep(List<Wanted> images, String output) throws Exception {
        Target target = target(format, output);
        if (target.isStream()) {
            return;
        }
        if (!keepsBlobs(images)) {
            LockFile lock = lock(target.path());
            try {
                fetchInto(Layout.openOrCreate(kept(target.path())), images);
            } finally {
                lock.delete();
            }
        } else if (format == Format.OCI_DIR) {
            fetchInto(Layout.openOrCreate(target.path()), images);
        } else {
            pull(images).keepFor(target.path());
        }
        transfer.endProgress();
        common.say("not written: " + target.path() + "; what the other images are made of is kept for the next run");
    }

    /** What is made beside a target is one run's at a time. */
    private LockFile lock(Path target) throws IOException {
        OwnFile.check(kept(target));
        return LockFile.take(target.resolveSibling(target.getFileName() + ".part.lock"),
                run -> settings.notice().accept("another run" + run + " is writing " + target + "; waiting for it to end"), settings.notice());
    }

    private static Path kept(Path target) {
        return target.resolveSibling(target.getFileName() + ".part.oci");
    }

    private List<Named> fetchInto(Layout layout, List<Wanted> images) throws Exception {
        List<Named> named = new ArrayList<>();
        for (Wanted image : images) {
            named.add(checked(layout, BlobPull.intoLayout(layout, image, settings)));
        }
        transfer.endProgress();
        return named;
    }

    private static Named checked(Layout layout, Named stored) throws IOException {
        for (Manifest manifest : stored.tree().manifests()) {
            if (manifest.isImage() && layout.has(manifest.config())) {
                BlobSource.checkConfig(layout::blob, manifest);
            }
        }
        return stored;
    }

    private void say(String done, List<Named> images, Target target) throws Exception {
        transfer.endProgress();
        common.say(done);
        common.say(use(format, images, target.path()));
    }

    /** Returns a sentence on what to do with a result. */
    public static String use(Format format, List<Named> images, Path result) {
        boolean isArtifact = images.stream().map(Named::manifest).anyMatch(manifest -> !manifest.isIndex() && !manifest.isSchema1() && !manifest.isImage());
        if (isArtifact) {
            return "no engine loads it; bring it to a registry with: push " + result + " NAME";
        }
        boolean isDelta = images.stream().anyMatch(image -> !image.without().images().isEmpty());
        return isDelta ? "on the other side, make a whole of it with: assemble OLD.tar " + result + " -o FULL.tar" : format.use(images, result);
    }
}
