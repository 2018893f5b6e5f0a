package lib.registry;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import lib.failure.RegistryException;
import lib.failure.WrongContentException;
import lib.image.Reference;
import lib.registry.api.Purpose;
import lib.registry.api.Request;
import lib.registry.auth.Authorization;
import lib.registry.hosts.Endpoint;
import lib.registry.hosts.EndpointResolver;
import lib.registry.http.Http;
import lib.registry.http.Redirect;
import lib.registry.http.RequestFailure;
import lib.registry.http.Response;
import lib.registry.http.Retry;
import org.jspecify.annotations.Nullable;

/**
 * Sends the requests of one repository: to mirrors, in order, until one answers, and at last to the registry itself, as often as that may
 * help; along redirects; with what gives access. It may be used by many threads at once.
 */
final class Client {
    static final int MOST_REDIRECTS = 5;
    /** A token of an earlier stage that has expired, one of credentials that have gone stale, one without any. */
    private static final int MOST_CHALLENGES = 4;
    /** The statuses by which a registry says that it has no referrers API, or nothing that refers to a manifest. */
    static final Set<Integer> WITHOUT_REFERRERS = Set.of(400, 404, 405);

    private final List<Endpoint> endpoints;
    private final Http http;
    private final Network network;
    private final String actions;
    private final Set<String> skipped = ConcurrentHashMap.newKeySet();
    private final Set<String> skippedForTags = ConcurrentHashMap.newKeySet();
    private final Map<String, Authorization> authorizations = new ConcurrentHashMap<>();
    private volatile Endpoint answered;

    /**
     * An answer, and who gave it. Its body was read already, unless the request is for a blob.
     *
     * @param bytes the answer's body where the request wants it, else empty
     */
    record FullResponse(Endpoint endpoint, Response answer, byte[] bytes) { }

    /**
     * @param endpoints mirrors, and the registry itself last
     * @param actions   what is to be done with the repository, as a scope names it: {@code pull} or {@code pull,push}; "" for nothing
     */
    Client(List<Endpoint> endpoints, Http http, Network network, String actions) {
        this.endpoints = endpoints;
        this.http = http;
        this.network = network;
        this.actions = actions;
        this.answered = endpoints.get(0);
    }

    /** Returns the client that reads a repository: from the mirrors that this machine's settings name, and from the registry. */
    static Client ofReader(Reference reference, Network network) throws IOException {
        Http http = new Http(network.http(), reference.registry());
        return new Client(EndpointResolver.of(reference, network.hosts(), http), http, network, "pull");
    }

    /** Returns the client that only shows a login to the registry itself: its tokens are for no repository. */
    static Client ofLogin(Reference reference, Network network) throws IOException {
        Http http = new Http(network.http(), reference.registry());
        List<Endpoint> endpoints = EndpointResolver.of(reference, network.hosts(), http);
        return new Client(endpoints.subList(endpoints.size() - 1, endpoints.size()), http, network, "");
    }

    /** Returns the registry itself. */
    Endpoint origin() {
        return endpoints.get(endpoints.size() - 1);
    }

    /** Returns the mirrors that may be asked now what a tag points to, or else for content by its digest, in order. */
    List<Endpoint> mirrors(boolean forTag) {
        return endpoints.subList(0, endpoints.size() - 1).stream().filter(mirror -> !isSkipped(mirror, forTag) && (forTag ? mirror.tags() : mirror.digests())).toList();
    }

    /** Returns the endpoint that gave the last answer; before there is one, the first. */
    Endpoint answered() {
        return answered;
    }

    /** Returns the endpoint with this address before {@code /v2}, or the registry itself. */
    Endpoint at(@Nullable String base) {
        return endpoints.stream().filter(endpoint -> endpoint.base().toString().equals(base)).findFirst().orElse(origin());
    }

    Http http() {
        return http;
    }

    /** Returns a count of failures in a row, as many as this client bears. */
    Retry retry() {
        return new Retry(network.http().retries(), network.http().notice());
    }

