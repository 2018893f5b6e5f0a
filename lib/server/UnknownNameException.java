package lib.server;

import lib.failure.NotFound;

/** A repository that is not served (distribution-spec, Error Codes, NAME_UNKNOWN). */
final class UnknownNameException extends NotFound {
    private static final long serialVersionUID = 1;

    UnknownNameException(String repository) {
        super("no repository " + repository);
    }
}
