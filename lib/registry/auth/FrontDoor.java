package lib.registry.auth;

import java.io.IOException;
import java.net.URI;
import lib.registry.api.Request;
import lib.registry.hosts.Endpoint;
import lib.registry.http.Http;
import lib.registry.http.Response;
import lib.registry.settings.WebAddress;
import org.jspecify.annotations.Nullable;

/** GET /v2/, by which an API is known, and whose challenge names the token server (distribution-spec, Determining Support). */
public final class FrontDoor {
    private static final int MOST_REDIRECTS = 5;

    private FrontDoor() { }

    /**
     * Asks there without credentials, and again where it redirects to on the same host, such as {@code /v2}.
     *
     * @return the last answer, whatever its status; a redirect to another host is one
     * @throws lib.failure.RegistryException if no answer comes
     */
    public static Response knock(Http http, Endpoint endpoint, Request request) throws IOException {
        URI uri = endpoint.frontDoor();
        for (int redirects = 0; ; redirects++) {
            Response answer = http.send(request.to(uri, endpoint.headers(), endpoint.insecure()));
            URI next = answer.isRedirect() && redirects < MOST_REDIRECTS ? moved(uri, answer.header("Location")) : null;
            if (next == null || !endpoint.isHostOf(next)) {
                return answer;
            }
            answer.close();
            uri = next;
        }
    }

    private static @Nullable URI moved(URI from, @Nullable String location) {
        try {
            return location == null ? null : WebAddress.resolve(from, location);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Returns whether this is its address, with or without the slash at the end. */
    static boolean is(URI uri) {
        return uri.getPath().endsWith("/v2/") || uri.getPath().endsWith("/v2");
    }
}
