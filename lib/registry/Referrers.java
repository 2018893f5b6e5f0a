package lib.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import lib.image.Digest;
import lib.image.Json;
import lib.image.Manifest;
import lib.image.MediaType;

//SOURCES ../image/Digest.java
//SOURCES ../image/Json.java
//SOURCES ../image/Manifest.java
//SOURCES ../image/MediaType.java
//SOURCES Answer.java
//SOURCES NextPage.java
//SOURCES Registry.java
//SOURCES RegistryException.java

/**
 * What refers to a manifest: signatures, lists of contents and other artifacts.
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#listing-referrers">distribution-spec, Listing Referrers</a>
 */
public final class Referrers {
    private static final int LONGEST = 8 * 1024 * 1024;

    private Referrers() { }

    /**
     * Returns the index of what refers to a manifest. Registries without the API keep it under a tag made of the digest;
     * where there is none either, nothing refers to it.
     *
     * @param type the artifact type that is wanted, or null for all
     */
    public static ObjectNode of(Registry registry, Digest digest, String type) throws IOException {
        ObjectNode index = fromApi(registry, digest, type);
        if (index == null) {
            index = fromTag(registry, digest);
        }
        if (type != null) {
            for (Iterator<JsonNode> entry = index.withArray("manifests").iterator(); entry.hasNext(); ) {
                if (!type.equals(entry.next().path("artifactType").asText())) {
                    entry.remove();
                }
            }
        }
        return index;
    }

    /** Returns the list of all pages, or null where there is no such API. The registry may filter it or not. */
    private static ObjectNode fromApi(Registry registry, Digest digest, String type) throws IOException {
        String page = "/referrers/" + digest + (type == null ? "" : "?artifactType=" + URLEncoder.encode(type, StandardCharsets.UTF_8));
        Set<String> pages = new HashSet<>();
        ObjectNode all = null;
        while (page != null && pages.add(page)) {
            try (Answer answer = registry.ask("Ask what refers to the manifest", page)) {
                if (all == null && Set.of(400, 404, 405).contains(answer.status())) {
                    return null;
                }
                if (answer.status() != 200) {
                    throw RegistryException.of(answer, "no referrers of " + digest);
                }
                ObjectNode index = Json.object(answer.body().readNBytes(LONGEST), "the index of referrers");
                if (all == null) {
                    all = index;
                } else {
                    index.path("manifests").forEach(all.withArray("manifests")::add);
                }
                page = NextPage.of(answer);
            }
        }
        return all;
    }

    /** The referrers tag: the digest with a hyphen for its colon (distribution-spec, Referrers Tag Schema). */
    private static ObjectNode fromTag(Registry registry, Digest digest) throws IOException {
        try {
            Manifest index = registry.manifest(digest.algorithm() + "-" + digest.hex(), -1);
            return index.json();
        } catch (RegistryException e) {
            if (e.status() != 404) {
                throw e;
            }
            ObjectNode none = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_INDEX);
            none.putArray("manifests");
            return none;
        }
    }
}
