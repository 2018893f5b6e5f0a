package lib.verb.copy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import lib.failure.WrongContentException;
import lib.image.Digest;
import lib.image.ManifestTree;
import lib.image.MediaTypeChange;
import lib.image.Referrer;
import lib.store.NamedImage;
import lib.transfer.push.Outgoing;

/** Images on their way to a registry that knows only Docker's media types, or only OCI's. */
public final class OtherMediaTypes {
    private OtherMediaTypes() { }

    /**
     * Returns an image in those media types. What refers to a manifest that gets another digest stays behind.
     *
     * @param notice is told the new digest, and what stays behind, a line each
     * @throws IllegalArgumentException if there are no such media types for what is there
     * @throws WrongContentException    if a manifest is malformed
     */
    public static Outgoing of(Outgoing outgoing, MediaTypeChange.To to, Consumer<String> notice) throws WrongContentException {
        NamedImage image = outgoing.image();
        MediaTypeChange change = new MediaTypeChange(image.tree(), to);
        ManifestTree tree = change.changed();
        if (tree == image.tree()) {
            return outgoing;
        }
        notice.accept("its media types are changed: the digest is " + tree.root().digest() + " instead of " + image.manifest().digest() + "; image IDs stay");
        int attestations = change.left().size();
        if (attestations > 0) {
            notice.accept((attestations == 1 ? "1 attestation in the index is" : attestations + " attestations in the index are") + " not pushed: the digests of the images change");
        }
        List<Referrer> going = new ArrayList<>();
        List<Referrer> staying = new ArrayList<>();
        List<Digest> without = new ArrayList<>();
        for (Referrer referrer : image.referrers()) { // what refers to others comes after them
            boolean goes = change.keeps(referrer.subject()) && !without.contains(referrer.subject());
            (goes ? going : staying).add(referrer);
            if (!goes) {
                without.add(referrer.manifest().digest());
            }
        }
        Left.say(staying, notice);
        return new Outgoing(outgoing.source(), new NamedImage(tree, image.reference()).without(image.without()).with(going, List.of()));
    }
}
