package lib.cli.options;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import lib.cli.CommonOptions;
import lib.image.Descriptor;
import lib.image.ImageConfig;
import lib.image.Platform;
import lib.registry.Registry;
import lib.store.ImageStore;
import lib.text.Json;
import lib.transfer.Wanted;

/** An image without an index is for one platform, whichever was asked for: only its config tells which. */
public final class OtherPlatform {
    private OtherPlatform() { }

    /**
     * Warns when an image is for another platform than somebody asked for.
     *
     * @param place the archive or the layout that has the image by now; where there is none, as with a stream, nothing is said
     */
    public static void warn(PlatformOption asked, Wanted image, Path place) throws IOException {
        boolean isUnchosen = image.origin().platform() == null && image.manifest().isImage();
        if (!asked.isGiven() || !asked.isOne() || !isUnchosen || !ImageStore.isAt(place)) {
            return;
        }
        ImageStore store = ImageStore.open(place);
        Descriptor config = image.manifest().config();
        if (!store.has(config)) {
            return;
        }
        try (InputStream in = store.blob(config)) {
            Platform is = new ImageConfig(Json.object(in.readNBytes(Registry.LONGEST_MANIFEST), "the config " + config.digest())).platform();
            Platform wanted = asked.platform();
            if (!is.architecture().isEmpty() && !(is.os().equals(wanted.os()) && is.architecture().equals(wanted.architecture()))) {
                CommonOptions.warn(image.origin().reference().familiarName() + " is for " + is + " only, not for " + wanted);
            }
        }
    }
}
