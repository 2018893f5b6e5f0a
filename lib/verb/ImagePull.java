package lib.verb;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lib.file.LockFile;
import lib.file.TemporaryPath;
import lib.file.TrustedFile;
import lib.image.Manifest;
import lib.image.Platform;
import lib.registry.Registry;
import lib.store.ImageStore;
import lib.store.Layout;
import lib.store.NamedImage;
import lib.store.TemporaryLayout;
import lib.store.format.Format;
import lib.store.format.OldLayers;
import lib.store.format.Recompression;
import lib.store.layer.BlobSource;
import lib.store.volume.PartFiles;
import lib.store.volume.VolumeChoice;
import lib.transfer.BlobPull;
import lib.transfer.LayersPull;
import lib.transfer.Pull;
import lib.transfer.RemoteImage;
import lib.transfer.Settings;
import lib.transfer.packed.CompressedPull;
import lib.verb.referrers.RemoteTravel;
import org.jspecify.annotations.Nullable;

/**
 * Images from registries, on their way into a file or a folder of some format. Formats that keep blobs as they are get each byte straight
 * into its place. The others are made of a layout, which stands beside the target until it is written, so that the next run goes on where one broke off.
 *
 * @param compression the form that layers are wanted in, or null for the one that they have
 * @param most        how many bytes the layers of an image may unpack to, null for the usual limit
 * @param policy      which signatures images have to have
 * @param volumes     how archives are cut, and which volumes are to be made; null for archives in one file
 * @param settings    whose watcher is given no slots when the last ones are full
 */
