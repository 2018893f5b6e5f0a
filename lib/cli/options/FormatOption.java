package lib.cli.options;

import java.util.Arrays;
import java.util.stream.Stream;
import lib.store.format.Format;
import lib.store.format.Recompression;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** In which form images are to be written. */
public final class FormatOption {
    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "docker", converter = Formats.class,
            description = "docker: what engines load. oci, oci-dir: an OCI layout, in a tar or a folder. legacy: what Docker loaded before 1.10. "
                    + "rootfs: a tar of the merged file system (default: ${DEFAULT-VALUE}).")
    private Format format;

    @Option(names = "--uncompressed", description = "Store the layers uncompressed. The image ID stays, the digest of the manifest changes.")
    private boolean uncompressed;

    @Option(names = "--recompress", paramLabel = "gzip|zstd", converter = Forms.class,
            description = "Compress the layers anew, for engines that do not know the registry's way. The image ID stays, the digest of the manifest changes.")
    private Recompression.Form compression;

    @Mixin
    private MaxSizeOption maxSize;

    /** Returns how many bytes somebody lets each image unpack to, null for the usual limit. */
    public Long maxSize() {
        return maxSize.bytes();
    }

    /** Returns the format; throws IllegalArgumentException where it cannot hold the platforms that are wanted, or layers of the form that is wanted. */
    public Format format(PlatformOption platform) {
        if (compression() != null && !format.keepsBlobs()) {
            throw new IllegalArgumentException("--format " + format + " has no compressed layers: leave --uncompressed and --recompress out");
        }
        if (!platform.isOne() && !format.takesAnything()) {
            throw new IllegalArgumentException("--format " + format + " holds one platform of an image: say --format oci or oci-dir for more");
        }
        return format;
    }

    /** Returns the form that layers are wanted in, or null for the one that they have; throws IllegalArgumentException when two are wanted. */
    public Recompression.Form compression() {
        if (uncompressed && compression != null) {
            throw new IllegalArgumentException("--uncompressed and --recompress exclude each other");
        }
        return uncompressed ? Recompression.Form.NONE : compression;
    }

    /** picocli's own converter would offer the names of the constants beside these. */
    static final class Formats implements ITypeConverter<Format> {
        @Override
        public Format convert(String text) {
            return labelled(Format.values(), text);
        }
    }

    /** The same for the forms of layers. */
    static final class Forms implements ITypeConverter<Recompression.Form> {
        @Override
        public Recompression.Form convert(String text) {
            return labelled(Recompression.Form.values(), text);
        }
    }

    private static <T> T labelled(T[] all, String text) {
        return Stream.of(all).filter(one -> one.toString().equals(text)).findFirst()
                .orElseThrow(() -> new TypeConversionException("expected one of " + Arrays.toString(all) + " but was '" + text + "'"));
    }
}