    /**
     * Sends a request and returns an answer with a status that answers it.
     *
     * @throws RegistryException     what the registry itself failed with, at the last try
     * @throws WrongContentException when the registry itself sends a longer body than the request wants
     */
    FullResponse send(Request request) throws IOException {
        for (Endpoint mirror : mirrors(request.isOfTag())) {
            try {
                return ask(mirror, request);
            } catch (RegistryException | WrongContentException e) {
                if (isWithoutReferrers(request, e)) {
                    continue;
                }
                if (request.isOfTag() && e instanceof RegistryException refused && refused.status() == 404) {
                    skipForTags(mirror, e.getMessage());
                } else {
                    skip(mirror, e.getMessage());
                }
            }
        }
        Retry retry = request.isSentOnce() ? null : retry();
        while (true) {
            try {
                return ask(origin(), request);
            } catch (RegistryException e) {
                if (retry == null) {
                    throw e;
                }
                retry.await(e, e.mayPass());
            }
        }
    }

    /** Returns whether a mirror only has no answer to what refers to a manifest, as most have none: it is asked on for all else. */
    private static boolean isWithoutReferrers(Request request, IOException failure) {
        return request.purpose() == Purpose.REFERRERS && failure instanceof RegistryException refused && refused.status() >= 400;
    }

    /**
     * Asks one endpoint, once: along redirects, and again with what a challenge asks for. Many registries keep blobs on another host, some, such as
     * registry.k8s.io, even manifests. The Authorization header stays with the endpoint: other hosts must not see it.
     */
    FullResponse ask(Endpoint endpoint, Request request) throws IOException {
        Authorization authorization = authorization(endpoint, request.otherRepository());
        URI uri = endpoint.uri(request);
        String why = request.why();
        int redirects = 0;
        int challenges = 0;
        while (true) {
            boolean own = endpoint.isHostOf(uri);
            boolean shows = own && !request.isAnonymous();
            Request sent = request.because(why).to(uri, own ? endpoint.headers() : Map.of(), own && endpoint.insecure());
            Response answer;
            boolean challenged;
            try {
                String header = shows ? authorization.header() : null;
                answer = http.send(header == null ? sent : sent.header("Authorization", header));
                challenged = shows && authorization.isToBeSentAgain(header, answer);
            } catch (RegistryException e) {
                throw redirects == 0 ? e : e.ofKnownHost(); // a registry spells its hosts right: trying again may help
            }
            if (challenged && challenges < MOST_CHALLENGES) {
                answer.close();
                challenges++;
                why = request.why() + ", with what the challenge asked for";
            } else if (answer.isRedirect() && request.isRead() && !request.isAnsweredBy(answer.status())) {
                URI target = Redirect.target(answer, uri);
                if (redirects == MOST_REDIRECTS) {
                    throw RequestFailure.notARegistry(endpoint.uri(request), "it redirects more than " + MOST_REDIRECTS + " times");
                }
                http.checkReach(endpoint.root(), target);
                uri = target;
                redirects++;
                challenges = 0;
                why = request.why() + (endpoint.isHostOf(uri) ? "" : ", from where the registry sent us");
            } else {
                return checked(request, endpoint, answer);
            }
        }
    }

    /** Returns an answer that has a status that answers the request, with its body where that is wanted. */
    FullResponse checked(Request request, Endpoint endpoint, Response answer) throws IOException {
        if (!request.isAnsweredBy(answer.status())) {
            RegistryException refused = RequestFailure.of(answer, request.failure(answer.status()));
            throw refused.isOfLogin() ? refused.and(authorization(endpoint, request.otherRepository()).refused()) : refused;
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

    /** Asks a mirror nothing more, whose answer turned out wrong. What the registry itself answered is thrown. */
    <E extends IOException> void skip(Endpoint endpoint, E wrong) throws E {
        if (endpoint == origin()) {
            throw wrong;
        }
        skip(endpoint, wrong.getMessage());
    }

    /** Asks a mirror nothing more, and says why. */
    void skip(Endpoint mirror, String why) {
        if (skipped.add(mirror.address())) {
            network.http().notice().accept("mirror skipped: " + why);
        }
    }

    /** A mirror that lags behind does not have the tag yet, but most of the blobs. */
    private void skipForTags(Endpoint mirror, String why) {
        if (skippedForTags.add(mirror.address())) {
            network.http().notice().accept("mirror skipped: " + why + "; it may still have some of the blobs");
        }
    }

    private boolean isSkipped(Endpoint mirror, boolean forTag) {
        return skipped.contains(mirror.address()) || forTag && skippedForTags.contains(mirror.address());
    }

    /** Returns what gives access to an endpoint, and to another repository there, "" for none. */
    Authorization authorization(Endpoint endpoint, String otherRepository) {
        return authorizations.computeIfAbsent(endpoint.address() + " " + otherRepository, key -> new Authorization(http, network.logins(), endpoint, actions, otherRepository));
    }
}
