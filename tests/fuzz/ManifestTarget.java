package tests.fuzz;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import lib.failure.WrongContentException;
import lib.image.Choice;
import lib.image.Descriptor;
import lib.image.ImageConfig;
import lib.image.Manifest;
import lib.image.ManifestTree;
import lib.image.Platform;
import lib.image.Schema1;
import lib.text.Json;

/** Whatever a registry sends as a manifest or an index and, behind a zero byte, as a config, is read or is refused as wrong content. */
public final class ManifestTarget {
    private static final Platform WANTED = Platform.parse("linux/arm64/v8");

    private ManifestTarget() { }

    public static void fuzzerTestOneInput(byte[] input) {
        int end = 0;
        while (end < input.length && input[end] != 0) {
            end++;
        }
        try {
            read(Arrays.copyOf(input, end), Arrays.copyOfRange(input, Math.min(end + 1, input.length), input.length));
        } catch (IOException refused) {
            // as it should be
        }
    }

    /** Whatever an index lists, these bytes are it. */
    private record Anything(byte[] bytes) implements ManifestTree.Source {
        @Override
        public Manifest manifest(Descriptor entry) throws WrongContentException {
            return Manifest.parse(bytes, entry.mediaType());
        }

        @Override
        public byte[] config(Manifest manifest) {
            return bytes;
        }

        @Override
        public boolean has(Descriptor entry) {
            return true;
        }
    }

    private static void read(byte[] bytes, byte[] config) throws IOException {
        Manifest manifest = Manifest.parse(bytes, "");
        if (manifest.isSchema1()) {
            Schema1.of(manifest).config(List.of());
            Schema1.parseSigned(null, bytes, "");
            return;
        }
        if (manifest.isIndex()) {
            Choice chosen = Choice.of(manifest, WANTED, new Anything(config));
            if (chosen.entry().isAttestation()) {
                throw new AssertionError("an attestation was taken for an image: " + chosen);
            }
            return;
        }
        for (Descriptor blob : manifest.blobs()) {
            if (blob.size() < 0) {
                throw new AssertionError("a blob of less than nothing: " + blob);
            }
        }
        ImageConfig how = new ImageConfig(Json.object(config, "the config"));
        how.startCommand();
        how.dockerRun("image");
        how.summary(manifest, "image");
        if (manifest.diffIds(config).size() != manifest.layers().size()) {
            throw new AssertionError("diff IDs that are not one a layer");
        }
    }
}
