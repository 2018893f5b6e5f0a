package lib.transfer.push;

import java.io.IOException;
import java.util.Set;
import lib.image.Descriptor;
import lib.image.Manifest;
import lib.image.Reference;
import lib.registry.Uploads;

/** Where the images are that are pushed: a layout, an archive, another registry. */
public interface PushSource {
    /** Returns what people call it. */
    String name();

    /**
     * Returns whether a blob is there. What is not has to be in the registry that is pushed to.
     *
     * @throws IOException if that cannot be learned
     */
    boolean has(Descriptor blob) throws IOException;

    /**
     * Returns the bytes of a blob for one upload, which may open them several times.
     *
     * @throws lib.failure.WrongContentException if not a byte of it may be sent
     * @throws IOException                       if it cannot be read
     */
    Uploads.Source blob(Descriptor blob) throws IOException;

    /** Returns whether it is known that reading a blob fails: then the image fails, unless the registry has it. */
    default boolean isLost(Descriptor blob) {
        return false;
    }

    /**
     * Does nothing where an image may be pushed.
     *
     * @throws lib.failure.WrongContentException if no engine would load it
     * @throws IOException                       if its config cannot be read
     */
    default void check(Manifest image) throws IOException { }

    /**
     * Returns the names of images that have blobs which were left out here.
     *
     * @throws IOException if they cannot be read
     */
    default Set<Reference> bases() throws IOException {
        return Set.of();
    }
}
