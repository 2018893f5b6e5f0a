package lib.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import lib.file.TrustedFile;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.registry.Registry;
import lib.store.NamedImage;
import lib.store.format.ArchivePlan;
import lib.store.format.ArchiveWriter;
import lib.store.layer.BlobSource;
import lib.text.Sizes;

/**
 * Images into an archive that engines load. Every blob is written once, straight to its place in {@code NAME.part},
 * which takes its name when all of it is verified. What a run leaves undone, the next one goes on with.
 */
public final class Pull {
    private final ArchivePlan plan;
    private final Map<Digest, Registry> registries = new HashMap<>();
    private final List<NamedImage> images;
    private final Settings settings;

    /** What a pull did: the archive, its size in bytes, how many of them were fetched now, and whether it was complete before. */
    public record Result(Path archive, long size, long fetched, boolean wasComplete) { }

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
        checkConfigs(this::stream);
        ArchiveWriter.write(plan, this::stream, out);
    }

    private InputStream stream(Descriptor blob) throws IOException {
        return settings.cached(wanted -> BlobStream.of(registries.get(wanted.digest()), wanted, settings)).open(blob);
    }

    /** Throws WrongContentException when an image's config does not go with its layers: no engine would load that. */
    private void checkConfigs(BlobSource blobs) throws IOException {
        for (NamedImage image : images) {
            for (Manifest manifest : image.tree().manifests()) {
                if (manifest.isImage() && plan.places().containsKey(manifest.config())) {
                    BlobSource.checkConfig(blobs, manifest);
                }
            }
        }
    }

    /**
     * Writes the archive, taking up what an earlier run left; returns at once when it is complete already.
     *
     * @throws lib.failure.RegistryException     if the registry does not give a blob: what came is kept for the next run
     * @throws lib.failure.WrongContentException if a blob is not what its digest says
     * @throws IOException                       if the archive cannot be written
     */
    public Result into(Path target) throws IOException {
        checkFolder(target);
        if (!Files.exists(notes(target)) && isComplete(target)) {
            return new Result(target, plan.size(), 0, true);
        }
        try (Journal journal = journal(target)) {
            if (isComplete(target)) {
                if (!Files.exists(part(target))) {
                    journal.delete(); // the run that was waited for has done it, or one that was ended just before it removed its notes
                }
                return new Result(target, plan.size(), 0, true);
            }
            long fetched = fetch(target, slots(part(target)), journal);
            checkConfigs(kept(target));
            finish(part(target), target);
            journal.delete();
            return new Result(target, plan.size(), fetched, false);
        }
    }

    /**
     * Fetches what belongs into the archive and keeps it beside the target, for a run that has other images to put in. A blob that fails does not
     * keep the others from coming; returns those that failed, and why.
     *
     * @throws IOException if the files beside the target cannot be written, or the program is interrupted
     */
    public Map<Digest, IOException> keepFor(Path target) throws IOException {
        checkFolder(target);
        try (Journal journal = journal(target)) {
            List<BlobFile> slots = slots(part(target));
            slots.forEach(slot -> slot.mayFail = true);
            fetch(target, slots, journal);
            return slots.stream().filter(slot -> slot.failure != null).collect(Collectors.toMap(slot -> slot.blob.digest(), slot -> slot.failure, (one, same) -> one, LinkedHashMap::new));
        }
    }

    /** Returns the blobs that are kept beside the target. */
    public BlobSource kept(Path target) {
        Map<Digest, Long> offsets = new HashMap<>();
        plan.places().forEach((blob, offset) -> offsets.put(blob.digest(), offset));
        return blob -> new BlobFile(blob, registries.get(blob.digest()), part(target), offsets.get(blob.digest()), null).content();
    }

    private static void checkFolder(Path target) throws NoSuchFileException {
        if (!Files.isDirectory(target.toAbsolutePath().getParent())) {
            throw new NoSuchFileException(target.toAbsolutePath().getParent().toString());
        }
    }

    private Journal journal(Path target) throws IOException {
        return Journal.open(notes(target), settings.notice());
    }

    private static Path notes(Path target) {
        return target.resolveSibling(target.getFileName() + ".part.journal");
    }

    /** Returns where the archive is as long as it is not complete. */
    public static Path part(Path target) {
        return target.resolveSibling(target.getFileName() + ".part");
    }

    /** Returns when every blob is in its place, verified, or may fail and does; and how many bytes of them were fetched now. */
    private long fetch(Path target, List<BlobFile> slots, Journal journal) throws IOException {
        Reuse reuse = new Reuse(journal, slots, settings);
        new Resume(journal, slots).ofArchive(part(target));
        reuse.forArchive(target, images);
        warnIfTooLarge(part(target), slots);
        settings.watcher().accept(List.copyOf(slots));
        try {
            new Transfer(slots, journal, settings).run();
        } finally {
            reuse.cache();
        }
        return slots.stream().mapToLong(slot -> slot.came).sum();
    }

    private List<BlobFile> slots(Path part) {
        List<BlobFile> slots = new ArrayList<>();
        plan.places().forEach((blob, offset) -> slots.add(new BlobFile(blob, registries.get(blob.digest()), part, offset, null)));
        return slots;
    }

    private void warnIfTooLarge(Path part, List<BlobFile> slots) {
        long missing = slots.stream().mapToLong(slot -> slot.blob.size() - slot.present.total()).sum();
        long free = part.toAbsolutePath().getParent().toFile().getUsableSpace(); // 0 also where that cannot be known
        if (free > 0 && free < missing) {
            settings.notice().accept("warning: " + Sizes.of(missing) + " are still to come, but only " + Sizes.of(free) + " are free where " + part + " is");
        }
    }

    /** Headers, indexes and manifests are written last, and over whatever a damaged part file has there. */
    private void finish(Path part, Path target) throws IOException {
        try (FileChannel file = TrustedFile.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (Map.Entry<Long, byte[]> text : plan.texts().entrySet()) {
                ByteBuffer bytes = ByteBuffer.wrap(text.getValue());
                while (bytes.hasRemaining()) {
                    file.write(bytes, text.getKey() + bytes.position());
                }
            }
            file.truncate(plan.size());
            file.force(true);
        }
        Files.move(part, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Returns whether the archive is there and right: every header where it should be, every blob with the right digest. */
    private boolean isComplete(Path target) throws IOException {
        if (!Files.isRegularFile(target) || Files.size(target) != plan.size()) {
            return false;
        }
        try (InputStream archive = Files.newInputStream(target)) {
            return plan.isWrittenIn(archive);
        }
    }
}
