package lib.cli.options;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import lib.cli.CommonOptions;
import lib.cli.ReferrerCount;
import lib.cli.Target;
import lib.failure.WrongContentException;
import lib.store.NamedImage;
import lib.store.format.Format;
import lib.store.format.Recompression;
import lib.store.volume.VolumeChoice;
import lib.store.volume.Volumes;
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
    @Option(names = "--format", paramLabel = "FORMAT", converter = Formats.class,
            description = {"docker, oci, oci-dir, legacy or rootfs.",
                "docker (the default) is what engines load; oci and oci-dir are an OCI layout, in a tar or a folder; legacy is what "
                + "Docker loaded before 1.10; rootfs is a tar of the merged file system."})
    private Format format = Format.DOCKER;

    @Option(names = "--uncompressed",
            description = {"Store the layers uncompressed.", "The image ID stays, the digest of the manifest changes."})
    private boolean uncompressed;

    @Option(names = "--recompress", paramLabel = "gzip|zstd", converter = Forms.class,
            description = {"Recompress the layers.",
                "For engines that cannot read the registry's compression. The image ID stays, the digest of the manifest changes."})
    private Recompression.Form compression;

    @Option(names = "--volume-size", paramLabel = "SIZE",
            description = {"Write volumes of SIZE, such as 4G, fat32 or dvd.",
                "NAME.tar.001, NAME.tar.002 and so on, each with a statement of what it is beside it. Or cd, dvd-dl, bd25. All commands that "
                + "read archives read them; cat NAME.tar.??? is the archive."})
    private String volumeSize;

    @Option(names = "--volume", paramLabel = "N", split = ",",
            description = {"Make only volume N, or several: 2,3.",
                "Only what is in that volume is fetched: for a medium that is too small for all, or in place of a volume that is damaged or missing."})
    private SortedSet<Integer> volumes = new TreeSet<>();

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

    /** Returns how an archive is to be cut, null for one file; throws IllegalArgumentException for what cannot be. */
    public @Nullable VolumeChoice volumes() {
        if (volumeSize == null && !volumes.isEmpty()) {
            throw new IllegalArgumentException("--volume needs the size of the volumes, too: --volume-size SIZE");
        }
        if (volumeSize != null && !format.hasPlan()) {
            throw new IllegalArgumentException("--format " + format + " cannot be written in volumes; use --format docker or oci");
        }
        if (!volumes.isEmpty() && volumes.first() < 1) {
            throw new IllegalArgumentException("--volume must be 1 or more");
        }
        return volumeSize == null ? null : new VolumeChoice(Volumes.size("--volume-size", volumeSize), volumes);
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
            Target target = Target.of(output);
            if (target.isStream() && volumeSize != null) {
                throw new IllegalArgumentException("volumes are files, which cannot be written to stdout or a device: use -o FILE, or omit --volume-size");
            }
            if (!target.isStream() && Recompression.Form.ofFile(target.path()) != Recompression.Form.NONE && volumeSize != null) { // throws if the name says a compression that is only read
                throw new IllegalArgumentException("--volume-size cuts an archive that is not compressed as a whole, for its layers are compressed already: name it FILE.tar");
            }
            return target;
        }
        if (output.equals("-")) {
            throw new IllegalArgumentException("--format oci-dir makes a folder, which cannot be written to stdout; use --format oci");
        }
        return new Target(Path.of(output), false);
    }

    /** Says what was written, what of it was left behind, and what to do with it; throws WrongContentException if the index that an image was chosen from cannot be read. */
    public void say(Written written, CommonOptions common) throws WrongContentException {
        String path = called(written);
        String size = Sizes.of(written.size());
        String with = ReferrerCount.with(written.referrers());
        String line = switch (written.how()) {
            case FETCHED -> "wrote " + path + ", " + size + " (" + Sizes.of(written.fetched()) + " fetched" + Sizes.from(written.sources()) + ")" + with + ", every " + (written.made() < written.volumes() ? "whole blob" : "byte") + " verified";
            case WAS_COMPLETE -> path + with + (with.isEmpty() ? "" : ",") + " is already complete and verified; nothing was fetched";
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
        if (written.path() != null) {
            common.say(use(written));
        }
    }

    /** Returns what was written, as people call it. */
    private static String called(Written written) {
        Path path = written.path();
        if (written.volumes() == 0) {
            return String.valueOf(path);
        }
        String archive = path.toString().replaceFirst("\\.[0-9]{3}$", "");
        return written.made() == 1 && written.volumes() > 1 ? path + ", one of " + written.volumes() + " volumes"
                : archive + " in " + (written.made() < written.volumes() ? written.made() + " of " : "") + written.volumes() + (written.volumes() == 1 ? " volume" : " volumes");
    }

    private static String fetched(Written written) {
        String from = Sizes.from(written.sources());
        return from.isEmpty() ? "" : " (fetched" + from + ")";
    }

    private String use(Written written) {
        if (written.made() < written.volumes()) {
            return "the volumes belong together: put them, each with its .json, into one folder";
        }
        List<NamedImage> images = written.images();
        if (images.stream().map(NamedImage::manifest).anyMatch(manifest -> !manifest.isIndex() && !manifest.isSchema1() && !manifest.isImage())) {
            return "no engine loads it; bring it to a registry with: push " + written.path() + " NAME";
        }
        boolean isDelta = images.stream().anyMatch(image -> !image.without().images().isEmpty());
        if (!isDelta && written.volumes() > 0) {
            return "load them with: cat " + written.path().toString().replaceFirst("[0-9]{3}$", "???") + (format == Format.OCI ? " | podman load" : " | docker load");
        }
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
