package lib.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import lib.image.Json;
import lib.image.WrongContent;

//SOURCES Answer.java
//SOURCES Challenge.java
//SOURCES Credentials.java
//SOURCES Http.java
//SOURCES Loopback.java
//SOURCES RegistryException.java
//SOURCES ../image/Json.java
//SOURCES ../image/WrongContent.java

/**
 * What gives access to one repository: nothing, the credentials themselves, or a token bought with them.
 * Transfers share it: a token that has expired is renewed once, by whoever notices first.
 *
 * @see <a href="https://distribution.github.io/distribution/spec/auth/token/">distribution, Token Authentication</a>
 */
final class Authorization {
    /** A token is valid this long where its server does not say, in seconds. */
    private static final long USUAL_SECONDS = 60;

    private final Http http;
    private final Credentials credentials;
    private final String repository;
    private final boolean insecure;
    private String header;
    private Challenge lastChallenge;
    private long expiresAt;
    private ObjectNode tokenAnswer;

    /** @param credentials the user's, or null where an anonymous token must do */
    Authorization(Http http, Credentials credentials, String repository, boolean insecure) {
        this.http = http;
        this.credentials = credentials;
        this.repository = repository;
        this.insecure = insecure;
    }

    /** Returns the Authorization header for the next request, or null while none was asked for. An outlived token is renewed first. */
    synchronized String header() throws IOException {
        if (lastChallenge != null && System.nanoTime() - expiresAt > 0) {
            fetchToken(lastChallenge);
        }
        return header;
    }

    /** Uses a token that somebody else fetched. */
    synchronized void use(String token) {
        header = "Bearer " + token;
    }

    /** Returns the token server's last answer, or null when none was asked. */
    synchronized ObjectNode tokenAnswer() {
        return tokenAnswer;
    }

    /**
     * Satisfies the challenges of an answer, and tells whether the request is worth sending again.
     *
     * @param refused the header that was refused, or null
     * @param lines   the answer's WWW-Authenticate headers; none when a token was refused without saying why
     */
    synchronized boolean satisfy(String refused, List<String> lines, URI registry) throws IOException {
        if (refused != null && !refused.equals(header)) {
            return true; // renewed by another transfer in the meantime
        }
        List<Challenge> challenges = Challenge.parse(lines);
        Challenge bearer = find(challenges, "bearer");
        Challenge basic = find(challenges, "basic");
        if (challenges.isEmpty() && lastChallenge != null) {
            bearer = lastChallenge;
        }
        if (bearer != null && bearer.parameter("realm") != null) {
            checkRealm(realm(bearer), registry);
            fetchToken(bearer);
            return true;
        }
        if (basic != null && credentials != null && !credentials.basic().equals(refused)) {
            header = credentials.basic();
            return true;
        }
        return false;
    }

    private static Challenge find(List<Challenge> challenges, String scheme) {
        return challenges.stream().filter(challenge -> challenge.scheme().equals(scheme)).findFirst().orElse(null);
    }

    private static URI realm(Challenge challenge) throws RegistryException {
        try {
            URI realm = URI.create(challenge.parameter("realm"));
            if (realm.getHost() != null && List.of("http", "https").contains(realm.getScheme())) {
                return realm;
            }
        } catch (IllegalArgumentException e) {
            // falls through to the same answer
        }
        throw RegistryException.notARegistry(URI.create("challenge:/"), "its token server '" + challenge.parameter("realm") + "' is no http address");
    }

    /** A registry reached safely must not send tokens and passwords over an open line: RFC 6750, section 5.2. */
    private void checkRealm(URI realm, URI registry) throws RegistryException {
        boolean open = realm.getScheme().equals("http") && !Loopback.is(realm.getHost());
        if (open && (credentials != null && !insecure || registry.getScheme().equals("https"))) {
            throw RegistryException.notARegistry(registry, "it sends to a token server over plain HTTP, " + realm.getHost() + ", where anybody could listen");
        }
    }

    private void fetchToken(Challenge challenge) throws IOException {
        URI realm = realm(challenge);
        String server = RegistryException.place(realm);
        StringBuilder query = new StringBuilder(realm.getRawQuery() == null ? "" : realm.getRawQuery() + "&");
        if (challenge.parameter("service") != null) {
            query.append("service=").append(encoded(challenge.parameter("service"))).append('&');
        }
        query.append("scope=").append(encoded(challenge.parameters().getOrDefault("scope", "repository:" + repository + ":pull")));
        Map<String, String> headers = credentials == null ? Map.of() : Map.of("Authorization", credentials.basic());
        String why = "The registry wants a token: ask its token server for one that may pull " + repository;
        try (Answer answer = http.get(why, URI.create(server + "?" + query), headers, insecure)) {
            if (answer.status() != 200) {
                throw RegistryException.of(answer, "no token for " + repository + (credentials == null ? " without credentials" : " as " + credentials.user()));
            }
            keep(challenge, tokenJson(answer, realm));
        }
    }

    private static ObjectNode tokenJson(Answer answer, URI realm) throws IOException {
        try {
            ObjectNode json = Json.object(answer.body().readNBytes(RegistryException.LONGEST_ERROR), "the token");
            if (!tokenIn(json).isEmpty()) {
                return json;
            }
            throw RegistryException.notARegistry(realm, "the token server's answer holds no token");
        } catch (WrongContent e) {
            throw RegistryException.notARegistry(realm, e.getMessage());
        }
    }

    /** Returns the token of a token server's answer, which has it under either of two names, or "". */
    static String tokenIn(ObjectNode answer) {
        return answer.path("token").asText(answer.path("access_token").asText(""));
    }

    private void keep(Challenge challenge, ObjectNode answer) {
        long seconds = Math.min(Math.max(1, answer.path("expires_in").asLong(USUAL_SECONDS)), 24 * 60 * 60);
        header = "Bearer " + tokenIn(answer);
        tokenAnswer = answer;
        lastChallenge = challenge;
        expiresAt = System.nanoTime() + seconds * 1_000_000_000L;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("%3A", ":").replace("%2F", "/");
    }
}
