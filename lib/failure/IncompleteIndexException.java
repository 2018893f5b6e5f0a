package lib.failure;

/** A layout or an archive has an index, but not all images that it lists: another choice of the platform may do. */
public final class IncompleteIndexException extends WrongContentException {
    /** @param message what is missing: one line, without secrets */
    public IncompleteIndexException(String message) {
        super(message);
    }
}
