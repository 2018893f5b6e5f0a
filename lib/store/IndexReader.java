package lib.store;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import lib.failure.NotFoundException;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.MediaType;
import lib.image.Platform;
import lib.image.Reference;
import org.jspecify.annotations.Nullable;

/**
 * Finds the images among the entries of an index.json. Tools list more there than images: oras also every manifest that an index leads to,
 * and what refers to an image; containerd an image under its tag and under its digest.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/image-layout.md#indexjson-file">image-spec, index.json</a>
 */
final class IndexReader {
    final List<StoredImage> images = new ArrayList<>();
    /** What is not an image, by its name, and why. */
    final Map<String, String> leftOut = new LinkedHashMap<>();
    /** Names that no image can have, and why. */
    final Map<String, String> oddNames = new LinkedHashMap<>();
    /** What cannot be read, by its name, and why. */
    final Map<String, WrongContentException> damaged = new LinkedHashMap<>();
    /** The entries of damaged manifests, as far as they can be read. */
    final List<Descriptor> unread = new ArrayList<>();
    /** All that indexes lead to. */
    final Set<Digest> parts = new HashSet<>();
    private final ImageStore store;

    IndexReader(ImageStore store) {
        this.store = store;
    }

    /** Reads what is in store; throws NotFoundException if there is nothing, WrongContentException where nothing can be read. */
    void read() throws IOException {
        damaged.putAll(store.damaged());
        oddNames.putAll(store.oddNames());
        addAll(store.index().path("manifests"));
        checkNotEmpty();
        joinPinned();
        dropParts();
        joinPlatforms();
        checkNotEmpty();
    }

    private void checkNotEmpty() throws IOException {
        if (images.isEmpty()) {
            throw damaged.isEmpty() ? new NotFoundException(store.path() + " holds no image") : damaged.values().iterator().next();
        }
    }

    private void addAll(JsonNode entries) throws IOException {
        if (!entries.isArray() && !entries.isNull() && !entries.isMissingNode()) {
            throw new WrongContentException("in index.json of " + store.path() + ", manifests is not a list");
        }
        int number = 0;
        for (JsonNode json : entries) {
            number++;
            try {
                Descriptor entry = Descriptor.of(json, store.path() + ": the entry");
                if (MediaType.mayBeManifest(entry.mediaType())) {
                    add(entry);
                } else {
                    leftOut.put(entry.digest().toString(), "its type " + entry.mediaType() + " is not that of an image");
                }
            } catch (WrongContentException e) {
                damaged.put("entry " + number + " of index.json", e);
            }
        }
    }

    private void add(Descriptor entry) throws IOException {
        String label = label(entry);
        boolean isThere = images.stream().anyMatch(image -> digest(image).equals(entry.digest()) && Objects.equals(label(image), label));
        if (isThere) {
            return;
        }
        Reference reference = ImageStore.name(entry.json());
        checkName(ImageStore.fullName(entry.json()));
        String name = reference != null ? reference.familiarName() : label != null ? label : entry.digest().toString();
        try {
            images.add(new StoredImage(store, name, reference, List.of(new StoredImage.Variant(entry, store.manifest(entry))), List.of(), since(entry.json())));
        } catch (NotFoundException e) {
            throw new WrongContentException(e.getMessage(), e); // somebody removes it at this moment
        } catch (WrongContentException e) {
            damaged.put(name, e);
            unread.add(entry);
        }
    }

    private void checkName(String name) {
        try {
            if (!name.isEmpty()) {
                Reference.parse(name);
            }
        } catch (IllegalArgumentException e) {
            oddNames.put(name, e.getMessage());
        }
    }

    /** Returns the name in an entry's annotations as it stands there, be it a tag alone; null for an entry without one. */
    static @Nullable String label(Descriptor entry) {
        JsonNode annotations = entry.json().path("annotations");
        String label = annotations.path(NamedImage.FULL_NAME).asText(annotations.path(NamedImage.REF_NAME).asText(""));
        return label.isEmpty() ? null : label;
    }

    static @Nullable String label(StoredImage image) {
        return label(image.variants().get(0).entry());
    }

    private static Digest digest(StoredImage image) {
        return manifest(image).digest();
    }

    private static Manifest manifest(StoredImage image) {
        return image.variants().get(0).manifest();
    }

