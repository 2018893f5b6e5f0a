package lib.haul;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import lib.failure.WrongContentException;
import lib.file.AtomicFile;
import lib.file.SmallFile;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Reference;
import lib.store.Exclusions;
import lib.text.Json;

/**
 * A lock file: what a list led to, by digests. The same haul can be made again by it, and a later one without what is in it.
 * The same images give the same bytes.
 *
 * @param list   the entries of the list as they were then, see {@link Wanted#toJson}
 * @param images those that came, in the order of the list
 */
record Lock(List<ObjectNode> list, List<LockedImage> images) {
    private static final String MARK = "drayLock";
    private static final int VERSION = 1;
    /** The size that a lock file may have, in MiB. */
    private static final int LARGEST = 256;

    /** Returns what is to be written down; throws WrongContentException if a manifest is malformed. */
    static Lock of(List<Wanted> list, List<FoundImage> images) throws WrongContentException {
        List<LockedImage> locked = new ArrayList<>();
        for (FoundImage image : images) {
            locked.add(LockedImage.of(image, list.indexOf(image.wanted())));
        }
        return new Lock(list.stream().map(Wanted::toJson).toList(), locked);
    }

    /** Returns whether a file is a lock file, not an archive: it begins with a brace. */
    static boolean isAt(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (var in = Files.newInputStream(file)) {
            return in.read() == '{';
        }
    }

    /**
     * Reads a lock file.
     *
     * @throws lib.failure.NotFoundException if there is none
     * @throws WrongContentException         if it is something else, or of a later version
     */
    static Lock read(Path file) throws IOException {
        ObjectNode json = Json.exact(SmallFile.named(file, LARGEST), file.toString());
        if (json.path(MARK).asInt() != VERSION) {
            throw new WrongContentException(file + " is not a lock file of this version");
        }
        List<ObjectNode> list = new ArrayList<>();
        for (JsonNode entry : json.path("list")) {
            if (entry instanceof ObjectNode object) {
                list.add(object);
            }
        }
        List<LockedImage> images = new ArrayList<>();
        for (JsonNode image : json.path("images")) {
            images.add(LockedImage.of(image, file + ", image " + (images.size() + 1)));
        }
        if (images.stream().anyMatch(image -> image.entry() < 0 || image.entry() >= list.size())) {
            throw new WrongContentException(file + " has an image that no entry of its list leads to");
        }
        return new Lock(list, images);
    }

    /** Writes it, a line an image, so that tools that compare files by lines show what changed. */
    void write(Path file) throws IOException {
        String entries = list.stream().map(entry -> "  " + Json.text(entry, false)).collect(Collectors.joining(",\n"));
        String all = images.stream().map(image -> "  " + Json.text(image.toJson(), false)).collect(Collectors.joining(",\n"));
        String text = "{\"" + MARK + "\": " + VERSION + ",\n\"list\": [\n" + entries + "\n],\n\"images\": [\n" + all + "\n]}\n";
        AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Makes sure that this is what the list leads to.
     *
     * @throws IllegalArgumentException if the list was changed since, or an image did not come then
     */
    void check(List<Wanted> now, String name) {
        List<ObjectNode> entries = now.stream().map(Wanted::toJson).toList();
        for (Wanted wanted : now) {
            if (!list.contains(wanted.toJson())) {
                throw new IllegalArgumentException("the list does not fit " + name + ": '" + wanted + "' is new or was changed");
            }
        }
        list.stream().filter(entry -> !entries.contains(entry)).findFirst().ifPresent(gone -> {
            throw new IllegalArgumentException("the list does not fit " + name + ": '" + gone.path("name").asText() + "' was removed or changed");
        });
        if (!entries.equals(list)) {
            throw new IllegalArgumentException("the list does not fit " + name + ": its entries are in another order");
        }
        for (LockedImage image : images) { // else a lock file from elsewhere could have passwords sent to another host
            Reference asked = now.get(image.entry()).name();
            if (!image.name().registry().equals(asked.registry()) || !image.name().repository().equals(asked.repository())) {
                throw new IllegalArgumentException("the list does not fit " + name + ": '" + asked.familiarName() + "' does not lead to " + image.name().familiarName());
            }
        }
        for (int i = 0; i < now.size(); i++) {
            int entry = i;
            if (images.stream().noneMatch(image -> image.entry() == entry)) {
                throw new IllegalArgumentException(name + " has no image for '" + now.get(i) + "', which failed when it was written");
            }
        }
    }

    /** Returns what can be left out of an image for those who have these; throws WrongContentException if one of its manifests is malformed. */
    Exclusions exclusions(FoundImage found) throws WrongContentException {
        Set<Digest> blobs = new LinkedHashSet<>();
        Set<Digest> here = images.stream().flatMap(image -> image.blobs().keySet().stream()).collect(Collectors.toCollection(HashSet::new));
        for (Descriptor blob : found.image().named().without(Exclusions.NOTHING).blobs()) {
            if (here.contains(blob.digest())) {
                blobs.add(blob.digest());
            }
        }
        Set<Digest> manifests = images.stream().map(LockedImage::manifest).collect(Collectors.toCollection(LinkedHashSet::new));
        Set<Reference> names = images.stream().map(LockedImage::name).collect(Collectors.toCollection(LinkedHashSet::new));
        return new Exclusions(blobs, manifests, names);
    }
}
