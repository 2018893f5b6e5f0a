package lib.cli.options;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lib.store.ImageStore;
import lib.verb.Selection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What is left out of images, because the receiver already has it or downloads it from elsewhere. */
@Command(optionListHeading = "What to take")
public final class LeaveOutOptions {
    @Option(names = "--since", paramLabel = "OLD",
            description = {"Skip the blobs that OLD, an archive or layout, has.",
                "For another machine that has OLD already: there, assemble OLD DELTA -o FULL makes a complete archive. May be repeated."})
    private List<Path> since = new ArrayList<>();

    @Option(names = "--skip-foreign",
            description = {"Skip layers that are stored elsewhere (urls).",
                "Those that the manifest says to download from elsewhere, mostly Windows base layers."})
    private boolean skipForeign;

    @Mixin
    private ReferrersOption referrers;

    /** Returns what of images is wanted; throws what keeps those that --since names from being read. */
    public Selection selection(PlatformOption platform) throws IOException {
        List<ImageStore> old = new ArrayList<>();
        for (Path path : since) {
            old.add(ImageStore.open(path));
        }
        return new Selection(platform.platforms(), platform.isGiven(), old, skipForeign, referrers.selection());
    }

    /** Throws IllegalArgumentException when something is to be left out where it is just going to be written: it would be nowhere then. */
    public void refuse(String what) {
        if (!since.isEmpty()) {
            throw new IllegalArgumentException("--since OLD cannot leave anything out of " + what + ": write it, and then assemble that --since OLD");
        }
    }

    /** Returns what a file without everything in it has at the end of its name, before its own ending. */
    public String ending() {
        return since.isEmpty() ? "" : ".delta";
    }

    /** Throws IllegalArgumentException when the archive to write is the one that it is to be less than. */
    public void check(String output) throws IOException {
        for (Path path : since) {
            if (!output.equals("-") && Files.exists(Path.of(output)) && Files.exists(path) && Files.isSameFile(path, Path.of(output))) {
                throw new IllegalArgumentException(output + " is what --since names: it would be lost; use -o FILE");
            }
        }
    }
}
