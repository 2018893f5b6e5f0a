package lib.registry.auth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Objects;
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
    /** The scope of a token if a challenge names none. */
    private final String ownScope;

    private boolean looked;
    private boolean knocked;
    private @Nullable Credential login;
    private @Nullable String header;
    /** Whether the header was taken at least once: then a refusal means that its time is over. */
    private boolean proven;
    private @Nullable Token token;

    /**
     * @param endpoint where the repository is; the registry's own credentials must not reach a mirror
     * @param actions  what is to be done with the repository, as a scope names it: {@code pull} or {@code pull,push}
     * @param other    another repository of the registry that is read, too, or ""
     */
    public Authorization(Http http, CredentialChain logins, Endpoint endpoint, String actions, String other) {
        this.http = http;
        this.logins = logins;
        this.endpoint = endpoint;
        this.channel = new SecureChannel(endpoint.base(), endpoint.insecure());
        this.ownScope = "repository:" + endpoint.repository() + ":" + actions + (other.isEmpty() ? "" : " repository:" + other + ":pull");
    }

    /**
     * Returns the Authorization header for the next request, or null as long as none is required. An expired token is renewed first.
     *
     * @throws RegistryException if there is no new token
     */
    public synchronized @Nullable String header() throws IOException {
        if (token != null && token.isExpired()) {
            fetchToken(token.challenge(), token.scope());
        }
        return header;
    }

    /** Uses a token that was fetched elsewhere, until it is refused. */
    public synchronized void use(String given) {
        Secrets.know(given);
        header = "Bearer " + given;
        proven = true;
    }

    /**
     * Returns the answer of the token server that one of these challenges of the front door names, or null where none gives a token:
     * then credentials may do, which go along with the next request.
     *
     * @throws RegistryException when the token server refuses, or cannot be reached
     */
    public synchronized @Nullable ObjectNode token(List<Challenge> challenges) throws IOException {
        return meet(null, challenges, true) && token != null ? token.answer() : null;
    }

    /**
     * Looks at an answer, and tells whether the request is worth sending again, with another {@link #header()}.
     * A challenge comes with 401, but some registries say 400 or 403 instead, also to a token whose time is over.
     *
     * @param sent the Authorization header that was sent, or null
     * @throws RegistryException if a token server refuses, or secrets would go over a line that anybody can listen to
     */
    public synchronized boolean satisfy(@Nullable String sent, Response answer) throws IOException {
        int status = answer.status();
        if (status != 400 && status != 401 && status != 403 && (status != 404 || sent != null)) {
            proven |= sent != null && sent.equals(header) && status < 500;
            return false;
        }
        if (!Objects.equals(sent, header)) {
            return true; // changed by another transfer in the meantime
        }
        List<Challenge> challenges = Challenge.parse(answer.headers("WWW-Authenticate"));
        // At the API's front door some registries ask for a scope that is an example, and take no token for one repository.
        boolean frontDoor = FrontDoor.is(answer.uri());
        if (sent == null && challenges.isEmpty()) {
            return status != 400 && !frontDoor && knock();
        }
        if (sent == null || asksForAnother(challenges, frontDoor)) {
            return meet(sent, challenges, frontDoor);
        }
        if (proven) {
            return status != 403 && meet(sent, challenges, frontDoor); // 403 is no matter of time
        }
        return status != 400 && !frontDoor && goOnWithout();
    }

    /**
     * Some registries want a login but say so at the API's front door only, and deny or hide what they have from those who show none:
     * Artifactory, say. Asks there, once, and tells whether what was found helps.
     */
    private boolean knock() throws IOException {
        if (knocked) {
            return false;
        }
        Request request = Api.frontDoor().because("Knock at the API's front door: that answer had no challenge, but the front door may have one");
        List<Challenge> challenges;
        try (Response answer = FrontDoor.knock(http, endpoint, request)) {
            challenges = answer.status() < 400 ? List.of() : Challenge.parse(answer.headers("WWW-Authenticate"));
        } catch (RegistryException e) {
            return false; // nobody answers at the door: what was answered before stands
        }
        knocked = true;
        try {
            return !challenges.isEmpty() && meet(null, challenges, true);
        } catch (RegistryException e) {
            if (login == null) {
                return false; // nobody gets a token without a login there: what was answered before says more
            }
            throw e;
        }
    }

    private boolean asksForAnother(List<Challenge> challenges, boolean frontDoor) {
        return !frontDoor && token != null && challenges.stream()
                .anyMatch(challenge -> challenge.isBearer() && challenge.parameter("scope") != null && !challenge.scope(ownScope).equals(token.scope()));
    }

    private boolean meet(@Nullable String refused, List<Challenge> challenges, boolean frontDoor) throws IOException {
        if (challenges.isEmpty()) {
            return refused != null && renew();
        }
        if (!looked) {
            login = endpoint.origin() ? logins.of(endpoint.name()) : logins.ofMirror(endpoint.name());
            looked = true;
        }
        if (login != null && login.registryToken() != null) {
            return show("Bearer " + login.registryToken(), refused);
        }
        boolean basic = login != null && challenges.stream().anyMatch(challenge -> challenge.scheme().equals("basic"));
        if (fetchToken(challenges, frontDoor, basic && login.identityToken() == null)) {
            return true;
        }
        if (basic) {
            if (login.identityToken() == null) {
                return show(login.credentials().basic(), refused);
            }
            logins.warn("warning: " + login + ", is of no use: " + channel.host() + " takes only a name and a password");
        }
        return false;
    }

    /**
     * Fetches a token by the first challenge that names a token server which gives one; returns false where none is named.
     *
     * @param other whether there is another way, so that it does not matter when no token server gives one
     */
    private boolean fetchToken(List<Challenge> challenges, boolean frontDoor, boolean other) throws IOException {
        RegistryException trouble = null;
        for (Challenge challenge : challenges.stream().filter(Challenge::isBearer).toList()) {
            try {
                fetchToken(challenge, frontDoor ? ownScope : challenge.scope(ownScope));
                return true;
            } catch (RegistryException e) {
                trouble = trouble == null ? e : trouble;
            }
        }
        if (trouble != null && !other) {
            throw trouble;
        }
        return false;
    }

    /** Shows credentials to the registry itself, unless they were just refused. */
    private boolean show(String credentials, @Nullable String refused) throws IOException {
        if (credentials.equals(refused)) {
            return goOnWithout();
        }
        channel.check(login);
        header = credentials;
        proven = false;
        return true;
    }

    /** After a refusal that does not say why: a new token, or a look at what the registry asks from those who show none. */
    private boolean renew() throws IOException {
        if (token != null) {
            fetchToken(token.challenge(), token.scope());
        } else {
            header = null;
        }
        return true;
    }

    /** What was found and has gone stale must not stand in the way of a public image. */
    private boolean goOnWithout() throws IOException {
        if (login == null) {
            return false;
        }
        boolean another = login.stored() && (token != null || login.registryToken() != null);
        logins.warn("warning: " + channel.host() + " refuses " + login + (another ? "; trying without credentials" : ""));
        if (!another) {
            return false;
        }
        login = null;
        return renew();
    }

    private void fetchToken(Challenge challenge, String scope) throws IOException {
        URI realm = channel.realm(challenge, login);
        http.checkReach(channel.registry(), realm);
        TokenRequest request = new TokenRequest(http, realm, challenge.parameter("service"), scope, channel.isInsecure(realm));
        try {
            keep(Token.of(request.send(login), challenge, scope));
        } catch (RegistryException e) {
            if (login == null || !login.stored() || e.status() != 400 && e.status() != 401 && e.status() != 403) {
                throw e;
            }
            keep(Token.of(request.sendAfter(e), challenge, scope));
            logins.warn("warning: " + RequestFailure.place(realm) + " refuses " + login + "; going on without credentials");
            login = null;
        }
    }

    private void keep(Token fetched) {
        token = fetched;
        header = fetched.header();
        proven = false;
    }
}
