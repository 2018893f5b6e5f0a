package lib.server.writable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.Reference;
import lib.store.ImageStore;
import lib.store.NamedImage;
import lib.store.StoredReferrers;
import org.jspecify.annotations.Nullable;

/**
 * What {@code index.json} lists of a repository.
 *
 * @param repository null for what is listed for no other reason than that it refers to something, as other programs do
 * @param tag        null for what is known by its digest alone
 * @param json       the entry itself
 */
record Entry(@Nullable String repository, @Nullable String tag, Digest digest, ObjectNode json) {
    /** The annotation of an entry that has no name which engines would take for an image's. */
    private static final String REPOSITORY = "dray.repository";
    /** A tag of what refers to the manifest of a digest (distribution-spec, Referrers Tag Schema; cosign's endings). */
    private static final String TAG_OF_DIGEST = "sha256-[0-9a-f]{64}([.].+)?";

    /** Returns those that can be served; all others stay listed as they are. */
    static List<Entry> all(List<ObjectNode> listed) {
        List<Entry> entries = new ArrayList<>();
        for (ObjectNode json : listed) {
            try {
                JsonNode annotations = json.path("annotations");
                Reference name = ImageStore.name(json);
                String repository = annotations.path(REPOSITORY).asText(name == null ? null : name.repository());
                String tag = annotations.path(StoredReferrers.TAG).asText(name == null ? null : name.tag());
                entries.add(new Entry(repository, tag, Digest.parse(json.path("digest").asText()), json));
            } catch (IllegalArgumentException e) {
                // its digest is none
            }
        }
        return entries;
    }

    /**
     * Returns the entry of a manifest, by a name that other programs read, too.
     *
     * @param host the host and port that the name begins with
     */
    static ObjectNode of(String host, String repository, @Nullable String tag, Manifest manifest) {
        boolean isReferrer = tag == null ? manifest.subject() != null : tag.matches(TAG_OF_DIGEST);
        ObjectNode entry = isReferrer ? manifest.referrer() : manifest.descriptor();
        entry.remove("annotations");
        ObjectNode annotations = entry.putObject("annotations");
        if (isReferrer) {
            annotations.put(REPOSITORY, repository);
        } else {
            annotations.put(NamedImage.FULL_NAME, host + "/" + repository + (tag == null ? "@" + manifest.digest() : ":" + tag));
        }
        if (tag != null) {
            annotations.put(isReferrer ? StoredReferrers.TAG : NamedImage.REF_NAME, tag);
        }
        return entry;
    }

    boolean isOf(String name) {
        return name.equals(repository);
    }

    boolean isOf(String name, Digest digest) {
        return isOf(name) && this.digest.equals(digest);
    }
}
