package lib.verb;

import java.nio.file.Path;
import java.util.List;
import lib.store.NamedImage;

/**
 * What was written.
 *
 * @param path    the archive or the folder
 * @param images  what is in it
 * @param size    its size in bytes, 0 of a folder
 * @param fetched how many bytes of it were fetched now, 0 where it was made of others
 */
public record Written(Path path, List<NamedImage> images, How how, long size, long fetched) {
    /** How it came about. */
    public enum How {
        /** It was there already. */
        WAS_COMPLETE,
        /** Its bytes are those that were fetched. */
        FETCHED,
        /** It was made of blobs that are elsewhere. */
        MADE,
        /** It is a folder, which was filled. */
        FILLED
    }
}
