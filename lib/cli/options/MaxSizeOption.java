package lib.cli.options;

import java.util.List;
import lib.image.Descriptor;
import lib.store.layer.UnpackLimit;
import lib.text.Sizes;
import picocli.CommandLine.Option;

/** How much an image may unpack to. */
public final class MaxSizeOption {
    @Option(names = "--max-size", paramLabel = "SIZE",
            description = "Unpack no more than this of an image, such as 20G (default: 100 times the size of its layers, and 1G in any case).")
    private String size;

    /** Returns the bytes that somebody allows, or null; throws IllegalArgumentException for what is no size. */
    public Long bytes() {
        return size == null ? null : Sizes.parse("--max-size", size);
    }

    /** Returns how many bytes these layers may unpack to. */
    public long of(List<Descriptor> layers) {
        return size == null ? UnpackLimit.usual(layers) : bytes();
    }
}
