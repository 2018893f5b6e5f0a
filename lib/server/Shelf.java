package lib.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import lib.failure.NotFoundException;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.MediaType;
import lib.image.Reference;
import lib.store.ImageStore;
import lib.store.StoredImages;
import lib.store.StoredReferrers;
import lib.text.Json;

/** What a registry has to offer: the images of layouts and archives, by repository and tag. */
final class Shelf {
    /** Something in store. */
    record Item(ImageStore store, Descriptor descriptor) { }

    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");

    private final Map<String, Map<String, Item>> tags = new TreeMap<>();
    private final Map<String, Set<Digest>> untagged = new TreeMap<>();
    private final List<String> notes = new ArrayList<>();
    private final List<ImageStore> stores;
    private final Map<ImageStore, StoredReferrers> referrers = new LinkedHashMap<>();

    Shelf(List<ImageStore> stores) throws IOException {
        this.stores = stores;
        for (ImageStore store : stores) {
            StoredReferrers ofStore = store.referrers();
            referrers.put(store, ofStore);
            Set<Digest> parts = parts(store);
            ofStore.listed().entrySet().stream().filter(one -> hasAny(store, one.getValue())).forEach(one -> parts.add(one.getKey())); // without a name it is not an image
            store.damaged().forEach((name, trouble) -> notes.add(store.path() + ": " + name + " is not served: " + trouble.getMessage()));
            for (JsonNode entry : store.index().path("manifests")) {
                try {
                    Descriptor descriptor = Descriptor.of(entry, "an entry of its index.json");
                    checkManifest(store, descriptor);
                    place(new Item(store, descriptor), parts);
                } catch (WrongContentException e) {
                    notes.add(store.path() + ": an image is not served: " + e.getMessage());
                }
            }
        }
    }

    private static boolean hasAny(ImageStore store, Digest digest) {
        return store.hasAny(new Descriptor("", digest, 0, null, null));
    }

    /** A tag of something unreadable would be an error for those who pull it. Other content whose listed size is wrong can still be fetched by its digest. */
    private void checkManifest(ImageStore store, Descriptor entry) throws IOException {
        if (!MediaType.mayBeManifest(entry.mediaType())) {
            return;
        }
        try {
            store.manifest(entry);
        } catch (WrongContentException e) {
            Reference name = ImageStore.name(entry.json());
            if (store.hasAny(entry)) {
                tags.computeIfAbsent(name != null ? name.repository() : repositoryOf(store.path()), key -> new TreeMap<>());
            }
            throw e;
        }
    }

    /** Returns the digests of what is not an image of its own in a store; none where the store cannot be read as a whole: what can be is served all the same. */
    private Set<Digest> parts(ImageStore store) {
        try {
            StoredImages images = store.images();
            notes.addAll(images.oddNames());
            return new HashSet<>(images.parts());
        } catch (IOException e) {
            return new HashSet<>();
        }
    }

    /** An image with a full name keeps its repository and its tag; one without is called after its file. One whose name has a digest alone has no tag. */
    private void place(Item item, Set<Digest> parts) {
        Reference name = ImageStore.name(item.descriptor.json());
        String repository = name != null ? name.repository() : repositoryOf(item.store.path());
        String tag = name != null ? name.tag() : item.descriptor.json().path("annotations").path("org.opencontainers.image.ref.name").asText("");
        Digest digest = item.descriptor.digest();
        if (name == null && tag.isEmpty() && parts.contains(digest)) {
            return; // it is had by its digest, as is all that an index leads to
        }
        tag = name == null && tag.isEmpty() ? "latest" : tag;
        if (tag == null || !TAG.matcher(tag).matches()) {
            untagged.computeIfAbsent(repository, key -> new LinkedHashSet<>()).add(digest);
            tags.computeIfAbsent(repository, key -> new TreeMap<>());
            tags.computeIfAbsent(repository.replaceFirst("^library/", ""), key -> new TreeMap<>());
            return;
        }
        Item first = tags.computeIfAbsent(repository, key -> new TreeMap<>()).putIfAbsent(tag, item);
        if (repository.startsWith("library/")) {
            tags.computeIfAbsent(repository.substring("library/".length()), key -> new TreeMap<>()).putIfAbsent(tag, item);
        }
        if (first != null && !first.descriptor.digest().equals(digest)) {
            notes.add(repository + ":" + tag + " of " + item.store.path() + " is another image than that of " + first.store.path()
                    + ", which comes first: pull it as " + repository + "@" + digest);
        }
    }

