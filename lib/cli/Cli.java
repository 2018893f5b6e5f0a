package lib.cli;

import java.util.Arrays;
import picocli.CommandLine;

//DEPS info.picocli:picocli:4.7.7
//SOURCES Failure.java

/** Runs a script's command: parses the arguments, and turns whatever goes wrong into one sentence and an exit code. */
public final class Cli {
    private Cli() { }

    /** Runs the command and ends the program with its exit code. */
    public static void run(Object command, String... args) {
        int code = execute(command, args);
        System.out.flush();
        System.err.flush();
        System.exit(code);
    }

    static int execute(Object command, String... args) {
        // no option here is a date: picocli need not load what reads them
        System.setProperty("picocli.converters.excludes", "java[.](sql|time)[.].*");
        return new CommandLine(command)
                .setParameterExceptionHandler((wrong, arguments) -> {
                    System.err.println(wrong.getCommandLine().getCommandName() + ": " + wrong.getMessage() + "; see --help");
                    return Failure.USAGE;
                })
                .setExecutionExceptionHandler((exception, line, result) -> {
                    Failure failure = Failure.of(exception);
                    if (!failure.sentence().isEmpty()) {
                        System.err.println(line.getCommandName() + ": " + failure.sentence());
                    }
                    if (Arrays.asList(args).contains("--debug")) {
                        exception.printStackTrace();
                    }
                    return failure.code();
                })
                .setUsageHelpAutoWidth(true)
                .execute(args);
    }
}
