package lib.cli.copy;

import java.io.IOException;
import lib.cli.CommonOptions;
import lib.image.MediaTypeChange;
import lib.transfer.push.Outgoing;
import lib.verb.copy.OtherMediaTypes;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** In whose media types images are pushed. */
@Command(optionListHeading = "What to take")
public final class MediaTypesOption {
    @Option(names = "--media-types", paramLabel = "docker|oci",
            description = {"Push in these media types, whatever the image has.",
                "For a registry that knows only one. Image IDs stay, digests change; signatures and attestations of the old digests stay behind."})
    private @Nullable String wanted;

    /** Throws IllegalArgumentException if there are no such media types. */
    public void check() {
        if (wanted != null && !wanted.matches("docker|oci")) {
            throw new IllegalArgumentException("--media-types " + wanted + ": use docker or oci");
        }
    }

    /**
     * Returns an image as it is to be pushed, and says what changes.
     *
     * @throws IllegalArgumentException          if there are no such media types for what is there
     * @throws lib.failure.WrongContentException if a manifest is malformed
     */
    public Outgoing of(Outgoing image) throws IOException {
        return wanted == null ? image : OtherMediaTypes.of(image, wanted.equals("docker") ? MediaTypeChange.To.DOCKER : MediaTypeChange.To.OCI, CommonOptions::warn);
    }
}
