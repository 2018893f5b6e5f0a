package lib.failure;

import java.io.IOException;

/** An image that nobody signed, as far as can be seen from where it is: exit code 8. */
public class NoSignatureException extends IOException {
    /** @param message what is not signed by whom, one line, without secrets */
    public NoSignatureException(String message) {
        super(message);
    }
}
