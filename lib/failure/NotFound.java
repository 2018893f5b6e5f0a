package lib.failure;

import java.io.IOException;

/** A name, platform, digest or path that is not there: exit code 3. */
public class NotFound extends IOException {
    public NotFound(String message) {
        super(message);
    }
}
