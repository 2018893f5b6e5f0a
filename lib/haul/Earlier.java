package lib.haul;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import lib.failure.WrongContentException;
import lib.image.Digest;
import lib.image.Reference;
import lib.store.Exclusions;
import lib.store.ImageStore;

/**
 * What those have already who get the images.
 *
 * @param stores archives and layouts
 * @param locks  lock files of earlier hauls
 */
public record Earlier(List<ImageStore> stores, List<Lock> locks) {
    /** Nothing. */
    static final Earlier NOTHING = new Earlier(List.of(), List.of());

    /**
     * Opens archives, layouts and lock files.
     *
     * @throws lib.failure.NotFoundException     if one does not exist
     * @throws lib.failure.WrongContentException if one is something else
     */
    public static Earlier open(List<Path> paths) throws IOException {
        List<ImageStore> stores = new ArrayList<>();
        List<Lock> locks = new ArrayList<>();
        for (Path path : paths) {
            if (Lock.isAt(path)) {
                locks.add(Lock.read(path));
            } else {
                stores.add(ImageStore.open(path));
            }
        }
        return new Earlier(stores, locks);
    }

    /** Returns an image from which what the stores have was left out, without what the images of the lock files have. */
    FoundImage without(FoundImage found) throws WrongContentException {
        Exclusions now = found.image().named().without();
        Set<Digest> blobs = new LinkedHashSet<>(now.blobs());
        Set<Digest> images = new LinkedHashSet<>(now.images());
        Set<Reference> names = new LinkedHashSet<>(now.names());
        for (Lock lock : locks) {
            Exclusions more = lock.exclusions(found);
            blobs.addAll(more.blobs());
            images.addAll(more.images());
            names.addAll(more.names());
        }
        return new FoundImage(found.wanted(), found.image().without(new Exclusions(blobs, images, names)));
    }
}
