package lib.failure;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The far side did not give what was asked for. The message says what was asked, of whom, and what came back,
 * the registry's own error code and message included. What follows from it is decided by the fields, never by the message.
 */
public final class RegistryException extends IOException {
    /** What kept the request from being answered as it should be. */
    public enum Kind {
        /** An answer came, whose HTTP status refuses: see {@link RegistryException#status()}. */
        REFUSED,
        /** The connection was lost, or brought nothing, before the answer was complete. */
        LOST,
        /** No connection could be made. */
        UNREACHABLE,
        /** The host's name cannot be resolved. */
        UNKNOWN_HOST,
        /** The proxy's name cannot be resolved. */
        UNKNOWN_PROXY,
        /** The host does not speak TLS, where HTTPS was expected. */
        PLAIN_HTTP,
        /** The host's certificate is signed by an authority that is not trusted here. */
        UNKNOWN_SIGNER,
        /** The host's certificate is not valid for it, or not now. */
        WRONG_CERTIFICATE,
        /** TLS cannot be agreed on, for another reason. */
        NO_TLS,
        /** The proxy requires a login, or refuses the one it was given. */
        PROXY,
        /** The answer is not that of a registry, or breaks the specification. */
        NOT_A_REGISTRY,
        /** The answer took too long to begin or to end. */
        TOO_SLOW,
        /** The answer is longer than the bound for it. */
        STOPPED,
        /** No request was sent: this machine's settings forbid it. */
        BLOCKED,
        /** The tag names an index for several platforms, which one image would replace. */
        INDEX
    }

    private final Kind kind;
    private final int status;
    private final long retryAfterMillis;
    private final boolean mayPass;

    /**
     * @param message          one line, without secrets
     * @param status           the HTTP status, or 0 where none came or none matters
     * @param retryAfterMillis how long the registry asks to wait, in milliseconds, or -1 where it does not say
     * @param mayPass          whether asking again may help
     * @param cause            what went wrong below, or null
     */
    public RegistryException(String message, Kind kind, int status, long retryAfterMillis, boolean mayPass, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.status = status;
        this.retryAfterMillis = retryAfterMillis;
        this.mayPass = mayPass;
    }

    /** Returns what kept the request from being answered. */
    public Kind kind() {
        return kind;
    }

    /** Returns the HTTP status of an answer that refuses, else 0. */
    public int status() {
        return status;
    }

    /** Returns how long the registry asks to wait, in milliseconds, or -1 where it does not say. */
    public long retryAfterMillis() {
        return retryAfterMillis;
    }

    /** Returns whether asking again may help: the line, the server or its limits may recover; refusals and misspelled hosts do not. */
    public boolean mayPass() {
        return mayPass;
    }

    /** Returns whether the registry refuses those who ask, or what they show: 401 or 403. */
    public boolean isOfLogin() {
        return status == 401 || status == 403;
    }

    /** Returns the same failure with more to say about it. */
    public RegistryException and(String more) {
        return more.isEmpty() ? this : new RegistryException(getMessage() + more, kind, status, retryAfterMillis, mayPass, getCause());
    }

    /** Returns the same failure of a host that is known to be the right one: that it cannot be reached now may pass. */
    public RegistryException ofKnownHost() {
        boolean unreachable = switch (kind) {
            case LOST, UNREACHABLE, UNKNOWN_HOST, UNKNOWN_PROXY -> true;
            default -> false;
        };
        return unreachable && !mayPass ? new RegistryException(getMessage(), kind, status, retryAfterMillis, true, getCause()) : this;
    }
}
