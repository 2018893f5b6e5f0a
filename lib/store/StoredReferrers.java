package lib.store;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
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

/**
 * What in a layout or an archive refers to a manifest there or elsewhere: signatures, attestations, lists of contents. {@code index.json} lists it
 * without a name, and then its own {@code subject} tells what it refers to; or under a tag that is made of the subject's digest, as registries have it;
 * or as cosign does in its own layouts, which are of one image.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/image-layout.md#indexjson-file">image-spec, index.json</a>
 */
public final class StoredReferrers {
    /** The annotation of a manifest that lies under a tag of a digest in registries, and here has no name that engines would take for an image's. */
    public static final String TAG = "dray.tag";
    /** The annotation by which cosign finds its own in a layout. */
    static final String KIND = "kind";
    static final String COSIGN = "dev.cosignproject.cosign/";
    /** The longest that the manifests may be together that are read to find out what they refer to, in bytes. */
    private static final long MOST_BYTES = 64L * 1024 * 1024;
    private static final Pattern OF_DIGEST = Pattern.compile("(?:.*:)?(sha256-([0-9a-f]{64})(\\.[A-Za-z0-9_.-]{1,50})?)");

    private final ImageStore store;
    private final Map<Digest, List<Entry>> bySubject = new LinkedHashMap<>();
    private final Map<Digest, Digest> listed = new LinkedHashMap<>();
    private final List<String> unread = new ArrayList<>();
    private long bytes;

    /**
     * Something that refers to a manifest.
     *
     * @param descriptor points at it, with an artifact type and annotations
     * @param tag        the tag that it has in a registry, such as {@code sha256-HEX.sig}; "" where its subject alone leads to it
     */
    public record Entry(Descriptor descriptor, String tag) { }

    /** Reads what index.json lists; throws WrongContentException if that cannot be read. */
    StoredReferrers(ImageStore store) throws IOException {
        this.store = store;
        List<Descriptor> images = new ArrayList<>();
        List<Descriptor> cosigns = new ArrayList<>();
        for (JsonNode json : store.index().path("manifests")) {
            try {
                Descriptor entry = Descriptor.of(json, "an entry of index.json");
                if (MediaType.mayBeManifest(entry.mediaType()) && !addTagged(entry)) {
                    Manifest manifest = read(entry);
                    if (!addBySubject(entry, manifest)) {
                        (cosignEnding(entry).isEmpty() ? images : cosigns).add(entry);
                        addBelow(manifest);
                    }
                }
            } catch (WrongContentException | NotFoundException e) {
                unread.add(e.getMessage());
            }
        }
        for (Descriptor entry : cosigns) {
            for (Descriptor image : images) {
                add(image.digest(), entry, image.digest().referrersTag() + cosignEnding(entry));
                listed.put(entry.digest(), image.digest());
            }
        }
    }

    private static String annotation(Descriptor entry, String name) {
        return entry.json().path("annotations").path(name).asText();
    }

    /** Returns the ending of the tag of what cosign's own layouts list beside the image, or "". */
    private static String cosignEnding(Descriptor entry) {
        return switch (annotation(entry, KIND)) {
            case COSIGN + "sigs" -> ".sig";
            case COSIGN + "atts" -> ".att";
            default -> "";
        };
    }

    /** Returns what cosign's own layouts call what lies under a tag of this ending, or "". */
    static String cosignKind(String tag) {
        return tag.endsWith(".sig") ? COSIGN + "sigs" : tag.endsWith(".att") ? COSIGN + "atts" : "";
    }

    /** Notes what has a tag that is made of a digest; under the tag without an ending lies the list of what refers to that. */
    private boolean addTagged(Descriptor entry) throws IOException {
        String name = annotation(entry, TAG);
        name = name.isEmpty() ? annotation(entry, NamedImage.REF_NAME) : name;
        Matcher tag = OF_DIGEST.matcher(name.isEmpty() ? annotation(entry, NamedImage.FULL_NAME) : name);
        if (!tag.matches()) {
            return false;
        }
        Digest subject = Digest.parse("sha256:" + tag.group(2));
        if (tag.group(3) != null) {
            add(subject, entry, tag.group(1));
            listed.put(entry.digest(), subject);
            return true;
        }
        Manifest index = read(entry);
        if (!index.isIndex()) {
            return false; // an image may be called so
        }
        for (Descriptor below : index.entries()) {
            add(subject, below, "");
        }
        listed.put(entry.digest(), subject);
        return true;
    }

    private boolean addBySubject(Descriptor entry, Manifest manifest) throws IOException {
        if (manifest.subject() == null) {
            return false;
        }
        add(manifest.subject(), Descriptor.of(manifest.referrer(), "the manifest " + entry.digest()), "");
        if (annotation(entry, NamedImage.FULL_NAME).isEmpty() && annotation(entry, NamedImage.REF_NAME).isEmpty()) {
            listed.put(entry.digest(), manifest.subject()); // one that has a name is wanted for itself, too
        }
        return true;
    }

    /** Build tools may put what refers to an image into the image's index, too. */
    private void addBelow(Manifest index) throws IOException {
        for (Descriptor entry : index.isIndex() ? index.entries() : List.<Descriptor>of()) {
            if ((entry.isAttestation() || entry.json().has("artifactType")) && store.has(entry)) {
                Manifest manifest = read(entry);
                if (manifest.subject() != null) {
                    add(manifest.subject(), Descriptor.of(manifest.referrer(), "the manifest " + entry.digest()), "");
                }
            }
        }
    }

    private Manifest read(Descriptor entry) throws IOException {
        if (entry.size() > MOST_BYTES - bytes) {
            throw new WrongContentException("the manifests in " + store.path() + " are longer than " + MOST_BYTES + " bytes together: the rest is not looked at");
        }
        bytes += entry.size();
        return store.manifest(entry);
    }

    private void add(Digest subject, Descriptor descriptor, String tag) {
        List<Entry> entries = bySubject.computeIfAbsent(subject, digest -> new ArrayList<>());
        if (entries.stream().noneMatch(other -> other.descriptor.digest().equals(descriptor.digest()) && other.tag.equals(tag))) {
            entries.add(new Entry(descriptor, tag));
        }
    }

    /** Returns what refers to a manifest itself. */
    public List<Entry> of(Digest subject) {
        return bySubject.getOrDefault(subject, List.of());
    }

    /** Returns what something here refers to, whether that is here or not. */
    public Set<Digest> subjects() {
        return bySubject.keySet();
    }

    /**
     * Returns what index.json lists for no other reason than that it refers to something, or is a list of what does, and what that is:
     * no images of their own, as long as that is there.
     */
    public Map<Digest, Digest> listed() {
        return listed;
    }

    /** Returns a sentence for each manifest that could not be looked at. */
    public List<String> unread() {
        return unread;
    }
}
