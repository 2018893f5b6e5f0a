package lib.registry.auth;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A token that a token server gave, with what it was asked for: enough to ask for the next one.
 *
 * @param answer    the token server's answer
 * @param challenge the challenge that named the token server
 * @param scope     what the token is for, such as {@code repository:library/nginx:pull}
 * @param expiresAt when it expires, by System.nanoTime
 */
record Token(ObjectNode answer, Challenge challenge, String scope, long expiresAt) {
    /** A token is valid this long where its server does not say, in seconds. */
    private static final long USUAL_SECONDS = 60;
    private static final long LONGEST_SECONDS = 24 * 60 * 60;

    /** Returns a token that has just arrived: its time counts from now, as clocks may differ. A lifetime of zero or less counts as none. */
    static Token of(ObjectNode answer, Challenge challenge, String scope) {
        long seconds = answer.path("expires_in").asLong(USUAL_SECONDS);
        seconds = seconds <= 0 ? USUAL_SECONDS : Math.min(seconds, LONGEST_SECONDS);
        return new Token(answer, challenge, scope, System.nanoTime() + seconds * 1_000_000_000L);
    }

    boolean isExpired() {
        return System.nanoTime() - expiresAt > 0;
    }

    /** Returns the Authorization header that shows it (RFC 6750, section 2.1). */
    String header() {
        return "Bearer " + TokenRequest.tokenIn(answer);
    }
}
