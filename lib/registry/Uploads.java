package lib.registry;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import lib.failure.RegistryException;
import lib.image.Descriptor;
import lib.image.Reference;
import lib.registry.api.Api;
import lib.registry.api.Body;
import lib.registry.api.Request;
import lib.registry.hosts.Endpoint;
import lib.registry.hosts.EndpointResolver;
import lib.registry.http.Http;
import lib.registry.http.Response;
import lib.registry.http.Retry;
import lib.registry.upload.UploadConnections;
import org.jspecify.annotations.Nullable;

/**
 * One repository of a registry, written through the distribution API: at the registry itself, never at a mirror.
 * It may be used by many threads at once.
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#push">distribution-spec, Push</a>
 */
public final class Uploads {
    /** The size of a chunk, in bytes, that is tried first where the whole blob was too much; some proxies' limit is 100 MB. */
    private static final long LARGEST_GUESS = 64 * 1024 * 1024;
    /** Chunks of fewer bytes are not tried: the usual limit of proxies is 1 MiB or more. */
    private static final long SHORTEST_CHUNK = 64 * 1024;

    private final Reference reference;
    private final Network network;
    private final Client client;
    /** How many bytes one request may send; what is longer goes in chunks. */
    private volatile long chunk;
    /** Whether HEAD was seen to tell the truth: where it never does, 404 may mean that it is refused. */
    private volatile boolean headAnswered;

    /**
     * @param reference the repository that is written; its tag and digest do not matter
     * @param chunk     how many bytes of a blob one request may send; smaller chunks are tried if a proxy in front of the registry takes less
     * @throws RegistryException if the settings of this machine block the repository
     */
    public Uploads(Reference reference, Network network, long chunk) throws IOException {
        this.reference = reference;
        this.chunk = chunk;
        this.network = network;
        Http http = new Http(network.http(), new UploadConnections(network.http(), reference.registry()));
        List<Endpoint> endpoints = EndpointResolver.of(reference, network.hosts(), http);
        this.client = new Client(endpoints.subList(endpoints.size() - 1, endpoints.size()), http, network, "pull,push");
    }

    /** Where the bytes of a blob are. */
    public interface Source {
        /** Opens them at this one, counted from 0; reading their end throws when all of them, those before included, are not what they should be. */
        InputStream open(long from) throws IOException;
    }

    /**
     * Returns whether the repository has a blob. HEAD /v2/NAME/blobs/DIGEST (distribution-spec, Checking if content exists).
     * If HEAD is refused, the first byte is asked for instead.
     *
     * @throws RegistryException if the registry does not say
     */
    public boolean has(Descriptor blob) throws IOException {
        int byHead = status(Api.hasBlob(reference, blob.digest()));
        if (!Response.mayRefuseHead(byHead) || byHead == 404 && headAnswered) {
            headAnswered = true;
            return byHead != 404; // a redirect leads to where its bytes are
        }
        int byGet = status(Api.hasBlobByFirstByte(reference, blob.digest()));
        headAnswered |= byGet == byHead;
        return byGet != 404;
    }

    private int status(Request request) throws IOException {
        Response answer = client.send(request).answer();
        if (request.method().equals("GET") && answer.status() != 404) {
            answer.abort(); // all of it may be on its way
        } else {
            answer.close();
        }
        return answer.status();
    }

