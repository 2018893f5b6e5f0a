package lib.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Iterator;
import lib.image.Digest;
import lib.image.Json;
import lib.image.Manifest;
import lib.image.MediaType;
import lib.image.Reference;

//SOURCES ../image/Digest.java
//SOURCES ../image/Json.java
//SOURCES ../image/Manifest.java
//SOURCES ../image/MediaType.java
//SOURCES ../image/Reference.java
//SOURCES Answer.java
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
    public static ObjectNode of(Registry registry, Reference reference, Digest digest, String type) throws IOException {
        ObjectNode index = fromApi(registry, reference, digest);
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

    private static ObjectNode fromApi(Registry registry, Reference reference, Digest digest) throws IOException {
        try (Answer answer = registry.ask("Ask what refers to the manifest", "/referrers/" + digest)) {
            if (answer.status() == 404 || answer.status() == 400 || answer.status() == 405) {
                return null;
            }
            if (answer.status() != 200) {
                throw RegistryException.of(answer, "no referrers of " + digest);
            }
            return Json.object(answer.body().readNBytes(LONGEST), "the index of referrers");
        }
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
