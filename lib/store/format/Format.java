package lib.store.format;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.Reference;
import lib.store.Layout;
import lib.store.NamedImage;
import lib.store.files.FlatTar;
import lib.store.layer.BlobSource;
import lib.store.layer.UnpackLimit;
import org.jspecify.annotations.Nullable;

/** The forms that images can be written in. */
public enum Format {
    /** An OCI layout in a tar with Docker's manifest.json: what most programs load. What is not an image, such as a chart, is written without that file. */
    DOCKER("docker", ".tar", "load it with: docker load -i "),
    /** An OCI layout in a tar. */
    OCI("oci", ".oci.tar", "load it with: podman load -i "),
    /** An OCI layout in a folder. */
    OCI_DIR("oci-dir", ".oci", "read it with: skopeo inspect oci:"),
    /** What engines before Docker 1.10 load. */
    LEGACY("legacy", ".legacy.tar", "load it with: docker load -i "),
    /** The merged file system. */
    ROOTFS("rootfs", ".rootfs.tar", "unpack it with: tar -xpf ");

    private final String label;
    private final String ending;
    private final String use;

    Format(String label, String ending, String use) {
        this.label = label;
        this.ending = ending;
        this.use = use;
    }

    /** Returns what a file of this format is called after its image. */
    public String ending() {
        return ending;
    }

    /** Returns a sentence on what to do with a result that has these images. */
    public String use(List<NamedImage> images, Path result) {
        if (images.size() == 1 || !takesAnything()) {
            return use + result;
        }
        String tag = tagOfOne(images);
        if (this == OCI_DIR) {
            return tag == null ? "read it with: inspect " + result : use + result + ":" + tag;
        }
        return "load it with: ctr images import " + result + (tag == null ? "" : "; podman takes one image at a time: podman pull oci-archive:" + result + ":" + tag);
    }

    /** Returns a tag that one of the images alone has, for podman and skopeo choose by it; or null. */
    private static @Nullable String tagOfOne(List<NamedImage> images) {
        List<String> tags = images.stream().map(NamedImage::reference).filter(Objects::nonNull).map(Reference::tag).filter(Objects::nonNull).toList();
        return tags.stream().filter(tag -> Collections.frequency(tags, tag) == 1).findFirst().orElse(null);
    }

    /** Returns whether an image of several platforms, or something that is not an image, can be written in this form. */
    public boolean takesAnything() {
        return this == OCI || this == OCI_DIR;
    }

    /** Returns whether blobs stand in this form as the registry has them. */
    public boolean keepsBlobs() {
        return this != LEGACY && this != ROOTFS;
    }

    /** Throws IllegalArgumentException when these cannot be written in this form. */
    public void check(List<NamedImage> images) throws IOException {
        boolean holdsArtifacts = takesAnything() || this == DOCKER && images.stream().allMatch(image -> image.manifest().isArtifact());
        for (NamedImage image : images) {
            if (!image.without().blobs().isEmpty() && !keepsBlobs()) {
                throw new IllegalArgumentException(this + " needs all layers of an image: none can be left out, whether the other side has it or it is foreign");
            }
            if (!holdsArtifacts) {
                String type = image.manifest().isIndex() ? "" : image.manifest().artifactType();
                if (!type.isEmpty()) {
                    throw new IllegalArgumentException("this is not an image but an artifact of the type " + type + ", which no engine loads: it can be written as oci or oci-dir");
                }
            }
        }
        if (this == ROOTFS && images.stream().map(image -> image.manifest().digest()).distinct().count() > 1) {
            throw new IllegalArgumentException("rootfs is the file system of one image, but there are more: write them one at a time");
        }
    }

    /** Returns the plan of an archive of these images; throws as {@link ArchivePlan#of}, and IllegalArgumentException where the form has none, as it is a folder or changes blobs. */
    public ArchivePlan plan(List<NamedImage> images) throws WrongContentException {
        if (!hasPlan()) {
            throw new IllegalArgumentException(this + " cannot be written in volumes: docker and oci can");
        }
        return this == OCI ? ArchivePlan.ofLayout(images) : ArchivePlan.of(images);
    }

    /** Returns whether it is known what stands where in an archive of this form before it is written: then it can be written in volumes. */
    public boolean hasPlan() {
        return this == DOCKER || this == OCI;
    }

    /**
     * Writes the images as one stream. An {@link #OCI_DIR} is none: see {@link #fill}.
     *
     * @param most how many bytes the layers of an image may unpack to, null for the usual limit
     * @throws lib.failure.WrongContentException if a blob is not what its digest says, or a layer unpacks to too much
     * @throws IOException                       if a blob cannot be read, or the stream cannot be written
     */
    public void write(List<NamedImage> images, BlobSource blobs, @Nullable Long most, OutputStream out) throws IOException {
        switch (this) {
            case DOCKER, OCI -> ArchiveWriter.write(plan(images), blobs, out);
            case LEGACY -> LegacyArchive.write(images, blobs, most, out);
            case ROOTFS -> {
                Manifest manifest = images.get(0).manifest();
                List<Descriptor> layers = manifest.layers();
                List<Digest> diffIds = manifest.diffIds(BlobSource.config(blobs, manifest));
                FlatTar.write(layers, diffIds, blobs, List.of(), most == null ? UnpackLimit.usual(layers) : most, out);
            }
            default -> throw new IllegalArgumentException("an OCI layout is a folder, which cannot be written to stdout: oci can");
        }
    }

    /**
     * Fills a layout with the images: what is there already is not written again.
     *
     * @throws lib.failure.WrongContentException if a blob is not what its digest says
     * @throws IOException                       if a blob cannot be read, or the layout cannot be written to
     */
    public static void fill(Layout layout, List<NamedImage> images, BlobSource blobs) throws IOException {
        for (NamedImage image : images) {
            for (Descriptor blob : image.blobs()) {
                if (!layout.has(blob)) {
                    try (InputStream in = blobs.open(blob)) {
                        layout.store(blob.digest(), in);
                    }
                }
            }
            layout.add(image);
        }
    }

    @Override
    public String toString() {
        return label;
    }
}
