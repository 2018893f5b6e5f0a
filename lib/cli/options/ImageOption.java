package lib.cli.options;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import lib.verb.ImageChoice;
import lib.verb.ImageSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Which image is meant of an archive or a layout that holds several. */
@Command(optionListHeading = "What to take")
public final class ImageOption {
    @Option(names = "--image", paramLabel = "NAME",
            description = {"Take this image of several in an archive or layout.",
                "By its name, digest or image ID, or how one of these two begins. May be repeated where several images can be taken; diff takes one for each side."})
    private List<String> images = new ArrayList<>();

    /** picocli makes one and fills it. */
    public ImageOption() { }

    private ImageOption(List<String> images) {
        this.images = images;
    }

    /** Returns the choices for two places: two images are for one each, one is meant in both, or in the one that is an archive or a layout. */
    public List<ImageOption> pair(String a, String b) {
        if (images.size() == 2) {
            return List.of(new ImageOption(images.subList(0, 1)), new ImageOption(images.subList(1, 2)));
        }
        boolean isOfOne = ImageSource.isStore(a) != ImageSource.isStore(b);
        return Stream.of(a, b).map(place -> isOfOne && !ImageSource.isStore(place) ? new ImageOption() : this).toList();
    }

    /** Returns whether somebody chose. */
    public boolean isGiven() {
        return !images.isEmpty();
    }

    /** Returns what is meant of a layout or an archive. */
    public ImageChoice choice() {
        return ImageChoice.of(images);
    }

    /** Throws IllegalArgumentException if somebody chose, where there is nothing to choose from. */
    public void refuse(String source) {
        if (isGiven()) {
            throw new IllegalArgumentException("--image takes an image out of an archive or a layout, and " + source + " is neither");
        }
    }
}
