package lib.transfer.copy;

import java.io.IOException;
import lib.failure.RegistryException;
import lib.image.Descriptor;
import lib.image.Reference;
import lib.registry.Registry;
import lib.registry.Uploads;
import lib.transfer.Settings;
import lib.transfer.push.PushSource;

/**
 * The blobs of a repository in a registry, to be pushed to another one.
 *
 * @param settings whose retries are those of the line to this registry
 * @param lost     the blobs that could not be had, for this image or one before
 * @param image    what people call the image
 */
public record RegistryBlobs(Registry registry, Settings settings, LostBlobs lost, String image) implements PushSource {
    /** Those of one image, without others that need the same ones. */
    public RegistryBlobs(Registry registry, Settings settings) {
        this(registry, settings, new LostBlobs(), "");
    }

    @Override
    public String name() {
        Reference reference = registry.origin(null, null).reference();
        return reference.registry() + "/" + reference.repository();
    }

    /** A registry has what its manifests list, but for layers that say where else they are. */
    @Override
    public boolean has(Descriptor blob) throws IOException {
        if (blob.urls().isEmpty()) {
            return true;
        }
        try {
            return registry.describe(blob.digest()).size() == blob.size();
        } catch (RegistryException e) {
            if (e.status() == 404) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public Uploads.Source blob(Descriptor blob) {
        return lost.watched(new ResumableBlob(registry, blob, settings), name(), blob, image);
    }

    @Override
    public boolean isLost(Descriptor blob) {
        return lost.has(name(), blob);
    }
}
