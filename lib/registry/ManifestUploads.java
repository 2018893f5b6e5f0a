package lib.registry;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import lib.failure.RegistryException;
import lib.failure.WrongContentException;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.MediaType;
import lib.image.Reference;
import lib.registry.api.Api;
import lib.registry.http.Response;

/**
 * Manifests of one repository, written through the distribution API at the registry itself.
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pushing-manifests">distribution-spec, Pushing Manifests</a>
 */
public final class ManifestUploads {
    private final Client client;
    private final Reference reference;

    ManifestUploads(Client client, Reference reference) {
        this.client = client;
        this.reference = reference;
    }

    /**
     * Returns whether a tag or digest names this manifest already: HEAD /v2/NAME/manifests/REFERENCE (distribution-spec, Checking if content exists).
     *
     * @throws RegistryException if the registry does not answer
     */
    public boolean has(Manifest manifest, String tagOrDigest) throws IOException {
        try (Response answer = client.send(Api.hasManifest(manifest.digest(), tagOrDigest)).answer()) {
            return answer.status() == 200 && manifest.digest().toString().equals(answer.header("Docker-Content-Digest"));
        }
    }

    /**
     * Returns whether the tag names an index now; false also where that cannot be learned by HEAD (distribution-spec, Checking if content exists).
     *
     * @throws RegistryException if the registry does not answer, or refuses
     */
    public boolean isIndex() throws IOException {
        try (Response answer = client.send(Api.manifestHead(reference)).answer()) {
            return answer.status() == 200 && MediaType.isIndex(MediaType.withoutParameters(answer.header("Content-Type")));
        }
    }

    /**
     * Returns what a tag points to, or nothing if there is no such tag. GET /v2/NAME/manifests/TAG (distribution-spec, Pulling manifests).
     *
     * @throws RegistryException     if the registry does not answer, or refuses
     * @throws WrongContentException if the answer is not a manifest
     */
    public Optional<Manifest> find(String tag) throws IOException {
        try {
            return Optional.of(ManifestResponse.checked(client.send(Api.manifest(reference, tag)), tag));
        } catch (RegistryException e) {
            if (e.status() != 404) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /**
     * Puts a manifest or an index, whose every part must be there by now, under a tag or its digest, byte for byte.
     * PUT /v2/NAME/manifests/REFERENCE (distribution-spec, Pushing manifests).
     *
     * @return whether the registry has noted what the manifest refers to, as the header OCI-Subject says
     * @throws RegistryException     if the registry does not take it
     * @throws WrongContentException if the registry states another digest for it
     */
    public boolean put(Manifest manifest, String tagOrDigest) throws IOException {
        try (Response answer = client.send(Api.putManifest(reference, Registry.descriptor(manifest), manifest.bytes(), tagOrDigest)).answer()) {
            ManifestResponse.checkStated(answer, manifest, reference);
            return answer.header("OCI-Subject") != null;
        }
    }

    /**
     * Lists manifests under the tag for what refers to a manifest, which a registry that does not do so by itself leaves to clients
     * (distribution-spec, Pushing Manifests with Subject).
     *
     * @throws WrongContentException if that tag is something else than such a list
     */
    public void list(Digest subject, List<Manifest> referrers) throws IOException {
        new ReferrersTag(client, reference, subject).add(referrers);
    }
}
