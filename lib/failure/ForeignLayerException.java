package lib.failure;

/** Foreign layers are missing, which the manifest says to download from elsewhere: they can be left out. */
public final class ForeignLayerException extends WrongContentException {
    /** @param message which layer is missing: one line, without secrets */
    public ForeignLayerException(String message) {
        super(message);
    }
}
