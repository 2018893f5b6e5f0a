package lib.cli.options;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import lib.cli.CommonOptions;
import lib.cli.FarNames;
import lib.cli.Stage;
import lib.failure.WrongContent;
import lib.image.Choice;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.Origin;
import lib.image.Reference;
import lib.registry.Registry;
import lib.store.BlobCache;
import lib.store.ImageStore;
import lib.store.Layout;
import lib.store.Named;
import lib.store.StoredImages;
import lib.store.TemporaryLayout;
import lib.store.layer.BlobParts;
import lib.store.layer.BlobSource;
import lib.store.layer.Layers;
import lib.transfer.BlobPart;
import lib.transfer.BlobPull;
import lib.transfer.BlobStream;
import lib.transfer.Settings;
import lib.transfer.Wanted;

/**
 * An image whose files are wanted, and how to get at its blobs.
 *
 * @param parts    gives parts of blobs, null where whole ones are at hand
 * @param isFar    whether they come from a registry
 * @param isEdited whether somebody may have edited the manifest
 */
public record ImageSource(Named image, Origin origin, BlobSource blobs, BlobParts parts, boolean isFar, boolean isEdited) {
    /** How blobs are fetched that must all be here first: see {@link #ofSchema1}. */
    private static final int CONNECTIONS = 4;
    private static final long SEGMENT = 8 * 1024 * 1024;

    /** Opens what an argument names: a layout, an archive, an image of a registry; or, where it is null or -, the stage on stdin. */
    public static ImageSource of(String from, PlatformOption platform, NetworkOptions network, MaxSizeOption maxSize) throws IOException {
        BlobCache cache = BlobCache.of(System.getenv(), CommonOptions::warn);
        return of(from, platform, network, maxSize, new Settings(CONNECTIONS, SEGMENT, network.retries(), List.of(), cache, CommonOptions::warn, slots -> { }));
    }

    /** Does the same, for blobs that are moved in the way that somebody asked for. */
    public static ImageSource of(String from, PlatformOption platform, NetworkOptions network, MaxSizeOption maxSize, Settings settings) throws IOException {
        maxSize.bytes(); // what is no size is said before anything is asked for
        if (isStore(from)) {
            ImageStore store = ImageStore.open(Path.of(from), maxSize.bytes());
            Named image = first(store.images(), platform);
            Reference name = image.reference() != null ? image.reference() : Reference.parse("localhost/unnamed");
            return new ImageSource(image, new Origin(name, null, image.manifest().digest(), null, from), store::blob, null, false, false);
        }
        Stage stage = FarNames.stage(from);
        Reference name = stage.origin().reference();
        if (stage.json() == null) {
            Registry registry = new Registry(name, network.network());
            Choice chosen = registry.manifest(platform.platform());
            if (chosen.manifest().isSchema1()) {
                return ofSchema1(registry, chosen.manifest(), settings);
            }
            return new ImageSource(new Named(chosen.manifest(), name), registry.origin(chosen.manifest().digest(), chosen.platform()),
                    blobsOf(registry, settings), partsOf(registry, settings), true, false);
        }
        Named edited = new Named(stage.manifest(), name);
        if (edited.manifest().isIndex()) {
            throw new IllegalArgumentException("what came on stdin is an index, of all platforms: have 'manifest' print the manifest for one of them");
        }
        if (stage.origin().layout() != null) {
            return new ImageSource(edited, stage.origin(), ImageStore.open(Path.of(stage.origin().layout()), maxSize.bytes())::blob, null, false, true);
        }
        Registry registry = new Registry(name, network.network());
        if (edited.manifest().isSchema1()) {
            return ofSchema1(registry, edited.manifest(), settings);
        }
        return new ImageSource(edited, stage.origin(), blobsOf(registry, settings), partsOf(registry, settings), true, true);
    }

    /** Returns the first image, or the first of what is no image where there is nothing else. */
    private static Named first(StoredImages stored, PlatformOption platform) throws IOException {
        List<Named> chosen = stored.choose(platform.platform(), platform.isGiven());
        stored.leftOut().forEach(CommonOptions::warn);
        stored.damages().forEach(CommonOptions::warn);
        return chosen.stream().filter(image -> !image.manifest().isArtifact()).findFirst().orElse(chosen.get(0));
    }

    /** What the files are is only known when all layers are here: they are kept until the program ends. */
    private static ImageSource ofSchema1(Registry registry, Manifest manifest, Settings settings) throws IOException {
        Layout layout = new TemporaryLayout().layout();
        Named named = BlobPull.intoLayout(layout, new Wanted(registry, manifest, registry.origin(manifest.digest(), null)), settings);
        return new ImageSource(named, registry.origin(named.manifest().digest(), null), layout::blob, null, false, false);
    }

    /** Tells whether an argument names a file, or a folder that holds images: a folder that is called like an image is none of these, but no image is called ./folder. */
    public static boolean isStore(String from) {
        try {
            return from != null && !from.equals("-") && (from.matches("[./].*") || ImageStore.isAt(Path.of(from)));
        } catch (InvalidPathException e) {
            return false; // Windows has no paths with a colon in them, but images have such names
        }
    }

    private static BlobSource blobsOf(Registry registry, Settings settings) {
        return settings.cached(blob -> new BlobStream(registry, blob, settings));
    }

    private static BlobParts partsOf(Registry registry, Settings settings) {
        return (blob, from, to) -> settings.cache() != null && settings.cache().layout().has(blob) ? null : BlobPart.open(registry, blob, from, to, settings);
    }

    /** Returns the layers, to be unpacked no further than this. */
    public Layers layers(MaxSizeOption maxSize) throws IOException {
        return layers(config(), maxSize);
    }

    /** Does the same with a config that was read before. */
    public Layers layers(byte[] config, MaxSizeOption maxSize) throws IOException {
        return new Layers(image.manifest().layers(), diffIds(config), blobs, parts, maxSize.of(image.manifest().layers()));
    }

    /** Reads the bytes of the config. */
    public byte[] config() throws IOException {
        return BlobSource.config(blobs, image.manifest());
    }

    /** Returns the digests that the uncompressed layers must have, by the config; nulls where somebody left layers out of the manifest. */
    public List<Digest> diffIds(BlobSource blobs) throws IOException {
        return diffIds(BlobSource.config(blobs, image.manifest()));
    }

    private List<Digest> diffIds(byte[] config) throws IOException {
        Manifest manifest = image.manifest();
        try {
            return manifest.diffIds(config);
        } catch (WrongContent e) {
            if (isEdited) {
                return Collections.nCopies(manifest.layers().size(), null);
            }
            if (!manifest.isImage()) {
                throw new IllegalArgumentException(origin.reference().familiarName() + " is no image but an artifact of the type " + manifest.artifactType()
                        + ", of which no files can be told; its blobs are had with: blob NAME@DIGEST", e);
            }
            throw e;
        }
    }
}
