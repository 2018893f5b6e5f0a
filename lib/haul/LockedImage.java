package lib.haul;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lib.failure.NotFoundException;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Reference;
import lib.image.Referrer;
import lib.store.Exclusions;
import lib.store.NamedImage;
import lib.text.Json;

/**
 * An image in a lock file.
 *
 * @param entry     which entry of the list it was chosen by, from 0
 * @param name      what it is stored as
 * @param digest    what the name pointed to: an index, where it is chosen from one
 * @param manifest  what is stored under the name
 * @param referrers the manifests that travelled with it, as they refer to it
 * @param blobs     all that it consists of, with their sizes in bytes
 */
record LockedImage(int entry, Reference name, Digest digest, Digest manifest, List<Digest> referrers, Map<Digest, Long> blobs) {

    /** Returns what was found, as it is to be written down; throws WrongContentException if a manifest is malformed. */
    static LockedImage of(FoundImage found, int entry) throws WrongContentException {
        NamedImage whole = found.image().named().without(Exclusions.NOTHING);
        Map<Digest, Long> blobs = new LinkedHashMap<>();
        for (Descriptor blob : whole.blobs()) {
            blobs.put(blob.digest(), blob.size());
        }
        List<Digest> referrers = whole.referrers().stream().map(referrer -> referrer.manifest().digest()).distinct().toList();
        return new LockedImage(entry, found.name(), found.digest(), whole.manifest().digest(), referrers, blobs);
    }

    static LockedImage of(JsonNode json, String what) throws WrongContentException {
        try {
            List<Digest> referrers = new ArrayList<>();
            json.path("referrers").forEach(digest -> referrers.add(Digest.parse(digest.asText())));
            Map<Digest, Long> blobs = new LinkedHashMap<>();
            json.path("blobs").properties().forEach(blob -> blobs.put(Digest.parse(blob.getKey()), blob.getValue().asLong()));
            return new LockedImage(json.path("entry").asInt(-1), Reference.parse(json.path("name").asText()), Digest.parse(json.path("digest").asText()),
                    Digest.parse(json.path("manifest").asText()), referrers, blobs);
        } catch (IllegalArgumentException e) {
            throw new WrongContentException(what + ": " + e.getMessage(), e);
        }
    }

    /** Returns what points at the manifest, as far as a store needs it to be asked for that. */
    Descriptor descriptor() {
        return new Descriptor("", manifest, 0, null, null);
    }

    ObjectNode toJson() {
        ObjectNode json = Json.newObject().put("name", name.toString()).put("entry", entry).put("digest", digest.toString()).put("manifest", manifest.toString());
        referrers.forEach(referrer -> json.withArray("referrers").add(referrer.toString()));
        ObjectNode all = json.putObject("blobs");
        blobs.forEach((blob, size) -> all.put(blob.toString(), size));
        return json;
    }

    /**
     * Returns what was found by the digest, with those referrers only that travelled before.
     *
     * @throws NotFoundException     if one of these is gone
     * @throws WrongContentException if another manifest is chosen from the index than before
     */
    FoundImage restricted(FoundImage found) throws NotFoundException, WrongContentException {
        NamedImage named = found.image().named();
        if (!named.manifest().digest().equals(manifest)) {
            throw new WrongContentException("the lock has the manifest " + manifest + " for it, but " + digest + " leads to " + named.manifest().digest());
        }
        List<Referrer> kept = named.referrers().stream().filter(referrer -> referrers.contains(referrer.manifest().digest())).toList();
        for (Digest referrer : referrers) {
            if (kept.stream().noneMatch(one -> one.manifest().digest().equals(referrer))) {
                throw new NotFoundException("the referrer " + referrer + " that the lock has is gone");
            }
        }
        return new FoundImage(found.wanted(), found.image().with(kept, found.image().above()));
    }
}
