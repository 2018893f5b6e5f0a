package lib.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import lib.cli.arguments.Arguments;
import lib.cli.terminal.Screen;
import lib.text.Suggestion;
import lib.text.Version;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

//DEPS info.picocli:picocli:4.7.7
// Texts are put together by plain code. What javac does otherwise has Java write such code at run time, some milliseconds at each start.
//COMPILE_OPTIONS -XDstringConcat=inline
// Java need not write a file for programs that watch it.
//RUNTIME_OPTIONS -XX:-UsePerfData

/** Runs a script's command: has its arguments put into its fields, and turns whatever goes wrong into one sentence and an exit code. */
public final class Cli {
    /** Set by ./jbang where it notes which classes are loaded, to make an archive of them: it is to have picocli's, too, for the starts that need it. */
    private static final String NOTED = "dray.noted";

    private static IntUnaryOperator atEnd = code -> code;
    private static volatile @Nullable Supplier<String> ifInterrupted;
    private static boolean isHooked;
    private static String sentence = "";
    private static String asked = "";

    private Cli() { }

    /** Runs the command and ends the program with its exit code. */
    public static void run(Object command, String... args) {
        endWithoutMemory(command);
        int code;
        try {
            code = execute(command, args);
        } catch (LinkageError e) { // of picocli itself, whose archive is one more open file
            System.err.println(command.getClass().getSimpleName() + ": a class cannot be loaded (" + e.getMessage()
                    + "): a process may not open enough files here: raise the limit, as with ulimit -n 256");
            code = Failure.UNEXPECTED;
        }
        ifInterrupted = null; // this end is another
        code = atEnd.applyAsInt(code);
        System.out.flush();
        System.err.flush();
        System.exit(code);
    }

    /** Has something done when the command has ended: it takes the command's exit code and returns that or another one. */
    public static void atEnd(IntUnaryOperator what) {
        atEnd = what;
    }

    /** Returns the sentence that says why the command failed; "" where it did not, or not yet. */
    public static String sentence() {
        return sentence;
    }

    /**
     * Has a program that is ended by Ctrl-C say from now on what becomes of its work, and what the same command will do: one line, asked for
     * by another thread. Null for nothing.
     */
    public static synchronized void ifInterrupted(@Nullable Supplier<String> says) {
        if (!isHooked && says != null) {
            Runtime.getRuntime().addShutdownHook(new Thread(Cli::sayInterrupted));
            isHooked = true;
        }
        ifInterrupted = says;
    }

    private static void sayInterrupted() {
        Supplier<String> says = ifInterrupted;
        if (says != null) {
            Screen.end();
            Screen.line("interrupted: " + says.get());
        }
    }

    /** Returns the command's name and its arguments, but for options: one of them may be a password. */
    public static String asked() {
        return asked;
    }

    static int execute(Object command, String... args) {
        String name = command.getClass().getSimpleName();
        try {
            List<String> words = command instanceof Callable<?> ? Arguments.fill(command, args) : null;
            if (words == null) {
                return executeByPicocli(command, name, args);
            }
            if (System.getProperty(NOTED) != null) {
                new CommandLine(command.getClass().getDeclaredConstructor().newInstance()).parseArgs(args);
            }
            ask(name, words);
            return (Integer) ((Callable<?>) command).call();
        } catch (Exception | OutOfMemoryError | LinkageError e) { // classes cannot be loaded where too few files may be open
            return failed(name, e, args);
        }
    }

    private static int executeByPicocli(Object command, String name, String... args) throws IOException {
        // no option here is a date: picocli need not load what reads them
        System.setProperty("picocli.converters.excludes", "java[.](sql|time)[.].*");
        CommandLine line = new CommandLine(command);
        line.getCommandSpec().version("dray " + Version.NUMBER);
        boolean helpAll = Arrays.asList(args).contains("--help-all"); // to picocli, only one option is for help
        if (helpAll || asksForHelp(args)) { // the others need not load what it takes
            HelpPage.install(line, helpAll);
        }
        line.setParameterExceptionHandler((wrong, arguments) -> {
                    Screen.failure(wrong.getCommandLine().getCommandName(), CommonOptions.plain(wrong.getMessage()) + suggestion(wrong));
                    return Failure.ofArguments().code();
                })
                .setExecutionStrategy(parsed -> {
                    ask(name, parsed.matchedPositionals().stream().flatMap(matched -> matched.originalStringValues().stream()).toList());
                    return new CommandLine.RunLast().execute(parsed);
                })
                .setExecutionExceptionHandler((exception, failed, result) -> failed(name, exception, args))
                .setUsageHelpAutoWidth(true);
        StringWriter help = new StringWriter();
        line.setOut(new PrintWriter(help, true)); // picocli would not say where it cannot be written
        int code = line.execute(helpAll ? new String[] {"--help"} : args);
        if (help.getBuffer().length() > 0) {
            Stage.print(help.toString().getBytes(StandardCharsets.UTF_8));
        }
        return code;
    }

    private static void ask(String name, List<String> words) {
        Set<String> each = new LinkedHashSet<>(List.of(name));
        each.addAll(words);
        asked = String.join(" ", each);
    }

    private static boolean asksForHelp(String... args) {
        for (String arg : args) {
            if (arg.equals("--help") || arg.matches("-[a-zA-Z]*h")) {
                return true;
            }
        }
        return false;
    }

    private static String suggestion(ParameterException wrong) {
        if (!(wrong instanceof UnmatchedArgumentException unknown && unknown.isUnknownOption())) {
            return "; see --help";
        }
        return Suggestion.of(unknown.getUnmatched().get(0).replaceFirst("=.*", ""), wrong.getCommandLine().getCommandSpec().optionsMap().keySet(), "; see --help");
    }

    private static int failed(String name, Throwable trouble, String... args) {
        Screen.end();
        Failure failure = Failure.of(trouble, name);
        sentence = failure.sentence();
        if (!failure.sentence().isEmpty()) {
            Screen.failure(name, failure.sentence());
        }
        if (Arrays.asList(args).contains("--debug")) {
            Screen.lines(trace(trouble));
        }
        return failure.code();
    }

    /** A thread that runs out of memory would leave the others waiting for it, and a stack trace. */
    private static void endWithoutMemory(Object command) {
        Thread.setDefaultUncaughtExceptionHandler((thread, trouble) -> {
            if (trouble instanceof OutOfMemoryError) {
                System.err.println(command.getClass().getSimpleName() + ": " + Failure.of(trouble).sentence());
                Runtime.getRuntime().halt(Failure.UNEXPECTED);
            }
            trouble.printStackTrace();
        });
    }

    private static String trace(Throwable exception) {
        StringWriter trace = new StringWriter();
        exception.printStackTrace(new PrintWriter(trace, true));
        return trace.toString().stripTrailing();
    }
}
