package lib.registry;

import java.io.IOException;
import java.net.URI;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import lib.failure.RegistryException;
import lib.failure.WrongContentException;
import lib.registry.api.Api;
import lib.registry.api.Purpose;
import lib.registry.api.Request;
import lib.registry.auth.Authorization;
import lib.registry.hosts.Endpoint;
import lib.registry.http.Http;
import lib.registry.http.Redirect;
import lib.registry.http.RequestFailure;
import lib.registry.http.Response;
import lib.registry.http.Retry;
import lib.registry.settings.WebAddress;

/**
 * Sends the requests of one repository: to mirrors in order until they fail, and then to the registry itself, which has the last word;
 * there again and again while that may help; along redirects; with what access there is. It may be used by many threads at once.
 */
final class Client {
    private static final int MOST_REDIRECTS = 5;
    /** A token of an earlier stage that has expired, one of credentials that have gone stale, one without any. */
    private static final int MOST_CHALLENGES = 4;
    /** A place without the referrers API, or without what refers to a manifest, may say so in any of these ways. */
    static final Set<Integer> NOT_THERE = Set.of(400, 404, 405);

    private final List<Endpoint> endpoints;
    private final Http http;
    private final Network network;
    private final String actions;
    private final Set<String> passedOver = ConcurrentHashMap.newKeySet();
    private final Map<String, Authorization> authorizations = new ConcurrentHashMap<>();
    /** Where each endpoint redirected us to for a blob: asking it once for a blob is enough while the address holds. */
    private final Map<String, URI> locations = new ConcurrentHashMap<>();
    private volatile Endpoint answered;

    /**
     * An answer, and who gave it. Its body was read already, unless the request is for a blob.
     *
     * @param bytes the answer's body where the request wants it, else empty
     */
    record FullResponse(Endpoint endpoint, Response answer, byte[] bytes) { }

    /**
     * @param endpoints mirrors, and the registry itself last
     * @param actions   what is to be done with the repository, as a scope names it: {@code pull} or {@code pull,push}
     */
    Client(List<Endpoint> endpoints, Http http, Network network, String actions) {
        this.endpoints = endpoints;
        this.http = http;
        this.network = network;
        this.actions = actions;
        this.answered = endpoints.get(0);
    }

    Endpoint origin() {
        return endpoints.get(endpoints.size() - 1);
    }

    /** Returns the endpoint that gave the last answer; before there is one, the first. */
    Endpoint answered() {
        return answered;
    }

    /** Returns the endpoint with this address before {@code /v2}, or the registry itself. */
    Endpoint at(String base) {
        return endpoints.stream().filter(endpoint -> endpoint.base().toString().equals(base)).findFirst().orElse(origin());
    }

    /**
     * Sends a request and returns an answer with a status that answers it.
     *
     * @throws RegistryException     what the registry itself failed with, at the last try
     * @throws WrongContentException when the registry itself sends a longer body than the request wants
     */
    FullResponse send(Request request) throws IOException {
        for (Endpoint mirror : endpoints.subList(0, endpoints.size() - 1)) {
            if (!passedOver.contains(mirror.address()) && (request.isOfTag() ? mirror.tags() : mirror.digests())) {
                try {
                    return read(request, mirror);
                } catch (RegistryException | WrongContentException e) {
                    boolean isMissing = e instanceof RegistryException refused && NOT_THERE.contains(refused.status()) && Api.isOfReferrers(request);
                    if (!isMissing) {
                        passOver(mirror, e.getMessage());
                    }
                }
            }
        }
        Retry retry = new Retry(request.isSentOnce() ? 0 : network.http().retries(), network.http().notice());
        while (true) {
            try {
                return read(request, origin());
            } catch (RegistryException e) {
                retry.await(e, e.mayPass());
            }
        }
    }

    /** Passes a mirror over whose answer turned out wrong: it is not asked again. What the registry itself answered is thrown. */
    <E extends IOException> void passOver(Endpoint endpoint, E wrong) throws E {
        if (endpoint == origin()) {
            throw wrong;
        }
        passOver(endpoint, wrong.getMessage());
    }

    /** What one of the mirrors sent was wrong, and it is not known which of them: none is asked for anything more. */
    void passOverMirrors() {
        for (Endpoint mirror : endpoints.subList(0, endpoints.size() - 1)) {
            passOver(mirror, mirror.base() + " is not to be relied on, for wrong content came");
        }
    }

    private void passOver(Endpoint mirror, String why) {
        if (passedOver.add(mirror.address())) {
            network.http().notice().accept("mirror passed over: " + why);
        }
    }

