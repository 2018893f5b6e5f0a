package lib.server.writable;

import java.io.IOException;

/** A request that is answered with an error (distribution-spec, Error Codes). */
final class RefusedException extends IOException {
    private final int status;
    private final String code;

    /**
     * @param status the HTTP status
     * @param code   the code that the specification has for it
     */
    RefusedException(int status, String code, String message) {
        super(message);
        this.status = status;
        this.code = code;
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }
}
