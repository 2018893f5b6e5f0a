package lib.registry;

import java.io.IOException;
import java.net.URI;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import lib.failure.RegistryException;
import lib.image.Digest;
import lib.registry.hosts.Endpoint;
import lib.registry.http.Answer;
import lib.registry.http.FailedRequest;
import lib.registry.http.Http;
import lib.registry.http.Redirect;
import lib.registry.settings.WebAddress;

//SOURCES hosts/Endpoint.java
//SOURCES http/Answer.java
//SOURCES http/FailedRequest.java
//SOURCES http/Http.java
//SOURCES http/Redirect.java
//SOURCES settings/WebAddress.java
//SOURCES ../failure/RegistryException.java
//SOURCES ../image/Digest.java

/**
 * Blobs mostly lie in a store on another host, where the registry sends us; some registries, such as registry.k8s.io, have
 * even their manifests elsewhere. Redirects are followed by hand: the Authorization header stays with the registry, other
 * hosts must not see it.
 */
final class Redirects {
    private static final int MOST = 5;

    /** Sends a request to the registry itself, with what access there is. */
    interface ToRegistry {
        Answer send(String method, Endpoint place, String why, URI uri, Map<String, String> headers) throws IOException;
    }

    private final Http http;
    /** Where each place redirected us to for a blob: asking the registry once for a blob is enough while the address holds. */
    private final Map<String, URI> locations = new ConcurrentHashMap<>();

    Redirects(Http http) {
        this.http = http;
    }

    /** Returns the answer at the end of all redirects of what is asked for once: a manifest, or a list. */
    Answer follow(String method, Endpoint place, String why, URI registrys, Map<String, String> headers, ToRegistry registry) throws IOException {
        return followed(method, place.root(), registrys, null, sender(method, place, why, headers, registry), place::isHostOf);
    }

    /**
     * Returns the answer at the end of all redirects of a blob; one whose address had expired is asked for again at the registry.
     *
     * @param elsewhere where else the blob may be had, of anybody, when the registry does not have it (image-spec, descriptor, urls)
     */
    Answer follow(String method, Endpoint place, Digest digest, List<String> elsewhere, String why, URI registrys, Map<String, String> headers,
            ToRegistry registry) throws IOException {
        String key = place.root() + " " + digest;
        URI known = locations.get(key);
        if (known != null) {
            Answer answer = atKnown(method, known, key, why, headers);
            if (answer.status() < 400 && !answer.isRedirect() || answer.status() == 416 || answer.status() >= 500) {
                return answer;
            }
            answer.abort();
        }
        Answer answer = followed(method, place.root(), registrys, key, sender(method, place, why, headers, registry), place::isHostOf);
        return answer.status() == 404 && method.equals("GET") ? foreign(place.root(), elsewhere, answer, why, headers, key) : answer;
    }

    private Sender sender(String method, Endpoint place, String why, Map<String, String> headers, ToRegistry registry) {
        return uri -> place.isHostOf(uri)
                ? registry.send(method, place, why, uri, headers)
                : http.send(method, why + ", from where the registry sent us", uri, headers, false);
    }

    /** Asks where the registry sent us before. If that does not help, whoever asks again is sent anew, to another host perhaps. */
    private Answer atKnown(String method, URI known, String key, String why, Map<String, String> headers) throws IOException {
        boolean good = false;
        try {
            Answer answer = http.send(method, why, known, headers, false);
            good = answer.status() < 300 || answer.status() == 416;
            return answer;
        } finally {
            if (!good) {
                locations.remove(key, known);
            }
        }
    }

    /** Foreign layers lie anywhere: nobody there is to see a token, also where the host is the registry's own. Returns the first good answer, or the last. */
    private Answer foreign(URI registry, List<String> urls, Answer registrys, String why, Map<String, String> headers, String key) throws IOException {
        Answer answer = registrys;
        String reason = why + ", from where the manifest says that it is, as the registry does not have it";
        for (Iterator<URI> places = urls.stream().map(WebAddress::orNull).filter(Objects::nonNull).iterator(); answer.status() >= 400 && places.hasNext(); ) {
            answer.abort();
            URI next = places.next();
            try {
                http.checkReach(registry, next);
                answer = followed("GET", registry, next, key, uri -> http.send("GET", reason, uri, headers, false), uri -> false);
            } catch (RegistryException e) {
                if (!places.hasNext()) {
                    throw e;
                }
            }
        }
        return answer;
    }

    private interface Sender {
        Answer send(URI uri) throws IOException;
    }

    /**
     * @param registry who says where things are
     * @param key under which the last address is noted, for the next part of the same blob; null where it is not
     */
    private Answer followed(String method, URI registry, URI from, String key, Sender sender, Predicate<URI> isRegistrys) throws IOException {
        URI uri = from;
        for (int redirects = 0; redirects <= MOST; redirects++) {
            Answer answer = redirects == 0 ? sender.send(uri) : sentOn(sender, uri);
            if (!answer.isRedirect()) {
                if (key != null && !isRegistrys.test(uri) && answer.status() < 300 && method.equals("GET")) {
                    locations.put(key, uri);
                }
                return answer;
            }
            uri = Redirect.target(answer, uri);
            http.checkReach(registry, uri);
        }
        throw FailedRequest.notARegistry(from, "it redirects more than " + MOST + " times");
    }

    /** What a registry names is spelled right: if nobody can be reached there now, trying again may help. */
    private static Answer sentOn(Sender sender, URI uri) throws IOException {
        try {
            return sender.send(uri);
        } catch (RegistryException e) {
            throw e.ofKnownHost();
        }
    }
}