    /** Asks one endpoint, once, and reads the body where the request says how long it may be. */
    private FullResponse read(Request request, Endpoint endpoint) throws IOException {
        Response answer = found(request, endpoint);
        if (!request.isAnsweredBy(answer.status())) {
            throw RequestFailure.of(answer, request.failure());
        }
        byte[] bytes = new byte[0];
        if (request.longest() > 0) {
            try (answer) {
                bytes = answer.bytes(request.longest(), request.content());
            }
        }
        answered = endpoint;
        return new FullResponse(endpoint, answer, bytes);
    }

    /** A blob is asked for where it was before; where its address has expired, at the endpoint; and if that does not have it, where its descriptor says. */
    private Response found(Request request, Endpoint endpoint) throws IOException {
        String key = request.purpose() == Purpose.BLOB ? endpoint.root() + " " + request.digest() : null;
        URI known = key == null ? null : locations.get(key);
        if (known != null) {
            Response answer = atKnown(request, known, key);
            if (answer.status() < 400 && !answer.isRedirect() || answer.status() == 416 || answer.status() >= 500) {
                return answer;
            }
            answer.abort();
        }
        Response answer = followed(request, endpoint, endpoint.uri(request), false, key);
        return answer.status() == 404 && key != null && request.method().equals("GET") ? elsewhere(request, endpoint, answer, key) : answer;
    }

    /** Asks where the endpoint sent us before. If that does not help, whoever asks again is sent anew, to another host perhaps. */
    private Response atKnown(Request request, URI known, String key) throws IOException {
        boolean good = false;
        try {
            Response answer = http.send(request.to(known, Map.of(), false));
            good = answer.status() < 300 || answer.status() == 416;
            return answer;
        } finally {
            if (!good) {
                locations.remove(key, known);
            }
        }
    }

    /**
     * Blobs mostly lie in a store on another host, where the registry sends us; some registries, such as registry.k8s.io, have even their
     * manifests elsewhere. The Authorization header stays with the endpoint: other hosts must not see it.
     *
     * @param foreign whether the address is anybody's: then nobody there is to see a token, also where the host is the endpoint's own
     * @param key     under which the last address is noted, for the next part of the same blob; null where it is not
     */
    private Response followed(Request request, Endpoint endpoint, URI from, boolean foreign, String key) throws IOException {
        URI uri = from;
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            boolean own = !foreign && endpoint.isHostOf(uri);
            Response answer;
            try {
                answer = own ? authorized(request, endpoint, uri)
                        : http.send((foreign ? request : request.also(", from where the registry sent us")).to(uri, Map.of(), false));
            } catch (RegistryException e) {
                throw redirects == 0 ? e : e.ofKnownHost(); // what a registry names is spelled right: trying again may help
            }
            if (!answer.isRedirect() || !request.isRead() || request.isAnsweredBy(answer.status())) {
                if (key != null && !own && answer.status() < 300 && request.method().equals("GET")) {
                    locations.put(key, uri);
                }
                return answer;
            }
            uri = Redirect.target(answer, uri);
            http.checkReach(endpoint.root(), uri);
        }
        throw RequestFailure.notARegistry(from, "it redirects more than " + MOST_REDIRECTS + " times");
    }

    /** Foreign layers lie anywhere. Returns the first good answer, or the last. */
    private Response elsewhere(Request request, Endpoint endpoint, Response endpoints, String key) throws IOException {
        Response answer = endpoints;
        Request foreign = request.also(", from where the manifest says that it is, as the registry does not have it");
        for (Iterator<URI> urls = request.elsewhere().stream().map(WebAddress::orNull).filter(Objects::nonNull).iterator(); answer.status() >= 400 && urls.hasNext(); ) {
            answer.abort();
            URI next = urls.next();
            try {
                http.checkReach(endpoint.root(), next);
                answer = followed(foreign, endpoint, next, true, key);
            } catch (RegistryException e) {
                if (!urls.hasNext()) {
                    throw e;
                }
            }
        }
        return answer;
    }

    /** Sends a request with what access there is: a challenge that can be met is, and the request sent again. */
    private Response authorized(Request request, Endpoint endpoint, URI uri) throws IOException {
        Authorization authorization = authorization(endpoint, request.otherRepository());
        Request sent = request.to(uri, endpoint.headers(), endpoint.insecure());
        for (int challenges = 0; ; challenges++) {
            String header = request.isAnonymous() ? null : authorization.header();
            Response answer = http.send(header == null ? sent : sent.header("Authorization", header));
            if (request.isAnonymous() || !authorization.satisfy(header, answer) || challenges == MOST_CHALLENGES) {
                return answer;
            }
            answer.close();
            sent = sent.because(request.why() + ", with what the challenge asked for");
        }
    }

    /** Returns what gives access to an endpoint, and to another repository there, "" for none. */
    Authorization authorization(Endpoint endpoint, String otherRepository) {
        return authorizations.computeIfAbsent(endpoint.address() + " " + otherRepository, key -> new Authorization(http, network.logins(), endpoint, actions, otherRepository));
    }
}
