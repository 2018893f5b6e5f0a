package lib.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import lib.store.ArchiveWriter;
import lib.store.Format;
import lib.store.Layout;
import lib.store.Named;
import lib.store.TemporaryLayout;
import lib.transfer.BlobPull;
import lib.transfer.Pull;
import lib.transfer.Settings;
import lib.transfer.Wanted;

//SOURCES CommonOptions.java
//SOURCES Sizes.java
//SOURCES Target.java
//SOURCES TransferOptions.java
//SOURCES ../store/ArchiveWriter.java
//SOURCES ../store/Format.java
//SOURCES ../store/Layout.java
//SOURCES ../store/Named.java
//SOURCES ../store/TemporaryLayout.java
//SOURCES ../transfer/BlobPull.java
//SOURCES ../transfer/Pull.java
//SOURCES ../transfer/Settings.java
//SOURCES ../transfer/Wanted.java

/**
 * Brings images from a registry into a file or a folder of some form. Forms that keep blobs as they are get each byte straight into its
 * place. The others are made of a layout, which stands beside the target until it is written, so that the next run goes on where one broke off.
 */
public final class Delivery {
    private final Format format;
    private final CommonOptions common;
    private final TransferOptions transfer;
    private final Settings settings;

    public Delivery(Format format, CommonOptions common, TransferOptions transfer, Settings settings) {
        this.format = format;
        this.common = common;
        this.transfer = transfer;
        this.settings = settings;
    }

    /** Throws what {@link #write} would throw for a target that cannot be written, before anything is fetched. */
    public void check(String output) throws IOException {
        target(output);
    }

    private Target target(String output) throws IOException {
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
        Target target = target(output);
        switch (format) {
            case OCI_DIR -> {
                fetchInto(Layout.openOrCreate(target.path()), images);
                say("wrote " + target.path() + ", every byte verified", named, target);
            }
            case DOCKER, OCI -> archive(pull(images), named, target);
            default -> convert(images, named, target);
        }
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
                ? target.path() + " is complete already, every byte of it verified: nothing was fetched but the manifest"
                : "wrote " + target.path() + ", " + Sizes.of(result.size()) + " (" + Sizes.of(result.fetched()) + " fetched), every byte verified", named, target);
    }

    private void convert(List<Wanted> images, List<Named> named, Target target) throws Exception {
        if (target.isStream()) {
            try (TemporaryLayout temporary = new TemporaryLayout(); OutputStream out = new BufferedOutputStream(target.stream(), 1 << 16)) {
                fetchInto(temporary.layout(), images);
                format.write(named, temporary.layout()::blob, out);
            }
            return;
        }
        Path beside = kept(target.path());
        Layout layout = Layout.openOrCreate(beside);
        fetchInto(layout, images);
        write(format, named, layout::blob, target.path());
        TemporaryLayout.delete(beside);
        say("wrote " + target.path() + ", " + Sizes.of(Files.size(target.path())) + ", every byte verified", named, target);
    }

    /** Writes the images into a file, which takes its name when all of it is right. */
    public static void write(Format format, List<Named> images, ArchiveWriter.Blobs blobs, Path target) throws IOException {
        Path part = target.resolveSibling(target.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        try {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part), 1 << 16)) {
                format.write(images, blobs, out);
            }
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Keeps what the images are made of, for a run that has more of them to write. */
    public void keep(List<Wanted> images, String output) throws Exception {
        Target target = target(output);
        if (target.isStream()) {
            return;
        }
        switch (format) {
            case OCI_DIR -> fetchInto(Layout.openOrCreate(target.path()), images);
            case DOCKER, OCI -> pull(images).keepFor(target.path());
            default -> fetchInto(Layout.openOrCreate(kept(target.path())), images);
        }
        transfer.endProgress();
        common.say("not written: " + target.path() + "; what the other images are made of is kept for the next run");
    }

    private static Path kept(Path target) {
        return target.resolveSibling(target.getFileName() + ".part.oci");
    }

    private void fetchInto(Layout layout, List<Wanted> images) throws Exception {
        for (Wanted image : images) {
            BlobPull.intoLayout(layout, image, settings);
        }
        transfer.endProgress();
    }

    private void say(String done, List<Named> images, Target target) throws Exception {
        transfer.endProgress();
        common.say(done);
        common.say(use(format, images, target.path()));
    }

    /** Returns a sentence on what to do with a result. */
    public static String use(Format format, List<Named> images, Path result) {
        boolean isDelta = images.stream().anyMatch(image -> !image.without().images().isEmpty());
        return isDelta ? "on the other side, make a whole of it with: assemble OLD.tar " + result + " -o FULL.tar" : format.use(result);
    }
}
