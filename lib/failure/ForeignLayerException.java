package lib.failure;

/** Foreign layers that are not there, and of which the manifest says where they are to be had: they can be left out. */
public final class ForeignLayerException extends WrongContentException {
    public ForeignLayerException(String message) {
        super(message);
    }
}
