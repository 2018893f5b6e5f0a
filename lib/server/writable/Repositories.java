package lib.server.writable;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import lib.failure.NotFoundException;
import lib.failure.WrongContentException;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.MediaType;
import lib.store.Layout;
import lib.text.Json;
import org.jspecify.annotations.Nullable;

/**
 * The repositories of a layout. {@code index.json} says which manifests each has, by names as engines know them, and is read anew each time, as
 * other processes may change it; the blobs are everybody's.
 */
final class Repositories {
    private final Layout layout;
    private final Manifests manifests;
    private final String host;

    /** @param host the host and port that names in index.json begin with */
    Repositories(Layout layout, String host) {
        this.layout = layout;
        this.manifests = new Manifests(layout);
        this.host = host;
    }

    private List<Entry> entries() throws IOException {
        return Entry.all(layout.listed());
    }

    private static Set<Digest> digests(List<Entry> entries, Predicate<Entry> wanted) {
        return entries.stream().filter(wanted).map(Entry::digest).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Returns the digests of the manifests that the indexes of a repository lead to. */
    private Set<Digest> below(List<Entry> entries, String repository) {
        return manifests.below(digests(entries, entry -> entry.isOf(repository)));
    }

    /** Returns the names of all repositories, in lexical order. */
    Set<String> names() throws IOException {
        Set<String> names = new TreeSet<>();
        entries().stream().filter(entry -> entry.repository() != null).forEach(entry -> names.add(entry.repository()));
        return names;
    }

    /** Returns the tags of a repository, in lexical order; throws RefusedException if there is no such repository. */
    Map<String, Digest> tags(String repository) throws IOException {
        Map<String, Digest> tags = new TreeMap<>();
        List<Entry> own = entries().stream().filter(entry -> entry.isOf(repository)).toList();
        if (own.isEmpty()) {
            throw new RefusedException(404, "NAME_UNKNOWN", "there is no repository " + repository);
        }
        own.stream().filter(entry -> entry.tag() != null).forEach(entry -> tags.put(entry.tag(), entry.digest()));
        return tags;
    }

    /** Returns a manifest by a tag of the repository, or by its digest. One that was replaced under its tag is had by its digest as long as it is not deleted. */
    Manifest manifest(String repository, String tagOrDigest) throws IOException {
        Digest digest = tagOrDigest.contains(":") ? Digest.parse(tagOrDigest) : tags(repository).get(tagOrDigest);
        if (digest == null || !has(repository, digest)) {
            throw unknown(repository, tagOrDigest);
        }
        try {
            return manifests.read(digest);
        } catch (NotFoundException | WrongContentException e) {
            throw unknown(repository, tagOrDigest);
        }
    }

    private static RefusedException unknown(String repository, String tagOrDigest) {
        return new RefusedException(404, "MANIFEST_UNKNOWN", repository + " has no manifest " + tagOrDigest);
    }

    /** Tells whether a manifest, if it is here, is a repository's: that lists it, or an index above it, or nobody does any more. */
    private boolean has(String repository, Digest digest) throws IOException {
        List<Entry> entries = entries();
        List<Entry> naming = entries.stream().filter(entry -> entry.digest().equals(digest)).toList();
        return naming.isEmpty() || naming.stream().anyMatch(entry -> entry.repository() == null || entry.isOf(repository)) || below(entries, repository).contains(digest);
    }

    /**
     * Stores a manifest, on disk for good when this returns, and lists it under this tag, or where that is null by its digest, unless an index leads to it.
     * What an index leads to is no longer listed by its digest, or others would take it for an image of its own.
     */
    void put(String repository, @Nullable String tag, Manifest manifest) throws IOException {
        layout.list(listed -> {
            manifests.requireParts(manifest); // here, as nothing is deleted meanwhile
            layout.storeForGood(manifest.digest(), manifest.bytes());
            List<Entry> entries = Entry.all(listed);
            Set<Digest> parts = manifests.below(Set.of(manifest.digest()));
            boolean isKnown = entries.stream().anyMatch(entry -> entry.isOf(repository, manifest.digest())) || below(entries, repository).contains(manifest.digest());
            List<ObjectNode> all = new ArrayList<>(listed);
            entries.stream().filter(entry -> entry.isOf(repository)).filter(entry -> tag != null && tag.equals(entry.tag())
                    || entry.tag() == null && (parts.contains(entry.digest()) || tag != null && entry.digest().equals(manifest.digest()))).forEach(entry -> all.remove(entry.json()));
            if (tag != null || !isKnown) {
                all.add(Entry.of(host, repository, tag, manifest));
            }
            return all;
        });
    }

    /** Removes a tag; what it points to stays, by its digest. */
    void deleteTag(String repository, String tag) throws IOException {
        Manifest manifest = manifest(repository, tag);
        layout.list(listed -> {
            List<ObjectNode> all = new ArrayList<>(listed);
            Entry.all(listed).stream().filter(entry -> entry.isOf(repository) && tag.equals(entry.tag())).forEach(entry -> all.remove(entry.json()));
            List<Entry> left = Entry.all(all);
            if (left.stream().noneMatch(entry -> entry.isOf(repository, manifest.digest())) && !below(left, repository).contains(manifest.digest())) {
                all.add(Entry.of(host, repository, null, manifest));
            }
            return all;
        });
    }

    /** Removes a manifest with all its tags; throws RefusedException where there is none, or an index needs it. */
    void deleteManifest(String repository, Digest digest) throws IOException {
        manifest(repository, digest.toString());
        layout.list(listed -> {
            List<ObjectNode> all = new ArrayList<>(listed);
            Entry.all(listed).stream().filter(entry -> entry.isOf(repository, digest)).forEach(entry -> all.remove(entry.json()));
            List<Entry> left = Entry.all(all);
            if (below(left, repository).contains(digest)) {
                throw new RefusedException(405, "DENIED", "an index of " + repository + " needs this manifest: delete that first");
            }
            return all;
        });
        layout.list(listed -> { // if this process ends before that, a blob is left over, but nothing is listed that is not there
            Set<Digest> others = digests(Entry.all(listed), entry -> true);
            if (!others.contains(digest) && !manifests.below(others).contains(digest)) {
                Files.deleteIfExists(layout.blobPath(digest));
            }
            return listed;
        });
    }

    /** Removes a blob; throws RefusedException where there is none, or a manifest needs it. */
    void deleteBlob(Digest digest) throws IOException {
        layout.list(listed -> {
            Set<Digest> all = digests(Entry.all(listed), entry -> true);
            all.addAll(manifests.below(all));
            if (all.contains(digest) || manifests.need(all, digest)) {
                throw new RefusedException(405, "DENIED", "a manifest needs this blob: delete that first");
            }
            if (!Files.deleteIfExists(layout.blobPath(digest))) {
                throw new RefusedException(404, "BLOB_UNKNOWN", "there is no blob " + digest);
            }
            return listed;
        });
    }

    /**
     * Returns the index of what refers to a manifest by its subject (distribution-spec, Listing Referrers).
     *
     * @param type the artifact type that is wanted, null for all
     */
    ObjectNode referrers(String repository, Digest subject, @Nullable String type) throws IOException {
        List<Entry> entries = entries();
        Set<Digest> candidates = digests(entries, entry -> entry.repository() == null || entry.isOf(repository));
        candidates.addAll(below(entries, repository));
        Map<Digest, ObjectNode> found = new LinkedHashMap<>();
        for (Digest candidate : candidates) {
            try {
                Manifest manifest = manifests.read(candidate);
                ObjectNode referrer = manifest.referrer();
                if (subject.equals(manifest.subject()) && (type == null || referrer.path("artifactType").asText().equals(type))) {
                    found.put(candidate, referrer);
                }
            } catch (IOException e) {
                // it was deleted in this moment, or cannot be read
            }
        }
        ObjectNode index = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_INDEX);
        index.putArray("manifests").addAll(found.values());
        return index;
    }
}
