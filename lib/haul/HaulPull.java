package lib.haul;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lib.failure.RegistryException;
import lib.failure.WrongContentException;
import lib.file.TemporaryPath;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.store.Layout;
import lib.store.format.Format;
import lib.store.layer.BlobSource;
import lib.store.volume.VolumeChoice;
import lib.transfer.Pull;
import lib.transfer.RemoteImage;
import lib.transfer.Settings;
import lib.transfer.packed.CompressedPull;
import lib.verb.ImagePull;
import lib.verb.SignaturePolicy;
import lib.verb.Written;
import org.jspecify.annotations.Nullable;

/** Images into one archive or layout. One that fails is left out of it, and what came of it is kept for the next run. */
public final class HaulPull {
    private final Path target;
    private final Format format;
    private final SignaturePolicy policy;
    private final @Nullable VolumeChoice volumes;
    private final Settings settings;

    /**
     * What became of them.
     *
     * @param written  what was written; null if no image came
     * @param images   those that are in it
     * @param failures those that are not, by their names, and why
     * @param fetched  how many bytes came, be it in several turns
     */
    public record Result(@Nullable Written written, List<FoundImage> images, Map<String, IOException> failures, long fetched) { }

    /**
     * @param format  one that keeps blobs as they are
     * @param volumes how an archive is cut, and which volumes are to be made; null for one file
     */
    public HaulPull(Path target, Format format, SignaturePolicy policy, @Nullable VolumeChoice volumes, Settings settings) {
        this.volumes = volumes;
        this.target = target;
        this.format = format;
        this.policy = policy;
        this.settings = Files.isDirectory(leftovers(target)) ? settings.reusing(with(settings.reuse(), leftovers(target))) : settings;
    }

    /** Returns the format that takes all of these, where nobody asked for another one: docker's, unless one is not an image for one platform. */
    public static Format formatFor(List<FoundImage> images) {
        return images.stream().allMatch(found -> found.image().manifest().isImage()) ? Format.DOCKER : Format.OCI;
    }

    /** Returns the layout beside the target for what came of images that failed. */
    static Path leftovers(Path target) {
        return target.resolveSibling(target.getFileName() + ".part.oci");
    }

    private static List<Path> with(List<Path> places, Path other) {
        List<Path> all = new ArrayList<>(places);
        all.add(other);
        return all;
    }

    private static List<RemoteImage> remote(List<FoundImage> images) {
        return images.stream().map(FoundImage::image).toList();
    }

    private ImagePull pull() {
        return new ImagePull(format, null, null, policy, volumes, settings);
    }

    /** Returns where a run that is interrupted leaves what it fetched. */
    public Path keptAt(List<FoundImage> images) {
        return pull().keptAt(target, remote(images));
    }

    /**
     * Writes the images; those of a layout one by one.
     *
     * @param isComplete whether these are all that there should be: then nothing is kept for a next run. Else no single volume can be made, for an image that is missing changes them all
     * @throws RegistryException     if only some volumes are to be made, and one cannot be
     * @throws WrongContentException in the same case, or if no image alone is to blame
     * @throws IOException if something on this machine cannot be read or written, or the program is interrupted
     */
    public Result into(List<FoundImage> images, boolean isComplete) throws IOException {
        boolean isSingle = volumes != null && !volumes.numbers().isEmpty();
        Map<String, Long> before = settings.hosts().totals();
        Result result = images.isEmpty() || isSingle && !isComplete ? new Result(null, images, Map.of(), 0) : format == Format.OCI_DIR ? intoLayout(images) : intoArchive(images);
        if (isComplete && result.failures.isEmpty()) {
            TemporaryPath.delete(leftovers(target));
        }
        long fetched = settings.hosts().since(before).values().stream().mapToLong(Long::longValue).sum();
        return new Result(result.written, result.images, result.failures, fetched);
    }

    private Result intoLayout(List<FoundImage> images) throws IOException {
        List<FoundImage> came = new ArrayList<>();
        Map<String, IOException> failures = new LinkedHashMap<>();
        Map<String, Long> before = settings.hosts().totals();
        for (FoundImage image : images) {
            try {
                pull().into(target, List.of(image.image()));
                came.add(image);
            } catch (RegistryException | WrongContentException e) {
                failures.put(image.name().familiarName(), e);
            }
        }
        Written written = came.isEmpty() ? null : new Written(target, came.stream().map(image -> image.image().named()).toList(), Written.How.FILLED, 0, 0, settings.hosts().since(before), 0, 0, List.of());
        return new Result(written, came, failures, 0);
    }

    /** All at once, which is mostly enough. After a failure everything that comes is fetched, then the archive is written with the images that are whole. */
    private Result intoArchive(List<FoundImage> images) throws IOException {
        List<FoundImage> left = new ArrayList<>(images);
        Map<String, IOException> failures = new LinkedHashMap<>();
        boolean isAgain = false;
        while (!left.isEmpty()) {
            try {
                return new Result(pull().into(target, remote(left)), left, failures, 0);
            } catch (RegistryException | WrongContentException e) {
                if (volumes != null && !volumes.numbers().isEmpty()) {
                    throw e; // the volumes that are made are of the archive of all
                }
                Map<FoundImage, IOException> failed = failed(left);
                if (failed.isEmpty() && isAgain) {
                    throw e; // no image alone is to blame
                }
                isAgain = failed.isEmpty();
                failed.forEach((image, why) -> failures.put(image.name().familiarName(), why));
                left.removeAll(failed.keySet());
            }
        }
        return new Result(null, left, failures, 0);
    }

    /** Fetches all that comes of these, and returns those that fail. Their blobs that came whole, and belong to no other image, have no place in the archive: they are kept beside it. */
    private Map<FoundImage, IOException> failed(List<FoundImage> images) throws IOException {
        Pull pull = format == Format.OCI ? Pull.ofLayout(remote(images), settings) : new Pull(remote(images), settings);
        Path archive = CompressedPull.plain(target);
        Map<Digest, IOException> lost = pull.keepFor(archive, volumes);
        settings.watcher().accept(List.of());
        BlobSource kept = pull.kept(archive, volumes);
        Map<FoundImage, IOException> failed = new LinkedHashMap<>();
        Map<Digest, Descriptor> leftovers = new LinkedHashMap<>();
        for (FoundImage image : images) {
            IOException why = failure(image, lost, kept);
            if (why != null) {
                failed.put(image, why);
                image.image().named().blobs().stream().filter(blob -> !lost.containsKey(blob.digest())).forEach(blob -> leftovers.put(blob.digest(), blob));
            }
        }
        for (FoundImage image : images) {
            if (!failed.containsKey(image)) {
                image.image().named().blobs().forEach(blob -> leftovers.remove(blob.digest()));
            }
        }
        for (Descriptor blob : leftovers.values()) {
            try (var in = kept.open(blob)) {
                Layout.openOrCreate(leftovers(target)).store(blob.digest(), in);
            }
        }
        return failed;
    }

    private static @Nullable IOException failure(FoundImage found, Map<Digest, IOException> lost, BlobSource kept) throws IOException {
        for (Descriptor blob : found.image().named().blobs()) {
            if (lost.containsKey(blob.digest())) {
                return lost.get(blob.digest());
            }
        }
        try {
            for (Manifest manifest : found.image().named().tree().manifests()) {
                if (manifest.isImage() && found.image().named().blobs().contains(manifest.config())) {
                    BlobSource.checkConfig(kept, manifest);
                }
            }
            return null;
        } catch (WrongContentException e) {
            return e;
        }
    }
}
