package lib.verb.copy;

import java.io.IOException;
import java.util.List;
import lib.failure.NotFoundException;
import lib.image.ImageConfig;
import lib.image.Platform;
import lib.image.Reference;
import lib.registry.Network;
import lib.registry.Registry;
import lib.text.Json;
import lib.transfer.RemoteImage;
import lib.transfer.Settings;
import lib.transfer.copy.RegistryBlobs;
import lib.transfer.push.Outgoing;
import lib.verb.ImageFinder;
import lib.verb.Selection;
import lib.verb.SignaturePolicy;
import lib.verb.referrers.ReferrerSelection;
import lib.verb.referrers.ReferrerTravel;
import lib.verb.referrers.RemoteTravel;
import org.jspecify.annotations.Nullable;

/**
 * Images of registries, to be pushed to other names: {@link lib.transfer.push.Push#run} has one registry fill the other.
 *
 * @param from      how the registries are reached that have the images
 * @param platform  the platform to push of an index, null for the index and all that it lists
 * @param referrers what of that which refers to an image goes with it
 * @param policy    which signatures images have to have
 * @param settings  how their blobs are fetched; its notice is told what is left out, a line each
 */
public record ImageCopy(Network from, @Nullable Platform platform, ReferrerSelection referrers, SignaturePolicy policy, Settings settings) {

    /**
     * Asks for the manifests of an image, and for what refers to them.
     *
     * @param target where it goes, for notices
     * @throws IllegalArgumentException            if it is of a form that registries of today do not take
     * @throws NotFoundException                   if there is none for the platform
     * @throws lib.failure.NoSignatureException    if it has to be signed, and is not
     * @throws lib.failure.WrongSignatureException if no signature of it is right
     * @throws lib.failure.RegistryException       if the policy forbids it, or the registry does not give what it should
     */
    public Outgoing find(Reference image, Reference target) throws IOException {
        Registry registry = new Registry(image, from);
        ImageFinder finder = new ImageFinder(registry, policy, settings);
        RemoteImage found = finder.choose(new Selection(platform == null ? List.of() : List.of(platform), platform != null, List.of(), false, referrers));
        if (found.manifest().isSchema1()) {
            throw new IllegalArgumentException(image.familiarName() + " has a manifest of schema 1, which registries of today do not take: pull it, which converts it, and push the archive");
        }
        checkPlatform(found);
        RemoteImage whole = new RemoteTravel(referrers, settings.notice(), finder.referrers()).of(found, null);
        return new Outgoing(new RegistryBlobs(registry, settings), new ReferrerTravel(referrers, settings.notice()).withoutIndex(whole.named(), target));
    }

    /** An image without an index is for one platform, which only its config tells. Which variant of a processor it means, it does not always say. */
    private void checkPlatform(RemoteImage image) throws IOException {
        if (platform == null || image.origin().platform() != null || !image.manifest().isImage()) {
            return;
        }
        Platform is = new ImageConfig(Json.object(image.registry().config(image.manifest()), "the config " + image.manifest().config().digest())).platform();
        if (!is.architecture().isEmpty() && !(is.os().equals(platform.os()) && is.architecture().equals(platform.architecture()))) {
            throw new NotFoundException("no image for " + platform + ", there are: " + is);
        }
    }
}
