package lib.verb;

import java.nio.file.Path;
import lib.registry.Registry;
import lib.transfer.Settings;
import org.jspecify.annotations.Nullable;

/**
 * Where images are that somebody named: some or all that are in a layout or an archive, or one that a registry has.
 *
 * @param store    the layout or the archive; null for a registry
 * @param choice   which images of a layout or an archive
 * @param registry the repository, by the image's name; null for a layout or an archive
 * @param settings how what is asked for is fetched; its notice is told what is left out, a line each
 */
public record ImageLocation(@Nullable Path store, ImageChoice choice, @Nullable Registry registry, Settings settings) {

    /** In a layout or an archive. */
    public ImageLocation(Path store, ImageChoice choice, Settings settings) {
        this(store, choice, null, settings);
    }

    /** In a registry. */
    public ImageLocation(Registry registry, Settings settings) {
        this(null, ImageChoice.ALL, registry, settings);
    }
}
