package lib.registry.auth;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What requests show to a registry: nothing, a token (RFC 6750), or a name and a password (RFC 7617).
 *
 * @param header   the value of the Authorization header (RFC 9110, section 11.6.2), null for nothing
 * @param token    the token in it if a token server gave it, so that it can be renewed; else null
 * @param accepted whether the registry has accepted it at least once: then a later refusal means that its time is over
 */
record Shown(@Nullable String header, @Nullable Token token, boolean accepted) {
    static final Shown NOTHING = new Shown(null, null, false);

    /** Returns a token that no request has shown yet. */
    static Shown of(Token token) {
        return new Shown(token.header(), token, false);
    }

    /** Returns the value of a header that no request has shown yet. */
    static Shown of(String header) {
        return new Shown(header, null, false);
    }

    /** Returns whether a request that was sent with this header, or null for none, showed just this. */
    boolean isIn(@Nullable String sent) {
        return Objects.equals(header, sent);
    }

    /** Returns the same, which the registry has accepted. */
    Shown asAccepted() {
        return new Shown(header, token, true);
    }
}
