package lib.cli;

import lib.failure.WrongContentException;
import lib.image.Manifest;
import lib.text.Json;

/** The manifest that a stage prints, as it comes on stdin. */
public final class PipedManifest {
    private PipedManifest() { }

    /**
     * Returns the manifest or index that a stage's JSON is.
     *
     * @throws IllegalArgumentException if it is not a manifest, or its lists are not of blobs
     */
    public static Manifest of(Stage stage) {
        try {
            Manifest manifest = Manifest.parse(Json.bytes(stage.json()), null);
            if (manifest.isIndex()) {
                manifest.entries();
            } else if (!manifest.isSchema1()) {
                manifest.blobs();
            }
            return manifest;
        } catch (WrongContentException e) {
            throw new IllegalArgumentException("what came on stdin: " + e.getMessage() + "; pipe in what manifest prints", e);
        }
    }
}
