package lib.image;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

//SOURCES Descriptor.java
//SOURCES Digest.java
//SOURCES Json.java
//SOURCES Manifest.java
//SOURCES NotFound.java
//SOURCES Platform.java
//SOURCES WrongContent.java

/**
 * An index with all the manifests that it leads to; or a manifest alone, for an image of one platform.
 *
 * @param below what the root leads to, each once, an index before what is in it
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/image-index.md">image-spec, Image Index</a>
 */
public record ManifestTree(Manifest root, List<Manifest> below) {
    private static final int DEEPEST = 4;

    /** Where a manifest is had that an index lists. */
    public interface Source {
        Manifest manifest(Descriptor entry) throws IOException;
    }

    /** Returns the whole tree: all platforms, and what else an index lists, such as attestations. */
    public static ManifestTree whole(Manifest root, Source source) throws IOException {
        Map<Digest, Manifest> below = new LinkedHashMap<>();
        addBelow(root, source, below, 0);
        return new ManifestTree(root, List.copyOf(below.values()));
    }

    private static void addBelow(Manifest manifest, Source source, Map<Digest, Manifest> below, int depth) throws IOException {
        if (!manifest.isIndex()) {
            return;
        }
        if (depth == DEEPEST) {
            throw new WrongContent("the index " + manifest.digest() + " is the " + depth + "th that leads to another one: that is no image");
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
     * @throws NotFound when there is no image for one of them
     */
    public static ManifestTree of(Manifest root, List<Platform> platforms, Source source) throws IOException {
        if (!root.isIndex()) {
            return new ManifestTree(root, List.of());
        }
        Map<Digest, Manifest> below = new LinkedHashMap<>();
        ArrayNode entries = Json.newArray();
        for (Platform platform : platforms) {
            Manifest manifest = root;
            Descriptor entry = null;
            for (int depth = 0; manifest.isIndex(); depth++) {
                if (depth == DEEPEST) {
                    throw new WrongContent("the index " + root.digest() + " leads to no image");
                }
                entry = manifest.choose(platform);
                manifest = source.manifest(entry);
            }
            if (below.put(entry.digest(), manifest) == null) {
                entries.add(entry.json());
            }
        }
        if (platforms.size() == 1) {
            return new ManifestTree(below.values().iterator().next(), List.of());
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

    /** Returns every blob of the images in it once. */
    public List<Descriptor> blobs() throws WrongContent {
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
