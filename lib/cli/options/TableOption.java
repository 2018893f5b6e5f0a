package lib.cli.options;

import lib.cli.Stage;
import picocli.CommandLine.Option;

/** Whether a list is printed for people or for programs. */
public final class TableOption {
    @Option(names = "--json",
            description = "Print JSON, even on a terminal.")
    private boolean json;

    @Option(names = "--table",
            description = "Print a table, even into a pipe.")
    private boolean table;

    /** Returns whether a table is wanted; throws IllegalArgumentException if both are asked for. */
    public boolean isTable() {
        if (json && table) {
            throw new IllegalArgumentException("--json and --table exclude each other");
        }
        return table || !json && Stage.isForPeople();
    }
}
