package lib.cli.haul;

import java.util.SortedSet;
import java.util.TreeSet;
import lib.store.volume.VolumeChoice;
import lib.store.volume.Volumes;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Into which volumes the archive of a list is cut, as {@code pull} has it. */
@Command(optionListHeading = "What to take")
public final class VolumeOptions {
    @Option(names = "--volume-size", paramLabel = "SIZE",
            description = {"Write volumes of SIZE, such as 4G, fat32 or dvd.", "NAME.tar.001, NAME.tar.002 and so on, as pull writes them."})
    private @Nullable String size;

    @Option(names = "--volume", paramLabel = "N", split = ",",
            description = {"Make only volume N, or several: 2,3.",
                "Only what is in that volume is fetched. With --locked, so that all volumes are of the same archive."})
    private SortedSet<Integer> numbers = new TreeSet<>();

    /** Returns how the archive is cut, null for one file; throws IllegalArgumentException for what cannot be. */
    public @Nullable VolumeChoice choice(boolean isLocked, boolean isArchive) {
        if (size != null && !isArchive) {
            throw new IllegalArgumentException("--volume-size is for an archive: use -o FILE");
        }
        if (size == null && !numbers.isEmpty()) {
            throw new IllegalArgumentException("--volume needs the size of the volumes, too: --volume-size SIZE");
        }
        if (!numbers.isEmpty() && (numbers.first() < 1 || !isLocked)) {
            throw new IllegalArgumentException("--volume must be 1 or more, and goes with --locked: another archive would have other volumes");
        }
        return size == null ? null : new VolumeChoice(Volumes.size("--volume-size", size), numbers);
    }
}
