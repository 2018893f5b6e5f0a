package lib.registry.mirrors;

import java.util.Locale;
import lib.failure.NotFoundException;
import lib.failure.RegistryException;
import lib.failure.WrongContentException;

/** What a place is good for, the best first. */
public enum State {
    /** It has the image, and sends it. */
    OK,
    /** It has another image under the tag, perhaps an older one. */
    ANOTHER_IMAGE,
    /** It has no such image, or not for the platform. */
    NO_SUCH_IMAGE,
    /** It wants a login, or another one. */
    NOT_ALLOWED,
    /** It lets this machine pull no more for now. */
    RATE_LIMIT,
    /** What it sends is not what its digest says, or what the others send. */
    WRONG_CONTENT,
    /** It takes too long. */
    TOO_SLOW,
    /** It answers, but with a failure. */
    FAILS,
    /** It is not a registry. */
    NO_REGISTRY,
    /** TLS, or its certificate, is not as it should be. */
    TLS_FAILS,
    /** No answer comes from there. */
    NO_ANSWER;

    /** Returns the name for people and programs, such as {@code another image}. */
    public String label() {
        return this == TLS_FAILS ? "TLS fails" : name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** @param answered whether the place answered a request before it failed */
    static State of(Exception failure, boolean answered) {
        if (failure instanceof NotFoundException) {
            return NO_SUCH_IMAGE;
        }
        if (failure instanceof WrongContentException) {
            return WRONG_CONTENT;
        }
        return failure instanceof RegistryException e ? of(e, answered) : FAILS;
    }

    private static State of(RegistryException failure, boolean answered) {
        return switch (failure.kind()) {
            case REFUSED -> switch (failure.status()) {
                case 404 -> NO_SUCH_IMAGE;
                case 401, 403 -> NOT_ALLOWED;
                case 429 -> RATE_LIMIT;
                default -> FAILS;
            };
            case PLAIN_HTTP, UNKNOWN_SIGNER, WRONG_CERTIFICATE, NO_TLS -> TLS_FAILS;
            case NOT_A_REGISTRY -> NO_REGISTRY;
            case TOO_SLOW -> answered ? TOO_SLOW : NO_ANSWER;
            default -> answered ? FAILS : NO_ANSWER;
        };
    }
}
