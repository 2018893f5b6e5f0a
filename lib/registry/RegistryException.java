package lib.registry;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.util.stream.Stream;
import lib.image.Json;
import lib.image.PlainText;
import lib.image.Secrets;

//SOURCES Answer.java
//SOURCES Masked.java
//SOURCES NetworkTrouble.java
//SOURCES Proxies.java
//SOURCES ../image/Json.java
//SOURCES ../image/PlainText.java
//SOURCES ../image/Secrets.java

/**
 * The far side did not give what was asked for. The message says what was asked, of whom, and what came back,
 * the registry's own error code and message included.
 */
public final class RegistryException extends IOException {
    /** Error bodies longer than this are not read, in bytes. */
    static final int LONGEST_ERROR = 64 * 1024;

    private static final int BLOCKED = -4;
    private static final int STOPPED = -5;

    private final int status;
    private final long retryAfterMillis;
    private final boolean neverConnected;

    private RegistryException(String message, int status, long retryAfterMillis, boolean neverConnected, Throwable cause) {
        super(PlainText.line(Secrets.masked(message)), cause);
        this.status = status;
        this.retryAfterMillis = retryAfterMillis;
        this.neverConnected = neverConnected;
    }

    /** Returns the failure that an answer stands for, and closes the answer. Where the line broke before all of the registry's words had come, it may be asked again. */
    static RegistryException of(Answer answer, String what) {
        String words = "";
        RegistryException lost = null;
        try (answer) {
            words = registrysWords(answer);
        } catch (RegistryException e) {
            lost = e.status() == 0 ? e : null;
        } catch (IOException e) {
            String type = answer.header("Content-Type");
            words = type == null ? "" : " (" + PlainText.cut(Masked.text(type)) + ")";
        }
        String said = answer.status() + words + limit(answer);
        return new RegistryException(what + ": " + place(answer.uri()) + " answered " + said, answer.status(), answer.retryAfterMillis(), false, lost);
    }

    /** What the registry says of its limit, such as {@code 100;w=21600}: so many pulls in so many seconds. */
    private static String limit(Answer answer) {
        String limit = answer.header("RateLimit-Limit");
        String left = answer.header("RateLimit-Remaining");
        String source = answer.header("Docker-RateLimit-Source");
        return answer.status() != 429 || limit == null ? ""
                : " (its limit is " + PlainText.cut(limit + (left == null ? "" : ", " + left + " left") + (source == null ? "" : ", counted for " + source)) + ")";
    }

    /** Returns the failure of an answer that broke off. */
    static RegistryException broken(URI uri, IOException cause) {
        return new RegistryException(place(uri) + ": " + NetworkTrouble.inWords(uri, null, cause), 0, -1, false, cause);
    }

    /** Returns the failure of a request that no answer came to, which went through a proxy or not. */
    static RegistryException broken(URI uri, Proxies.Choice through, IOException cause, boolean neverConnected) {
        if (NetworkTrouble.isRefusedTunnel(cause)) {
            return refusedByProxy(uri, through);
        }
        return new RegistryException(place(uri) + ": " + NetworkTrouble.inWords(uri, through.proxy(), cause) + by(through), 0, -1, neverConnected, cause);
    }

    /** Returns the failure of a request that a proxy lets nobody send, or not with these credentials: 407 (RFC 9110, section 15.5.8). */
    static RegistryException refusedByProxy(URI uri, Proxies.Choice through) {
        boolean given = through.proxy() != null && through.proxy().credentials() != null;
        String why = given ? "the proxy refuses the name and the password it was given" : "the proxy wants a name and a password: write http://user:password@host:port";
        return new RegistryException(place(uri) + ": " + why + by(through), -1, -1, true, null);
    }

    private static String by(Proxies.Choice through) {
        return through.proxy() == null ? "" : "; it was asked through " + through;
    }

    /** Returns the failure of an answer that is no registry's, such as a proxy's page. */
    static RegistryException notARegistry(URI uri, String why) {
        return new RegistryException(place(uri) + " does not answer as a registry: " + why, -1, -1, false, null);
    }

    /** Returns the failure of an answer that took longer than this to begin or to end. */
    static RegistryException tooSlow(URI uri, long millis) {
        return new RegistryException(place(uri) + ": the answer took more than " + millis / 1000 + " s, which is too slow for anything but a blob", -1, -1, false, null);
    }

    /** Returns the failure of a list that is not taken any further, for it may have no end. */
    static RegistryException stopped(URI uri, String why) {
        return new RegistryException(place(uri) + ": " + why + ", where it was stopped", STOPPED, -1, false, null);
    }

    /** Returns the failure of an image that this machine's settings forbid. */
    static RegistryException blocked(String name, java.nio.file.Path file) {
        return new RegistryException(name + " is blocked by " + file, BLOCKED, -1, false, null);
    }

    /**
     * The error form of distribution-spec, Error Codes: {"errors":[{"code":…,"message":…}]}. Token servers have others:
     * RFC 6749, section 5.2, {"error":…,"error_description":…}, and Docker Hub's {"details":…}; the Hub's own API has {"message":…} or {"detail":…}.
     */
    private static String registrysWords(Answer answer) throws IOException {
        JsonNode body = Json.object(answer.bytes(LONGEST_ERROR, "an error"), "the error");
        JsonNode error = body.path("errors").path(0);
        String code = error.path("code").asText(body.path("error").asText(""));
        String message = Stream.of(error.path("message"), body.path("error_description"), body.path("details"), body.path("message"), body.path("detail"))
                .filter(JsonNode::isTextual).map(JsonNode::asText).findFirst().orElse("");
        String words = PlainText.spaced(Masked.text(String.join(": ", Stream.of(code, message).filter(part -> !part.isEmpty()).toList())));
        return words.isEmpty() ? "" : " " + PlainText.cut(words);
    }

    /** Returns scheme, host and path: a query may hold a signature, and what stands before the host a password. */
    static String place(URI uri) {
        return PlainText.cut(Secrets.masked(uri.getScheme() + "://" + uri.getRawAuthority().replaceFirst(".*@", "") + uri.getRawPath()));
    }

    /** Tells whether nothing was asked, since this machine's settings forbid it. */
    public boolean isBlocked() {
        return status == BLOCKED;
    }

    /** Tells whether there was more to come than is taken. */
    public boolean isStopped() {
        return status == STOPPED;
    }

    /** Returns the HTTP status, 0 when no answer came, or less when the answer was no registry's. */
    public int status() {
        return status;
    }

    /** Returns how long the registry asks to wait, in milliseconds, or -1 when it does not say. */
    long retryAfterMillis() {
        return retryAfterMillis;
    }

    /**
     * Tells whether asking again may help: the line, the server or its limits may recover; refusals do not.
     * 499 is what docker-registry and nginx answer where the connection broke before all of the request had come.
     */
    boolean mayPass() {
        return status == 0 && !(getCause() instanceof javax.net.ssl.SSLException && neverConnected)
                || status == 408 || status == 429 || status == 499 || status >= 500 || getCause() instanceof RegistryException;
    }

    /** Returns the same, of a host that is known to be the right one: that no connection could be made may pass. */
    RegistryException orLater() {
        boolean unreachable = status == 0 && neverConnected && !(getCause() instanceof javax.net.ssl.SSLException);
        return unreachable ? new RegistryException(getMessage(), status, retryAfterMillis, false, getCause()) : this;
    }

    /** Tells whether no connection could be made at all, as with a mistyped host. */
    boolean neverConnected() {
        return neverConnected;
    }
}
