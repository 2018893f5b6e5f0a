package lib.verb;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import lib.failure.WrongContentException;
import lib.image.Choice;
import lib.image.Descriptor;
import lib.image.Manifest;
import lib.image.ManifestTree;
import lib.image.Platform;
import lib.image.Reference;
import lib.store.ImageStore;
import lib.store.NamedImage;
import lib.store.StoredImage;
import lib.store.StoredImages;
import lib.transfer.push.Outgoing;
import lib.transfer.push.StoredBlobs;
import lib.verb.referrers.ReferrerSelection;
import lib.verb.referrers.ReferrerTravel;
import org.jspecify.annotations.Nullable;

/** The images of a layout or an archive, and which names in registries they go to. */
public final class ImagePush {
    private final ImageStore store;
    private final StoredImages stored;
    private final @Nullable Platform platform;
    private final Consumer<String> notice;
    private final List<Task> tasks;

    /** An image, and where it goes. */
    public record Task(StoredImage image, Reference target) { }

    private ImagePush(ImageStore store, StoredImages stored, @Nullable Platform platform, Consumer<String> notice, Map<Reference, StoredImage> images) {
        this.store = store;
        this.stored = stored;
        this.platform = platform;
        this.notice = notice;
        this.tasks = images.entrySet().stream().map(image -> new Task(image.getValue(), image.getKey())).toList();
        stored.leftOut().forEach(notice);
    }

    /**
     * The one image there that is meant, whatever artifacts lie beside it, under this name.
     *
     * @param choice   which image, if there are several
     * @param platform the platform to push of an index, null for the index and all that it lists
     * @param notice   is told what is not pushed, a line each
     * @throws lib.failure.SeveralImagesException if there are more images
     * @throws WrongContentException    if something there cannot be read: it may be the image that is meant
     */
    public static ImagePush to(Reference name, ImageStore store, ImageChoice choice, @Nullable Platform platform, Consumer<String> notice) throws IOException {
        StoredImages stored = choice.of(store);
        if (!stored.damaged().isEmpty()) {
            throw stored.damaged().values().iterator().next();
        }
        return new ImagePush(store, stored, platform, notice, Map.of(name, only(stored, notice)));
    }

    /**
     * All images there that are meant, each under the name it has.
     *
     * @param choice which images
     * @param host a host, or a host and a path, to be put instead of the registry in those names; null for none
     * @throws IllegalArgumentException if an image has no name, or two have the same one
     */
    public static ImagePush toNames(@Nullable String host, ImageStore store, ImageChoice choice, @Nullable Platform platform, Consumer<String> notice) throws IOException {
        StoredImages stored = choice.of(store);
        Map<Reference, StoredImage> images = new LinkedHashMap<>();
        for (StoredImage image : named(stored.images(), notice)) {
            Reference target = target(image, host);
            if (images.put(target, image) != null) {
                throw new IllegalArgumentException("there are two images for " + target.familiarName() + ": a tag can point to only one of them");
            }
        }
        return new ImagePush(store, stored, platform, notice, images);
    }

    /** A signature or an SBOM without a name does not keep the images beside it from being pushed. */
    private static List<StoredImage> named(List<StoredImage> images, Consumer<String> notice) {
        List<StoredImage> named = images.stream().filter(image -> image.reference() != null || !image.isArtifact()).toList();
        if (named.isEmpty()) {
            return images;
        }
        images.stream().filter(image -> !named.contains(image)).forEach(image -> notice.accept(image.name() + " is not pushed: it is an artifact without a full name"));
        return named;
    }

    private static StoredImage only(StoredImages stored, Consumer<String> notice) {
        List<StoredImage> images = stored.images();
        List<StoredImage> candidates = ImageChoice.only(stored);
        images.stream().filter(image -> image.isArtifact() && !candidates.contains(image))
                .forEach(image -> notice.accept(image.name() + " is not pushed: it is an artifact, and the name is for the image"));
        return candidates.get(0);
    }

    private static Reference target(StoredImage image, @Nullable String host) {
        Reference has = image.reference();
        if (has == null) {
            throw new IllegalArgumentException("the image " + image.name() + " has no full name: name the target");
        }
        return target(has, host);
    }

    /**
     * Returns the name that an image gets at another host: one with a tag goes to the tag, whatever digest its name has; one without goes to its digest.
     *
     * @param host a host, or a host and a path, to be put instead of the registry; null to leave it
     * @throws IllegalArgumentException if that makes no name
     */
    public static Reference target(Reference has, @Nullable String host) {
        Reference name = has.tag() == null ? has : has.withDigest(null);
        Reference there = host == null ? name : Reference.parse(host.replaceFirst("/+$", "") + "/" + has.repository());
        return new Reference(there.registry(), there.repository(), name.tag(), name.digest());
    }

    /** Returns what is to be pushed. */
    public List<Task> tasks() {
        return tasks;
    }

    /** Returns all names that are to be pushed to. */
    public List<Reference> targets() {
        return tasks.stream().map(Task::target).toList();
    }

    /** Returns what is listed there and cannot be read, by its name, and why. */
    public Map<String, WrongContentException> damaged() {
        return stored.damaged();
    }

    /**
     * Returns what to say if nobody chose among the platforms of an image, so that this machine's is pushed; null if there is nothing to choose.
     *
     * @throws WrongContentException if a config is malformed
     * @throws IOException           if it cannot be read
     */
    public @Nullable String guess(Task task) throws IOException {
        return platform != null || !task.image.hasVariants() ? null : store.path() + " lists " + task.image.name() + " for " + task.image.platforms()
                + " without an index, and a tag can point to only one of them: this is the one for " + Platform.ofThisMachine();
    }

    /**
     * Returns what of an image is to be pushed: for one platform its manifest, else all that is listed; and what refers to that.
     *
     * @param referrers what of that which refers to it is wanted
     * @throws lib.failure.NotFoundException if there is no image for the platform
     * @throws WrongContentException         if something there is not what its digest says; or, as {@code INCOMPLETE_INDEX}, if an index lists
     *                                       images that are not there, and more than one is
     */
    public Outgoing outgoing(Task task, ReferrerSelection referrers) throws IOException {
        ReferrerTravel travel = new ReferrerTravel(referrers, notice);
        NamedImage image = travel.of(image(task), List.of(store));
        return new Outgoing(new StoredBlobs(store), travel.withoutIndex(image, task.target));
    }

    private NamedImage image(Task task) throws IOException {
        StoredImage image = task.image;
        if (platform != null) {
            return image.choose(platform, true);
        }
        if (image.hasVariants()) {
            return image.choose(Platform.ofThisMachine(), true);
        }
        Manifest root = image.roots().get(0).manifest();
        Descriptor missing = ManifestTree.missing(root, store);
        if (missing == null) {
            return image.named(ManifestTree.whole(root, store));
        }
        List<Choice> here = Choice.all(root, store);
        if (here.size() != 1 || task.target.tag() == null) {
            String incomplete = store.path() + " is incomplete: the manifest " + missing.digest() + (missing.platform() == null ? "" : " for " + missing.platform())
                    + " of the index " + root.digest() + " is not there";
            throw task.target.tag() == null ? new WrongContentException(incomplete + "; pull all platforms to push it by its digest") : new WrongContentException(WrongContentException.Kind.INCOMPLETE_INDEX, incomplete);
        }
        notice.accept(task.target.familiarName() + " becomes the image " + here.get(0).manifest().digest() + " alone: the other platforms of its index are not in " + store.path());
        return image.named(new ManifestTree(here.get(0).manifest()));
    }
}
