package lib.server.writable;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.List;
import lib.failure.WrongContentException;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.MediaType;
import lib.server.Answer;
import lib.server.Page;
import lib.text.Json;

/**
 * Requests for manifests and for lists of them, and those that bring one.
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pushing-manifests">distribution-spec, Pushing manifests</a>
 */
final class ManifestRequests {
    private static final String TAG = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}";

    private final Repositories repositories;
    private final boolean allowDelete;

    /** @param allowDelete whether manifests and tags may be deleted */
    ManifestRequests(Repositories repositories, boolean allowDelete) {
        this.repositories = repositories;
        this.allowDelete = allowDelete;
    }

    /** GET, HEAD, PUT and DELETE /v2/NAME/manifests/REFERENCE: 200, 201, 202. */
    void handle(HttpExchange exchange, String repository, String reference) throws IOException {
        if (!reference.contains(":") && !reference.matches(TAG)) {
            throw new RefusedException(400, "MANIFEST_INVALID", "'" + reference + "' is neither a tag nor a digest");
        }
        switch (exchange.getRequestMethod()) {
            case "GET", "HEAD" -> {
                Manifest manifest = repositories.manifest(repository, reference);
                exchange.getResponseHeaders().set("Content-Type", manifest.mediaType());
                exchange.getResponseHeaders().set("Docker-Content-Digest", manifest.digest().toString());
                Answer.send(exchange, 200, manifest.bytes());
            }
            case "PUT" -> put(exchange, repository, reference);
            case "DELETE" -> delete(exchange, repository, reference);
            default -> throw new RefusedException(405, "UNSUPPORTED", "a manifest is not asked for by " + exchange.getRequestMethod());
        }
    }

    private void put(HttpExchange exchange, String repository, String reference) throws IOException {
        byte[] bytes = exchange.getRequestBody().readNBytes(Manifest.LONGEST + 1);
        if (bytes.length > Manifest.LONGEST) {
            throw new RefusedException(413, "SIZE_INVALID", "a manifest has at most " + Manifest.LONGEST + " bytes");
        }
        boolean isTag = !reference.contains(":");
        Digest digest = isTag ? Digest.of(bytes) : Digest.parse(reference);
        if (!digest.isOf(bytes)) {
            throw new RefusedException(400, "DIGEST_INVALID", "the manifest does not have the digest " + digest);
        }
        Manifest manifest = parsed(digest, bytes, exchange.getRequestHeaders().getFirst("Content-Type"));
        repositories.put(repository, isTag ? reference : null, manifest);
        exchange.getResponseHeaders().set("Location", "/v2/" + repository + "/manifests/" + digest);
        exchange.getResponseHeaders().set("Docker-Content-Digest", digest.toString());
        if (manifest.subject() != null) {
            exchange.getResponseHeaders().set("OCI-Subject", manifest.subject().toString());
        }
        Answer.send(exchange, 201, new byte[0]);
    }

    /** The type is not kept: it has to be what the bytes themselves say, so that it is the same when they are asked for. */
    private static Manifest parsed(Digest digest, byte[] bytes, String contentType) throws IOException {
        try {
            Manifest manifest = Manifest.parse(digest, bytes, "");
            if (contentType != null && !MediaType.withoutParameters(contentType).equals(manifest.mediaType())) {
                throw new RefusedException(400, "MANIFEST_INVALID", "it is sent as " + contentType + ", but its type is " + manifest.mediaType());
            }
            if (manifest.isSchema1()) {
                throw new RefusedException(400, "MANIFEST_INVALID", "manifests of schema 1 are not taken");
            }
            Manifests.needed(manifest); // malformed ones are the client's fault
            return manifest;
        } catch (WrongContentException e) {
            throw new RefusedException(400, "MANIFEST_INVALID", e.getMessage());
        }
    }

    private void delete(HttpExchange exchange, String repository, String reference) throws IOException {
        if (!allowDelete) {
            throw new RefusedException(405, "UNSUPPORTED", "nothing is deleted here, unless its owner allows that");
        }
        if (reference.contains(":")) {
            repositories.deleteManifest(repository, Digest.parse(reference));
        } else {
            repositories.deleteTag(repository, reference);
        }
        Answer.send(exchange, 202, new byte[0]);
    }

    /** GET /v2/NAME/tags/list: 200, a page. */
    void tags(HttpExchange exchange, String repository) throws IOException {
        ObjectNode answer = Json.newObject().put("name", repository);
        Page.of(List.copyOf(repositories.tags(repository).keySet()), exchange).forEach(answer.putArray("tags")::add);
        Answer.json(exchange, 200, answer);
    }

    /** GET /v2/_catalog: 200, a page. */
    void catalog(HttpExchange exchange) throws IOException {
        ObjectNode answer = Json.newObject();
        Page.of(List.copyOf(repositories.names()), exchange).forEach(answer.putArray("repositories")::add);
        Answer.json(exchange, 200, answer);
    }

    /** GET /v2/NAME/referrers/DIGEST: 200. */
    void referrers(HttpExchange exchange, String repository, Digest subject) throws IOException {
        String type = Page.parameter(exchange, "artifactType");
        String wanted = type == null || type.isEmpty() ? null : type;
        if (wanted != null) {
            exchange.getResponseHeaders().set("OCI-Filters-Applied", "artifactType");
        }
        exchange.getResponseHeaders().set("Content-Type", MediaType.OCI_INDEX);
        Answer.send(exchange, 200, Json.bytes(repositories.referrers(repository, subject, wanted)));
    }
}
