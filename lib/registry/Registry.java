package lib.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lib.failure.NotFoundException;
import lib.failure.RegistryException;
import lib.failure.WrongContentException;
import lib.image.Choice;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.ManifestTree;
import lib.image.MediaType;
import lib.image.Origin;
import lib.image.Platform;
import lib.image.Reference;
import lib.registry.api.Api;
import lib.registry.api.Request;
import lib.registry.auth.Challenge;
import lib.registry.auth.TokenRequest;
import lib.registry.hosts.Endpoint;
import lib.registry.hosts.EndpointResolver;
import lib.registry.http.Http;
import lib.registry.http.RequestFailure;
import lib.registry.http.Response;
import lib.registry.http.Retry;
import lib.text.Json;

/**
 * One repository of a registry, read through the distribution API. It may be used by many threads at once.
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pull">distribution-spec, Pull</a>
 */
public final class Registry implements ManifestTree.Source {
    private final Reference reference;
    private final Network network;
    private final Client client;
    private Kept kept = digest -> null;

    /** Manifests that are here already, by their digests. */
    public interface Kept {
        /** Returns the manifest of this digest, checked against it, or null where it is not here. */
        Manifest manifest(Digest digest);
    }

    public Registry(Reference reference, Network network) throws IOException {
        this(reference, network, new Http(network.http(), reference.registry()));
    }

    private Registry(Reference reference, Network network, Http http) throws IOException {
        this(reference, network, http, EndpointResolver.of(reference, network.hosts(), http));
    }

    /** @param places to be asked, the registry itself last */
    public Registry(Reference reference, Network network, Http http, List<Endpoint> places) {
        this.reference = reference;
        this.network = network;
        this.client = new Client(places, http, network, "pull");
    }

    /** Uses a token that an earlier stage fetched, at the place that it was fetched for: the registry itself where {@code endpoint} is none of the places or null. */
    public void useToken(ObjectNode tokenAnswer, String endpoint) {
        String token = TokenRequest.tokenIn(tokenAnswer);
        if (!token.isEmpty()) {
            client.authorization(client.at(endpoint), "").use(token);
        }
    }

    /**
     * Returns what the registry asks of somebody who shows nothing, or an empty list where everybody may come in: the first of the two steps to a token.
     * GET /v2/ is the API's front door (distribution-spec, Determining Support).
     *
     * @throws RegistryException where the door stays shut without a challenge
     */
    public List<Challenge> challenges() throws IOException {
        while (true) {
            Client.FullResponse response = client.send(Api.frontDoor().orElse("no access to " + reference.registry()));
            List<Challenge> challenges = Challenge.parse(response.answer().headers("WWW-Authenticate"));
            if (response.answer().status() == 200) {
                response.answer().close();
                return List.of();
            }
            RegistryException refused = RequestFailure.of(response.answer(), "no access to " + reference.registry());
            if (!challenges.isEmpty()) {
                return challenges;
            }
            client.passOver(response.endpoint(), refused);
        }
    }

    /** Takes both steps to a token, and returns the token server's answer, or an empty object where no token is wanted. */
    public ObjectNode token() throws IOException {
        return token(challenges());
    }

    /**
     * Returns the answer of the token server that one of these challenges names, or an empty object where no token is wanted: the second step.
     * GET REALM?service=SERVICE&amp;scope=SCOPE (distribution, Token Authentication).
     *
     * @param challenges what {@link #challenges} returned
     * @throws RegistryException where there is no token, or the credentials in its place are refused
     */
    public ObjectNode token(List<Challenge> challenges) throws IOException {
        Retry retry = new Retry(network.http().retries(), network.http().notice());
        for (List<Challenge> asked = challenges; !asked.isEmpty(); ) {
            Endpoint endpoint = client.answered();
            try {
                ObjectNode token = client.authorization(endpoint, "").token(asked);
                if (token != null) {
                    return token.deepCopy();
                }
                client.send(Api.login(reference)).answer().close();
                return Json.newObject();
            } catch (RegistryException e) {
                if (endpoint == client.origin()) {
                    retry.await(e, e.mayPass());
                } else {
                    client.passOver(endpoint, e);
                    asked = challenges();
                }
            }
        }
        return Json.newObject();
    }

    /** Takes manifests that are asked for by their digests from here where they are: a registry that counts pulls counts none of these. */
    public void takeFrom(Kept manifests) {
        kept = manifests;
    }

    /** Returns where this image comes from, with the digest and the platform of the manifest that was chosen, or null. */
    public Origin origin(Digest digest, Platform platform) {
        return new Origin(reference, client.answered().base().toString(), digest, platform, null);
    }

    /** Returns the manifest of the image for a platform: directly, or by way of an index, which may lead to another index. */
    public Choice manifest(Platform platform) throws IOException {
        try {
            return Choice.of(manifest(reference.tagOrDigest(), -1), platform, this);
        } catch (NotFoundException e) {
            throw new NotFoundException(reference.familiarName() + ": " + e.getMessage());
        }
    }

    @Override
    public Manifest manifest(Descriptor entry) throws IOException {
        return manifest(entry.digest().toString(), entry.size());
    }

    @Override
    public boolean has(Descriptor entry) {
        return true; // as far as is known before it is asked for
    }

