package lib.cli.copy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import lib.cli.CommonOptions;
import lib.failure.SeveralImagesException;
import lib.image.Platform;
import lib.image.Reference;
import lib.store.ImageStore;
import lib.verb.ImageChoice;
import lib.verb.ImagePush;
import lib.verb.ImageSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is pushed, and under which names: one image under a new one, or several that keep theirs but for the registry. */
@Command(optionListHeading = "What to take")
public final class DestinationOptions {
    /** Stands for what comes on stdin. */
    public static final String STDIN = "-";

    @Parameters(paramLabel = "IMAGE|LAYOUT|ARCHIVE|NAME", arity = "0..*",
            description = {"What to push, and then NAME, the name for it.",
                "With --to or --own-names any number of images, and no NAME. - is stdin, and so is NAME alone: an archive, or the JSON of "
                + "'manifest' or 'blob', edited or not."})
    private List<String> arguments = new ArrayList<>();

    @Option(names = "--to", paramLabel = "HOST[/PREFIX]",
            description = "Replace the registry in the images' own names.")
    private @Nullable String to;

    @Option(names = "--own-names",
            description = {"Push each image to the registry in its own name.", "That is docker.io for a name without a registry."})
    private boolean ownNames;

    /**
     * Returns what is to be pushed: names of images, files, or {@link #STDIN} alone.
     *
     * @throws IllegalArgumentException for arguments that do not go together
     */
    public List<String> places() {
        if (to != null && ownNames) {
            throw new IllegalArgumentException("--to and --own-names exclude each other");
        }
        List<String> places = name() == null ? arguments : arguments.subList(0, arguments.size() - 1);
        if (name() != null && places.size() > 1) {
            throw new IllegalArgumentException("one name is for one image: push several with --to HOST[/PREFIX]");
        }
        if (places.size() > 1 && places.contains(STDIN)) {
            throw new IllegalArgumentException("what comes on stdin is pushed alone");
        }
        return places.isEmpty() ? List.of(STDIN) : places;
    }

    /** Returns whether images keep their paths, and only another registry takes the place of theirs. */
    public boolean keepsNames() {
        return to != null;
    }

    /** Returns the name for the one image; null where images keep theirs, or nobody said where to. */
    private @Nullable String name() {
        boolean isNamed = to == null && !ownNames && !arguments.isEmpty();
        String last = isNamed ? arguments.get(arguments.size() - 1) : null;
        return isNamed && (arguments.size() > 1 || !last.equals(STDIN) && !ImageSource.isStore(last)) ? last : null;
    }

    /**
     * Returns where an image of a registry goes.
     *
     * @throws IllegalArgumentException if that is no name, or the one that it has
     */
    public Reference target(Reference image) {
        if (name() == null && to == null) {
            throw new IllegalArgumentException(image.familiarName() + " has that name where it is: where to? Use NAME, or --to HOST[/PREFIX]");
        }
        return name() == null ? ImagePush.target(image, to) : Reference.parse(name());
    }

    /**
     * Returns the images of a layout or an archive, and where they go.
     *
     * @param choice   which of them
     * @param platform the one to push of an index, null for all
     * @throws IllegalArgumentException          if nobody said where to, or one of them has no name
     * @throws SeveralImagesException            if one name is for several images
     * @throws lib.failure.WrongContentException if the one image cannot be read
     */
    public ImagePush targets(ImageStore store, ImageChoice choice, @Nullable Platform platform) throws IOException {
        if (name() != null) {
            try {
                return ImagePush.to(Reference.parse(name()), store, choice, platform, CommonOptions::warn);
            } catch (SeveralImagesException e) {
                throw new SeveralImagesException(e.getMessage() + "; use --to HOST[/PREFIX] or --own-names for all of them");
            }
        }
        ImagePush images = ImagePush.toNames(to, store, choice, platform, CommonOptions::warn);
        if (to == null && !ownNames) {
            throw new IllegalArgumentException("where to? Use NAME, --to HOST[/PREFIX], or --own-names to push to "
                    + images.targets().stream().map(Reference::familiarName).collect(Collectors.joining(", ")));
        }
        return images;
    }
}
