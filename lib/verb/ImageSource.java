package lib.verb;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import lib.failure.WrongContentException;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.Origin;
import lib.image.Platform;
import lib.image.Reference;
import lib.store.ImageStore;
import lib.store.NamedImage;
import lib.store.StoredImages;
import lib.store.artifact.TitledFiles;
import lib.store.layer.BlobParts;
import lib.store.layer.BlobSource;
import lib.store.layer.Layers;
import lib.store.layer.UnpackLimit;
import lib.verb.referrers.ImageReferrers;
import org.jspecify.annotations.Nullable;

/**
 * An image to be read, and where its blobs are: in a layout, in an archive or, by {@link RemoteSource}, in a registry.
 *
 * @param parts    gives parts of blobs, null if whole ones are at hand
 * @param isFar    whether blobs come from a registry
 * @param isEdited whether somebody may have edited the manifest
 */
public record ImageSource(NamedImage image, Origin origin, BlobSource blobs, @Nullable BlobParts parts, boolean isFar, boolean isEdited) {
    private static final String UNNAMED = "localhost/unnamed";

    /**
     * Opens the image in a layout or an archive, or the artifact where there is no image.
     *
     * @param choice  which image, if there are several
     * @param isAsked whether somebody asked for this platform, so that no other will do
     * @param most    how many bytes the image may unpack to, null for the usual limit
     * @param notice  is told what is left out, a line each
     * @param signed  what its signature has to be; null if it need not have one
     * @throws lib.failure.NotFoundException       if there is none, or none for the platform
     * @throws lib.failure.SeveralImagesException  if there are several
     * @throws WrongContentException               if it cannot be read
     * @throws lib.failure.NoSignatureException    if it has to be signed, and is not
     * @throws lib.failure.WrongSignatureException if no signature of it is right
     */
    public static ImageSource stored(Path place, ImageChoice choice, Platform platform, boolean isAsked, @Nullable Long most, Consumer<String> notice, @Nullable Verification signed)
            throws IOException {
        ImageStore store = ImageStore.open(place, most, notice);
        StoredImages stored = choice.one(store);
        List<NamedImage> chosen = stored.choose(platform, isAsked);
        stored.leftOut().forEach(notice);
        stored.damages().forEach(notice);
        NamedImage image = chosen.stream().filter(one -> !one.manifest().isArtifact()).findFirst().orElse(chosen.get(0));
        if (signed != null) {
            signed.verify(place.toString(), image, ImageReferrers.of(store), store);
        }
        return new ImageSource(image, origin(image, place.toString()), store::blob, null, false, false);
    }

    /** Returns where an image of a layout or an archive comes from; one without a name is called {@code localhost/unnamed}. */
    public static Origin origin(NamedImage image, String place) {
        Reference name = image.reference() != null ? image.reference() : Reference.parse(UNNAMED);
        return new Origin(name, null, image.manifest().digest(), null, place);
    }

    /**
     * Opens the blobs of a layout or an archive by a manifest that came on its own, and that somebody may have edited.
     *
     * @param origin names the place
     * @param most   how many bytes the image may unpack to, null for the usual limit
     * @throws lib.failure.NotFoundException if there is nothing at that place
     * @throws WrongContentException         if what is there is damaged
     */
    public static ImageSource edited(Manifest manifest, Origin origin, @Nullable Long most) throws IOException {
        BlobSource blobs = ImageStore.open(Path.of(origin.layout()), most)::blob;
        return new ImageSource(new NamedImage(manifest, origin.reference()), origin, blobs, null, false, true);
    }

    /**
     * Returns whether a name is that of a file, or of a folder that holds images: a folder called like an image is neither, but no image is called
     * ./folder, and one that ends like an archive is taken for a file, whether it is there or not.
     */
    public static boolean isStore(@Nullable String name) {
        try {
            return name != null && !name.equals("-") && (name.matches("[./].*") || Reference.isOfFile(name) || ImageStore.isAt(Path.of(name)));
        } catch (InvalidPathException e) {
            return false; // Windows has no paths with a colon in them, but images have such names
        }
    }

    /**
     * Returns the layers, lowest first.
     *
     * @param most how many bytes they may unpack to, null for the usual limit
     * @throws WrongContentException if the config is malformed, or not what its digest says
     * @throws IOException           if it cannot be fetched or read
     */
    public Layers layers(@Nullable Long most) throws IOException {
        return layers(config(), most);
    }

    /** Does the same with a config that was read before. */
    Layers layers(byte[] config, @Nullable Long most) throws IOException {
        return layers(config, blobs, parts, most);
    }

    /** Does the same with blobs that come by another way. */
    Layers layers(BlobSource blobs, @Nullable Long most) throws IOException {
        return layers(BlobSource.config(blobs, image.manifest()), blobs, null, most);
    }

    /** The layers of an artifact are its files, as far as they have titles. */
    private Layers layers(byte[] config, BlobSource blobs, @Nullable BlobParts parts, @Nullable Long most) throws IOException {
        Manifest manifest = image.manifest();
        TitledFiles files = TitledFiles.of(manifest, config, blobs);
        if (files != null) {
            return new Layers(manifest.layers(), files.diffIds(), files, null, limit(most));
        }
        return new Layers(manifest.layers(), diffIds(config), blobs, parts, limit(most));
    }

    /** Returns how many bytes the layers may unpack to: so many, or, where that is null, the usual limit. */
    private long limit(@Nullable Long most) throws IOException {
        return most == null ? UnpackLimit.usual(image.manifest().layers()) : most;
    }

    /**
     * Reads the bytes of the config.
     *
     * @throws WrongContentException if they are not what their digest says
     * @throws IOException           if they cannot be fetched or read
     */
    public byte[] config() throws IOException {
        return BlobSource.config(blobs, image.manifest());
    }

    /** Returns the digests that the uncompressed layers must have, by the config; nulls where somebody left layers out of the manifest. */
    private List<Digest> diffIds(byte[] config) throws IOException {
        Manifest manifest = image.manifest();
        try {
            return manifest.diffIds(config);
        } catch (WrongContentException e) {
            if (isEdited) {
                return Collections.nCopies(manifest.layers().size(), null);
            }
            if (!manifest.isImage()) {
                throw new IllegalArgumentException(origin.reference().familiarName() + " is an artifact of the type " + manifest.artifactType()
                        + ", not an image, and its blobs have no titles to be files under; fetch them with: blob NAME@DIGEST", e);
            }
            throw e;
        }
    }
}
