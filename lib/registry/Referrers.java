package lib.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lib.failure.RegistryException;
import lib.failure.WrongContentException;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.MediaType;
import lib.registry.api.Api;
import lib.registry.api.Request;
import lib.registry.http.Response;
import lib.text.Json;
import org.jspecify.annotations.Nullable;

/**
 * What refers to a manifest: signatures, lists of contents and other artifacts.
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#listing-referrers">distribution-spec, Listing Referrers</a>
 */
public final class Referrers {
    private Referrers() { }

    /**
     * An index of what refers to a manifest.
     *
     * @param missing what kept the rest of it from coming, or null if it is whole
     */
    public record Found(ObjectNode index, @Nullable IOException missing) { }

    /**
     * Returns the index of what refers to a manifest. Registries without the API keep it under a tag made of the digest;
     * if there is none either, nothing refers to it.
     *
     * @param type the artifact type to list, or null for all
     * @throws RegistryException     if the registry gives neither a first page nor the tag
     * @throws WrongContentException if the first page or the tag is not an index
     */
    public static Found of(Registry registry, Digest digest, @Nullable String type, ListBounds bounds) throws IOException {
        return of(registry, digest, type, bounds, true);
    }

    /**
     * Does the same.
     *
     * @param type      the artifact type to list, or null for all
     * @param isPatient whether to ask again where that may help
     * @throws RegistryException     if the registry gives neither a first page nor the tag
     * @throws WrongContentException if the first page or the tag is not an index
     */
    public static Found of(Registry registry, Digest digest, @Nullable String type, ListBounds bounds, boolean isPatient) throws IOException {
        List<JsonNode> entries = new ArrayList<>();
        Paging paging = new Paging(bounds);
        ObjectNode index = null;
        IOException missing = null;
        try {
            Request page = isPatient ? Api.referrers(digest, type) : Api.referrers(digest, type).once();
            while (page != null) {
                Client.FullResponse came = registry.page(page);
                ObjectNode json = Json.object(came.bytes(), "the index of referrers");
                index = index == null ? json : index;
                json.path("manifests").forEach(entries::add);
                page = paging.after(page, came);
            }
        } catch (RegistryException | WrongContentException e) {
            if (!paging.hasBegun() && !(e instanceof RegistryException refused && Client.WITHOUT_REFERRERS.contains(refused.status()))) {
                throw e;
            }
            missing = paging.hasBegun() ? e : null;
        }
        if (index == null) {
            index = fromTag(registry, digest, isPatient);
            index.path("manifests").forEach(entries::add);
        }
        entries.removeIf(entry -> !entry.isObject() || type != null && !type.equals(entry.path("artifactType").asText()));
        index.putArray("manifests").addAll(entries);
        return new Found(index, missing);
    }

    /** The referrers tag: the digest with a hyphen for its colon (distribution-spec, Referrers Tag Schema). */
    private static ObjectNode fromTag(Registry registry, Digest digest, boolean isPatient) throws IOException {
        return underTag(registry, digest, "", isPatient).map(Manifest::json).orElseGet(() -> Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_INDEX));
    }

    /**
     * Returns what lies under a tag that is made of a digest, or nothing if there is no such tag. HEAD is asked first: it does not count as a pull.
     *
     * @param isPatient whether to ask again where that may help
     * @param ending "" for the referrers tag; cosign has signatures under {@code .sig}, attestations under {@code .att}, lists of contents under {@code .sbom}
     * @throws RegistryException     if the registry does not say whether there is one
     * @throws WrongContentException if it is not a manifest
     */
    public static Optional<Manifest> underTag(Registry registry, Digest digest, String ending, boolean isPatient) throws IOException {
        try {
            Request head = Api.referrersTagHead(registry.origin(digest, null).reference(), digest, ending);
            registry.page(isPatient ? head : head.once()).answer().close();
        } catch (RegistryException e) {
            if (!Response.mayRefuseHead(e.status())) {
                throw e;
            }
            if (e.status() == 404) {
                return Optional.empty();
            }
        }
        try {
            return Optional.of(registry.referrersTag(digest, ending));
        } catch (RegistryException e) {
            if (e.status() != 404) {
                throw e;
            }
            return Optional.empty();
        }
    }
}
