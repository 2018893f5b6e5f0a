package lib.registry.auth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;
import lib.failure.RegistryException;
import lib.registry.api.Api;
import lib.registry.api.Request;
import lib.registry.hosts.Endpoint;
import lib.registry.http.Http;
import lib.registry.http.RequestFailure;
import lib.registry.http.Response;
import lib.text.Secrets;
import org.jspecify.annotations.Nullable;

/**
 * What gives access to one repository at one endpoint: nothing, the credentials themselves, or a token that they buy.
 * Transfers share it: an expired token is renewed once, by the transfer that notices first.
 *
 * @see <a href="https://distribution.github.io/distribution/spec/auth/token/">distribution, Token Authentication</a>
 */
public final class Authorization {
    private final Http http;
    private final CredentialChain logins;
    private final Endpoint endpoint;
    private final SecureChannel channel;
    /** The scope of a token if a challenge names none, or "" for a token that is good for no repository. */
    private final String ownScope;

    private Shown shown = Shown.NOTHING;
    /** What was found for the endpoint, unless it was refused. */
    private @Nullable Credential credential;
    private boolean isCredentialRead;
    private boolean isFrontDoorAsked;

    /**
     * @param endpoint where the repository is; the registry's own credentials must not reach a mirror
     * @param actions  what is to be done with the repository, as a scope names it: {@code pull} or {@code pull,push}; "" for nothing
     * @param other    another repository of the registry that is read, too, or ""
     */
    public Authorization(Http http, CredentialChain logins, Endpoint endpoint, String actions, String other) {
        this.http = http;
        this.logins = logins;
        this.endpoint = endpoint;
        this.channel = new SecureChannel(endpoint.base(), endpoint.insecure());
        this.ownScope = actions.isEmpty() ? "" : "repository:" + endpoint.repository() + ":" + actions + (other.isEmpty() ? "" : " repository:" + other + ":pull");
    }

    /**
     * Returns the Authorization header for the next request, or null as long as none is required. An expired token is renewed first.
     *
     * @throws RegistryException if there is no new token
     */
    public synchronized @Nullable String header() throws IOException {
        if (shown.token() != null && shown.token().isExpired()) {
            fetchToken(shown.token().challenge(), shown.token().scope());
        }
        return shown.header();
    }

    /**
     * Returns what a person should know whom the registry refuses: what was shown to it, or where no credentials were found; "" where it asked for none.
     *
     * @throws java.io.InterruptedIOException if the thread is interrupted while a helper is asked
     */
    public synchronized String refused() throws IOException {
        if (!isCredentialRead || !endpoint.origin()) {
            return "";
        }
        if (credential != null) {
            return "; refused: " + credential;
        }
        String places = logins.sources(endpoint.name()).stream().map(CredentialSource::name).collect(Collectors.joining(", "));
        return logins.isAnonymous() ? "" : "; no credentials for " + channel.host() + " in " + places;
    }

    /** Shows a token that was fetched elsewhere, until it is refused. */
    public synchronized void use(String given) {
        Secrets.know(given);
        shown = Shown.of("Bearer " + given).asAccepted();
    }

    /**
     * Returns the answer of the token server that one of these challenges of the front door names, or null if none gives a token:
     * then credentials may do, which go along with the next request.
     *
     * @throws RegistryException when the token server refuses, or cannot be reached
     */
    public synchronized @Nullable ObjectNode token(List<Challenge> challenges) throws IOException {
        return meet(challenges, null, true) && shown.token() != null ? shown.token().answer() : null;
    }

    /**
     * Looks at an answer, meets the challenge that may be in it, and returns whether to send the request again, with another {@link #header()}.
     *
     * @param sent the Authorization header that was sent, or null
     * @throws RegistryException if a token server refuses, or secrets would go over a line that anybody can listen to
     */
    public synchronized boolean isToBeSentAgain(@Nullable String sent, Response answer) throws IOException {
        List<Challenge> challenges = Challenge.parse(answer.headers("WWW-Authenticate"));
        return switch (Refusal.of(answer, sent, shown, challenges, ownScope)) {
            case NONE -> {
                shown = sent != null && shown.isIn(sent) && answer.status() < 500 ? shown.asAccepted() : shown;
                yield false;
            }
            case OUTDATED -> true;
            case WITHOUT_CHALLENGE -> askFrontDoor();
            case CHALLENGE -> meet(challenges, sent, FrontDoor.is(answer.uri()));
            case EXPIRED -> challenges.isEmpty() ? renew() : meet(challenges, sent, FrontDoor.is(answer.uri()));
            case REJECTED -> goOnWithoutCredential();
            case FINAL -> false;
        };
    }

