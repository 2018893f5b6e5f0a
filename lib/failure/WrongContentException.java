package lib.failure;

import java.io.IOException;

/** Content that is not what its digest, its size or its format says: exit code 5. */
public class WrongContentException extends IOException {
    /** @param message what is wrong with what, one line, without secrets */
    public WrongContentException(String message) {
        super(message);
    }

    /**
     * @param message what is wrong with what, one line, without secrets
     * @param cause   what went wrong below
     */
    public WrongContentException(String message, Throwable cause) {
        super(message, cause);
    }
}
