package lib.failure;

import java.io.IOException;

/** An image that nobody signed, as far as can be seen from where it is: exit code 8. */
public class NoSignatureException extends IOException {
    public NoSignatureException(String message) {
        super(message);
    }
}