    @Override
    public byte[] config(Manifest manifest) throws IOException {
        Descriptor config = manifest.config();
        if (config.size() > Manifest.LONGEST) {
            throw new WrongContentException("the config " + config.digest() + " is longer than " + Manifest.LONGEST + " bytes: refused");
        }
        Retry retry = new Retry(network.http().retries(), network.http().notice());
        while (true) {
            try (BlobBody body = blob(config, 0, config.size())) {
                return body.readAll(config);
            } catch (RegistryException e) {
                retry.await(e, e.mayPass());
            }
        }
    }

    /** Returns what the reference itself names, which may be an index. */
    public Manifest manifest() throws IOException {
        return manifest(reference.tagOrDigest(), -1);
    }

    /**
     * Returns the type, digest and size of what the reference names, as the registry states them, without fetching it.
     * HEAD /v2/NAME/manifests/REFERENCE (distribution-spec, Checking if content exists): where pulls are counted, this is none.
     * A registry need not state them, and some refuse HEAD: of these, the manifest itself is asked for.
     */
    public Descriptor describe() throws IOException {
        try (Response answer = client.send(Api.manifestHead(reference)).answer()) {
            Digest digest = ManifestResponse.statedDigest(answer);
            if (answer.status() == 200 && digest != null && answer.contentLength() >= 0 && answer.header("Content-Encoding") == null) {
                return new Descriptor(MediaType.withoutParameters(answer.header("Content-Type")), digest, answer.contentLength(), null, null);
            }
        }
        return descriptor(manifest());
    }

    private static Descriptor descriptor(Manifest manifest) {
        return new Descriptor(manifest.mediaType(), manifest.digest(), manifest.bytes().length, null, null);
    }

    /**
     * Returns the manifest or index of a tag or digest, checked against the digest where there is one.
     * GET /v2/NAME/manifests/REFERENCE (distribution-spec, Pulling manifests).
     *
     * @param size the size in bytes that an index gave for it, or -1
     */
    public Manifest manifest(String tagOrDigest, long size) throws IOException {
        Manifest here = tagOrDigest.contains(":") ? kept.manifest(Digest.parse(tagOrDigest)) : null;
        if (here != null) {
            return here;
        }
        while (true) {
            Client.FullResponse response = client.send(Api.manifest(reference, tagOrDigest));
            try {
                return ManifestResponse.checked(response, tagOrDigest, size);
            } catch (WrongContentException e) {
                client.passOver(response.endpoint(), e);
            } catch (RegistryException e) {
                client.passOver(response.endpoint(), e);
            }
        }
    }

    /**
     * Begins to fetch a blob, or a part of it. The caller retries, for only it knows what it has by then.
     * GET /v2/NAME/blobs/DIGEST, with a Range header for a part (distribution-spec, Pulling blobs).
     *
     * @param from the first byte wanted, counted from 0
     * @param to   the byte after the last one wanted
     */
    public BlobBody blob(Descriptor blob, long from, long to) throws IOException {
        Request request = Api.blob(reference, blob, from, to);
        while (true) {
            Client.FullResponse response = client.send(request);
            Response answer = response.answer();
            if (answer.status() == 206 && BlobBody.isAsAsked(answer, from, to, blob.size())) {
                return new BlobBody(from, true, answer);
            }
            if (answer.status() != 200) {
                answer.abort();
                request = Api.wholeBlob(reference, blob).because(request.why() + ", all of it, for its ranges are not to be relied on");
                continue;
            }
            try {
                return BlobBody.whole(answer, blob);
            } catch (WrongContentException e) {
                client.passOver(response.endpoint(), e);
            }
        }
    }

    /**
     * Returns a descriptor of a blob that only its digest is known of: HEAD tells its size (distribution-spec, Checking if content exists).
     * Where it does not, a request for the first byte does.
     */
    public Descriptor describe(Digest digest) throws IOException {
        long size;
        try (Response answer = client.send(Api.blobSize(reference, digest)).answer()) {
            size = BlobBody.size(answer);
        }
        while (size < 0) {
            Client.FullResponse response = client.send(Api.blobSizeByFirstByte(reference, digest));
            size = BlobBody.size(response.answer());
            if (size >= 0) {
                response.answer().abort(); // all of it may be on its way
            } else {
                client.passOver(response.endpoint(), RequestFailure.of(response.answer(), "no blob " + digest + " of " + reference.repository()));
            }
        }
        return new Descriptor("", digest, size, null, null);
    }

    /** Does so for layers of a manifest of schema 1, which gives no sizes. */
    public List<Descriptor> describe(List<Digest> digests) throws IOException {
        Map<Digest, Descriptor> known = new HashMap<>();
        List<Descriptor> described = new ArrayList<>();
        for (Digest digest : digests) {
            if (!known.containsKey(digest)) {
                known.put(digest, describe(digest));
            }
            described.add(known.get(digest));
        }
        return described;
    }

    /**
     * Asks for a page of a list, with what access there is.
     *
     * @throws RegistryException where there is no page
     */
    Client.FullResponse page(Request request) throws IOException {
        return client.send(request);
    }

    /** Some blob was not what its digest says: mirrors, if there are any, are asked for nothing more. */
    public void distrustMirrors() {
        client.passOverMirrors();
    }
}
