package lib.verb.attestation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import lib.failure.NotFoundException;
import lib.failure.WrongContentException;
import lib.image.Choice;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.ManifestTree;
import lib.image.Origin;
import lib.image.Platform;
import lib.registry.Registry;
import lib.store.ImageStore;
import lib.store.NamedImage;
import lib.store.StoredImage;
import lib.store.StoredImages;
import lib.text.Json;
import lib.transfer.Settings;
import lib.verb.ImageChoice;
import lib.verb.ImageLocation;
import lib.verb.ImageSource;
import lib.verb.Verification;
import lib.verb.referrers.ImageReferrers;
import lib.verb.referrers.RegistryReferrers;
import org.jspecify.annotations.Nullable;

/**
 * An image, and what is attested of it.
 *
 * @param subjects     the digests of the image, of the indexes that lead to it, and of what it leads to: one of them attestations are about
 * @param attestations all that were found, each once for each of these
 * @param left         what could not be looked at or was too much, a sentence each
 * @param blobs        gives the attestations themselves
 */
public record AttestedImage(Origin origin, Set<Digest> subjects, List<Attestation> attestations, List<String> left, ImageReferrers blobs) {

    /**
     * Looks for what is attested of an image in a registry, or of every one in a layout or an archive: see {@link #inRegistry} and {@link #inStore}.
     *
     * @throws NotFoundException             if there is no image, or none for the platform
     * @throws WrongContentException         if none can be read
     * @throws lib.failure.RegistryException if the registry does not say what refers to the image
     */
    public static List<AttestedImage> of(ImageLocation location, @Nullable Platform platform, boolean isAsked) throws IOException {
        if (location.store() != null) {
            return inStore(location.store(), location.choice(), platform, isAsked, location.settings().notice());
        }
        return List.of(inRegistry(location.registry(), platform, location.settings()));
    }

    /**
     * Looks for what is attested of an image in a registry.
     *
     * @param platform the one whose image is meant; null for all that the name points to
     * @throws NotFoundException                   if there is none for the platform
     * @throws lib.failure.RegistryException       if the registry does not say what refers to the image
     */
    public static AttestedImage inRegistry(Registry registry, @Nullable Platform platform, Settings settings) throws IOException {
        AttestationSearch search = new AttestationSearch(registry, RegistryReferrers.of(registry, settings));
        if (platform == null) {
            Manifest root = registry.manifest();
            search.addAll(root);
            return search.find(registry.origin(root.digest(), null));
        }
        Choice chosen = registry.manifest(platform);
        search.add(chosen.manifest(), chosen.above());
        return search.find(registry.origin(chosen.manifest().digest(), chosen.platform()));
    }

    /**
     * Looks for what is attested of the images in a layout or an archive, each of them.
     *
     * @param choice   which images
     * @param platform the one whose images are meant; null for all
     * @param isAsked  whether somebody asked for this platform, so that no other will do
     * @param notice   is told what is left out, a line each
     * @throws NotFoundException     if there is no image, or none for the platform
     * @throws WrongContentException if none can be read
     */
    public static List<AttestedImage> inStore(Path place, ImageChoice choice, @Nullable Platform platform, boolean isAsked, Consumer<String> notice) throws IOException {
        ImageStore store = ImageStore.open(place, null, notice);
        StoredImages stored = choice.of(store);
        List<NamedImage> roots = stored.images().stream().map(StoredImage::roots).flatMap(List::stream).filter(image -> !image.manifest().isArtifact()).toList();
        List<NamedImage> images = platform == null ? roots : stored.choose(platform, isAsked).stream().filter(image -> !image.manifest().isArtifact()).toList();
        stored.leftOut().forEach(notice);
        stored.damages().forEach(notice);
        if (images.isEmpty()) {
            throw new NotFoundException(place + " holds no image");
        }
        ImageReferrers referrers = ImageReferrers.of(store);
        List<AttestedImage> attested = new ArrayList<>();
        for (NamedImage image : images) {
            AttestationSearch search = new AttestationSearch(store, referrers);
            search.add(image.manifest(), above(image, roots, referrers, store));
            if (platform == null) {
                search.addAll(image.manifest());
            }
            attested.add(search.find(ImageSource.origin(image, place.toString())));
        }
        return attested;
    }

    /** Returns the attestations as JSON. */
    public ObjectNode json() {
        ObjectNode json = Json.newObject();
        json.putArray("attestations").addAll(attestations.stream().map(Attestation::json).toList());
        return json;
    }

    /** Returns the indexes that lead to an image, be they listed there or only referred to. */
    private static List<Manifest> above(NamedImage image, List<NamedImage> roots, ImageReferrers referrers, ImageStore store) throws IOException {
        Digest digest = image.manifest().digest();
        Set<Manifest> indexes = new LinkedHashSet<>(image.above());
        roots.stream().map(NamedImage::manifest).filter(Manifest::isIndex).forEach(indexes::add);
        for (Digest index : Verification.above(digest, referrers, store)) {
            indexes.add(store.manifest(store.find(index)));
        }
        List<Manifest> above = new ArrayList<>();
        for (Manifest index : indexes) {
            try {
                ManifestTree.wayTo(digest, index, store).stream().filter(one -> above.stream().noneMatch(other -> other.digest().equals(one.digest()))).forEach(above::add);
            } catch (WrongContentException e) {
                continue; // another image's, which is damaged
            }
        }
        return above;
    }
}
