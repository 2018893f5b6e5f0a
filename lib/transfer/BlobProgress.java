package lib.transfer;

import java.util.Set;
import lib.image.Descriptor;

/** One blob that is downloaded or uploaded, as a display of progress sees it. All of it may be read at any moment, by any thread. */
public interface BlobProgress {
    /** Returns what the blob is: its size is the whole that {@link #presentNow} grows to. */
    Descriptor blob();

    /** Returns how many of the blob's bytes were there when this run began. */
    long presentAtStart();

    /** Returns how many of the blob's bytes are there by now. */
    long presentNow();

    /** Returns whether all of it is where it is to be. */
    default boolean isThere() {
        return presentNow() == blob().size();
    }

    /** Returns the addresses of the hosts that it comes from now. */
    default Set<String> sources() {
        return Set.of();
    }
}
