package lib.image;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import lib.failure.WrongContentException;
import lib.text.Json;
import org.jspecify.annotations.Nullable;

/**
 * The search for the image of a platform in an index. Entries that name a platform come first, older variants of the processor included.
 * Of entries that name none, which is allowed, the images' configs decide, as in containerd.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/image-index.md#image-index-property-descriptions">image-spec, platform is OPTIONAL</a>
 */
final class PlatformSearch {
    private static final int DEEPEST = 4;
    /** Each entry without a platform costs two requests. No honest index has this many. */
    private static final int MOST_WITHOUT_PLATFORM = 100;

    private final Platform wanted;
    private final ManifestTree.Source source;
    private final Set<String> there = new TreeSet<>();
    private final Set<String> notHere = new TreeSet<>();
    private final Set<String> otherTypes = new TreeSet<>();
    private int withoutPlatform;

    PlatformSearch(Platform wanted, ManifestTree.Source source) {
        this.wanted = wanted;
        this.source = source;
    }

    /** Returns the image in this index, or null if none fits. */
    @Nullable Choice in(Manifest index, List<Manifest> above) throws IOException {
        List<Manifest> path = path(above, index);
        List<Descriptor> entries = index.entries().stream().filter(entry -> !entry.isAttestation()).toList();
        Descriptor missing = null;
        for (Platform platform : wanted.fallbacks()) {
            for (Descriptor entry : fitting(entries, platform)) {
                Choice choice = source.hasAny(entry) ? follow(entry, path) : null;
                if (choice != null) {
                    return choice;
                }
                missing = missing == null && !source.hasAny(entry) ? entry : missing;
            }
        }
        Choice choice = byConfig(entries, path);
        return choice == null && missing != null && there.isEmpty() ? follow(missing, path) : choice; // the source says what is wrong
    }

    /** Returns the entries that fit, best first: of several builds of a version of Windows the newest. */
    private static List<Descriptor> fitting(List<Descriptor> entries, Platform platform) {
        return entries.stream().filter(entry -> entry.platform() != null && platform.takes(entry.platform()))
                .sorted((one, other) -> platform.prefers(one.platform(), other.platform()) ? -1 : platform.prefers(other.platform(), one.platform()) ? 1 : 0).toList();
    }

    /** Returns the way to what is in this index. */
    static List<Manifest> path(List<Manifest> above, Manifest index) throws WrongContentException {
        if (above.size() == DEEPEST) {
            throw new WrongContentException("the index " + index.digest() + " is the " + (DEEPEST + 1) + "th that leads to another one: that is not an image");
        }
        List<Manifest> path = new ArrayList<>(above);
        path.add(index);
        return path;
    }

    private Choice follow(Descriptor entry, List<Manifest> path) throws IOException {
        Manifest manifest = source.manifest(entry);
        return manifest.isIndex() ? in(manifest, path) : new Choice(manifest, entry, entry.platform(), path);
    }

    private Choice byConfig(List<Descriptor> entries, List<Manifest> path) throws IOException {
        List<Choice> images = new ArrayList<>();
        for (Descriptor entry : entries) {
            if (entry.platform() != null) {
                (source.hasAny(entry) ? there : notHere).add(entry.platform().toString());
            } else if (!MediaType.mayBeManifest(entry.mediaType())) {
                otherTypes.add(entry.mediaType());
            } else if (source.hasAny(entry)) {
                Manifest manifest = source.manifest(checked(entry));
                Choice below = manifest.isIndex() ? in(manifest, path) : null;
                if (below != null) {
                    return below;
                }
                if (manifest.isImage()) {
                    images.add(new Choice(manifest, entry, platform(manifest), path));
                } else if (!manifest.isIndex()) {
                    otherTypes.add(manifest.artifactType());
                }
            }
        }
        return byPlatform(images);
    }

    private Descriptor checked(Descriptor entry) throws WrongContentException {
        withoutPlatform++;
        if (withoutPlatform > MOST_WITHOUT_PLATFORM) {
            throw new WrongContentException("the index lists more than " + MOST_WITHOUT_PLATFORM + " manifests without a platform: name the one you want by its digest");
        }
        return entry;
    }

    private @Nullable Choice byPlatform(List<Choice> images) {
        for (Platform platform : wanted.fallbacks()) {
            for (Choice image : images) {
                if (image.platform() != null && platform.takes(image.platform())) {
                    return image;
                }
            }
        }
        for (Choice image : images) {
            if (image.platform() == null) {
                return image;
            }
            there.add(image.platform().toString());
        }
        return null;
    }

    /** Returns what an image's config says, or null if it does not say it. */
    private @Nullable Platform platform(Manifest manifest) throws IOException {
        Platform platform = new ImageConfig(Json.object(source.config(manifest), "the config " + manifest.config().digest())).platform();
        return platform.os().isEmpty() || platform.architecture().isEmpty() ? null : platform;
    }

    /** Returns, in words, that there is no such image, and what there is instead. */
    String nothing() {
        String no = "no image for " + wanted;
        if (!there.isEmpty()) {
            return no + ", there are: " + String.join(", ", there) + (notHere.isEmpty() ? "" : " (the index also lists " + String.join(", ", notHere) + ", but they are not here)");
        }
        return no + (otherTypes.isEmpty() ? ": the index lists no images" : ": the index lists no images, only " + String.join(", ", otherTypes) + "; get one by its digest");
    }
}
