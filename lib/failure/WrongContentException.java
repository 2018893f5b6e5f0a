package lib.failure;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Content that is not what its digest, its size or its format says, or that is not taken: exit code 5. */
public class WrongContentException extends IOException {
    private final Kind kind;

    /** What is wrong with it, where a person can do something about it. */
    public enum Kind {
        /** It is damaged, or was altered. */
        DAMAGED,
        /** It would unpack to more bytes than are allowed: those who trust it may allow more. */
        TOO_LARGE,
        /** A layer that the manifest says to download from elsewhere is not there: an image may do without it. */
        FOREIGN_LAYER,
        /** An index lists images for several platforms of which only some are there: one of these may do. */
        INCOMPLETE_INDEX
    }

    /** @param message what is wrong with what, one line, without secrets */
    public WrongContentException(String message) {
        this(Kind.DAMAGED, message);
    }

    /** @param message what is wrong with what, one line, without secrets */
    public WrongContentException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /**
     * @param message what is wrong with what, one line, without secrets
     * @param cause   what went wrong below; its kind, if it has one, is this one's, too
     */
    public WrongContentException(String message, Throwable cause) {
        super(message, cause);
        this.kind = kindOf(cause);
    }

    private static Kind kindOf(@Nullable Throwable cause) {
        return cause == null ? Kind.DAMAGED : cause instanceof WrongContentException wrong ? wrong.kind : kindOf(cause.getCause());
    }

    /** Returns what is wrong with it. */
    public Kind kind() {
        return kind;
    }
}
