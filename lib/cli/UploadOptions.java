package lib.cli;

import java.util.List;
import lib.transfer.Settings;
import picocli.CommandLine.Option;

//SOURCES ../transfer/Settings.java
//SOURCES Cli.java
//SOURCES CommonOptions.java
//SOURCES NetworkOptions.java
//SOURCES Progress.java

/** How to send blobs. */
public final class UploadOptions {
    @Option(names = "--connections", paramLabel = "N", defaultValue = "6",
            description = "Use up to this many connections side by side (default: ${DEFAULT-VALUE}).")
    private int connections;

    private Progress progress;

    /** Returns what the options say; throws IllegalArgumentException for values that cannot be. */
    public Settings settings(CommonOptions common, NetworkOptions network) {
        if (connections < 1 || connections > 64) {
            throw new IllegalArgumentException("--connections must be from 1 to 64");
        }
        progress = new Progress(common.quiet() || network.explains());
        return new Settings(connections, 0, network.retries(), CommonOptions::warn, progress::watch);
    }

    /** Ends the progress display, before something else is said. */
    public void endProgress() {
        progress.end();
    }
}
