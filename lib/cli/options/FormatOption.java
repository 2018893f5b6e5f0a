package lib.cli.options;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import lib.cli.CommonOptions;
import lib.cli.ReferrerCount;
import lib.cli.Target;
import lib.failure.WrongContentException;
import lib.store.NamedImage;
import lib.store.format.Format;
import lib.store.format.Recompression;
import lib.text.Sizes;
import lib.verb.Written;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The format that images are written in. */
@Command(optionListHeading = "What to take")
public final class FormatOption {
    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "docker", converter = Formats.class,
            description = {"docker, oci, oci-dir, legacy or rootfs.",
                "docker (the default) is what engines load; oci and oci-dir are an OCI layout, in a tar or a folder; legacy is what "
                + "Docker loaded before 1.10; rootfs is a tar of the merged file system."})
    private Format format;

    @Option(names = "--uncompressed",
            description = {"Store the layers uncompressed.", "The image ID stays, the digest of the manifest changes."})
    private boolean uncompressed;

    @Option(names = "--recompress", paramLabel = "gzip|zstd", converter = Forms.class,
            description = {"Recompress the layers.",
                "For engines that cannot read the registry's compression. The image ID stays, the digest of the manifest changes."})
    private Recompression.Form compression;

    @Mixin
    private MaxSizeOption maxSize;

    /** Returns how many bytes somebody lets each image unpack to, null for the usual limit. */
    public @Nullable Long maxSize() {
        return maxSize.bytes();
    }

    /** Returns the format; throws IllegalArgumentException if it cannot hold the platforms that are wanted, or layers of the form that is wanted. */
    public Format format(PlatformOption platform) {
        if (compression() != null && !format.keepsBlobs()) {
            throw new IllegalArgumentException("--format " + format + " has no compressed layers: omit --uncompressed and --recompress");
        }
        if (!platform.isOne() && !format.takesAnything()) {
            throw new IllegalArgumentException("--format " + format + " holds one platform only; use --format oci or oci-dir");
        }
        return format;
    }

    /** Returns the form that layers are wanted in, or null for the one that they have; throws IllegalArgumentException when two are wanted. */
    public Recompression.@Nullable Form compression() {
        if (uncompressed && compression != null) {
            throw new IllegalArgumentException("--uncompressed and --recompress exclude each other");
        }
        return uncompressed ? Recompression.Form.NONE : compression;
    }

    /** Returns where a result goes; throws as {@link Target#of}, and IllegalArgumentException for a folder on stdout. */
    public Target target(String output) throws IOException {
        if (format != Format.OCI_DIR) {
            return Target.of(output);
        }
        if (output.equals("-")) {
            throw new IllegalArgumentException("--format oci-dir makes a folder, which cannot be written to stdout; use --format oci");
        }
        return new Target(Path.of(output), false);
    }

    /** Says what was written, what of it was left behind, and what to do with it; throws WrongContentException if the index that an image was chosen from cannot be read. */
    public void say(Written written, CommonOptions common) throws WrongContentException {
        Path path = written.path();
        String size = Sizes.of(written.size());
        String with = ReferrerCount.with(written.referrers());
        String line = switch (written.how()) {
            case WAS_COMPLETE -> path + with + (with.isEmpty() ? "" : ",") + " is complete already, every byte of it verified: no blob was fetched";
            case FETCHED -> "wrote " + path + ", " + size + " (" + Sizes.of(written.fetched()) + " fetched" + Sizes.from(written.sources()) + ")" + with + ", every byte verified";
            case MADE -> "wrote " + path + ", " + size + fetched(written) + with + ", every byte verified";
            case FILLED -> "wrote " + path + fetched(written) + with + ", every byte verified";
            case STREAMED -> with.isEmpty() ? "" : "wrote to stdout" + with + ", every byte verified";
        };
        if (!line.isEmpty()) {
            common.say(line);
        }
        if (!written.left().isEmpty()) {
            common.say("left behind, as only an archive of the image as it is can hold them: " + ReferrerCount.of(written.left()) + "; take --format docker or oci, with the registry's compression");
        }
        int inIndex = written.leftInIndex().size();
        if (inIndex > 0) {
            common.say("left behind, because they are not part of one platform's image: " + inIndex + (inIndex == 1 ? " manifest" : " manifests")
                    + " of attestations, such as SBOMs, in its index; --platform all --format oci takes them too");
        }
        if (path != null) {
            common.say(use(written));
        }
    }

    private static String fetched(Written written) {
        String from = Sizes.from(written.sources());
        return from.isEmpty() ? "" : " (fetched" + from + ")";
    }

    private String use(Written written) {
        List<NamedImage> images = written.images();
        if (images.stream().map(NamedImage::manifest).anyMatch(manifest -> !manifest.isIndex() && !manifest.isSchema1() && !manifest.isImage())) {
            return "no engine loads it; bring it to a registry with: push " + written.path() + " NAME";
        }
        boolean isDelta = images.stream().anyMatch(image -> !image.without().images().isEmpty());
        return isDelta ? "on the other side, make a whole of it with: assemble OLD.tar " + written.path() + " -o FULL.tar" : format.use(images, written.path());
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
