package lib.haul;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lib.failure.RegistryException;
import lib.failure.WrongContentException;
import lib.image.Digest;
import lib.image.Reference;
import lib.registry.Network;
import lib.registry.Registry;
import lib.registry.Uploads;
import lib.store.NamedImage;
import lib.transfer.Settings;
import lib.transfer.copy.LostBlobs;
import lib.transfer.copy.RegistryBlobs;
import lib.transfer.push.Outgoing;
import lib.transfer.push.Push;
import lib.verb.ImagePush;
import lib.verb.referrers.ReferrerTravel;
import org.jspecify.annotations.Nullable;

/** Images straight from their registries into another one, one after the other. What is there whole is left alone. */
public final class HaulCopy {
    private final String host;
    private final boolean replacesIndexes;
    private final Network far;
    private final Settings settings;
    /** What one image failed for is not tried again for all that share it. */
    private final LostBlobs lost = new LostBlobs();
    /** What each name points to there; null for nothing. */
    private final Map<Reference, @Nullable Digest> there = new HashMap<>();

    /**
     * What became of them.
     *
     * @param brought  where each image is now
     * @param were     how many of these were there already
     * @param failures those that are not there, by their names, and why
     * @param sent     how many bytes of blobs went to the registry
     */
    public record Result(Map<Reference, Reference> brought, int were, Map<String, IOException> failures, long sent) { }

    /**
     * @param host            a host, or a host and a path, to be put instead of the registries in the names
     * @param replacesIndexes whether an image for one platform may replace an index under the same tag
     * @param far             how that host is reached
     */
    public HaulCopy(String host, boolean replacesIndexes, Network far, Settings settings) {
        this.host = host;
        this.replacesIndexes = replacesIndexes;
        this.far = far;
        this.settings = settings;
    }

    /** Returns where an image goes. */
    private Reference target(FoundImage image) {
        return ImagePush.target(image.name(), host);
    }

    /**
     * Pushes the images. One that fails does not keep the others from coming.
     *
     * @throws IllegalArgumentException if two have the same name there
     * @throws IOException              if the program is interrupted
     */
    public Result run(List<FoundImage> images) throws IOException {
        Map<Reference, FoundImage> targets = new LinkedHashMap<>();
        for (FoundImage image : images) {
            FoundImage other = targets.put(target(image), image);
            if (other != null) {
                throw new IllegalArgumentException(other.name().familiarName() + " and " + image.name().familiarName() + " are both to be " + target(image).familiarName() + ": a tag can point to only one of them");
            }
        }
        Push push = new Push(far, settings, new ArrayList<>(targets.keySet()), Long.MAX_VALUE, replacesIndexes);
        Map<Reference, Reference> brought = new LinkedHashMap<>();
        Map<String, IOException> failures = new LinkedHashMap<>();
        int were = 0;
        long sent = 0;
        for (Map.Entry<Reference, FoundImage> one : targets.entrySet()) {
            FoundImage image = one.getValue();
            try {
                if (isThere(image)) {
                    were++;
                } else {
                    sent += push.run(outgoing(image, one.getKey()), one.getKey()).sent();
                }
                brought.put(image.name(), one.getKey());
            } catch (RegistryException | WrongContentException e) {
                failures.put(image.name().familiarName(), e);
            }
        }
        settings.watcher().accept(List.of());
        return new Result(brought, were, failures, sent);
    }

    private Outgoing outgoing(FoundImage image, Reference target) {
        NamedImage named = new ReferrerTravel(image.wanted().referrers(), settings.notice()).withoutIndex(image.image().named(), target);
        return new Outgoing(new RegistryBlobs(image.image().registry(), settings, lost, image.name().familiarName()), named);
    }

    /** A registry takes no manifest before all that it lists is there, so the tag tells. What refers to the image may be new all the same. */
    private boolean isThere(FoundImage image) throws IOException {
        return image.image().named().referrers().isEmpty() && pointsTo(target(image), image);
    }

    /** The registry is asked once. */
    private boolean pointsTo(Reference target, FoundImage image) throws IOException {
        if (!there.containsKey(target)) {
            try {
                there.put(target, new Registry(target, far).describe().digest());
            } catch (RegistryException e) {
                if (e.status() != 404) {
                    throw e;
                }
                there.put(target, null);
            }
        }
        return image.image().manifest().digest().equals(there.get(target));
    }

    /** Returns what of images the registry has already, for a plan. */
    public HaulPlan.Here here() {
        Map<Reference, Uploads> uploads = new HashMap<>();
        return (image, blob) -> {
            Reference target = target(image);
            if (!uploads.containsKey(target)) {
                uploads.put(target, new Uploads(target, far, Long.MAX_VALUE));
            }
            return pointsTo(target, image) || uploads.get(target).has(blob) ? blob.size() : 0;
        };
    }
}
