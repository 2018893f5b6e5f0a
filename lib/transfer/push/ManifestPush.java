package lib.transfer.push;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.Referrer;
import lib.registry.ManifestUploads;

/** Manifests on their way to a repository that has their parts by now: first each of them, then the lists of what refers to what. */
final class ManifestPush {
    private final ManifestUploads uploads;
    private final Consumer<String> notice;
    private final Map<Digest, List<Manifest>> unlisted = new LinkedHashMap<>();

    /** @param notice is told what is not put, a line each */
    ManifestPush(ManifestUploads uploads, Consumer<String> notice) {
        this.uploads = uploads;
        this.notice = notice;
    }

    /**
     * Puts a manifest under a tag or its digest, where it is not there already. One that refers to another is always put:
     * only the answer to that returns whether the registry lists it with the other.
     */
    void put(Manifest manifest, String tagOrDigest) throws IOException {
        Digest subject = manifest.subject();
        if (subject != null) {
            if (!uploads.put(manifest, tagOrDigest)) {
                unlisted.computeIfAbsent(subject, key -> new ArrayList<>()).add(manifest);
            }
        } else if (!uploads.has(manifest, tagOrDigest)) {
            uploads.put(manifest, tagOrDigest);
        }
    }

    /**
     * Puts what refers to something under its tag, or its digest where it has none. A tag may have signatures there that are not here:
     * it is changed only where nothing is lost by that.
     */
    void put(Referrer referrer) throws IOException {
        Manifest manifest = referrer.manifest();
        for (int i = referrer.below().size() - 1; i >= 0; i--) { // what lists others comes after them
            put(referrer.below().get(i), referrer.below().get(i).digest().toString());
        }
        if (referrer.tag().isEmpty()) {
            put(manifest, manifest.digest().toString());
            return;
        }
        Optional<Manifest> there = uploads.find(referrer.tag());
        if (there.isPresent() && there.get().digest().equals(manifest.digest())) {
            return;
        }
        Set<JsonNode> here = layers(manifest);
        Set<JsonNode> others = there.map(ManifestPush::layers).orElse(Set.of());
        if (here.containsAll(others)) {
            put(manifest, referrer.tag());
        } else if (!others.containsAll(here)) {
            notice.accept("the tag " + referrer.tag() + " has others there than here: left as it is, so " + manifest.digest() + " is not pushed");
        }
    }

    /** Signatures by several keys may sign the same text, which is one blob then: they differ in the annotations of their layers. */
    private static Set<JsonNode> layers(Manifest manifest) {
        Set<JsonNode> layers = new HashSet<>();
        manifest.json().path("layers").forEach(layers::add);
        return layers;
    }

    /** Lists what refers to others where the registry left that to us (distribution-spec, Pushing Manifests with Subject). */
    void listReferrers() throws IOException {
        for (Map.Entry<Digest, List<Manifest>> referrers : unlisted.entrySet()) {
            uploads.list(referrers.getKey(), referrers.getValue());
        }
    }
}
