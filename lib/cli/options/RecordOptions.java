package lib.cli.options;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.Failure;
import lib.cli.Target;
import lib.cli.terminal.Terminal;
import lib.record.Explain;
import lib.record.Recording;
import lib.registry.http.Exchange;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Who is told of what goes to a registry and comes back. */
@Command(optionListHeading = "Recording")
final class RecordOptions {
    @Option(names = "--explain",
            description = {"Explain each request on stderr.", "Its purpose, the curl equivalent, the answer, and the next step."})
    private boolean explain;

    @Option(names = "--har", paramLabel = "FILE",
            description = {"Write all requests to this HTTP Archive.", "A browser's network panel opens it. Secrets are masked."})
    private String har;

    @Option(names = "--report", paramLabel = "FILE.html",
            description = {"Write all requests to this HTML page.", "With a waterfall and the tree of the image."})
    private String report;

    private Recording recording;

    /** Writes what was recorded, if anything was to be and is not yet; returns the command's exit code, or another where that could not be done. */
    private int finish(int code) {
        try {
            String why = Cli.sentence().isEmpty() ? "" : ": " + Cli.sentence();
            recording.write(code == 0 ? "" : "It ended with exit code " + code + why);
            return code;
        } catch (IOException e) {
            CommonOptions.warn("the record is not written: " + Failure.of(e).sentence());
            return code == 0 ? Failure.UNEXPECTED : code;
        }
    }

    boolean explains() {
        return explain;
    }

    /** Returns the listener that is told of every exchange, or null for none; throws IllegalArgumentException for an invalid file name. */
    @Nullable Consumer<Exchange> listener() throws IOException {
        Consumer<Exchange> explaining = explain ? new Explain(Terminal.isColoured())::show : null;
        if (har == null && report == null) {
            return explaining;
        }
        if (recording == null) {
            recording = new Recording(Cli.asked(), file("--har", har), file("--report", report));
            Cli.atEnd(this::finish);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> finish(Failure.INTERRUPTED)));
        }
        return explaining == null ? recording::keep : explaining.andThen(recording::keep);
    }

    private static Path file(String option, String name) throws IOException {
        if (name == null) {
            return null;
        }
        Target target = Target.ofAnything(name);
        if (target.isStream()) {
            throw new IllegalArgumentException(option + " needs the name of a file: it is written in one piece at the end");
        }
        return target.path();
    }
}
