package lib.registry;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import lib.failure.RegistryException;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Reference;
import lib.registry.api.Api;
import lib.registry.api.Request;
import lib.registry.hosts.Endpoint;
import lib.registry.http.Redirect;
import lib.registry.http.RequestFailure;
import lib.registry.http.Response;
import lib.registry.http.Retry;
import lib.registry.settings.WebAddress;
import org.jspecify.annotations.Nullable;

/**
 * The blobs of one repository. Most registries redirect to where a blob is: its next part is asked for there at once, as long as that address
 * holds. Layers that the registry does not have are asked for where their descriptors say.
 */
final class Blobs {
    private final Reference reference;
    private final Client client;
    private final Map<Digest, Location> locations = new ConcurrentHashMap<>();

    /** Where an endpoint redirected us to for a blob. */
    private record Location(Endpoint endpoint, URI uri) { }

    Blobs(Reference reference, Client client) {
        this.reference = reference;
        this.client = client;
    }

    /** Begins to fetch a blob, or a part of it: see {@link Registry#blob}. */
    BlobBody fetch(Descriptor blob, long from, long to) throws IOException {
        Request request = Api.blob(reference, blob, from, to);
        while (true) {
            Client.FullResponse response = send(request, blob);
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
                client.skip(response.endpoint(), e);
            }
        }
    }

    /**
     * Returns all of a small blob.
     *
     * @throws RegistryException     if it cannot be fetched
     * @throws WrongContentException if it does not have its digest
     */
    byte[] readAll(Descriptor blob) throws IOException {
        Retry retry = client.retry();
        while (true) {
            try (BlobBody body = fetch(blob, 0, blob.size())) {
                return body.readAll(blob);
            } catch (RegistryException e) {
                retry.await(e, e.mayPass());
            }
        }
    }

    /** Sends a request for a blob: to where the last one for the same blob was redirected, or to an endpoint, or to where its descriptor says. */
    private Client.FullResponse send(Request request, Descriptor blob) throws IOException {
        while (true) {
            Location known = locations.get(blob.digest());
            if (known != null && !client.isSkipped(known.endpoint())) {
                Client.FullResponse response = atKnown(request, known, blob.digest());
                if (response != null) {
                    return response;
                }
            }
            Client.FullResponse response = client.send(request);
            if (response.answer().status() != 404) {
                remember(response, blob.digest());
                return response;
            }
            try {
                return elsewhere(request, response, blob);
            } catch (RegistryException e) {
                client.skip(response.endpoint(), e);
            }
        }
    }

    private void remember(Client.FullResponse response, Digest blob) {
        URI uri = response.answer().uri();
        if (response.answer().status() < 300 && !response.endpoint().isHostOf(uri)) {
            locations.put(blob, new Location(response.endpoint(), uri));
        }
    }

    /** Asks where an endpoint redirected us before. Returns null where that does not help: the next request is redirected anew, to another host perhaps. */
    private Client.@Nullable FullResponse atKnown(Request request, Location known, Digest blob) throws IOException {
        boolean good = false;
        try {
            Response answer = client.http().send(request.to(known.uri(), Map.of(), false));
            good = answer.status() < 300 || answer.status() == 416;
            if (good || answer.status() >= 500) {
                return client.checked(request, known.endpoint(), answer);
            }
            answer.abort();
            return null;
        } catch (RegistryException e) {
            client.skip(known.endpoint(), e);
            return null;
        } finally {
            if (!good) {
                locations.remove(blob, known);
            }
        }
    }

    /**
     * Asks for a foreign layer, which lies anywhere, at one of its addresses after the other.
     *
     * @param missing the answer of an endpoint that does not have it
     * @throws RegistryException what the last of them failed with, or that answer where there are none
     */
    private Client.FullResponse elsewhere(Request request, Client.FullResponse missing, Descriptor blob) throws IOException {
        Request foreign = request.also(", from where the manifest says that it is, as the registry does not have it");
        List<URI> addresses = blob.urls().stream().map(WebAddress::orNull).filter(Objects::nonNull).toList();
        if (addresses.isEmpty()) {
            throw RequestFailure.of(missing.answer(), request.failure());
        }
        missing.answer().abort();
        RegistryException failure = null;
        for (URI address : addresses) {
            try {
                Response answer = followed(foreign, missing.endpoint(), address);
                if (answer.status() != 404 && request.isAnsweredBy(answer.status())) {
                    locations.put(blob.digest(), new Location(missing.endpoint(), answer.uri()));
                    return new Client.FullResponse(missing.endpoint(), answer, new byte[0]);
                }
                failure = RequestFailure.of(answer, request.failure());
            } catch (RegistryException e) {
                failure = e;
            }
        }
        throw failure;
    }

    /** Follows an address of anybody's: nobody there is to see a token, not even where it leads back to the registry. */
    private Response followed(Request request, Endpoint endpoint, URI address) throws IOException {
        URI uri = address;
        for (int redirects = 0; redirects <= Client.MOST_REDIRECTS; redirects++) {
            client.http().checkReach(endpoint.root(), uri);
            Response answer;
            try {
                answer = client.http().send(request.to(uri, Map.of(), false));
            } catch (RegistryException e) {
                throw redirects == 0 ? e : e.ofKnownHost();
            }
            if (!answer.isRedirect()) {
                return answer;
            }
            uri = Redirect.target(answer, uri);
        }
        throw RequestFailure.notARegistry(address, "it redirects more than " + Client.MOST_REDIRECTS + " times");
    }

    /** Returns a descriptor of a blob that only its digest is known of: see {@link Registry#describe(Digest)}. */
    Descriptor describe(Digest digest) throws IOException {
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
                client.skip(response.endpoint(), RequestFailure.of(response.answer(), "no blob " + digest + " of " + reference.repository()));
            }
        }
        return new Descriptor("", digest, size, null, null);
    }

    /** Returns as many descriptors as digests, in the same order; each digest is asked for once. */
    List<Descriptor> describe(List<Digest> digests) throws IOException {
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
}
