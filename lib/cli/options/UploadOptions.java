package lib.cli.options;

import java.util.List;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.terminal.Progress;
import lib.failure.WrongContentException;
import lib.image.Manifest;
import lib.text.Sizes;
import lib.transfer.BlobProgress;
import lib.transfer.Settings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How to send blobs. */
@Command(optionListHeading = "Transfer")
public final class UploadOptions {
    @Option(names = "--connections", paramLabel = "N", defaultValue = "6",
            description = "Use up to N connections (default: ${DEFAULT-VALUE}).")
    private int connections;

    @Option(names = "--chunk", paramLabel = "SIZE",
            description = {"Send blobs in chunks of at most SIZE, such as 10M.",
                "For a proxy that limits the size of requests. Without this option, blobs are sent whole, and in smaller and smaller "
                + "chunks after an answer 413."})
    private String chunk;

    @Option(names = "--limit-rate", paramLabel = "SIZE",
            description = {"Send at most SIZE a second, such as 500K.",
                "All connections of this command together. K, M and G are those of 1024."})
    private @Nullable String limitRate;

    private Progress progress;
    private volatile List<BlobProgress> blobs = List.of();

    /** Returns what the options say; throws IllegalArgumentException for values that cannot be. */
    public Settings settings(CommonOptions common, NetworkOptions network) {
        if (connections < 1 || connections > 64) {
            throw new IllegalArgumentException("--connections must be from 1 to 64");
        }
        network.limitRate(limitRate);
        progress = new Progress(common.quiet() || network.explains());
        return new Settings(connections, 0, network.retries(), CommonOptions::warn, this::watch);
    }

    /** Returns how many bytes of a blob one request may send; throws IllegalArgumentException for an invalid size. */
    public long chunk() {
        long size = chunk == null ? Long.MAX_VALUE : Sizes.parse("--chunk", chunk);
        if (size < 1) {
            throw new IllegalArgumentException("--chunk must be at least 1 byte");
        }
        return size;
    }

    /** Has the layers of an image shown by their numbers; throws WrongContentException for a malformed manifest. */
    public void shows(Manifest manifest) throws WrongContentException {
        progress.name(manifest.isImage() ? manifest.layers() : List.of());
    }

    private void watch(List<BlobProgress> begun) {
        blobs = begun;
        progress.watch(begun);
        Cli.ifInterrupted(() -> blobs.stream().filter(BlobProgress::isThere).count() + " of " + blobs.size() + " blobs are in the registry; run the same command to send the others");
    }

    /** Ends the progress display, before something else is said. */
    public void endProgress() {
        progress.end();
        Cli.ifInterrupted(null);
    }
}
