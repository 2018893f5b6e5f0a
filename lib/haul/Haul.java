package lib.haul;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import lib.image.Platform;
import lib.image.Reference;
import lib.registry.Network;
import lib.store.ImageStore;
import lib.verb.ImagePull;
import lib.verb.referrers.ReferrerSelection;
import org.jspecify.annotations.Nullable;

/**
 * A list of images that are carried together.
 *
 * @param list    its entries
 * @param earlier what those have already who get the images
 */
public record Haul(List<Wanted> list, Earlier earlier) {
    /**
     * Reads a list: names, one a line, or YAML.
     *
     * @param file      what it is called, for messages
     * @param names     returns what a person means by a name
     * @param platforms for which platforms images are wanted that do not say it themselves, none for all that an index lists
     * @param isAsked   whether somebody asked for these, so that no other will do
     * @param referrers what travels with images that do not say it themselves
     * @throws IllegalArgumentException          if the list names nothing, or something that cannot be
     * @throws lib.failure.WrongContentException if it is not YAML
     */
    public static Haul read(byte[] bytes, String file, Function<String, Reference> names, List<Platform> platforms, boolean isAsked, ReferrerSelection referrers)
            throws IOException {
        return new Haul(WantedList.read(bytes, file, names, new WantedList.Usual(platforms, isAsked, referrers)), Earlier.NOTHING);
    }

    /** Returns the names in the list; of those whose tags are chosen, only the repository counts. */
    public List<Reference> names() {
        return list.stream().map(Wanted::name).toList();
    }

    /** Returns what the lock file of an archive, a layout or a list is called: {@code all.lock.json} for {@code all.tar}. */
    public static Path lockFile(Path target) {
        return target.resolveSibling(target.getFileName().toString().replaceFirst("\\.(tar|oci|ya?ml|txt)$", "") + ".lock.json");
    }

    /** Returns the same without what others have already. */
    public Haul since(Earlier places) {
        return new Haul(list, places);
    }

    /**
     * Asks registries for what the list leads to now. An image that fails does not keep the others from being found.
     *
     * @param place    the archive or the layout that may have some already: what fails and is there from an earlier run stays there; null for none
     * @param lockFile where that run has written down what it is
     * @throws IllegalArgumentException if two entries choose one image for different platforms
     * @throws IOException              if the program is interrupted, or something on this machine cannot be read
     */
    public Found find(ImagePull pull, Network network, @Nullable Path place, Path lockFile) throws IOException {
        try (Search search = new Search(pull, network, earlier, place)) {
            return place != null && ImageStore.isAt(place) && Files.exists(lockFile) ? search.of(list, Lock.read(lockFile)) : search.of(list);
        }
    }

    /**
     * Asks registries for what the list led to when a lock file was written.
     *
     * @throws IllegalArgumentException          if the list does not fit the lock file
     * @throws lib.failure.NotFoundException     if there is no lock file
     * @throws lib.failure.WrongContentException if it is something else
     */
    public Found findLocked(Path lockFile, ImagePull pull, Network network, @Nullable Path place) throws IOException {
        Lock lock = Lock.read(lockFile);
        lock.check(list, lockFile.toString());
        try (Search search = new Search(pull, network, earlier, place)) {
            return search.of(lock, list);
        }
    }

    /**
     * Writes down what came, by digests.
     *
     * @throws IOException if the file cannot be written
     */
    public void lock(List<FoundImage> images, Path lockFile) throws IOException {
        Lock.of(list, images).write(lockFile);
    }
}
