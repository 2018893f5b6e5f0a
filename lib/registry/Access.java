package lib.registry;

import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import lib.image.Reference;
import lib.registry.auth.Authorization;
import lib.registry.auth.Logins;
import lib.registry.hosts.Endpoint;
import lib.registry.http.Answer;
import lib.registry.http.Http;
import lib.registry.upload.Upload;

//SOURCES auth/Authorization.java
//SOURCES auth/Logins.java
//SOURCES hosts/Endpoint.java
//SOURCES http/Answer.java
//SOURCES http/Http.java
//SOURCES upload/Upload.java
//SOURCES ../image/Reference.java

/** Requests to the places of a repository, with what access there is to each: a challenge that can be satisfied is, and the request sent again. */
final class Access {
    /** A token of an earlier stage that has expired, one of credentials that have gone stale, one without any. */
    private static final int MOST_CHALLENGES = 4;

    private final Http http;
    private final Logins logins;
    private final String actions;
    private final Map<String, Authorization> authorizations = new ConcurrentHashMap<>();

    /** @param actions what is to be done with the repository, as a scope names it: {@code pull} or {@code pull,push} */
    Access(Http http, Logins logins, String actions) {
        this.http = http;
        this.logins = logins;
        this.actions = actions;
    }

    /** Returns what gives access to a place. The registry's own credentials are kept under its own name, whatever its API's host is called. */
    Authorization to(Endpoint place) {
        return to(place, "");
    }

    private Authorization to(Endpoint place, String purpose) {
        String name = place.origin() && place.isDockerHub() ? Reference.DOCKER_HUB + "/" + place.repository() : place.name();
        String scope = "repository:" + place.repository() + ":" + actions + (purpose.isEmpty() ? "" : " repository:" + purpose + ":pull");
        return authorizations.computeIfAbsent(place.address() + " " + purpose, key -> new Authorization(http, logins, place, name, scope));
    }

    Answer send(String method, Endpoint place, String why, URI uri, Map<String, String> headers) throws IOException {
        return send(method, place, why, uri, headers, null, "");
    }

    /**
     * Sends a request and returns what came back, whatever its status, when there is nothing more to show or to try.
     *
     * @param upload  what the request sends, or null
     * @param purpose another repository that is read, too, for which another token may be needed; "" for none
     */
    Answer send(String method, Endpoint place, String why, URI uri, Map<String, String> headers, Upload upload, String purpose) throws IOException {
        Authorization authorization = to(place, purpose);
        Map<String, String> all = new LinkedHashMap<>(place.headers());
        all.putAll(headers);
        String reason = why;
        for (int challenges = 0; ; challenges++) {
            String header = authorization.header();
            Answer answer = http.send(method, reason, uri, with(all, header), upload, place.insecure());
            if (!authorization.satisfy(header, answer) || challenges == MOST_CHALLENGES) {
                return answer;
            }
            answer.close();
            reason = why + ", with what the challenge asked for";
        }
    }

    private static Map<String, String> with(Map<String, String> headers, String authorization) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        if (authorization != null) {
            all.put("Authorization", authorization);
        }
        return all;
    }
}
