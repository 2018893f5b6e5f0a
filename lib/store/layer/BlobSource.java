package lib.store.layer;

import java.io.IOException;
import java.io.InputStream;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Manifest;

/** Where the bytes of blobs come from: a registry, a layout, an archive. */
public interface BlobSource {
    /** Opens a blob. Its bytes are checked by the source: reading throws WrongContentException if they are not what the descriptor says. */
    InputStream open(Descriptor blob) throws IOException;

    /** Returns the bytes of an image's config; throws WrongContentException when it is longer than one that somebody wrote in earnest. */
    static byte[] config(BlobSource blobs, Manifest manifest) throws IOException {
        if (manifest.config().size() > Manifest.LONGEST) {
            throw new WrongContentException("the config " + manifest.config().digest() + " is longer than " + Manifest.LONGEST + " bytes: refused");
        }
        try (InputStream in = blobs.open(manifest.config())) {
            return in.readAllBytes();
        }
    }

    /** Throws WrongContentException when an image's config does not go with its layers. */
    static void checkConfig(BlobSource blobs, Manifest manifest) throws IOException {
        manifest.diffIds(config(blobs, manifest));
    }
}