public record ImagePull(Format format, Recompression.@Nullable Form compression, @Nullable Long most, SignaturePolicy policy, @Nullable VolumeChoice volumes,
        Settings settings) {
    private static final int BUFFER = 64 * 1024;

    /** Archives in one file each. */
    public ImagePull(Format format, Recompression.@Nullable Form compression, @Nullable Long most, SignaturePolicy policy, Settings settings) {
        this(format, compression, most, policy, null, settings);
    }

    /**
     * Asks for the manifests of what is wanted of an image, and for its signature where it has to have one.
     *
     * @param target the archive or the layout to write, which may have them already; null for none
     * @throws lib.failure.NoSignatureException    if it has to be signed, and is not
     * @throws lib.failure.WrongSignatureException if no signature of it is right
     * @throws lib.failure.RegistryException       if the policy forbids it, or the registry does not give what it should
     */
    public RemoteImage find(Registry registry, Selection selection, @Nullable Path target) throws IOException {
        Path place = target == null || CompressedPull.isPlain(target) ? target : null; // what is compressed would have to be unpacked as a whole
        if (place != null && format.keepsBlobs()) {
            registry.takeFrom(digest -> ImageStore.manifestIn(place, digest));
        }
        ImageFinder finder = new ImageFinder(registry, policy, settings);
        RemoteImage image = finder.choose(selection);
        image = new RemoteTravel(selection.referrers(), settings.notice(), finder.referrers()).of(image, place);
        return image.without(selection.without(image.named()));
    }

    /**
     * Writes images into a file or into volumes, which take their names when all of it is right, or into a folder, if that is the format.
     *
     * @throws IllegalArgumentException          if the format cannot hold these images
     * @throws lib.failure.WrongContentException if a blob is not what its digest says, or a config does not go with its layers
     * @throws lib.failure.RegistryException     if the registry does not give what it should
     */
    public Written into(Path target, List<RemoteImage> images) throws IOException {
        Map<String, Long> before = settings.hosts().totals();
        return written(target, images).from(settings.hosts().since(before));
    }

    private Written written(Path target, List<RemoteImage> images) throws IOException {
        List<NamedImage> named = named(images);
        format.check(named);
        if (!keepsBlobs(images)) {
            List<RemoteImage> alone = images.stream().map(RemoteImage::alone).toList();
            return convert(alone, target).without(named);
        }
        if (format == Format.OCI_DIR) {
            fetchInto(Layout.openOrCreate(target), images);
            return new Written(target, named, Written.How.FILLED, 0, 0);
        }
        Pull.Result result = CompressedPull.into(target, volumes, pull(images, CompressedPull.reusing(settings, target)), settings.notice());
        endTransfer();
        Written.How how = result.wasComplete() ? Written.How.WAS_COMPLETE : Written.How.FETCHED;
        return new Written(result.path(), named, how, result.size(), result.fetched()).inVolumes(result.volumes(), result.made());
    }

    /**
     * Writes images in order, for a pipe, and closes it.
     *
     * @throws IllegalArgumentException          if the format cannot hold such images
     * @throws lib.failure.RegistryException     if a registry does not give a blob
     * @throws lib.failure.WrongContentException if a blob is not what its digest says: what was written by then is not to be used
     * @throws IOException                       if the stream cannot be written
     */
    public Written into(OutputStream target, List<RemoteImage> images) throws IOException {
        Written written = Written.ofStream(format, keepsBlobs(images), named(images));
        try (OutputStream out = target) {
            format.check(named(images));
            if (keepsBlobs(images)) {
                pull(images, settings).into(out);
                return written;
            }
            try (TemporaryLayout temporary = new TemporaryLayout(); OutputStream buffered = new BufferedOutputStream(out, BUFFER)) {
                List<RemoteImage> alone = images.stream().map(RemoteImage::alone).toList();
                format.write(converted(fetching(temporary.layout(), null), temporary.layout(), alone), temporary.layout()::blob, most, buffered);
            }
        }
        return written;
    }

    /**
     * Keeps what the images are made of beside the target, for a run that has more of them to write.
     *
     * @throws lib.failure.RegistryException     if a registry does not give a blob
     * @throws lib.failure.WrongContentException if a blob is not what its digest says
     * @throws IOException                       if the files beside the target cannot be written
     */
    public void keep(Path target, List<RemoteImage> images) throws IOException {
        if (!keepsBlobs(images)) {
            LockFile lock = lock(target);
            try {
                fetchInto(Layout.openOrCreate(kept(target)), images);
            } finally {
                lock.delete();
            }
        } else if (format == Format.OCI_DIR) {
            fetchInto(Layout.openOrCreate(target), images);
        } else {
            for (IOException failure : pull(images, settings).keepFor(CompressedPull.plain(target), volumes).values()) {
                throw failure;
            }
        }
        endTransfer();
    }

    private static List<NamedImage> named(List<RemoteImage> images) {
        return images.stream().map(RemoteImage::named).toList();
    }

    private void endTransfer() {
        settings.watcher().accept(List.of());
    }

    /** Returns whether blobs are written as they are: then they go straight to their places, for manifests say how large they are. Those of schema 1 do not. */
    private boolean keepsBlobs(List<RemoteImage> images) {
        return format.keepsBlobs() && compression == null && images.stream().noneMatch(image -> image.manifest().isSchema1());
    }

    private Pull pull(List<RemoteImage> images, Settings settings) throws IOException {
        return format == Format.OCI ? Pull.ofLayout(images, settings) : new Pull(images, settings);
    }

    private Written convert(List<RemoteImage> images, Path target) throws IOException {
        Path beside = kept(target);
        LockFile lock = lock(target);
        try {
            Layout layout = Layout.openOrCreate(beside);
            LayersPull pull = fetching(layout, target);
            Written written = Written.write(format, converted(pull, layout, images), pull, most, target, volumes);
            TemporaryPath.delete(beside);
            return written;
        } finally {
            lock.delete();
        }
    }

    /** @param target what is to be replaced, whose layers need not be fetched; null for nothing */
    private LayersPull fetching(Layout layout, Path target) {
        boolean hasLayers = target != null && format != Format.ROOTFS;
        boolean keepsSome = hasLayers && format.keepsBlobs() && ImageStore.isAt(target); // configs, and layers that have the form already
        List<Path> reuse = Stream.concat(settings.reuse().stream(), keepsSome ? Stream.of(target) : Stream.<Path>empty()).toList();
        return new LayersPull(layout, OldLayers.at(hasLayers ? target : null, most), compression, settings.reusing(reuse));
    }

    private List<NamedImage> converted(LayersPull pull, Layout layout, List<RemoteImage> images) throws IOException {
        List<NamedImage> named = new ArrayList<>();
        for (RemoteImage image : images) {
            named.add(checked(layout, pull.fetch(image)));
        }
        endTransfer();
        return compression == null ? named : new Recompression(compression, layout, pull, most).all(named);
    }

    /** Only one run at a time may write beside a target. */
    private LockFile lock(Path target) throws IOException {
        TrustedFile.check(kept(target));
        return LockFile.take(target.resolveSibling(target.getFileName() + ".part.lock"),
                run -> settings.notice().accept("another run" + run + " is writing " + target + "; waiting for it to end"), settings.notice());
    }

    /** Returns where a run that is interrupted leaves what it fetched for these images, for the next one to go on with. */
    public Path keptAt(Path target, List<RemoteImage> images) {
        return !keepsBlobs(images) ? kept(target) : format == Format.OCI_DIR ? target : PartFiles.of(CompressedPull.plain(target), volumes).first();
    }

    private static Path kept(Path target) {
        return target.resolveSibling(target.getFileName() + ".part.oci");
    }

    private void fetchInto(Layout layout, List<RemoteImage> images) throws IOException {
        for (RemoteImage image : images) {
            checked(layout, BlobPull.intoLayout(layout, image, settings));
        }
        endTransfer();
    }

    private static NamedImage checked(Layout layout, NamedImage stored) throws IOException {
        for (Manifest manifest : stored.tree().manifests()) {
            if (manifest.isImage() && layout.has(manifest.config())) {
                BlobSource.checkConfig(layout::blob, manifest);
            }
        }
        return stored;
    }

    /**
     * Gives notice of an image that is for another platform than the one that somebody asked for: an image without an index is for one
     * platform, whichever was asked for, and only its config tells which.
     *
     * @param place the archive or the layout that has the image by now; if there is none, as with a stream, nothing is said
     * @throws lib.failure.WrongContentException if the config is malformed
     * @throws IOException                       if it cannot be read
     */
    public void noticeOtherPlatform(RemoteImage image, Selection selection, @Nullable Path place) throws IOException {
        boolean isUnchosen = image.origin().platform() == null && image.manifest().isImage();
        if (!selection.isAsked() || !selection.isOne() || !isUnchosen || volumes != null && !volumes.numbers().isEmpty() || !format.keepsBlobs() || !ImageStore.isAt(place)) {
            return;
        }
        String other = ImageFinder.otherPlatform(image, selection.platforms().get(0), ImageStore.open(place));
        if (other != null) {
            settings.notice().accept(other);
        }
    }
}
