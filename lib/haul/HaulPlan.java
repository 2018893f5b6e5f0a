package lib.haul;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.store.Exclusions;
import lib.store.ImageStore;
import lib.store.NamedImage;
import lib.store.format.ArchivePlan;
import lib.store.format.Format;
import lib.text.Json;
import lib.transfer.Journal;
import lib.transfer.Settings;

/**
 * What a haul fetches and writes. All sizes are in bytes.
 *
 * @param images  each with what comes for it
 * @param archive the size of the archive, or of all blobs of a layout
 */
public record HaulPlan(List<Line> images, long archive) {
    /**
     * What comes for an image.
     *
     * @param image  the image
     * @param size   all of it
     * @param fetch  what has to be fetched for it
     * @param shared what an image before it in the list has, too
     * @param here   what is on this machine already
     * @param left   what is left out, as those who get it have it
     */
    public record Line(FoundImage image, long size, long fetch, long shared, long here, long left) {
        private Line and(long more, long toFetch, long alsoBefore, long present, long without) {
            return new Line(image, size + more, fetch + toFetch, shared + alsoBefore, here + present, left + without);
        }

        ObjectNode toJson() {
            ObjectNode json = Json.newObject().put("name", image.name().toString()).put("digest", image.digest().toString());
            ArrayNode platforms = json.putArray("platforms");
            image.platformNames().forEach(platforms::add);
            return json.put("size", size).put("fetch", fetch).put("shared", shared).put("here", here).put("leftOut", left).put("mayLackReferrers", image.mayLack());
        }
    }

    /** What need not be fetched. */
    public interface Here {
        /** Returns how many bytes of an image's blob are where they are to be, or on this machine. */
        long bytes(FoundImage image, Descriptor blob) throws IOException;
    }

    /**
     * Returns the plan for images that go into an archive or a layout.
     *
     * @param settings whose places have blobs that need not be fetched
     * @throws lib.failure.WrongContentException if a manifest is malformed
     * @throws IOException                       if one of the places cannot be read
     */
    public static HaulPlan of(List<FoundImage> images, Format format, Path target, Settings settings) throws IOException {
        List<ImageStore> stores = stores(target, settings);
        Map<Digest, Long> kept = Journal.kept(target);
        HaulPlan plan = of(images, (image, blob) -> stores.stream().anyMatch(store -> store.has(blob)) ? blob.size() : Math.min(blob.size(), kept.getOrDefault(blob.digest(), 0L)));
        return format == Format.OCI_DIR || images.isEmpty() ? plan : new HaulPlan(plan.images, size(images, format));
    }

    /**
     * Returns the plan for images that go elsewhere.
     *
     * @throws lib.failure.WrongContentException if a manifest is malformed
     * @throws IOException                       if it cannot be found out what is there
     */
    public static HaulPlan of(List<FoundImage> images, Here here) throws IOException {
        Set<Digest> seen = new HashSet<>();
        List<Line> lines = new ArrayList<>();
        long all = 0;
        for (FoundImage image : images) {
            NamedImage named = image.image().named();
            Set<Digest> left = named.without().blobs();
            Line line = new Line(image, 0, 0, 0, 0, 0);
            for (Descriptor blob : named.without(Exclusions.NOTHING).blobs()) {
                if (left.contains(blob.digest())) {
                    line = line.and(blob.size(), 0, 0, 0, blob.size());
                } else if (!seen.add(blob.digest())) {
                    line = line.and(blob.size(), 0, blob.size(), 0, 0);
                } else {
                    long present = here.bytes(image, blob);
                    line = line.and(blob.size(), blob.size() - present, 0, present, 0);
                }
            }
            all += line.fetch + line.here;
            lines.add(line);
        }
        return new HaulPlan(lines, all);
    }

    private static long size(List<FoundImage> images, Format format) throws WrongContentException {
        List<NamedImage> named = images.stream().map(found -> found.image().named()).toList();
        return (format == Format.OCI ? ArchivePlan.ofLayout(named) : ArchivePlan.of(named)).size();
    }

    private static List<ImageStore> stores(Path target, Settings settings) {
        List<ImageStore> stores = new ArrayList<>();
        Path volume = target.resolveSibling(target.getFileName() + ".001");
        Stream.concat(Stream.of(target, volume, HaulPull.leftovers(target)), settings.reuse().stream()).filter(ImageStore::isAt).forEach(place -> {
            try {
                stores.add(ImageStore.open(place));
            } catch (IOException | IllegalArgumentException e) {
                // nothing can be taken from it
            }
        });
        if (settings.cache() != null) {
            stores.add(settings.cache().layout());
        }
        return stores;
    }

    /** Returns the lines of these images alone. */
    public HaulPlan only(List<FoundImage> some) {
        return new HaulPlan(images.stream().filter(line -> some.contains(line.image)).toList(), archive);
    }

    /** Returns how many images may lack something that refers to them, such as a signature. */
    public long lacking() {
        return images.stream().filter(line -> line.image.mayLack()).count();
    }

    /** Returns how many bytes are to be fetched. */
    public long fetch() {
        return images.stream().mapToLong(Line::fetch).sum();
    }

    /** Returns how many bytes are free where the target is to be; 0 where that cannot be known. */
    public static long free(Path target) {
        Path folder = target.toAbsolutePath().getParent();
        return folder != null && Files.isDirectory(folder) ? folder.toFile().getUsableSpace() : 0;
    }

    /** Returns the plan as programs read it. */
    public ObjectNode toJson() {
        ObjectNode json = Json.newObject();
        ArrayNode lines = json.putArray("images");
        images.forEach(line -> lines.add(line.toJson()));
        return json.put("fetch", fetch()).put("archive", archive);
    }
}
