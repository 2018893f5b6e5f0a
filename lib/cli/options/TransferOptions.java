package lib.cli.options;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.terminal.Progress;
import lib.failure.WrongContentException;
import lib.image.Manifest;
import lib.store.BlobCache;
import lib.text.Sizes;
import lib.transfer.BlobProgress;
import lib.transfer.Settings;
import lib.transfer.source.Hosts;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How to move blobs. */
@Command(optionListHeading = "Transfer")
public final class TransferOptions {
    @Option(names = "--connections", paramLabel = "N", defaultValue = "6",
            description = "Use up to N connections (default: ${DEFAULT-VALUE}).")
    private int connections;

    @Option(names = "--connections-per-host", paramLabel = "N", defaultValue = "" + Settings.CONNECTIONS_PER_HOST,
            description = "At most N to each of several mirrors (default: ${DEFAULT-VALUE}).")
    private int connectionsPerHost;

    @Option(names = "--segment", paramLabel = "SIZE", defaultValue = "8M",
            description = {"Fetch parts of at least SIZE (default: ${DEFAULT-VALUE}).",
                "Progress is recorded after every SIZE bytes, and sooner on a slow line; slow parts may be split further."})
    private String segment;

    @Option(names = "--limit-rate", paramLabel = "SIZE",
            description = {"Fetch at most SIZE a second, such as 500K.",
                "All connections of this command together. K, M and G are those of 1024."})
    private @Nullable String limitRate;

    @Option(names = "--reuse", paramLabel = "PLACE",
            description = {"Do not fetch blobs that PLACE has; may be repeated.",
                "An archive, a layout or a folder of blobs. DRAY_CACHE names a folder that keeps blobs for later runs."})
    private List<Path> reuse = new ArrayList<>();

    private Progress progress;
    private volatile List<BlobProgress> slots = List.of();

    /** Returns what the options and the environment say; throws IllegalArgumentException for values that cannot be. */
    public Settings settings(CommonOptions common, NetworkOptions network) throws IOException {
        if (connections < 1 || connections > 64) {
            throw new IllegalArgumentException("--connections must be from 1 to 64");
        }
        if (connectionsPerHost < 1) {
            throw new IllegalArgumentException("--connections-per-host must be 1 or more");
        }
        network.limitRate(limitRate);
        progress = new Progress(common.quiet() || network.explains());
        BlobCache cache = BlobCache.of(System.getenv(), CommonOptions::warn);
        return new Settings(connections, bytes(segment), new Hosts(connectionsPerHost), network.retries(), reuse, cache, CommonOptions::warn, this::watch);
    }

    /** When a transfer is over, and something else is made of what has come, that is still what is kept. */
    private void watch(List<BlobProgress> begun) {
        slots = begun.isEmpty() ? slots : begun;
        progress.watch(begun);
    }

    /** Has the layers of an image shown by their numbers, if these are one image; throws WrongContentException for a malformed manifest. */
    public void shows(List<Manifest> manifests) throws WrongContentException {
        Manifest first = manifests.get(0);
        boolean areOne = manifests.stream().allMatch(manifest -> manifest.digest().equals(first.digest()));
        progress.name(areOne && first.isImage() ? first.layers() : List.of());
    }

    /** Has an interrupted program say from now on how much is kept here: the same command does not fetch that again. */
    public void keepsIn(Path place) {
        slots = List.of();
        Cli.ifInterrupted(() -> {
            String kept = Progress.share(slots);
            return kept.isEmpty() ? "nothing was fetched yet" : kept + " are kept in " + place + "; run the same command to continue";
        });
    }

    /** Ends the progress display, before something else is said. */
    public void endProgress() {
        progress.end();
        Cli.ifInterrupted(null);
    }

    private static long bytes(String size) {
        long bytes = Sizes.parse("--segment", size);
        if (bytes < 64 * 1024) {
            throw new IllegalArgumentException("--segment must be at least 64K");
        }
        return bytes;
    }
}
