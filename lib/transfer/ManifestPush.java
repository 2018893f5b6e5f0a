package lib.transfer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lib.image.Digest;
import lib.image.Manifest;
import lib.registry.Uploads;

/** Manifests on their way to a repository that has their parts by now: first each of them, then the lists of what refers to what. */
final class ManifestPush {
    private final Uploads uploads;
    private final Map<Digest, List<Manifest>> unlisted = new LinkedHashMap<>();

    ManifestPush(Uploads uploads) {
        this.uploads = uploads;
    }

    /**
     * Puts a manifest under a tag or its digest, where it is not there already. One that refers to another is always put:
     * only the answer to that tells whether the registry lists it with the other.
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

    /** Lists what refers to others where the registry left that to us (distribution-spec, Pushing Manifests with Subject). */
    void listReferrers() throws IOException {
        for (Map.Entry<Digest, List<Manifest>> referrers : unlisted.entrySet()) {
            uploads.list(referrers.getKey(), referrers.getValue());
        }
    }
}
