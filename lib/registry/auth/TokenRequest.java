package lib.registry.auth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import lib.failure.RegistryException;
import lib.failure.WrongContentException;
import lib.registry.api.Api;
import lib.registry.api.Body;
import lib.registry.api.Request;
import lib.registry.http.Http;
import lib.registry.http.Redirect;
import lib.registry.http.RequestFailure;
import lib.registry.http.Response;
import lib.registry.settings.UsernamePassword;
import lib.registry.settings.WebAddress;
import lib.text.Json;
import lib.text.Secrets;
import org.jspecify.annotations.Nullable;

/**
 * A request for a token that is good for a scope, in the two forms of the specification: GET with a name and a password or
 * with nothing, POST with an identity token.
 *
 * @param realm    the token server
 * @param service  the registry's name there, or null
 * @param scope    such as {@code repository:library/nginx:pull}; several are parted by spaces; "" for none
 * @param insecure whether the server's certificate is not checked
 * @see <a href="https://distribution.github.io/distribution/spec/auth/token/">distribution, Token Authentication</a>
 * @see <a href="https://distribution.github.io/distribution/spec/auth/oauth/">distribution, OAuth2 Token Authentication</a>
 */
public record TokenRequest(Http http, URI realm, @Nullable String service, String scope, boolean insecure) {
    private static final int MOST_REDIRECTS = 5;
    /** The parts of an answer that nobody else may see. */
    private static final List<String> SECRETS = List.of("token", "access_token", "refresh_token", "identity_token");

    /** Returns the token server's answer, which holds a token. */
    ObjectNode send(@Nullable Credential login) throws IOException {
        if (login == null || login.identityToken() == null) {
            return get(login, login == null ? null : login.credentials());
        }
        try {
            return post(login);
        } catch (RegistryException e) {
            if (e.status() != 404 && e.status() != 405 && e.status() != 400 && e.status() != 401) {
                throw e;
            }
            // Servers without the newer form say 404 or 405, Azure's 400, Artifactory 401; they take the token as a password.
            String user = login.credentials() == null || login.credentials().user().isEmpty() ? "<token>" : login.credentials().user();
            return get(login, new UsernamePassword(user, login.identityToken()));
        }
    }

    /** Sends it without credentials, after they were refused; if that fails too, the refusal is thrown: it says whose they are, and why. */
    ObjectNode sendAfter(RegistryException refusal) throws IOException {
        try {
            return send(null);
        } catch (RegistryException e) {
            throw refusal;
        }
    }

    private ObjectNode get(@Nullable Credential login, @Nullable UsernamePassword credentials) throws IOException {
        StringJoiner query = new StringJoiner("&");
        if (realm.getRawQuery() != null) {
            query.add(realm.getRawQuery());
        }
        if (service != null && !service.isEmpty()) {
            query.add("service=" + encoded(service));
        }
        for (String one : scope.isBlank() ? new String[0] : scope.trim().split(" +")) {
            query.add("scope=" + encoded(one));
        }
        Map<String, String> headers = credentials == null ? Map.of() : Map.of("Authorization", credentials.basic());
        URI uri = URI.create(realm.getScheme() + "://" + realm.getRawAuthority().replaceFirst(".*@", "") + realm.getRawPath() + "?" + query);
        return token(followed(Api.token(uri, scope), headers), login);
    }

    /** Returns the answer at the end of all redirects, as clients written in Go follow them: the credentials stay with the host that they were meant for. */
    private Response followed(Request request, Map<String, String> headers) throws IOException {
        URI from = request.uri();
        URI uri = from;
        for (int redirects = 0; ; redirects++) {
            boolean same = WebAddress.host(uri).equals(WebAddress.host(from));
            Response answer = http.send((redirects == 0 ? request : request.because(request.why() + ", from where it sent us")).to(uri, same ? headers : Map.of(), insecure && same));
            if (!answer.isRedirect() || redirects == MOST_REDIRECTS) {
                return answer;
            }
            uri = Redirect.target(answer, uri);
            http.checkReach(realm, uri);
        }
    }

    /** RFC 6749, section 6, with the additions of the distribution specification. */
    private ObjectNode post(Credential login) throws IOException {
        String form = "grant_type=refresh_token&client_id=dray&scope=" + encoded(scope)
                + (service == null || service.isEmpty() ? "" : "&service=" + encoded(service)) + "&refresh_token=";
        return token(http.send(Api.token(realm, scope, new Body.Form(form, encoded(login.identityToken()))).to(realm, Map.of(), insecure)), login);
    }

    private ObjectNode token(Response received, @Nullable Credential login) throws IOException {
        try (Response answer = received) {
            if (answer.status() != 200) {
                throw RequestFailure.of(answer, (scope.isBlank() ? "no token" : "no token for " + scope) + (login == null ? " without credentials" : " with " + login));
            }
            ObjectNode json = Json.object(answer.bytes(Api.LONGEST_TOKEN, "a token"), "the token");
            SECRETS.forEach(key -> Secrets.know(json.path(key).asText(null)));
            if (Credential.isToken(tokenIn(json))) {
                return json;
            }
            throw RequestFailure.notARegistry(realm, "the token server's answer holds no token");
        } catch (WrongContentException e) { // its message repeats a part of the answer, which may be a token
            throw RequestFailure.notARegistry(realm, "the token server's answer is no JSON object");
        }
    }

    /** Returns the token of a token server's answer, which has it under either of two names, or "". */
    public static String tokenIn(ObjectNode answer) {
        String token = answer.path("token").asText("");
        return token.isEmpty() ? answer.path("access_token").asText("") : token;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20").replace("%3A", ":").replace("%2F", "/");
    }
}
