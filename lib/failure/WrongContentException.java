package lib.failure;

import java.io.IOException;

/** Content that is not what its digest, its size or its format says: exit code 5. */
public class WrongContentException extends IOException {
    public WrongContentException(String message) {
        super(message);
    }

    public WrongContentException(String message, Throwable cause) {
        super(message, cause);
    }
}
