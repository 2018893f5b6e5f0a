package lib.image;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import lib.failure.NotFoundException;
import org.jspecify.annotations.Nullable;

/**
 * An image that was chosen for a platform, and the way to it. It is not a {@link ManifestTree}, but has one: a tree may be of several platforms,
 * and has neither an entry nor a platform.
 *
 * @param manifest the image's manifest
 * @param entry    the entry of an index that leads to it, null if there is no index
 * @param platform what it runs on: by the entry or, where that does not say it, by the image's config; null if neither does
 * @param above    the indexes that lead to it, outermost first
 */
public record Choice(Manifest manifest, @Nullable Descriptor entry, @Nullable Platform platform, List<Manifest> above) {

    /**
     * Returns the image for a platform: the manifest itself, or the first that fits of what an index leads to.
     *
     * @throws NotFoundException when none fits; the message lists the platforms there are
     * @throws lib.failure.WrongContentException when an index leads to nothing but indexes
     */
    public static Choice of(Manifest root, Platform wanted, ManifestTree.Source source) throws IOException {
        if (!root.isIndex()) {
            return new Choice(root, null, null, List.of());
        }
        PlatformSearch search = new PlatformSearch(wanted, source);
        Choice choice = search.in(root, List.of());
        if (choice == null) {
            throw new NotFoundException(search.nothing());
        }
        return choice;
    }

    /** Returns the image's manifest as a tree: nothing is below it, and above it are the indexes by which it was chosen. */
    public ManifestTree tree() {
        return new ManifestTree(manifest, List.of(), above);
    }

    /**
     * Returns every image that an index leads to and that is here, whatever it runs on.
     *
     * @throws IOException if the source cannot give a manifest, or gives one that is wrong
     */
    public static List<Choice> all(Manifest index, ManifestTree.Source source) throws IOException {
        List<Choice> all = new ArrayList<>();
        addAll(index, source, List.of(), all);
        return all;
    }

    private static void addAll(Manifest index, ManifestTree.Source source, List<Manifest> above, List<Choice> all) throws IOException {
        List<Manifest> path = PlatformSearch.path(above, index);
        for (Descriptor entry : index.entries()) {
            if (entry.isAttestation() || !MediaType.mayBeManifest(entry.mediaType()) || !source.hasAny(entry)) {
                continue;
            }
            Manifest manifest = source.manifest(entry);
            if (manifest.isIndex()) {
                addAll(manifest, source, path, all);
            } else if (manifest.isImage()) {
                all.add(new Choice(manifest, entry, entry.platform(), path));
            }
        }
    }
}
