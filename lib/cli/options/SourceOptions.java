package lib.cli.options;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import lib.cli.CommonOptions;
import lib.cli.PipedManifest;
import lib.cli.RemoteNames;
import lib.cli.Stage;
import lib.image.Manifest;
import lib.registry.Registry;
import lib.store.BlobCache;
import lib.transfer.Settings;
import lib.verb.ImageChoice;
import lib.verb.ImageLocation;
import lib.verb.ImageSource;
import lib.verb.RemoteSource;
import org.jspecify.annotations.Nullable;

/** The image whose files are wanted, by an argument and the options that say how to get at it. */
public final class SourceOptions {
    /** How blobs are fetched that must all be here first, as those of schema 1. */
    private static final int CONNECTIONS = 4;
    private static final long SEGMENT = 8 * 1024 * 1024;

    private SourceOptions() { }

    /**
     * Returns where the images are that an argument names: in a layout or an archive, or in a registry, which is not asked yet.
     *
     * @throws IllegalArgumentException      if it is neither the name of an image nor a file, or one of several is meant of an image in a registry
     * @throws lib.failure.RegistryException if settings of this machine block the image
     */
    public static ImageLocation location(String from, ImageOption image, NetworkOptions network) throws IOException {
        Settings settings = new Settings(network.retries(), CommonOptions::warn);
        if (ImageSource.isStore(from)) {
            return new ImageLocation(Path.of(from), image.choice(), settings);
        }
        image.refuse(from);
        return new ImageLocation(new Registry(RemoteNames.of(from), network.network()), settings);
    }

    /**
     * Opens what an argument names: a layout, an archive, an image of a registry; or, where it is null or -, the stage on stdin.
     *
     * @throws IllegalArgumentException            for a bad name, option or stage
     * @throws lib.failure.NotFoundException       if there is no such image, or none for the platform
     * @throws lib.failure.SeveralImagesException  if there are several
     * @throws lib.failure.WrongContentException   if what is there is damaged
     * @throws lib.failure.RegistryException       if the registry does not give the manifest, or a policy forbids the image
     * @throws lib.failure.NoSignatureException    if the image has to be signed and is not
     * @throws lib.failure.WrongSignatureException if no signature of it is right
     */
    public static ImageSource open(@Nullable String from, ImageOption image, PlatformOption platform, NetworkOptions network, MaxSizeOption maxSize, VerifyKeyOption verifyKey) throws IOException {
        BlobCache cache = BlobCache.of(System.getenv(), CommonOptions::warn);
        return open(from, image, platform, network, maxSize, verifyKey, new Settings(CONNECTIONS, SEGMENT, network.retries(), List.of(), cache, CommonOptions::warn, slots -> { }));
    }

    /** Does the same, throwing the same, with blobs that are moved by these settings. */
    public static ImageSource open(@Nullable String from, ImageOption image, PlatformOption platform, NetworkOptions network, MaxSizeOption maxSize, VerifyKeyOption verifyKey,
            Settings settings) throws IOException {
        Long most = maxSize.bytes(); // an invalid size is reported before any request
        if (ImageSource.isStore(from)) {
            return ImageSource.stored(Path.of(from), image.choice(), platform.platform(), platform.isGiven(), most, CommonOptions::warn, verifyKey.signed());
        }
        Stage stage = RemoteNames.stage(from);
        if (stage.json() == null) {
            image.refuse(from);
            return RemoteSource.of(new Registry(stage.origin().reference(), network.network()), platform.platform(), verifyKey.policy(), settings);
        }
        if (stage.wholeImage() != null) {
            return ImageSource.stored(stage.wholeImage(), image.isGiven() ? image.choice() : ImageChoice.of(stage.origin()), platform.platform(), platform.isGiven(), most, CommonOptions::warn, verifyKey.signed());
        }
        image.refuse("the manifest on stdin");
        Manifest manifest = PipedManifest.of(stage);
        if (manifest.isIndex()) {
            throw new IllegalArgumentException("stdin has an index of all platforms: let 'manifest' print the manifest of one platform");
        }
        if (stage.origin().layout() != null) {
            if (verifyKey.signed() != null) {
                throw new IllegalArgumentException("what comes on stdin may have been edited on the way: to have its signature verified, name the layout: " + stage.origin().layout());
            }
            return ImageSource.edited(manifest, stage.origin(), most);
        }
        Registry registry = new Registry(stage.origin().reference(), network.network());
        return RemoteSource.piped(registry, manifest, stage.origin(), verifyKey.policy(), settings);
    }
}
