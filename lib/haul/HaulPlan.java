package lib.haul;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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
        ObjectNode toJson() {
            ObjectNode json = Json.newObject().put("name", image.name().toString()).put("digest", image.digest().toString());
            ArrayNode platforms = json.putArray("platforms");
            image.platformNames().forEach(platforms::add);
            return json.put("size", size).put("fetch", fetch).put("shared", shared).put("here", here).put("leftOut", left);
        }
    }

    /** What need not be fetched. */
    public interface Here {
        /** Returns whether a blob of an image is where it is to be, or on this machine. */
        boolean has(FoundImage image, Descriptor blob) throws IOException;
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
        HaulPlan plan = of(images, (image, blob) -> stores.stream().anyMatch(store -> store.has(blob)));
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
            long[] sums = new long[5];
            for (Descriptor blob : named.without(Exclusions.NOTHING).blobs()) {
                int kind = left.contains(blob.digest()) ? 4 : !seen.add(blob.digest()) ? 2 : here.has(image, blob) ? 3 : 1;
                sums[0] += blob.size();
                sums[kind] += blob.size();
            }
            all += sums[1] + sums[3];
            lines.add(new Line(image, sums[0], sums[1], sums[2], sums[3], sums[4]));
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
