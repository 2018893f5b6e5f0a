package lib.registry.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.stream.Stream;
import lib.failure.RegistryException;
import lib.failure.RegistryException.Kind;
import lib.registry.proxy.Proxies;
import lib.text.Json;
import lib.text.PlainText;
import lib.text.Secrets;

/** Makes the exception for a request that failed: from an answer, from a broken connection, or from what an answer lacks. */
public final class RequestFailure {
    /** Error bodies longer than this are not read, in bytes. */
    static final int LONGEST_ERROR = 64 * 1024;

    private RequestFailure() { }

    /** Returns the failure that an answer means, and closes the answer. If the connection broke before all of the registry's message had come, a retry may help. */
    public static RegistryException of(Response answer, String what) {
        String words = "";
        RegistryException lost = null;
        try (answer) {
            words = registrysWords(answer);
        } catch (RegistryException e) {
            lost = e.kind() == Kind.LOST ? e : null;
        } catch (IOException e) {
            String type = answer.header("Content-Type");
            words = type == null ? "" : " (" + PlainText.cut(Redaction.text(type)) + ")";
        }
        String message = what + ": " + place(answer.uri()) + " answered " + answer.status() + words + limit(answer);
        return failure(message, Kind.REFUSED, answer.status(), answer.retryAfterMillis(), lost != null || mayPass(answer.status()), lost);
    }

    /** Servers and their limits recover. 499 is what docker-registry and nginx answer where the connection broke before all of the request had come. */
    private static boolean mayPass(int status) {
        return status == 408 || status == 429 || status == 499 || status >= 500;
    }

    /** What the registry says of its limit, in words. */
    private static String limit(Response answer) {
        RateLimit limit = RateLimit.of(answer);
        return answer.status() != 429 || limit == null ? "" : ", " + limit.inWords();
    }

    /** Returns the failure of an answer that broke off. */
    public static RegistryException lost(URI uri, IOException cause) {
        NetworkFailure trouble = NetworkFailure.of(uri, null, cause);
        return failure(place(uri) + ": " + trouble.words(), trouble.kind(), 0, -1, true, cause);
    }

    /**
     * Returns the failure of a request that no answer came to, which went through a proxy or not.
     *
     * @param first whether the host has never answered: it may be misspelled, and is not asked again
     */
    public static RegistryException unanswered(URI uri, Proxies.Choice through, IOException cause, boolean first) {
        if (NetworkFailure.isRefusedTunnel(cause)) {
            return refusedByProxy(uri, through);
        }
        NetworkFailure trouble = NetworkFailure.of(uri, through.proxy(), cause);
        return failure(place(uri) + ": " + trouble.words() + by(through), trouble.kind(), 0, -1, !first, cause);
    }

    /** Returns the failure of a request that a proxy does not let through, or not with these credentials: 407 (RFC 9110, section 15.5.8). */
    static RegistryException refusedByProxy(URI uri, Proxies.Choice through) {
        boolean given = through.proxy() != null && through.proxy().credentials() != null;
        String why = given ? "the proxy refuses the login it was given" : "the proxy requires a login: use http://user:password@host:port";
        return failure(place(uri) + ": " + why + by(through), Kind.PROXY, 0, -1, false, null);
    }

    /** What servers and proxies say is in it: no secrets and no signs that do more than stand there. */
    private static RegistryException failure(String message, Kind kind, int status, long retryAfterMillis, boolean mayPass, Throwable cause) {
        return new RegistryException(PlainText.line(Secrets.masked(message)), kind, status, retryAfterMillis, mayPass, cause);
    }

    private static String by(Proxies.Choice through) {
        return through.proxy() == null ? "" : "; it was asked through " + through;
    }

    /** Returns the failure of an answer that does not come from a registry, such as a proxy's page. */
    public static RegistryException notARegistry(URI uri, String why) {
        return failure(place(uri) + " does not answer as a registry: " + why, Kind.NOT_A_REGISTRY, 0, -1, false, null);
    }

    /** Returns the failure of an answer that took longer than this to begin or to end. */
    static RegistryException tooSlow(URI uri, long millis) {
        return failure(place(uri) + ": the answer took more than " + millis / 1000 + " s, which is too slow for anything but a blob", Kind.TOO_SLOW, 0, -1, false, null);
    }

    /** Returns the failure of a list that was cut off because it may be endless. */
    public static RegistryException stopped(URI uri, String why) {
        return failure(place(uri) + ": " + why + ", where it was stopped", Kind.STOPPED, 0, -1, false, null);
    }

    /** Returns the failure of an image that this machine's settings forbid. */
    public static RegistryException blocked(String name, Path file) {
        return failure(name + " is blocked by " + file, Kind.BLOCKED, 0, -1, false, null);
    }

    /**
     * The error form of distribution-spec, Error Codes: {"errors":[{"code":…,"message":…}]}. Token servers have others:
     * RFC 6749, section 5.2, {"error":…,"error_description":…}, and Docker Hub's {"details":…}; the Hub's own API has {"message":…} or {"detail":…}.
     */
    private static String registrysWords(Response answer) throws IOException {
        JsonNode body = Json.object(answer.bytes(LONGEST_ERROR, "an error"), "the error");
        JsonNode error = body.path("errors").path(0);
        String code = error.path("code").asText(body.path("error").asText(""));
        String message = Stream.of(error.path("message"), body.path("error_description"), body.path("details"), body.path("message"), body.path("detail"))
                .filter(JsonNode::isTextual).map(JsonNode::asText).findFirst().orElse("");
        String words = PlainText.spaced(Redaction.text(String.join(": ", Stream.of(code, message).filter(part -> !part.isEmpty()).toList())));
        return words.isEmpty() ? "" : " " + PlainText.cut(words).replaceFirst("[.]+$", "");
    }

    /** Returns scheme, host and path: a query may hold a signature, and what stands before the host a password. */
    public static String place(URI uri) {
        return PlainText.cut(Secrets.masked(uri.getScheme() + "://" + uri.getRawAuthority().replaceFirst(".*@", "") + uri.getRawPath()));
    }
}
