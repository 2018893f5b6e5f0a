package lib.failure;

import java.io.IOException;

/** A signature that is not what it has to be: of another key, of another image, altered, or in no form that is known: exit code 9. */
public class WrongSignatureException extends IOException {
    /** @param message what is wrong with the signature, one line, without secrets */
    public WrongSignatureException(String message) {
        super(message);
    }

    /** Does the same for something that went wrong below. */
    public WrongSignatureException(String message, Throwable cause) {
        super(message, cause);
    }
}
