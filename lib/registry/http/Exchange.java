package lib.registry.http;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import lib.image.Digest;
import lib.registry.api.Purpose;
import org.jspecify.annotations.Nullable;

/**
 * One request and what came back, to be shown. Secrets are masked before an exchange is made.
 * It is told twice, under the same number: when the answer's headers have come, and when its body has ended.
 *
 * @param number  counts the requests of this program, from 1
 * @param purpose what the request is for
 * @param digest  the digest of the manifest or the blob that it is about, or null if none is known
 * @param why     the reason for the request, one short sentence
 * @param method  GET, HEAD where only the headers are wanted, POST, or what a push needs: PATCH, PUT, DELETE
 * @param uri     the address; of its query only what is known not to be secret
 * @param headers the request's headers; an Authorization header names only its scheme
 * @param form    what a POST to a token server sends, or null
 * @param way     what the command's options say of the way to the other side
 * @param begun   when the request began
 * @param times   how long its parts took
 * @param status  the HTTP status, or 0 when no answer came
 * @param reason  what stands behind the status, or what the trouble was when no answer came
 * @param answer  the answer's headers, in their order
 * @param body    what came of the body, or null while it is still to come, or when no answer came
 */
public record Exchange(int number, Purpose purpose, @Nullable Digest digest, String why, String method, String uri, Map<String, String> headers, @Nullable String form, Way way,
        Instant begun, Times times, int status, String reason, List<Header> answer, @Nullable Body body) {

    /**
     * What the command's options say of the way to the other side: without them the same request gets another answer.
     *
     * @param proxy    the proxy that --proxy names, without its login; empty for none, null if the variables decide
     * @param login    whether a proxy wants a name and a password
     * @param cacert   the certificates of --cacert, or null if they count for nothing
     * @param insecure whether a certificate may be anybody's
     * @param resolve  what is given of the address that is connected to, as curl's option of this name has it; null if that is looked up
     */
    public record Way(@Nullable String proxy, boolean login, @Nullable Path cacert, boolean insecure, @Nullable String resolve) { }

    /** A header of an answer, which may have several of one name. */
    public record Header(String name, String value) { }

    /**
     * The parts of an exchange, in milliseconds; -1 where a part is not known, or there was none.
     *
     * @param connect the connection to the other side, with finding its address and with TLS; none where one was kept
     * @param tls     how much of that the TLS handshake took
     * @param waiting from then to the answer's headers
     * @param receive from then to the body's end
     */
    public record Times(double connect, double tls, double waiting, double receive) {
        /** Returns all of it together. */
        public double total() {
            return Math.max(0, connect) + Math.max(0, waiting) + Math.max(0, receive);
        }
    }

    /**
     * What came of a body.
     *
     * @param bytes  how many bytes came
     * @param whole  whether it came to its end
     * @param broken why no more came of it than this, where that was not our wish; else null
     * @param text   the body where it is a short JSON object and no blob, its secrets masked, else null
     */
    public record Body(long bytes, boolean whole, @Nullable String broken, @Nullable String text) { }

    /** Returns whether this is the first that is told of the exchange. */
    public boolean isFirst() {
        return body == null;
    }

    /** Returns whether something was to change on the other side, as in a push. */
    public boolean isWrite() {
        return form == null && !method.equals("GET") && !method.equals("HEAD");
    }

    /** Returns the same without the body's text. */
    public Exchange withoutText() {
        Body without = body == null ? null : new Body(body.bytes(), body.whole(), body.broken(), null);
        return with(times, status, reason, answer, without);
    }

    /** Returns the same with what is known of it now. */
    Exchange with(Times newTimes, int newStatus, String newReason, List<Header> newAnswer, @Nullable Body newBody) {
        return new Exchange(number, purpose, digest, why, method, uri, headers, form, way, begun, newTimes, newStatus, newReason, newAnswer, newBody);
    }

    /** Returns the first value of a header of the answer, whatever the case of its name, or null. */
    public @Nullable String answer(String name) {
        return answer.stream().filter(header -> header.name().equalsIgnoreCase(name)).map(Header::value).findFirst().orElse(null);
    }
}
