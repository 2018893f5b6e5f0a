package lib.verb;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import lib.failure.WrongContentException;
import lib.image.ImageConfig;
import lib.image.Manifest;
import lib.image.Origin;
import lib.image.Platform;
import lib.image.Schema1;
import lib.registry.Registry;
import lib.store.layer.BlobSource;
import lib.text.Json;
import lib.transfer.BlobStream;
import lib.transfer.RemoteImage;
import lib.transfer.Settings;

/**
 * The config of an image: what it runs, and how each layer was built.
 *
 * @param config the config as JSON
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/config.md">image-spec, config.md</a>
 */
public record Inspection(Origin origin, Manifest manifest, ObjectNode config) {

    /**
     * Reads the config of an image in a layout or an archive.
     *
     * @throws WrongContentException if the config is missing, is not what its digest says, or does not fit the layers
     */
    public static Inspection of(ImageSource image) throws IOException {
        return checked(image.origin(), image.image().manifest(), image.config());
    }

    /**
     * Fetches the manifest of an image for a platform, and the config.
     *
     * @param policy which signatures it has to have
     * @throws lib.failure.NotFoundException if there is no such image
     * @throws WrongContentException         if the config is not what its digest says, or does not fit the layers
     * @throws lib.failure.RegistryException if the policy forbids it, or the registry does not give what it should
     * @throws lib.failure.NoSignatureException    if it has to be signed, and is not
     * @throws lib.failure.WrongSignatureException if no signature of it is right
     */
    public static Inspection of(Registry registry, Platform platform, SignaturePolicy policy, Settings settings) throws IOException {
        RemoteImage image = new ImageFinder(registry, policy, settings).choose(platform);
        Manifest manifest = image.manifest();
        if (manifest.isSchema1()) {
            return ofSchema1(registry, manifest);
        }
        byte[] config = BlobSource.config(blob -> BlobStream.of(registry, blob, settings), manifest);
        return checked(image.origin(), manifest, config);
    }

    /** There is no config: the one that it would be converted to is shown, without what only the layers say. */
    private static Inspection ofSchema1(Registry registry, Manifest manifest) throws IOException {
        Schema1 old = Schema1.of(manifest);
        byte[] config = old.config(List.of());
        Manifest converted = Schema1.manifest(config, registry.describe(old.digests()));
        return new Inspection(registry.origin(manifest.digest(), null), converted, parsed(converted, config));
    }

    /** A config that knows more or fewer layers than there are would tell of the wrong ones what built them. */
    private static Inspection checked(Origin origin, Manifest manifest, byte[] config) throws WrongContentException {
        if (manifest.isImage()) {
            manifest.diffIds(config);
        }
        return new Inspection(origin, manifest, parsed(manifest, config));
    }

    private static ObjectNode parsed(Manifest manifest, byte[] config) throws WrongContentException {
        return Json.object(config, "the config " + manifest.config().digest());
    }

    /**
     * Returns the config for people to read: the image, what it runs, and its layers, a line each.
     *
     * @throws WrongContentException if the manifest's layers are not descriptors
     */
    public List<String> summary() throws WrongContentException {
        return new ImageConfig(config).summary(manifest, origin.reference().withDigest(null).familiarName());
    }
}
