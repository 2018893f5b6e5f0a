package lib.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.registry.Registry;
import lib.store.NamedImage;
import lib.store.format.ArchivePlan;
import lib.store.format.ArchiveTarget;
import lib.store.format.ArchiveWriter;
import lib.store.layer.BlobSource;
import lib.store.volume.VolumeChoice;
import org.jspecify.annotations.Nullable;

/**
 * Images into an archive that engines load. Every blob is written once, straight to its place in {@code NAME.part},
 * which takes its name when all of it is verified. What a run leaves undone, the next one goes on with.
 */
public final class Pull {
    private final ArchivePlan plan;
    private final Map<Digest, Registry> registries = new HashMap<>();
    private final List<NamedImage> images;
    private final Settings settings;

    /**
     * What a pull did.
     *
     * @param path        the archive, or the first of the volumes that were to be made
     * @param size        its size, or theirs together, in bytes
     * @param fetched     how many bytes were fetched now
     * @param wasComplete whether it was complete before
     * @param volumes     how many volumes the archive has; 0 if it is one file
     * @param made        how many of them were to be made
     */
    public record Result(Path path, long size, long fetched, boolean wasComplete, int volumes, int made) { }

    /**
     * Images into one archive that engines load.
     *
     * @throws lib.failure.WrongContentException if a manifest cannot be in such an archive
     */
    public Pull(List<RemoteImage> wanted, Settings settings) throws IOException {
        this(wanted, settings, ArchivePlan.of(named(wanted)));
    }

    private Pull(List<RemoteImage> wanted, Settings settings, ArchivePlan plan) throws IOException {
        this.images = named(wanted);
        this.settings = settings;
        this.plan = plan;
        for (RemoteImage image : wanted) {
            for (Descriptor blob : image.named().blobs()) {
                registries.putIfAbsent(blob.digest(), image.registry());
            }
        }
    }

    /**
     * Images, also for all their platforms, into an archive of an OCI layout.
     *
     * @throws lib.failure.WrongContentException if a manifest is malformed
     */
    public static Pull ofLayout(List<RemoteImage> wanted, Settings settings) throws IOException {
        return new Pull(wanted, settings, ArchivePlan.ofLayout(named(wanted)));
    }

    private static List<NamedImage> named(List<RemoteImage> wanted) {
        return wanted.stream().map(RemoteImage::named).toList();
    }

    /**
     * Writes the archive in order, for a pipe. Blobs come one after the other, and are checked as they pass.
     *
     * @throws lib.failure.RegistryException     if the registry does not give a blob
     * @throws lib.failure.WrongContentException if a blob is not what its digest says: what was written by then is not to be used
     * @throws IOException                       if the stream cannot be written
     */
    public void into(OutputStream out) throws IOException {
        checkConfigs(this::stream, 0, plan.size());
        ArchiveWriter.write(plan, this::stream, out);
    }

    private InputStream stream(Descriptor blob) throws IOException {
        return settings.cached(wanted -> BlobStream.of(registries.get(wanted.digest()), wanted, settings)).open(blob);
    }

    /** Throws WrongContentException when an image's config, as far as it is in this part of the archive, does not go with its layers: no engine would load that. */
    private void checkConfigs(BlobSource blobs, long from, long to) throws IOException {
        for (NamedImage image : images) {
            for (Manifest manifest : image.tree().manifests()) {
                Long place = manifest.isImage() ? plan.places().get(manifest.config()) : null;
                if (place != null && place >= from && place + manifest.config().size() <= to) {
                    BlobSource.checkConfig(blobs, manifest);
                }
            }
        }
    }

    private ArchiveTarget target(Path archive, @Nullable VolumeChoice volumes, int only) {
        return volumes == null ? ArchiveTarget.file(plan, archive) : ArchiveTarget.volumes(plan, archive, volumes.size(), only, images);
    }

    /** Writes the archive into one file; throws as {@link #into(Path, VolumeChoice)}. */
    public Result into(Path archive) throws IOException {
        return into(archive, null);
    }

    /**
     * Writes the archive, taking up what an earlier run left; returns at once when it is complete already.
     *
     * @param volumes how to cut it, and which volumes to make; null for one file
     * @throws lib.failure.RegistryException     if the registry does not give a blob: what came is kept for the next run
     * @throws lib.failure.WrongContentException if a blob is not what its digest says
     * @throws IOException                       if the archive cannot be written
     */
    public Result into(Path archive, @Nullable VolumeChoice volumes) throws IOException {
        Result all = null;
        for (int only : volumes == null ? List.of(0) : volumes.each()) {
            Result one = into(target(archive, volumes, only));
            all = all == null ? one : new Result(all.path, all.size + one.size, all.fetched + one.fetched, all.wasComplete && one.wasComplete, one.volumes, volumes.made(one.volumes));
        }
        return all;
    }

