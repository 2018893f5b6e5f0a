package lib.failure;

/** A push would put an image for one platform under a tag that names an index for several. */
public final class IndexReplacedException extends IllegalArgumentException {
    /** @param message which tag: one line, without secrets */
    public IndexReplacedException(String message) {
        super(message);
    }
}
