package lib.failure;

/** Content that would unpack to more bytes than are allowed: whoever trusts it may allow more. */
public final class TooLargeException extends WrongContentException {
    public TooLargeException(String message) {
        super(message);
    }
}
