package lib.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Model.UsageMessageSpec;

//DEPS info.picocli:picocli:4.7.7
//SOURCES Failure.java
//SOURCES Recording.java
//SOURCES Screen.java

/** Runs a script's command: parses the arguments, and turns whatever goes wrong into one sentence and an exit code. */
public final class Cli {
    private Cli() { }

    /** Runs the command and ends the program with its exit code. */
    public static void run(Object command, String... args) {
        int code = Recording.finish(execute(command, args));
        System.out.flush();
        System.err.flush();
        System.exit(code);
    }

    static int execute(Object command, String... args) {
        // no option here is a date: picocli need not load what reads them
        System.setProperty("picocli.converters.excludes", "java[.](sql|time)[.].*");
        CommandLine line = new CommandLine(command);
        // the examples and the address of the specification are there to be copied: picocli would break them at column 80
        line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_FOOTER, help ->
                String.join(System.lineSeparator(), help.commandSpec().usageMessage().footer()) + System.lineSeparator());
        return line.setParameterExceptionHandler((wrong, arguments) -> {
                    Screen.line(wrong.getCommandLine().getCommandName() + ": " + wrong.getMessage() + "; see --help");
                    return Failure.USAGE;
                })
                .setExecutionExceptionHandler((exception, failed, result) -> {
                    Screen.end();
                    Failure failure = Failure.of(exception);
                    if (!failure.sentence().isEmpty()) {
                        Screen.line(failed.getCommandName() + ": " + failure.sentence());
                    }
                    if (Arrays.asList(args).contains("--debug")) {
                        Screen.lines(trace(exception));
                    }
                    return failure.code();
                })
                .setUsageHelpAutoWidth(true)
                .execute(args);
    }

    private static String trace(Exception exception) {
        StringWriter trace = new StringWriter();
        exception.printStackTrace(new PrintWriter(trace, true));
        return trace.toString().stripTrailing();
    }
}
