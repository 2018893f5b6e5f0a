package lib.cli;

import lib.cli.terminal.Screen;
import lib.text.PlainText;
import lib.text.Secrets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What every script understands. */
@Command(optionListHeading = "Common")
public final class CommonOptions {
    @Option(names = {"-q", "--quiet"},
            description = "Print warnings and errors only.")
    boolean quiet;

    @Option(names = "--debug",
            description = "Print a stack trace on failure.")
    boolean debug;

    @Option(names = {"-h", "--help"}, usageHelp = true,
            description = "Show this help.")
    boolean help;

    @Option(names = "--help-all", description = "Show this help with all details.")
    boolean helpAll;

    @Option(names = "--version", versionHelp = true,
            description = "Print the version of this tool.")
    boolean version;

    /** Says something to the person who watches: on stderr, unless --quiet. */
    public void say(String line) {
        if (!quiet) {
            Screen.line(line);
        }
    }

    /** Says what only helps to find out why something goes wrong: on stderr, with --debug. */
    public void debug(String line) {
        if (debug) {
            Screen.line(line);
        }
    }

    /** Returns whether only warnings and errors are printed. */
    public boolean quiet() {
        return quiet;
    }

    /** Warns, also with --quiet: on stderr, one line. */
    public static void warn(String line) {
        Screen.line(line);
    }

    /** Returns a line as a terminal may show it: what a registry or a file put into it can neither move the cursor nor colour what follows, and holds no secret of ours. */
    public static String plain(String line) {
        return PlainText.line(Secrets.masked(line));
    }
}
