package lib.cli.options;

import java.io.IOException;
import lib.cli.Failure;
import lib.cli.terminal.Screen;
import lib.registry.ListBounds;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How much of a list is taken that comes in pages, and what is said where the rest of it is missing. */
public final class PagesOption {
    @Option(names = "--max-pages", paramLabel = "N",
            description = {"Stop after N pages of a list (default: ${DEFAULT-VALUE}).", "Bytes and time are limited accordingly."})
    private int pages = ListBounds.USUAL_PAGES;

    /** Returns what the option says; throws IllegalArgumentException for what cannot be. */
    public ListBounds bounds() {
        if (pages < 1) {
            throw new IllegalArgumentException("--max-pages must be 1 or more");
        }
        return new ListBounds(pages);
    }

    /**
     * Says on stderr that a list which was printed is not whole, and why; returns the exit code.
     *
     * @param came    how many entries came
     * @param missing what kept the others from coming, or null if there are no others
     */
    public int report(String command, int came, @Nullable IOException missing) {
        if (missing == null) {
            return 0;
        }
        Failure failure = Failure.of(missing);
        Screen.line(command + ": the list is incomplete, " + came + (came == 1 ? " entry" : " entries") + " came: " + failure.sentence());
        return failure.code();
    }
}
