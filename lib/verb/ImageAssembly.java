package lib.verb;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import lib.failure.NotFoundException;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.ManifestTree;
import lib.image.Origin;
import lib.image.Reference;
import lib.store.ImageStore;
import lib.store.Layout;
import lib.store.NamedImage;
import lib.store.StoredImages;
import lib.store.TemporaryLayout;
import lib.store.format.Assembly;
import lib.store.format.Format;
import lib.store.format.Recompression;
import lib.store.layer.BlobSource;
import lib.store.volume.VolumeChoice;
import lib.verb.referrers.ReferrerTravel;
import org.jspecify.annotations.Nullable;

/**
 * Images of layouts and archives, to be written into one archive or layout. First {@link #add} what is wanted, then {@link #complete},
 * then {@link #into}. Each blob is checked while it is copied.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/image-layout.md">image-spec, image-layout.md</a>
 */
public final class ImageAssembly {
    private static final int BUFFER = 64 * 1024;

    private final Format format;
    private final Recompression.Form compression;
    private final Selection selection;
    private final @Nullable Long most;
    private final Consumer<String> notice;
    private final List<NamedImage> images = new ArrayList<>();
    private final List<ImageStore> stores = new ArrayList<>();
    private final Map<String, IOException> failures = new LinkedHashMap<>();
    private boolean deltas;

    /**
     * @param compression the form that layers are wanted in, or null for the one that they have
     * @param most        how many bytes the layers of an image may unpack to, null for the usual limit
     * @param notice      is told what is left out, a line each
     */
    public ImageAssembly(Format format, Recompression.@Nullable Form compression, Selection selection, @Nullable Long most, Consumer<String> notice) {
        this.format = format;
        this.compression = compression;
        this.selection = selection;
        this.most = most;
        this.notice = notice;
    }

    /**
     * Adds an image of a layout by the JSON of its manifest, which somebody may have edited.
     *
     * @param origin says which layout, and under which name the image is to be kept
     * @throws NotFoundException     if there is no image for a wanted platform
     * @throws WrongContentException if the JSON is not a manifest, or something in the layout is damaged
     */
    public void add(Origin origin, ObjectNode json) throws IOException {
        ImageStore store = ImageStore.open(Path.of(origin.layout()), most);
        if (!(store instanceof Layout layout)) {
            throw new IllegalArgumentException(store.path() + " is not a folder");
        }
        Manifest root = Assembly.of(layout, origin, json, most);
        stores.add(store);
        ManifestTree tree = selection.of(root, store);
        List<Manifest> above = tree.above().isEmpty() ? Selection.pinned(layout, origin.reference(), root) : tree.above();
        add(List.of(new NamedImage(tree.under(above), origin.reference())));
    }

    /** Adds what is meant of layouts and archives, but not what one of them was written since; throws NotFoundException if there is nothing, or one that is meant is not there. */
    public void addStores(List<Path> places, ImageChoice choice) throws IOException {
        Map<ImageStore, StoredImages> all = new LinkedHashMap<>();
        for (Path place : places) {
            ImageStore store = ImageStore.open(place, most, notice);
            stores.add(store);
            all.put(store, store.images());
        }
        choice.narrow(all.values());
        for (Map.Entry<ImageStore, StoredImages> each : all.entrySet()) {
            Set<Digest> old = new HashSet<>();
            all.forEach((other, stored) -> stored.images().stream().filter(image -> other != each.getKey()).forEach(image -> old.addAll(image.since())));
            StoredImages stored = each.getValue();
            stored.remove(old);
            deltas |= stored.images().stream().anyMatch(image -> !image.since().isEmpty());
            if (!stored.images().isEmpty()) {
                add(selection.of(stored));
            }
            stored.leftOut().forEach(notice);
            failures.putAll(stored.damaged());
        }
    }

    private void add(List<NamedImage> chosen) throws IOException {
        for (NamedImage one : chosen) {
            boolean isThere = images.stream().anyMatch(image -> image.manifest().digest().equals(one.manifest().digest()) && Objects.equals(image.reference(), one.reference()));
            if (!isThere) {
                images.add(one);
            }
        }
    }

    /** Leaves out what the format cannot hold beside images, and images that are not complete; throws WrongContentException if the only image is not. */
    public void complete() throws IOException {
        attachReferrers();
        leaveOutArtifacts();
        if (images.size() == 1) {
            check(images.get(0));
            return;
        }
        for (NamedImage image : List.copyOf(images)) {
            try {
                check(image);
            } catch (NotFoundException | WrongContentException e) {
                failures.put(called(image), e);
                images.remove(image);
            }
        }
    }

