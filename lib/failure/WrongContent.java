package lib.failure;

import java.io.IOException;

/** Content that is not what its digest, its size or its format says: exit code 5. */
public class WrongContent extends IOException {
    public WrongContent(String message) {
        super(message);
    }

    public WrongContent(String message, Throwable cause) {
        super(message, cause);
    }
}
