package lib.failure;

/** One image was wanted of a place that has several, and nothing says which. */
public final class SeveralImagesException extends IllegalArgumentException {
    /** @param message says which there are */
    public SeveralImagesException(String message) {
        super(message);
    }
}
