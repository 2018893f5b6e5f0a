package lib.store.format;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.store.NamedImage;
import lib.store.layer.BlobSource;
import lib.store.layer.VerifiedStream;
import lib.store.volume.MadeVolumes;
import lib.store.volume.PartFiles;
import lib.store.volume.Volumes;
import org.jspecify.annotations.Nullable;

/** The file, or the volumes, that a planned archive is written to: each byte to its place in files beside them, which get these names when all of it is right. */
public final class ArchiveTarget {
    private static final int BUFFER = 64 * 1024;

    private final ArchivePlan plan;
    private final Path archive;
    private final PartFiles parts;
    private final @Nullable MadeVolumes volumes;

    private ArchiveTarget(ArchivePlan plan, Path archive, PartFiles parts, @Nullable MadeVolumes volumes) {
        this.plan = plan;
        this.archive = archive;
        this.parts = parts;
        this.volumes = volumes;
    }

    /** Returns an archive in one file. */
    public static ArchiveTarget file(ArchivePlan plan, Path archive) {
        return new ArchiveTarget(plan, archive, PartFiles.ofVolumes(archive, 0, 0), null);
    }

    /**
     * Returns an archive in volumes.
     *
     * @param only   the number of the only volume that is to be made; 0 for all
     * @param images what is in the archive, which the statement of each volume says
     * @throws IllegalArgumentException if there would be too many volumes, or there is none of this number
     */
    public static ArchiveTarget volumes(ArchivePlan plan, Path archive, long volumeSize, int only, List<NamedImage> images) {
        Volumes cut = Volumes.of(archive, plan.size(), volumeSize);
        if (only > cut.count()) {
            throw new IllegalArgumentException("there is no volume " + only + ": there are " + cut.count() + " of that size");
        }
        List<String> names = images.stream().map(ArchiveTarget::called).toList();
        return new ArchiveTarget(plan, archive, PartFiles.ofVolumes(archive, volumeSize, only), new MadeVolumes(cut, only, plan.digest(), names));
    }

    private static String called(NamedImage image) {
        Digest digest = image.manifest().digest();
        return image.reference() == null ? digest.toString() : image.reference().withDigest(digest).toString();
    }

    /** Returns what the archive is called, or the first of the volumes that are made. */
    public Path path() {
        return volumes == null ? archive : volumes.first();
    }

    /** Returns what the archive is called, or would be as one file. */
    public Path archive() {
        return archive;
    }

    /** Returns how many volumes there are; 0 of an archive in one file. */
    public int count() {
        return volumes == null ? 0 : volumes.cut().count();
    }

    /** Returns how many of them are made here. */
    public int made() {
        return parts.only() == 0 ? count() : 1;
    }

    /** Returns where it is until it is complete. */
    public PartFiles parts() {
        return parts;
    }

    /** Returns where is noted what of it is there. */
    public Path notes() {
        Path first = volumes == null || parts.only() != 0 ? parts.first() : archive.resolveSibling(archive.getFileName() + ".part");
        return first.resolveSibling(first.getFileName() + ".journal");
    }

    /** Returns the first byte of the archive that is wanted. */
    public long from() {
        return parts.only() == 0 ? 0 : volumes.cut().begin(parts.only());
    }

    /** Returns the byte after the last one that is wanted. */
    public long to() {
        return parts.only() == 0 ? plan.size() : volumes.cut().end(parts.only());
    }

    /**
     * Checks that the volumes beside one that is made alone are of the same archive.
     *
     * @throws WrongContentException if one is not
     * @throws IOException                       if what it states cannot be read
     */
    public void checkOthers() throws IOException {
        if (volumes != null) {
            volumes.checkOthers();
        }
    }

    /**
     * Returns whether all that is wanted is there and right: every header where it should be, every blob with the right digest; a volume alone as its statement says.
     *
     * @throws IOException if what is there cannot be read
     */
    public boolean isComplete() throws IOException {
        if (volumes != null) {
            return volumes.areComplete() && (parts.only() != 0 || isWritten(Channels.newInputStream(volumes.open())));
        }
        return Files.isRegularFile(archive) && Files.size(archive) == plan.size() && isWritten(Files.newInputStream(archive));
    }

    private boolean isWritten(InputStream stream) throws IOException {
        try (InputStream in = stream) {
            return plan.isWrittenIn(in);
        }
    }

    /**
     * Has volumes that are there, and state that they are of this archive, be parts again, as others are missing or wrong.
     *
     * @return the bytes of the archive that are there by that: where each stretch begins, and where it ends
     * @throws IOException if they cannot be moved
     */
    public Map<Long, Long> takeBack() throws IOException {
        return volumes == null ? Map.of() : volumes.takeBack(parts);
    }

    /** Returns the blobs, of those that go on in volumes which are not made here, that cannot be verified as others are not here, or not right by their statements. */
    private List<Digest> unverified(List<Descriptor> spanning) throws IOException {
        List<Digest> left = new ArrayList<>();
        for (Descriptor blob : spanning) {
            long from = plan.places().get(blob);
            if (!volumes.areOthersRight(from, from + blob.size())) {
                left.add(blob.digest());
                continue;
            }
            try (InputStream in = Channels.newInputStream(volumes.openWith(parts).position(from))) {
                if (!VerifiedStream.isBlob(in, blob)) {
                    throw new WrongContentException("the blob " + blob.digest() + " is damaged: what came of it for " + path() + " does not go with the other volumes");
                }
            }
        }
        return left;
    }

    /**
     * Writes headers, indexes and manifests, last, and over whatever a damaged part has there; then all get their names, and volumes their statements.
     *
     * @param spanning the blobs that go on in volumes which are not made here; all others were verified
     * @return those that cannot be verified: neither are the other volumes here, nor was there a statement of this one already
     * @throws WrongContentException if one is wrong, or the volume is not what that statement says
     * @throws IOException           if they cannot be written
     */
    public List<Digest> finish(List<Descriptor> spanning) throws IOException {
        List<Digest> unverified = unverified(spanning);
        try (FileChannel file = parts.open(StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (Map.Entry<Long, byte[]> text : plan.texts().entrySet()) {
                write(file, text.getKey(), ByteBuffer.wrap(text.getValue()));
            }
            if (volumes == null) {
                file.truncate(plan.size());
                file.force(true);
            }
        }
        if (volumes != null) {
            return volumes.finish(parts, unverified.isEmpty()) ? List.of() : unverified;
        }
        Files.move(parts.first(), archive, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        return unverified;
    }

    /**
     * Writes all of it in order, from blobs that are elsewhere. What is there stays until then, and if that fails.
     *
     * @throws WrongContentException if a blob is not what its digest says
     * @throws IOException                       if a blob cannot be read, or the files cannot be written
     */
    public void write(BlobSource blobs) throws IOException {
        try {
            try (OutputStream out = new BufferedOutputStream(Channels.newOutputStream(parts.open(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)), BUFFER)) {
                ArchiveWriter.write(plan, blobs, out);
            }
            finish(List.of());
        } finally {
            parts.delete();
        }
    }

    /** Returns the same, with other files until it is complete. */
    public ArchiveTarget withParts(String ending) {
        return new ArchiveTarget(plan, archive, parts.withEnding(ending), volumes);
    }

    private static void write(FileChannel file, long at, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            at += file.write(bytes, at);
        }
    }
}
