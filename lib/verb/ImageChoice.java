package lib.verb;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import lib.failure.NotFoundException;
import lib.failure.SeveralImagesException;
import lib.image.Digest;
import lib.image.Origin;
import lib.image.Reference;
import lib.store.ImageStore;
import lib.store.StoredImage;
import lib.store.StoredImages;
import lib.text.Suggestion;
import org.jspecify.annotations.Nullable;

/**
 * Which images are meant of a layout or an archive that may hold several.
 *
 * @param wanted  names, digests, image IDs (the digest of the config), or what one of these two begins with; none for all images
 * @param isAsked whether somebody asked for them: if not, they are names of one image, and the first that is there counts
 */
public record ImageChoice(List<String> wanted, boolean isAsked) {
    /** All images. */
    public static final ImageChoice ALL = new ImageChoice(List.of(), false);
    /** As many digits as git takes for a short name: less is more likely a tag that was mistyped. */
    private static final int FEWEST_DIGITS = 4;

    /** The images that somebody named; all where nobody did. */
    public static ImageChoice of(List<String> wanted) {
        return new ImageChoice(List.copyOf(wanted), true);
    }

    /** The image that a stage says it is about. An archive of an older form has it under another digest, one written with another name only by its digest. */
    public static ImageChoice of(Origin origin) {
        return new ImageChoice(Stream.of(origin.digest(), origin.reference()).filter(one -> one != null).map(Object::toString).toList(), false);
    }

    /** Returns whether some images are meant, not all that are there. */
    public boolean isOfSome() {
        return !wanted.isEmpty();
    }

    /**
     * Returns the images that are meant of a layout or an archive.
     *
     * @throws NotFoundException                 if one is not there; the message says what is, what is called most like it first
     * @throws SeveralImagesException            if several have a digest that begins as somebody said
     * @throws lib.failure.WrongContentException if what is meant cannot be read
     */
    public StoredImages of(ImageStore store) throws IOException {
        StoredImages stored = store.images();
        narrow(List.of(stored));
        return stored;
    }

    /**
     * Returns the one image that is meant of a layout or an archive. Artifacts beside images do not count.
     *
     * @throws NotFoundException                 if it is not there
     * @throws SeveralImagesException            if there are several
     * @throws lib.failure.WrongContentException if it cannot be read
     */
    public StoredImages one(ImageStore store) throws IOException {
        StoredImages stored = of(store);
        only(stored);
        return stored;
    }

    /** Returns the one image that is there, once for each of its names, or the one artifact if there is no image; throws SeveralImagesException if there are several. */
    public static List<StoredImage> only(StoredImages stored) {
        List<StoredImage> images = stored.images().stream().filter(image -> !image.isArtifact()).toList();
        List<StoredImage> candidates = images.isEmpty() ? stored.images() : images;
        if (distinct(candidates) > 1) {
            throw new SeveralImagesException(stored.store().path() + " holds " + candidates.size() + (images.isEmpty() ? " artifacts: " : " images: ") + String.join(", ", names(candidates)));
        }
        return candidates;
    }

    /** Takes away from several layouts and archives what is not meant; each image has to be in one of them. Throws what {@link #of(ImageStore)} does. */
    void narrow(Collection<StoredImages> places) throws IOException {
        if (wanted.isEmpty()) {
            return;
        }
        Set<StoredImage> meant = new LinkedHashSet<>();
        for (String one : isAsked ? wanted : List.<String>of()) {
            meant.addAll(found(one, places));
        }
        if (!isAsked) {
            for (int i = 0; i < wanted.size() && meant.isEmpty(); i++) {
                meant.addAll(matching(wanted.get(i), places));
            }
            List<StoredImage> called = meant.stream().filter(image -> wanted.stream().anyMatch(one -> isName(one, image.reference()))).toList();
            meant = called.isEmpty() ? meant : new LinkedHashSet<>(called); // one image may have several names there
        }
        for (StoredImages place : meant.isEmpty() ? List.<StoredImages>of() : places) {
            place.keep(meant.stream().filter(image -> image.store() == place.store()).toList());
        }
    }

    private static List<StoredImage> found(String text, Collection<StoredImages> places) throws IOException {
        List<StoredImage> found = matching(text, places);
        if (found.isEmpty()) {
            for (StoredImages place : places) {
                for (var damage : place.damaged().entrySet()) {
                    if (text.equals(damage.getKey()) || isName(text, parsed(damage.getKey()))) {
                        throw damage.getValue();
                    }
                }
            }
            String where = String.join(", ", places.stream().map(place -> place.store().path().toString()).toList());
            List<String> there = places.stream().flatMap(place -> names(place.images()).stream()).toList();
            throw new NotFoundException(where + (places.size() == 1 ? " has" : " have") + " no image '" + text + "'; there is "
                    + String.join(", ", Suggestion.nearestFirst(text, there)));
        }
        return found;
    }

    /** A name counts before the beginning of a digest. */
    private static List<StoredImage> matching(String text, Collection<StoredImages> places) throws IOException {
        List<StoredImage> all = places.stream().flatMap(place -> place.images().stream()).toList();
        List<StoredImage> named = all.stream().filter(image -> text.equals(image.name()) || isName(text, image.reference())).toList();
        String digits = digits(text);
        if (!named.isEmpty() || digits == null) {
            return named;
        }
        List<StoredImage> found = new ArrayList<>();
        for (StoredImage image : all) {
            found.addAll(image.parts(digest -> digest.toString().startsWith(digits) || digest.hex().startsWith(digits)));
        }
        if (distinct(found) > 1) {
            throw new SeveralImagesException("the digests of several images begin with " + text + ": " + String.join(", ", names(found)));
        }
        return found;
    }

    /** Names mean what they do to docker: {@code nginx} is {@code docker.io/library/nginx:latest}. */
    private static boolean isName(String text, @Nullable Reference is) {
        Reference meant = is == null ? null : parsed(text);
        return meant != null && meant.digest() == null && meant.taggedName().equals(is.taggedName());
    }

    private static @Nullable Reference parsed(String text) {
        try {
            return Reference.parse(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Returns what a digest is to begin with, with its algorithm or without; null if the text is not that. */
    private static @Nullable String digits(String text) {
        String digest = text.substring(text.indexOf('@') + 1).toLowerCase(Locale.ROOT);
        return digest.matches("(sha256:|sha512:)?[0-9a-f]{" + FEWEST_DIGITS + ",128}") ? digest : null;
    }

    private static long distinct(List<StoredImage> images) {
        return images.stream().map(ImageChoice::digest).distinct().count();
    }

    private static Digest digest(StoredImage image) {
        return image.roots().get(0).manifest().digest();
    }

    /** Returns what the images are called, by digest where several are called the same. */
    private static List<String> names(List<StoredImage> images) {
        List<String> names = images.stream().map(StoredImage::name).toList();
        return images.stream().map(image -> names.indexOf(image.name()) == names.lastIndexOf(image.name()) ? image.name() : digest(image).toString()).distinct().toList();
    }
}