    /** Returns the images that others are needed for to complete this one, by an index entry's annotations; none for a complete one. */
    private static Set<Digest> since(JsonNode entry) throws WrongContentException {
        Set<Digest> images = new LinkedHashSet<>();
        try {
            for (String digest : entry.path("annotations").path(NamedImage.SINCE).asText().split(" ")) {
                if (!digest.isEmpty()) {
                    images.add(Digest.parse(digest));
                }
            }
        } catch (IllegalArgumentException e) {
            throw new WrongContentException("the annotation " + NamedImage.SINCE + " is wrong: " + e.getMessage(), e);
        }
        return images;
    }

    /** {@code nginx:alpine} and {@code nginx@sha256:…} of one image are the two names of {@code nginx:alpine@sha256:…}. */
    private void joinPinned() throws IOException {
        for (StoredImage pinned : List.copyOf(images)) {
            Reference name = pinned.reference();
            if (name == null || name.tag() != null) {
                continue;
            }
            for (int i = 0; i < images.size(); i++) {
                StoredImage tagged = images.get(i);
                boolean isSame = digest(pinned).equals(digest(tagged));
                if (isTagOf(tagged.reference(), name) && (isSame || below(manifest(pinned)).contains(digest(tagged)))) {
                    images.set(i, new StoredImage(store, tagged.name(), tagged.reference().withDigest(name.digest()), tagged.variants(),
                            isSame ? List.of() : List.of(manifest(pinned)), tagged.since()));
                    images.remove(pinned);
                    break;
                }
            }
        }
    }

    private static boolean isTagOf(Reference tagged, Reference pinned) {
        return tagged != null && tagged.tag() != null && tagged.digest() == null
                && tagged.registry().equals(pinned.registry()) && tagged.repository().equals(pinned.repository());
    }

    /** What has no name, and is a part of another image or refers to one, is not an image of its own. */
    private void dropParts() throws IOException {
        for (StoredImage image : images) {
            parts.addAll(below(manifest(image)));
        }
        images.removeIf(image -> label(image) == null && parts.contains(digest(image)));
        Set<Digest> there = new HashSet<>(parts);
        images.forEach(image -> there.add(digest(image)));
        Map<Digest, Digest> referring = store.referrers().listed();
        for (StoredImage image : List.copyOf(images)) {
            Digest subject = referring.get(digest(image));
            if (subject != null && (there.contains(subject) || store.hasAny(new Descriptor("", subject, 0, null, null)))) {
                images.remove(image);
            }
        }
    }

    /** Returns the digests of all that an index leads to, as far as it can be read; reading the rest will say what is wrong. */
    private Set<Digest> below(Manifest root) throws IOException {
        Set<Digest> below = new HashSet<>();
        try {
            addBelow(root, below);
        } catch (WrongContentException e) {
            return below;
        }
        return below;
    }

    private void addBelow(Manifest root, Set<Digest> below) throws IOException {
        List<Manifest> indexes = new ArrayList<>(root.isIndex() ? List.of(root) : List.of());
        for (int i = 0; i < indexes.size(); i++) {
            for (Descriptor entry : indexes.get(i).entries()) {
                boolean isIndex = below.add(entry.digest()) && MediaType.isIndex(entry.mediaType()) && store.has(entry);
                if (isIndex) {
                    indexes.add(store.manifest(entry));
                }
            }
        }
    }

    /** Manifests of one name, or of none, that are for different platforms are one image. */
    private void joinPlatforms() throws IOException {
        Map<String, List<StoredImage>> byLabel = new LinkedHashMap<>();
        for (StoredImage image : images) {
            if (manifest(image).isImage()) {
                byLabel.computeIfAbsent(Objects.requireNonNullElse(label(image), ""), label -> new ArrayList<>()).add(image);
            }
        }
        for (List<StoredImage> same : byLabel.values()) {
            Set<Platform> platforms = same.size() == 1 ? Set.of() : platforms(same);
            if (same.size() > 1 && platforms.size() == same.size() && !platforms.contains(null)) {
                StoredImage first = same.get(0);
                List<StoredImage.Variant> variants = same.stream().map(image -> image.variants().get(0)).toList();
                images.set(images.indexOf(first), new StoredImage(store, first.name(), first.reference(), variants, List.of(), first.since()));
                images.removeAll(same.subList(1, same.size()));
            }
        }
    }

    /** Returns what these run on, and removes those that cannot be read. */
    private Set<Platform> platforms(List<StoredImage> same) throws IOException {
        Set<Platform> platforms = new HashSet<>();
        for (StoredImage image : List.copyOf(same)) {
            try {
                platforms.add(image.platform(image.variants().get(0)));
            } catch (WrongContentException e) {
                same.remove(image);
                images.remove(image);
                damaged.put(image.name(), e);
                unread.add(image.variants().get(0).entry());
            }
        }
        return platforms;
    }
}
