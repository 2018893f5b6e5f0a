package lib.registry;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
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
public final class Blobs {
    private final Reference reference;
    private final Client client;
    private final Map<String, URI> locations = new ConcurrentHashMap<>();

    Blobs(Reference reference, Client client) {
        this.reference = reference;
        this.client = client;
    }

    /** Begins to fetch a blob, or a part of it, from the first endpoint that gives it: see {@link Registry#blob(Descriptor, long, long)}. */
    BlobBody fetch(Descriptor blob, long from, long to) throws IOException {
        for (Endpoint mirror : client.mirrors(false)) {
            try {
                return fetch(mirror, blob, from, to);
            } catch (RegistryException | WrongContentException e) {
                client.skip(mirror, e.getMessage());
            }
        }
        return fetch(client.origin(), blob, from, to);
    }

    /**
     * Returns the endpoints that may be asked for blobs, in order: those mirrors that are not skipped, each once, and last the registry itself.
     * That is meant to be spared, unless the settings list it among the mirrors: see {@link Endpoint#listed}.
     */
    public List<Endpoint> endpoints() {
        Map<String, Endpoint> each = new LinkedHashMap<>();
        client.mirrors(false).forEach(mirror -> each.put(mirror.address(), mirror));
        each.remove(client.origin().address());
        each.put(client.origin().address(), client.origin());
        return List.copyOf(each.values());
    }

    /** Asks an endpoint nothing more, because what it sent is wrong, and says why. */
    public void distrust(Endpoint endpoint, String why) {
        client.skip(endpoint, why);
    }

    /**
     * Begins to fetch a blob, or a part of it, from one endpoint, whether or not others have it: content that is named by its digest may come from anywhere.
     *
     * @param endpoint one of {@link #endpoints}
     * @param from     the first byte wanted, counted from 0
     * @param to       the byte after the last one wanted
     * @return the part, or the whole blob where the endpoint sends no parts: see {@link BlobBody#isPart}
     * @throws RegistryException     if neither this endpoint nor an address in the descriptor gives it
     * @throws WrongContentException if the endpoint says that the blob has another size
     */
    public BlobBody fetch(Endpoint endpoint, Descriptor blob, long from, long to) throws IOException {
        Request request = Api.blob(reference, blob, from, to);
        Response answer = send(endpoint, request, blob);
        if (answer.status() == 206 && BlobBody.isAsAsked(answer, from, to, blob.size())) {
            return new BlobBody(from, true, answer);
        }
        if (answer.status() != 200) {
            answer.abort();
            answer = send(endpoint, Api.wholeBlob(reference, blob).because(request.why() + ", all of it, as its ranges cannot be relied on"), blob);
        }
        return BlobBody.whole(answer, blob);
    }

    /**
     * Returns all of a small blob.
     *
     * @throws RegistryException     if it cannot be fetched
     * @throws WrongContentException if it does not have its digest
     */
    byte[] readAll(Descriptor blob) throws IOException {
        for (Endpoint mirror : client.mirrors(false)) {
            try (BlobBody body = fetch(mirror, blob, 0, blob.size())) {
                return body.readAll(blob);
            } catch (RegistryException | WrongContentException e) {
                client.skip(mirror, e.getMessage());
            }
        }
        Retry retry = client.retry();
        while (true) {
            try (BlobBody body = fetch(client.origin(), blob, 0, blob.size())) {
                return body.readAll(blob);
            } catch (RegistryException e) {
                retry.await(e, e.mayPass());
            }
        }
    }

    /** Sends a request for a blob: to where this endpoint redirected the last one for the same blob, or to the endpoint, or to where the descriptor says. */
    private Response send(Endpoint endpoint, Request request, Descriptor blob) throws IOException {
        Response answer = atKnown(endpoint, request, blob.digest());
        if (answer != null) {
            return answer;
        }
        answer = client.ask(endpoint, request).answer();
        if (answer.status() == 404) {
            return elsewhere(request, endpoint, answer, blob);
        }
        if (answer.status() < 300 && !endpoint.isHostOf(answer.uri())) {
            locations.put(key(endpoint, blob.digest()), answer.uri());
        }
        return answer;
    }

    /** Each endpoint redirects to a host of its own. */
    private static String key(Endpoint endpoint, Digest blob) {
        return endpoint.address() + " " + blob;
    }

    /** Asks where an endpoint redirected us before. Returns null if that does not help: the next request is redirected anew, to another host perhaps. */
    private @Nullable Response atKnown(Endpoint endpoint, Request request, Digest blob) throws IOException {
        URI known = locations.get(key(endpoint, blob));
        if (known == null) {
            return null;
        }
        boolean good = false;
        try {
            Response answer = client.http().send(request.to(known, Map.of(), false));
            good = answer.status() < 300 || answer.status() == 416;
            if (good || answer.status() >= 500) {
                return client.checked(request, endpoint, answer).answer();
            }
            answer.abort();
            return null;
        } finally {
            if (!good) {
                locations.remove(key(endpoint, blob), known);
            }
        }
    }

    /**
     * Asks for a foreign layer, which lies anywhere, at one of its addresses after the other.
     *
     * @param missing the answer of the endpoint, which does not have it
     * @throws RegistryException what the last of them failed with, or that answer if there are none
     */
    private Response elsewhere(Request request, Endpoint endpoint, Response missing, Descriptor blob) throws IOException {
        Request foreign = request.because(request.why() + ", from where the manifest says that it is, as the registry does not have it");
        List<URI> addresses = blob.urls().stream().map(WebAddress::orNull).filter(Objects::nonNull).toList();
        if (addresses.isEmpty()) {
            throw RequestFailure.of(missing, request.failure(404));
        }
        missing.abort();
        RegistryException failure = null;
        for (URI address : addresses) {
            try {
                Response answer = followed(foreign, endpoint, address);
                if (answer.status() != 404 && request.isAnsweredBy(answer.status())) {
                    locations.put(key(endpoint, blob.digest()), answer.uri());
                    return answer;
                }
                failure = RequestFailure.of(answer, request.failure(answer.status()));
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
