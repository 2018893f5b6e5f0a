package lib.transfer.copy;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import lib.failure.RegistryException;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.registry.Uploads;

/**
 * Blobs that could not be had from a repository, after all retries. Other images that need them fail at once, for the same reason,
 * and do not have the registry asked again. What the other side fails with is not noted. It may be used by many threads at once.
 */
public final class LostBlobs {
    private final Map<Place, Loss> losses = new ConcurrentHashMap<>();

    /** What was asked for: of the same digest, another manifest may give the right size, or other places. */
    private record Place(String repository, Digest digest, long size, List<String> urls) {
        static Place of(String repository, Descriptor blob) {
            return new Place(repository, blob.digest(), blob.size(), blob.urls());
        }
    }

    /** Why it could not be had, and for which image that was found out. */
    private record Loss(IOException why, String image) { }

    /** Returns whether a blob could not be had from this repository. */
    boolean has(String repository, Descriptor blob) {
        return losses.containsKey(Place.of(repository, blob));
    }

    /** Returns a source of the blob that notes when it fails, and fails at once where that is known. */
    Uploads.Source watched(Uploads.Source source, String repository, Descriptor blob, String image) {
        Place place = Place.of(repository, blob);
        return from -> {
            check(place);
            try {
                return new Watched(source.open(from), place, image);
            } catch (RegistryException | WrongContentException e) {
                throw noted(e, place, image);
            }
        };
    }

    private void check(Place place) throws IOException {
        Loss loss = losses.get(place);
        if (loss == null) {
            return;
        }
        String before = " (as for " + loss.image + " before)";
        if (loss.why instanceof RegistryException failure) {
            throw failure.and(before);
        }
        throw new WrongContentException(loss.why.getMessage() + before, loss.why);
    }

    private <T extends IOException> T noted(T why, Place place, String image) {
        losses.putIfAbsent(place, new Loss(why, image));
        return why;
    }

    /** The bytes of a blob, which are asked for while they are read. */
    private final class Watched extends FilterInputStream {
        private final Place place;
        private final String image;

        Watched(InputStream in, Place place, String image) {
            super(in);
            this.place = place;
            this.image = image;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            try {
                return in.read(buffer, offset, length);
            } catch (RegistryException | WrongContentException e) {
                throw noted(e, place, image);
            }
        }
    }
}