    /** Returns, in words, the images that share a name with another one, and how to fetch them; and those that are not served. */
    List<String> notes() {
        return notes;
    }

    /** Returns the digests of what has no tag, by repository. */
    Map<String, Set<Digest>> untagged() {
        return untagged;
    }

    private static String repositoryOf(Path file) {
        String name = file.toAbsolutePath().normalize().getFileName().toString().toLowerCase(Locale.ROOT);
        String repository = name.replaceFirst("\\.(tar|oci)$", "").replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        return repository.isEmpty() ? "image" : repository;
    }

    /** Returns the tags of every repository. */
    Map<String, Map<String, Item>> tags() {
        return tags;
    }

    Map<String, Item> tags(String repository) throws NotFoundException {
        Map<String, Item> items = tags.get(repository);
        if (items == null) {
            throw new UnknownNameException(repository);
        }
        return items;
    }

    /** Returns what a tag points to. */
    Item tagged(String repository, String tag) throws NotFoundException {
        Item item = tags(repository).get(tag);
        item = item == null ? referrer(tag) : item;
        if (item == null) {
            throw new NotFoundException("no tag " + tag + " of " + repository);
        }
        return inside(item);
    }

    /** Returns what registries keep under a tag made of a digest, and a store without a name; or null. */
    private Item referrer(String tag) {
        for (Map.Entry<ImageStore, StoredReferrers> each : referrers.entrySet()) {
            for (Digest subject : tag.startsWith("sha256-") ? each.getValue().subjects() : Set.<Digest>of()) {
                for (StoredReferrers.Entry entry : tag.startsWith(subject.referrersTag()) ? each.getValue().of(subject) : List.<StoredReferrers.Entry>of()) {
                    if (entry.tag().equals(tag)) {
                        return new Item(each.getKey(), entry.descriptor());
                    }
                }
            }
        }
        return null;
    }

    /**
     * Returns the index of what refers to a manifest by its subject, in whatever store.
     *
     * @param type the artifact type that is wanted, "" for all
     */
    ObjectNode referrers(String repository, Digest subject, String type) throws IOException {
        tags(repository);
        Map<Digest, ObjectNode> found = new LinkedHashMap<>();
        for (Map.Entry<ImageStore, StoredReferrers> each : referrers.entrySet()) {
            for (StoredReferrers.Entry entry : each.getValue().of(subject)) {
                Manifest manifest = entry.tag().isEmpty() && each.getKey().has(entry.descriptor()) ? each.getKey().manifest(entry.descriptor()) : null;
                ObjectNode referrer = manifest == null ? null : manifest.referrer();
                if (referrer != null && subject.equals(manifest.subject()) && (type.isEmpty() || referrer.path("artifactType").asText().equals(type))) {
                    found.putIfAbsent(manifest.digest(), referrer);
                }
            }
        }
        ObjectNode index = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_INDEX);
        index.putArray("manifests").addAll(found.values());
        return index;
    }

    /** A link would have a file of this machine read that the layout's maker chose. */
    private static Item inside(Item item) throws NotFoundException {
        if (item.store.leadsOut(item.descriptor.digest())) {
            throw new NotFoundException(item.descriptor.digest() + " is a link that leads out of " + item.store.path() + ": not served");
        }
        return item;
    }

    /** Returns what has this digest, in whatever store of this repository. */
    Item find(String repository, Digest digest) throws IOException {
        tags(repository);
        for (ImageStore store : stores) {
            try {
                return inside(new Item(store, store.find(digest)));
            } catch (NotFoundException e) {
                // perhaps in the next one
            }
        }
        throw new NotFoundException("no content " + digest + " of " + repository);
    }
}
