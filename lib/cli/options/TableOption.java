package lib.cli.options;

import lib.cli.Stage;
import picocli.CommandLine.Option;

/** Whether a list is printed for people or for programs. */
public final class TableOption {
    @Option(names = "--json", description = "Print JSON, on a terminal too.")
    private boolean json;

    @Option(names = "--table", description = "Print a table, into a pipe too.")
    private boolean table;

    /** Tells whether a table is wanted; throws IllegalArgumentException where both are asked for. */
    public boolean isTable() {
        if (json && table) {
            throw new IllegalArgumentException("--json and --table: ask for one of them");
        }
        return table || !json && Stage.isForPeople();
    }
}
