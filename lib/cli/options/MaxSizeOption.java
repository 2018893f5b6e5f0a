package lib.cli.options;

import java.util.List;
import lib.image.Descriptor;
import lib.store.layer.UnpackLimit;
import lib.text.Sizes;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How much an image may unpack to. */
@Command(optionListHeading = "What to take")
public final class MaxSizeOption {
    @Option(names = "--max-size", paramLabel = "SIZE",
            description = {"Unpack at most this much, such as 20G.", "The default is 100 times the size of the layers, but at least 1G."})
    private String size;

    /** Returns how many bytes an image may unpack to, null for the usual limit; throws IllegalArgumentException for an invalid size. */
    public @Nullable Long bytes() {
        return size == null ? null : Sizes.parse("--max-size", size);
    }

    /** Returns how many bytes these layers may unpack to. */
    public long of(List<Descriptor> layers) {
        return size == null ? UnpackLimit.usual(layers) : bytes();
    }
}
