package lib.haul;

import java.util.List;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.Reference;
import lib.transfer.RemoteImage;

/**
 * An image of a list, whose manifests are here.
 *
 * @param wanted the entry that it was chosen by
 * @param image  under the name that it is stored by
 */
public record FoundImage(Wanted wanted, RemoteImage image) {
    /** Returns the name that it is stored by. */
    public Reference name() {
        return image.named().reference();
    }

    /** Returns what the name points to: the index that the image was chosen from, where there is one. */
    public Digest digest() {
        return image.above().stream().map(Manifest::digest).findFirst().orElse(image.manifest().digest());
    }

    /** Returns the platforms that it is for, as people write them: one that is known, or those that were asked for. */
    public List<String> platformNames() {
        return image.origin().platform() != null ? List.of(image.origin().platform().toString()) : wanted.platformNames();
    }

    /** Returns whether something that refers to it does not come with it, or could not be looked for. */
    public boolean mayLack() {
        return image.mayLack();
    }

    /** Returns whether something of it is left out that others have in another image. */
    public boolean isDelta() {
        return !image.named().without().images().isEmpty();
    }
}