    /**
     * Some registries want a login but say so at the API's front door only, and deny or hide what they have from those who show none:
     * Artifactory, say. Asks there, once, and returns whether what was found helps.
     */
    private boolean askFrontDoor() throws IOException {
        if (isFrontDoorAsked) {
            return false;
        }
        Request request = Api.frontDoor().because("Knock at the API's front door: that answer had no challenge, but the front door may have one");
        List<Challenge> challenges;
        try (Response answer = FrontDoor.knock(http, endpoint, request)) {
            challenges = answer.status() < 400 ? List.of() : Challenge.parse(answer.headers("WWW-Authenticate"));
        } catch (RegistryException e) {
            return false; // nobody answers at the door: what was answered before stands
        }
        isFrontDoorAsked = true;
        try {
            return meet(challenges, null, true);
        } catch (RegistryException e) {
            if (credential == null) {
                return false; // nobody gets a token without a login there: what was answered before says more
            }
            throw e;
        }
    }

    /**
     * Gets what one of these challenges asks for: a token where one names a token server, else the credentials themselves. Returns false where
     * there is nothing new to show.
     *
     * @param refused       the Authorization header that was just refused, or null
     * @param isOfFrontDoor some registries ask there for a scope that is an example, and then take no token that is not for one repository
     */
    private boolean meet(List<Challenge> challenges, @Nullable String refused, boolean isOfFrontDoor) throws IOException {
        if (challenges.isEmpty()) {
            return false;
        }
        if (!isCredentialRead) {
            credential = endpoint.origin() ? logins.of(endpoint.name()) : logins.ofMirror(endpoint.name());
            isCredentialRead = true;
        }
        if (credential != null && credential.registryToken() != null) {
            return show("Bearer " + credential.registryToken(), refused);
        }
        boolean isBasic = credential != null && challenges.stream().anyMatch(challenge -> challenge.scheme().equals("basic"));
        if (fetchToken(challenges, isOfFrontDoor, isBasic && credential.identityToken() == null)) {
            return true;
        }
        if (isBasic && credential.identityToken() == null) {
            return show(credential.credentials().basic(), refused);
        }
        if (isBasic) {
            logins.warn("warning: " + credential + ", cannot be used: " + channel.host() + " takes only a name and a password");
        }
        return false;
    }

    /**
     * Fetches a token by the first challenge that names a token server which gives one; returns false where none is named.
     *
     * @param isOptional whether there is another way, so that it does not matter when no token server gives one
     */
    private boolean fetchToken(List<Challenge> challenges, boolean isOfFrontDoor, boolean isOptional) throws IOException {
        RegistryException first = null;
        for (Challenge challenge : challenges.stream().filter(Challenge::isBearer).toList()) {
            try {
                fetchToken(challenge, isOfFrontDoor ? ownScope : challenge.scope(ownScope));
                return true;
            } catch (RegistryException e) {
                first = first == null ? e : first;
            }
        }
        if (first != null && !isOptional) {
            throw first;
        }
        return false;
    }

    /** Shows credentials to the registry itself, unless they were just refused. */
    private boolean show(String header, @Nullable String refused) throws IOException {
        if (header.equals(refused)) {
            return goOnWithoutCredential();
        }
        channel.check(credential);
        shown = Shown.of(header);
        return true;
    }

    /** Gets a new token, or has the registry asked once more what it wants from those who show nothing. */
    private boolean renew() throws IOException {
        if (shown.token() != null) {
            fetchToken(shown.token().challenge(), shown.token().scope());
        } else {
            shown = Shown.NOTHING;
        }
        return true;
    }

    /** A stored credential that has gone stale must not stand in the way of a public image. A registry that takes a name and a password itself has none. */
    private boolean goOnWithoutCredential() throws IOException {
        if (credential == null) {
            return false;
        }
        boolean mayBePublic = credential.stored() && (shown.token() != null || credential.registryToken() != null);
        logins.warn("warning: " + channel.host() + " refuses " + credential + (mayBePublic ? "; trying without credentials" : ""));
        if (!mayBePublic) {
            return false;
        }
        credential = null;
        return renew();
    }

    private void fetchToken(Challenge challenge, String scope) throws IOException {
        URI realm = channel.realm(challenge, credential);
        http.checkReach(channel.registry(), realm);
        TokenRequest request = new TokenRequest(http, realm, challenge.parameter("service"), scope, channel.isInsecure(realm));
        try {
            shown = Shown.of(Token.of(request.send(credential), challenge, scope));
        } catch (RegistryException e) {
            if (credential == null || !credential.stored() || e.status() != 400 && e.status() != 401 && e.status() != 403) {
                throw e.isOfLogin() && credential == null ? e.and(refused()) : e; // a credential is named by the request for the token
            }
            shown = Shown.of(Token.of(request.sendAfter(e), challenge, scope));
            logins.warn("warning: " + RequestFailure.place(realm) + " refuses " + credential + "; going on without credentials");
            credential = null;
        }
    }
}