    /**
     * Sends a blob: POST begins a session, PUT sends the bytes and ends it (distribution-spec, POST then PUT), or PATCH sends them in chunks.
     * Where the line breaks, the registry is asked how much has come, and the rest is sent; where it does not know, or knows nothing of
     * the session any more, all of it once more. A session that comes to nothing is ended.
     *
     * @param from another repository of the registry that has the blob, from which it may be taken instead, or null
     * @return whether bytes were sent; false if the other repository's blob was mounted
     * @throws RegistryException if the registry does not take it
     * @throws IOException       what reading the source failed with
     */
    public boolean send(Descriptor blob, Source source, @Nullable String from) throws IOException {
        UploadSession session = from == null ? begin(blob) : mount(blob, from);
        if (session == null) {
            return false;
        }
        Retry retry = client.retry();
        try {
            while (true) {
                long before = session.at();
                long limit = Math.max(chunk, session.shortestChunk());
                RegistryException failure = trySending(session, blob, source, limit);
                if (failure == null) {
                    return true;
                }
                if (session.at() > before) {
                    retry.progress();
                }
                if (failure.status() != 413 || !shorten(Math.min(limit, blob.size() - session.at()), session.shortestChunk())) {
                    retry.await(failure, failure.mayPass() || isSessionLost(failure));
                }
                long sent = session.at();
                if (has(blob)) {
                    return true; // only the answer was lost
                }
                boolean refused = isSessionLost(failure);
                if (!session.ask() || refused && session.at() == sent) {
                    session.giveUp();
                    session = begin(blob);
                }
                if (session.at() > Math.max(before, sent)) {
                    retry.progress();
                }
            }
        } catch (Body.NotRead e) {
            session.giveUp();
            throw e.getCause();
        } catch (IOException e) {
            session.giveUp();
            throw e;
        }
    }

    /**
     * Mounts a blob of another repository of the registry in this one.
     *
     * @param from the other repository
     * @return whether this repository has it now
     * @throws RegistryException if the registry neither mounts it nor takes blobs
     */
    public boolean take(Descriptor blob, String from) throws IOException {
        UploadSession session = mount(blob, from);
        if (session != null) {
            session.giveUp();
        }
        return session == null;
    }

    /** Sends what is missing of a blob and returns null, or what went wrong. */
    private @Nullable RegistryException trySending(UploadSession session, Descriptor blob, Source source, long limit) throws IOException {
        try {
            if (blob.size() - session.at() > limit) {
                session.patch(source, limit);
            } else {
                session.put(source);
            }
            return null;
        } catch (RegistryException e) {
            return e;
        }
    }

    /** The registry does not know the session any more, or has other bytes of the blob than was thought. */
    private static boolean isSessionLost(RegistryException failure) {
        return failure.status() == 404 || failure.status() == 416;
    }

    /**
     * So many bytes were too many for one request, by 413: a proxy in front of the registry may have a limit. Has less of them sent from
     * now on, and returns whether that is possible.
     */
    private synchronized boolean shorten(long refused, long shortest) {
        if (chunk < refused) {
            return true; // by another thread
        }
        long next = refused > LARGEST_GUESS ? LARGEST_GUESS : refused / 4;
        if (next < Math.max(SHORTEST_CHUNK, shortest)) {
            return false;
        }
        chunk = next;
        network.http().notice().accept(client.origin().base().getRawAuthority() + " answered 413 to a request of " + refused + " bytes: sending chunks of " + next + " bytes instead");
        return true;
    }

    /**
     * Mounts a blob of another repository and returns null; or returns a session, if the registry wants the bytes instead.
     * POST /v2/NAME/blobs/uploads/?mount=DIGEST&amp;from=OTHER (distribution-spec, Mounting a blob from another repository).
     */
    private @Nullable UploadSession mount(Descriptor blob, String from) throws IOException {
        try {
            Response answer = client.send(Api.mount(blob.digest(), from)).answer();
            if (answer.status() == 202) {
                return new UploadSession(client, blob, answer);
            }
            answer.close();
            if (answer.status() == 201) {
                return null;
            }
        } catch (RegistryException e) {
            // the other repository may be closed to us: sending it is always possible
        }
        return begin(blob);
    }

    private UploadSession begin(Descriptor blob) throws IOException {
        return new UploadSession(client, blob, client.send(Api.beginUpload(reference, blob.digest())).answer());
    }

    /** Returns the same repository, to put manifests into. */
    public ManifestUploads manifests() {
        return new ManifestUploads(client, reference);
    }
}
