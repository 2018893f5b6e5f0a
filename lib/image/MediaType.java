package lib.image;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The media types of manifests and layers, in OCI's and in Docker's spelling.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/media-types.md">image-spec, Media Types</a>
 */
public final class MediaType {
    public static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
    public static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    public static final String DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
    public static final String DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
    public static final String DOCKER_SCHEMA_1_SIGNED = "application/vnd.docker.distribution.manifest.v1+prettyjws";
    public static final String DOCKER_SCHEMA_1 = "application/vnd.docker.distribution.manifest.v1+json";

    public static final String OCI_CONFIG = "application/vnd.oci.image.config.v1+json";
    /** A layer that is not compressed; else {@code +gzip} or {@code +zstd} follows. */
    public static final String OCI_LAYER = "application/vnd.oci.image.layer.v1.tar";

    public static final String DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json";
    static final String DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip";

    /** What a manifest request accepts: all of them at once, because a registry decides by this header what it sends. */
    public static final List<String> MANIFESTS = List.of(
            OCI_MANIFEST, OCI_INDEX, DOCKER_MANIFEST, DOCKER_LIST, DOCKER_SCHEMA_1_SIGNED, DOCKER_SCHEMA_1);

    private static final Pattern TAR = Pattern.compile(".*[./-]tar([.+].*)?");

    private MediaType() { }

    /** Returns whether this is the media type of an index: OCI's, or Docker's manifest list. */
    public static boolean isIndex(String mediaType) {
        return mediaType.equals(OCI_INDEX) || mediaType.equals(DOCKER_LIST);
    }

    /** Returns whether this is the config of an image; registries of Docker's first years named no type of their own for it. */
    static boolean isConfig(String mediaType) {
        return List.of(OCI_CONFIG, DOCKER_CONFIG, "application/octet-stream", "").contains(mediaType);
    }

    /** Returns whether this is a tar of files, however it is compressed; some registries name no type. */
    static boolean isLayer(String mediaType) {
        return List.of("", "application/octet-stream").contains(mediaType) || TAR.matcher(mediaType).matches();
    }

    /** Returns whether this is a layer that engines unpack, by a type that an image's layers have. */
    static boolean isImageLayer(String mediaType) {
        return mediaType.startsWith("application/vnd.oci.image.layer.") || mediaType.startsWith("application/vnd.docker.image.rootfs.");
    }

    static boolean isManifest(String mediaType) {
        return mediaType.equals(OCI_MANIFEST) || mediaType.equals(DOCKER_MANIFEST);
    }

    /** Returns whether content of this type can be a manifest or an index; some tools name no type. */
    public static boolean mayBeManifest(String mediaType) {
        return mediaType.isEmpty() || MANIFESTS.contains(mediaType);
    }

    /** Returns the type without parameters such as {@code ; charset=utf-8}. */
    public static String withoutParameters(String contentType) {
        return contentType == null ? "" : contentType.replaceFirst(";.*", "").strip().toLowerCase(java.util.Locale.ROOT);
    }
}