    private Result into(ArchiveTarget target) throws IOException {
        checkFolder(target.path());
        target.checkOthers();
        long size = target.to() - target.from();
        if (!Files.exists(target.notes()) && target.isComplete()) {
            return new Result(target.path(), size, 0, true, target.count(), target.made());
        }
        try (Journal journal = journal(target)) {
            if (target.isComplete()) {
                if (!target.parts().exist()) {
                    journal.delete(); // the run that was waited for has done it, or one that was ended just before it removed its notes
                }
                return new Result(target.path(), size, 0, true, target.count(), target.made());
            }
            List<BlobFile> slots = slots(target);
            long fetched = fetch(target, slots, journal);
            checkConfigs(kept(target), target.from(), target.to());
            finish(target, slots.stream().filter(BlobFile::isPartial).map(slot -> slot.blob).toList(), journal);
            journal.delete();
            return new Result(target.path(), size, fetched, false, target.count(), target.made());
        }
    }

    /**
     * Fetches what belongs into the archive and keeps it beside the target, for a run that has other images to put in. A blob that fails does not
     * keep the others from coming; returns those that failed, and why.
     *
     * @throws IOException if the files beside the target cannot be written, or the program is interrupted
     */
    public Map<Digest, IOException> keepFor(Path archive, @Nullable VolumeChoice volumes) throws IOException {
        ArchiveTarget target = target(archive, volumes, 0);
        checkFolder(target.path());
        try (Journal journal = journal(target)) {
            List<BlobFile> slots = slots(target);
            slots.forEach(slot -> slot.mayFail = true);
            fetch(target, slots, journal);
            return slots.stream().filter(slot -> slot.failure != null).collect(Collectors.toMap(slot -> slot.blob.digest(), slot -> slot.failure, (one, same) -> one, LinkedHashMap::new));
        }
    }

    /** @param spanning blobs that go on in volumes which are not made here */
    private void finish(ArchiveTarget target, List<Descriptor> spanning, Journal journal) throws IOException {
        try {
            List<Digest> left = target.finish(spanning);
            if (!left.isEmpty()) {
                settings.notice().accept(target.path() + " holds parts of blobs that can only be verified with the other volumes, as check does: " + left.stream().map(Digest::toString).collect(Collectors.joining(", ")));
            }
        } catch (WrongContentException e) {
            for (Descriptor blob : spanning) {
                journal.lost(blob.digest());
            }
            throw e;
        }
    }

    /** Returns the blobs that are kept beside the target. */
    public BlobSource kept(Path archive, @Nullable VolumeChoice volumes) {
        return kept(target(archive, volumes, 0));
    }

    private BlobSource kept(ArchiveTarget target) {
        Map<Digest, Long> offsets = new HashMap<>();
        plan.places().forEach((blob, offset) -> offsets.put(blob.digest(), offset));
        return blob -> new BlobFile(blob, registries.get(blob.digest()), target.parts(), offsets.get(blob.digest()), 0, plan.size()).content();
    }

    private static void checkFolder(Path target) throws NoSuchFileException {
        if (!Files.isDirectory(target.toAbsolutePath().getParent())) {
            throw new NoSuchFileException(target.toAbsolutePath().getParent().toString());
        }
    }

    private Journal journal(ArchiveTarget target) throws IOException {
        return Journal.open(target.notes(), settings.notice());
    }

    /** Returns when every blob is in its place, verified, or may fail and does; and how many bytes of them were fetched now. */
    private long fetch(ArchiveTarget target, List<BlobFile> slots, Journal journal) throws IOException {
        Reuse reuse = new Reuse(journal, slots, settings);
        new Resume(journal, slots).ofArchive(target.parts());
        for (Map.Entry<Long, Long> stretch : target.takeBack().entrySet()) {
            reuse.takeBack(stretch.getKey(), stretch.getValue());
        }
        reuse.forArchive(target.archive(), images);
        settings.warnIfTooLarge(target.path(), slots.stream().mapToLong(slot -> slot.blob.size() - slot.present.total()).sum());
        settings.watcher().accept(List.copyOf(slots));
        try {
            new Transfer(slots, journal, settings).run();
        } finally {
            reuse.cache();
        }
        return slots.stream().mapToLong(slot -> slot.came).sum();
    }

    private List<BlobFile> slots(ArchiveTarget target) {
        List<BlobFile> slots = new ArrayList<>();
        plan.places().forEach((blob, offset) -> {
            if (offset < target.to() && offset + blob.size() > target.from()) {
                slots.add(new BlobFile(blob, registries.get(blob.digest()), target.parts(), offset, target.from(), target.to()));
            }
        });
        return slots;
    }

    /**
     * Returns whether a stream is the archive, from its first byte to its last: every header where it should be, every blob with the right digest.
     *
     * @throws IOException if it cannot be read
     */
    public boolean isWrittenIn(InputStream archive) throws IOException {
        return plan.isWrittenIn(archive) && archive.read() < 0;
    }
}
