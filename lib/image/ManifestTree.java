package lib.image;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lib.failure.WrongContentException;
import lib.text.Json;
import org.jspecify.annotations.Nullable;

/**
 * An index with all the manifests that it leads to; or a manifest alone, for an image of one platform.
 *
 * @param below what the root leads to, each once, an index before what is in it
 * @param above the indexes by which the root was chosen, outermost first; mostly none
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/image-index.md">image-spec, Image Index</a>
 */
public record ManifestTree(Manifest root, List<Manifest> below, List<Manifest> above) {
    private static final int DEEPEST = 4;

    /** A registry or a store, which has what an index lists. */
    public interface Source {
        /** Returns the manifest or index that an entry points to, checked against it. */
        Manifest manifest(Descriptor entry) throws IOException;

        /** Returns the bytes of an image's config, checked against the manifest. */
        byte[] config(Manifest manifest) throws IOException;

        /** Returns whether an entry's manifest is here: stores may have a part of an index only. */
        boolean has(Descriptor entry);

        /** Returns whether something is here under the digest of an entry, be it of another size: then it must not be skipped. */
        default boolean hasAny(Descriptor entry) {
            return has(entry);
        }
    }

    /** A manifest alone. */
    public ManifestTree(Manifest root) {
        this(root, List.of());
    }

    /** An index with what it leads to. */
    public ManifestTree(Manifest root, List<Manifest> below) {
        this(root, below, List.of());
    }

    /** Returns the same tree, chosen by these indexes, outermost first. */
    public ManifestTree under(List<Manifest> indexes) {
        return new ManifestTree(root, below, indexes);
    }

    /**
     * Returns the whole tree: all platforms, and what else an index lists, such as attestations.
     *
     * @throws WrongContentException if indexes lead to indexes more than four times
     * @throws IOException           if the source cannot give a manifest, or gives one that is wrong
     */
    public static ManifestTree whole(Manifest root, Source source) throws IOException {
        Map<Digest, Manifest> below = new LinkedHashMap<>();
        addBelow(root, source, below, 0);
        return new ManifestTree(root, List.copyOf(below.values()));
    }

    /**
     * Returns what an index lists and the source does not have, or null if all of it is here.
     *
     * @throws IOException if the source cannot give an index that it has
     */
    public static @Nullable Descriptor missing(Manifest root, Source source) throws IOException {
        for (Descriptor entry : root.isIndex() ? root.entries() : List.<Descriptor>of()) {
            Descriptor missing = !source.hasAny(entry) ? entry : MediaType.isIndex(entry.mediaType()) ? missing(source.manifest(entry), source) : null;
            if (missing != null) {
                return missing;
            }
        }
        return null;
    }

    /**
     * Returns the indexes that lead from one to a manifest, outermost first; none where it does not lead there. What the source does not have is passed by.
     *
     * @throws IOException if the source cannot give an index that it has
     */
    public static List<Manifest> wayTo(Digest manifest, Manifest index, Source source) throws IOException {
        return wayTo(manifest, index, source, 1);
    }

    private static List<Manifest> wayTo(Digest manifest, Manifest index, Source source, int depth) throws IOException {
        if (!index.isIndex()) {
            return List.of();
        }
        if (index.entries().stream().anyMatch(entry -> entry.digest().equals(manifest))) {
            return List.of(index);
        }
        for (Descriptor entry : depth == DEEPEST ? List.<Descriptor>of() : index.entries()) {
            if (MediaType.isIndex(entry.mediaType()) && source.has(entry)) {
                List<Manifest> way = wayTo(manifest, source.manifest(entry), source, depth + 1);
                if (!way.isEmpty()) {
                    return Stream.concat(Stream.of(index), way.stream()).toList();
                }
            }
        }
        return List.of();
    }

    private static void addBelow(Manifest manifest, Source source, Map<Digest, Manifest> below, int depth) throws IOException {
        if (!manifest.isIndex()) {
            return;
        }
        if (depth == DEEPEST) {
            throw new WrongContentException("the index " + manifest.digest() + " is the " + depth + "th that leads to another one: that is not an image");
        }
        for (Descriptor entry : manifest.entries()) {
            if (!below.containsKey(entry.digest())) {
                Manifest next = source.manifest(entry);
                below.put(entry.digest(), next);
                addBelow(next, source, below, depth + 1);
            }
        }
    }

    /**
     * Returns what is wanted for these platforms: for one, its manifest alone; for several, a new index, with a digest of its own,
     * of the entries that were chosen. An image that has no index is taken as it is.
     *
     * @throws lib.failure.NotFoundException when there is no image for one of them
     */
    public static ManifestTree of(Manifest root, List<Platform> platforms, Source source) throws IOException {
        if (!root.isIndex()) {
            return new ManifestTree(root);
        }
        Map<Digest, Manifest> below = new LinkedHashMap<>();
        ArrayNode entries = Json.newArray();
        for (Platform platform : platforms) {
            Choice choice = Choice.of(root, platform, source);
            if (platforms.size() == 1) {
                return choice.tree();
            }
            if (below.put(choice.entry().digest(), choice.manifest()) == null) {
                entries.add(choice.entry().json());
            }
        }
        ObjectNode json = root.json().deepCopy();
        json.set("manifests", entries);
        return new ManifestTree(Manifest.parse(Json.bytes(json), root.mediaType()), List.copyOf(below.values()));
    }

    /** Returns the root and all below it. */
    public List<Manifest> manifests() {
        List<Manifest> all = new ArrayList<>(List.of(root));
        all.addAll(below);
        return all;
    }

    /**
     * Returns every blob of the images in it once.
     *
     * @throws WrongContentException if a list in a manifest is malformed, or the sizes add up to more than a file can have
     */
    public List<Descriptor> blobs() throws WrongContentException {
        Map<Digest, Descriptor> blobs = new LinkedHashMap<>();
        for (Manifest manifest : manifests()) {
            for (Descriptor blob : manifest.isIndex() ? List.<Descriptor>of() : manifest.blobs()) {
                blobs.putIfAbsent(blob.digest(), blob);
            }
        }
        Descriptor.total(blobs.values());
        return List.copyOf(blobs.values());
    }
}
