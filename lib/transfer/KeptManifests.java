package lib.transfer;

import java.io.IOException;
import java.nio.file.Path;
import lib.image.Digest;
import lib.image.Manifest;
import lib.store.ImageStore;

/** Manifests that are in an archive or a layout on this side already. A registry that counts pulls need not be asked for them. */
public final class KeptManifests {
    private KeptManifests() { }

    /** Returns the manifest of this digest, checked against it, or null where the place does not have it, or is no archive and no layout. */
    public static Manifest find(Path place, Digest digest) {
        try {
            ImageStore store = ImageStore.open(place);
            return store.manifest(store.find(digest));
        } catch (IOException | IllegalArgumentException e) {
            return null; // the registry has it, whatever is here
        }
    }
}