    private void attachReferrers() throws IOException {
        List<NamedImage> all = new ReferrerTravel(selection.referrers(), notice).all(images, stores);
        images.clear();
        for (NamedImage image : all) {
            images.add(image.without(selection.without(image)));
        }
    }

    /** Signatures and charts may lie beside images; what engines load has no place for them. */
    private void leaveOutArtifacts() {
        List<NamedImage> artifacts = images.stream().filter(image -> image.manifest().isArtifact()).toList();
        if (!format.takesAnything() && artifacts.size() < images.size()) {
            artifacts.forEach(one -> notice.accept(called(one) + " is left out: it is an artifact of the type " + one.manifest().artifactType()));
            images.removeAll(artifacts);
        }
    }

    private void check(NamedImage image) throws IOException {
        List<Descriptor> missing = image.blobs().stream().filter(blob -> stores.stream().noneMatch(store -> store.has(blob))).toList();
        if (!missing.isEmpty()) {
            String what = called(image) + " is incomplete: " + missing.stream().map(blob -> blob.digest().toString()).collect(Collectors.joining(", "))
                    + (missing.size() == 1 ? " is not there" : " are not there");
            if (!deltas && missing.stream().noneMatch(blob -> blob.urls().isEmpty())) {
                throw new WrongContentException(WrongContentException.Kind.FOREIGN_LAYER, what + "; it must be downloaded from elsewhere");
            }
            throw new WrongContentException(what + (deltas ? "; name the archive too that this one was written since" : ""));
        }
        for (Manifest manifest : image.tree().manifests()) {
            if (manifest.isImage() && !image.without().blobs().contains(manifest.config().digest())) {
                BlobSource.checkConfig(this::blob, manifest);
            }
        }
    }

    private static String called(NamedImage image) {
        return image.reference() != null ? image.reference().familiarName() : "the image " + image.manifest().digest();
    }

    /** Returns what is to be written. */
    public List<NamedImage> images() {
        return List.copyOf(images);
    }

    /** Returns what cannot be written, by its name, and why. */
    public Map<String, IOException> failures() {
        return failures;
    }

    /** Returns whether there is one image, by however many names, and nothing else that was wanted. */
    public boolean isOne() {
        return images.stream().map(image -> image.manifest().digest()).distinct().count() + failures.size() == 1;
    }

    /** Gives these names to the one image instead of its own; throws IllegalArgumentException if there are more images. */
    public void rename(List<Reference> names) {
        if (!isOne()) {
            throw new IllegalArgumentException("other names are for one image, but there are more");
        }
        NamedImage image = images.get(0);
        images.clear();
        names.forEach(name -> images.add(image.as(name)));
    }

    /**
     * Writes the images into a file, or into volumes where these are not null, which take their names when all of it is right; or into a folder, if that is the format.
     *
     * @throws IllegalArgumentException if there are no images, or they cannot be cut like that
     */
    public Written into(Path target, @Nullable VolumeChoice volumes) throws IOException {
        if (images.isEmpty()) {
            throw new IllegalArgumentException("there is no image to write into " + target);
        }
        if (compression == null) {
            return Written.write(format, images, this::blob, most, target, volumes);
        }
        try (TemporaryLayout temporary = TemporaryLayout.beside(target)) {
            return Written.write(format, recompressed(temporary), this::blob, most, target, volumes).without(images);
        }
    }

    /** Writes the images in order, for a pipe, and closes it; throws WrongContentException if a blob is missing or not what its digest says. */
    public Written into(OutputStream target) throws IOException {
        Written written = Written.ofStream(format, compression == null, images);
        try (OutputStream out = new BufferedOutputStream(target, BUFFER)) {
            if (compression == null) {
                format.write(images, this::blob, most, out);
                return written;
            }
            try (TemporaryLayout temporary = new TemporaryLayout()) {
                format.write(recompressed(temporary), this::blob, most, out);
            }
        }
        return written;
    }

    private List<NamedImage> recompressed(TemporaryLayout temporary) throws IOException {
        stores.add(temporary.layout()); // last: what it gets has other digests than what is there
        return new Recompression(compression, temporary.layout(), this::blob, most).all(images);
    }

    private InputStream blob(Descriptor blob) throws IOException {
        for (ImageStore store : stores) {
            if (store.has(blob)) {
                return store.blob(blob);
            }
        }
        throw new WrongContentException("the blob " + blob.digest() + " is not there");
    }
}
