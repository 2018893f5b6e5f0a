package lib.server;

import lib.failure.NotFoundException;

/** A repository that is not served (distribution-spec, Error Codes, NAME_UNKNOWN). */
final class UnknownNameException extends NotFoundException {
    private static final long serialVersionUID = 1;

    UnknownNameException(String repository) {
        super("no repository " + repository);
    }
}
