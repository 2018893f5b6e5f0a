package lib.failure;

import java.io.IOException;

/** A signature that is not what it has to be: of another key, of another image, altered, or in no form that is known: exit code 9. */
public class WrongSignatureException extends IOException {
    public WrongSignatureException(String message) {
        super(message);
    }

    public WrongSignatureException(String message, Throwable cause) {
        super(message, cause);
    }
}
