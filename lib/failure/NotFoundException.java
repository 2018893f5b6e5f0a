package lib.failure;

import java.io.IOException;

/** A name, platform, digest or path that is not there: exit code 3. */
public class NotFoundException extends IOException {
    /** @param message what was looked for, and where: one line, without secrets */
    public NotFoundException(String message) {
        super(message);
    }
}
