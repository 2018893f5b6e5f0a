package lib.verb;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lib.failure.WrongContentException;
import lib.file.AtomicFile;
import lib.image.Descriptor;
import lib.image.Manifest;
import lib.image.Referrer;
import lib.store.Layout;
import lib.store.NamedImage;
import lib.store.format.ArchivePlan;
import lib.store.format.ArchiveTarget;
import lib.store.format.Format;
import lib.store.format.Recompression;
import lib.store.layer.BlobSource;
import lib.store.volume.VolumeChoice;
import org.jspecify.annotations.Nullable;

/**
 * What was written.
 *
 * @param path    the archive, its first volume that was made, or the folder; null for a stream
 * @param images  what is in it
 * @param size    its size in bytes, 0 of a folder
 * @param fetched how many bytes of it were fetched now, 0 where it was made of others
 * @param sources how many bytes of blobs each host sent, by its address; more than were fetched, where some came in vain
 * @param volumes how many volumes the archive has; 0 if it is one file
 * @param made    how many of them were to be made
 * @param left    what refers to the images and had no place in this form of them
 */
public record Written(@Nullable Path path, List<NamedImage> images, How how, long size, long fetched, Map<String, Long> sources, int volumes, int made, List<Referrer> left) {
    /** All of it is there. */
    Written(@Nullable Path path, List<NamedImage> images, How how, long size, long fetched) {
        this(path, images, how, size, fetched, Map.of(), 0, 0, List.of());
    }

    /** What went into a stream. */
    static Written ofStream(Format format, boolean isAsItWas, List<NamedImage> images) {
        boolean holdsAll = isAsItWas && format.keepsBlobs();
        Written written = new Written(null, holdsAll ? images : images.stream().map(NamedImage::alone).toList(), How.STREAMED, 0, 0);
        return holdsAll ? written : written.without(images);
    }

    /** Returns the same, made of these images, whose referrers had no place in it. */
    Written without(List<NamedImage> whole) {
        return new Written(path, images, how, size, fetched, sources, volumes, made, whole.stream().flatMap(image -> image.referrers().stream()).distinct().toList());
    }

    /** Returns the same, whose blobs came from these hosts. */
    Written from(Map<String, Long> hosts) {
        return new Written(path, images, how, size, fetched, hosts, volumes, made, left);
    }

    /** Returns the same, as so many volumes, of which some were to be made. */
    Written inVolumes(int volumes, int made) {
        return new Written(path, images, how, size, fetched, sources, volumes, made, left);
    }

    /** Returns what refers to the images and is there, each once. */
    public List<Referrer> referrers() {
        return images.stream().flatMap(image -> image.referrers().stream()).distinct().toList();
    }

    /**
     * Returns the attestations beside the images in the indexes they were chosen from, as BuildKit puts them there: each is a manifest. They are not images,
     * and only such an index says which image they are about, so they stay with the index.
     *
     * @throws WrongContentException if such an index cannot be read
     */
    public List<Descriptor> leftInIndex() throws WrongContentException {
        Set<Descriptor> left = new LinkedHashSet<>();
        for (NamedImage image : images) {
            for (Manifest index : image.above()) {
                index.entries().stream().filter(entry -> entry.attested().equals(image.manifest().digest().toString())).forEach(left::add);
            }
        }
        return List.copyOf(left);
    }

    /**
     * Writes images into a file or into volumes, which take their names when all of it is right; or into a folder, if that is the format.
     *
     * @param most    how many bytes the layers of an image may unpack to, null for the usual limit
     * @param volumes how to cut it; null for one file
     */
    static Written write(Format format, List<NamedImage> images, BlobSource blobs, @Nullable Long most, Path target, @Nullable VolumeChoice volumes) throws IOException {
        if (!format.keepsBlobs() && images.stream().anyMatch(image -> !image.referrers().isEmpty())) {
            return write(format, images.stream().map(NamedImage::alone).toList(), blobs, most, target, volumes).without(images);
        }
        if (volumes != null) {
            return writeVolumes(format.plan(images), images, blobs, target, volumes);
        }
        if (format == Format.OCI_DIR) {
            Format.fill(Layout.openOrCreate(target), images, blobs);
            return new Written(target, images, How.FILLED, 0, 0);
        }
        Recompression.Form form = Recompression.Form.ofFile(target);
        AtomicFile.removeLeftoversOf(target);
        AtomicFile.write(target, out -> {
            try (OutputStream compressed = form.on(out)) {
                format.write(images, blobs, most, compressed);
            }
        });
        return new Written(target, images, How.MADE, Files.size(target), 0);
    }

    private static Written writeVolumes(ArchivePlan plan, List<NamedImage> images, BlobSource blobs, Path target, VolumeChoice volumes) throws IOException {
        Path first = null;
        long size = 0;
        int count = 0;
        for (int only : volumes.each()) {
            ArchiveTarget archive = ArchiveTarget.volumes(plan, target, volumes.size(), only, images).withParts("." + ProcessHandle.current().pid() + ".part");
            archive.write(blobs);
            first = first == null ? archive.path() : first;
            size += archive.to() - archive.from();
            count = archive.count();
        }
        return new Written(first, images, How.MADE, size, 0).inVolumes(count, volumes.made(count));
    }

    /** How it came about. */
    public enum How {
        /** It was there already. */
        WAS_COMPLETE,
        /** Its bytes are those that were fetched. */
        FETCHED,
        /** It was made of blobs that are elsewhere. */
        MADE,
        /** It is a folder, which was filled. */
        FILLED,
        /** It went into a stream. */
        STREAMED
    }
}
