package lib.failure;

/** Content that would unpack to more bytes than are allowed: those who trust it may allow more. */
public final class TooLargeException extends WrongContentException {
    /** @param message what is too large, and the limit in bytes: one line, without secrets */
    public TooLargeException(String message) {
        super(message);
    }
}
