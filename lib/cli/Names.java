package lib.cli;

import java.util.List;
import lib.image.Reference;

/** The names that an image is to have instead of its own. */
public final class Names {
    private Names() { }

    /**
     * Returns the names that one image is to be loaded under instead of its own.
     *
     * @param tags what {@code -t} gave
     * @throws IllegalArgumentException if one is not a valid name, or has a digest: engines do not load an image under that
     */
    public static List<Reference> toLoadUnder(List<String> tags) {
        return tags.stream().map(tag -> {
            Reference name = Reference.parse(tag);
            if (name.digest() != null) {
                throw new IllegalArgumentException("-t " + tag + ": an image is loaded under a name and a tag; leave the digest out");
            }
            return name;
        }).distinct().toList();
    }
}
