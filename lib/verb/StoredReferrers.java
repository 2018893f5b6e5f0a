package lib.verb;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lib.failure.NotFoundException;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.MediaType;
import lib.store.ImageStore;
import lib.store.NamedImage;

/**
 * What refers to manifests in a layout or an archive. index.json lists it: under a tag that is made of the subject's digest,
 * as in a registry, or without a name; then its own {@code subject} tells what it refers to.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/image-layout.md#indexjson-file">image-spec, index.json</a>
 */
final class StoredReferrers implements ReferrerSource {
    /** The longest that all manifests may be that index.json lists, in bytes. */
    private static final long MOST_BYTES = 64L * 1024 * 1024;
    private static final Pattern TAG = Pattern.compile("(?:.*[:/])?((sha256|sha512)-([0-9a-f]+)(\\.(?:sig|att|sbom))?)");
    /** What {@code cosign save} says of signatures and attestations, which it puts beside one image. */
    private static final Map<String, String> COSIGNS_KINDS = Map.of("dev.cosignproject.cosign/sigs", ".sig", "dev.cosignproject.cosign/atts", ".att");
    private static final String KIND = "kind";

    private final ImageStore store;
    private final Map<Digest, List<Pointer>> bySubject = new LinkedHashMap<>();
    private final List<String> unread = new ArrayList<>();
    private long bytes;

    StoredReferrers(ImageStore store) throws IOException {
        this.store = store;
        List<Descriptor> images = new ArrayList<>();
        List<Descriptor> ofOneImage = new ArrayList<>();
        for (JsonNode json : store.index().path("manifests")) {
            try {
                Descriptor entry = Descriptor.of(json, "an entry of index.json");
                if (COSIGNS_KINDS.containsKey(kind(entry))) {
                    ofOneImage.add(entry);
                } else if (MediaType.mayBeManifest(entry.mediaType()) && !addTagged(entry) && !addBySubject(entry)) {
                    images.add(entry);
                }
            } catch (WrongContentException | NotFoundException e) {
                unread.add(e.getMessage());
            }
        }
        for (Descriptor entry : ofOneImage) {
            images.forEach(image -> add(image.digest(), new Pointer(entry, tag(image.digest(), COSIGNS_KINDS.get(kind(entry))))));
        }
    }

    private static String kind(Descriptor entry) {
        return entry.json().path("annotations").path(KIND).asText();
    }

    private static String tag(Digest subject, String ending) {
        return subject.referrersTag() + ending;
    }

    /** Notes what has a tag that is made of a digest; under the referrers tag lies an index of it. */
    private boolean addTagged(Descriptor entry) throws IOException {
        JsonNode annotations = entry.json().path("annotations");
        Matcher tag = TAG.matcher(annotations.path(NamedImage.REF_NAME).asText(annotations.path(NamedImage.FULL_NAME).asText()));
        if (!tag.matches()) {
            return false;
        }
        Digest subject;
        try {
            subject = Digest.parse(tag.group(2) + ":" + tag.group(3));
        } catch (IllegalArgumentException e) {
            return false; // an image may be called so
        }
        if (tag.group(4) != null) {
            add(subject, new Pointer(entry, tag.group(1)));
            return true;
        }
        Manifest index = read(entry);
        for (Descriptor below : index.isIndex() ? index.entries() : List.<Descriptor>of()) {
            add(subject, new Pointer(below, ""));
        }
        return index.isIndex();
    }

    private boolean addBySubject(Descriptor entry) throws IOException {
        JsonNode subject = read(entry).json().path("subject");
        if (!subject.isObject()) {
            return false;
        }
        add(Descriptor.of(subject, "the subject of " + entry.digest()).digest(), new Pointer(entry, ""));
        return true;
    }

    private Manifest read(Descriptor entry) throws IOException {
        if (entry.size() > MOST_BYTES - bytes) {
            throw new WrongContentException("the manifests in " + store.path() + " are longer than " + MOST_BYTES + " bytes together: refused");
        }
        bytes += entry.size();
        return store.manifest(entry);
    }

    private void add(Digest subject, Pointer pointer) {
        List<Pointer> pointers = bySubject.computeIfAbsent(subject, digest -> new ArrayList<>());
        if (pointers.stream().noneMatch(other -> other.descriptor().digest().equals(pointer.descriptor().digest()) && other.tag().equals(pointer.tag()))) {
            pointers.add(pointer);
        }
    }

    /** Returns what something here refers to, whether that is here or not. */
    Set<Digest> subjects() {
        return bySubject.keySet();
    }

    @Override
    public List<Pointer> pointers(Digest subject, List<String> endings, List<String> left) {
        left.addAll(unread);
        unread.clear();
        return bySubject.getOrDefault(subject, List.of()).stream()
                .filter(pointer -> pointer.tag().isEmpty() || endings.stream().anyMatch(pointer.tag()::endsWith)).toList();
    }

    @Override
    public Manifest manifest(Descriptor descriptor) throws IOException {
        return store.manifest(descriptor);
    }

    @Override
    public InputStream blob(Descriptor blob) throws IOException {
        return store.blob(blob);
    }
}
