package lib.cli;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.EvalException;
import jdk.jshell.ExpressionSnippet;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.VarSnippet;

/**
 * Java snippets of a file or a pipe, run one after the other. JShell's own tool does not tell whether a snippet failed, so this runs them itself:
 * values go to stdout, and what is wrong to stderr.
 */
public final class Snippets implements AutoCloseable {
    private final boolean onlyValues;
    private final JShell shell;
    private final SourceCodeAnalysis analysis;
    private int exitCode;
    private boolean ended;

    /**
     * @param imports    the imports that all snippets have
     * @param onlyValues prints values of expressions without their names, and no variables, as the next program in a pipe wants it
     */
    public Snippets(List<String> imports, boolean onlyValues) {
        this.onlyValues = onlyValues;
        // in this process, whose classes are the library's
        shell = JShell.builder().executionEngine("local").in(new ByteArrayInputStream(new byte[0])).out(System.out).err(System.err).build();
        shell.addToClasspath(System.getProperty("java.class.path"));
        analysis = shell.sourceCodeAnalysis();
        imports.forEach(shell::eval);
    }

    /** Returns 0, or 1 when a snippet failed, or what {@code /exit} gave. */
    public int exitCode() {
        return exitCode;
    }

    /**
     * Runs each snippet as soon as its last line has come; returns false after {@code /exit}, which ends it all.
     *
     * @throws IOException if the lines cannot be read
     */
    public boolean run(BufferedReader lines) throws IOException {
        String pending = "";
        for (String line = lines.readLine(); line != null && !ended; line = lines.readLine()) {
            if (pending.isBlank() && line.strip().matches("/[a-z!?].*")) {
                command(line.strip());
            } else {
                pending = complete(pending + line + "\n");
            }
        }
        if (!ended && !pending.isBlank()) {
            evaluate(pending);
        }
        return !ended;
    }

    /** Runs the complete snippets that a text begins with, and returns the rest. */
    private String complete(String text) {
        String rest = text;
        while (!rest.isBlank()) {
            SourceCodeAnalysis.CompletionInfo info = analysis.analyzeCompletion(rest);
            switch (info.completeness()) {
                case DEFINITELY_INCOMPLETE, CONSIDERED_INCOMPLETE -> {
                    return rest;
                }
                case UNKNOWN -> {
                    evaluate(rest);
                    return "";
                }
                default -> {
                    evaluate(info.source());
                    rest = info.remaining();
                }
            }
        }
        return "";
    }

    private void evaluate(String source) {
        for (SnippetEvent event : shell.eval(source)) {
            if (event.causeSnippet() != null) {
                continue; // an earlier snippet, which this one changed
            }
            if (event.status() == Snippet.Status.REJECTED) {
                reject(event.snippet());
            } else if (event.exception() != null) {
                fail("Exception " + ofException(event.exception()));
            } else if (event.status() == Snippet.Status.RECOVERABLE_DEFINED || event.status() == Snippet.Status.RECOVERABLE_NOT_DEFINED) {
                shell.unresolvedDependencies((DeclarationSnippet) event.snippet())
                        .forEach(missing -> say("there is no " + missing + " yet"));
            } else {
                print(event);
            }
        }
    }

    private void print(SnippetEvent event) {
        String value = event.value();
        boolean isNamed = event.snippet().subKind() == Snippet.SubKind.VAR_DECLARATION_SUBKIND || event.snippet().subKind() == Snippet.SubKind.VAR_DECLARATION_WITH_INITIALIZER_SUBKIND;
        if (value == null || value.isEmpty() || onlyValues && isNamed) {
            return;
        }
        String name = event.snippet() instanceof VarSnippet variable ? variable.name() : event.snippet() instanceof ExpressionSnippet expression ? expression.name() : "";
        System.out.println(onlyValues ? value : name + " ==> " + value);
    }

    private void reject(Snippet snippet) {
        shell.diagnostics(snippet).filter(each -> each.isError()).forEach(error -> fail("Error: " + error.getMessage(Locale.ROOT).strip()));
        fail(snippet.source().strip());
    }

    private static String ofException(Exception exception) {
        String name = exception instanceof EvalException evaluated ? evaluated.getExceptionClassName() : exception.getClass().getName();
        return name + (exception.getMessage() == null ? "" : ": " + exception.getMessage());
    }

    private void command(String command) {
        String[] words = command.split("\\s+", 2);
        if (!"/exit".startsWith(words[0]) || words[0].length() < 3) {
            fail(words[0] + " is a command of the interactive shell; in a file or a pipe there is /exit alone");
            return;
        }
        ended = true;
        if (words.length > 1) {
            List<SnippetEvent> events = shell.eval(words[1]);
            String value = events.isEmpty() ? null : events.get(events.size() - 1).value();
            exitCode = value != null && value.matches("-?[0-9]{1,9}") ? Integer.parseInt(value) : 1;
        }
    }

    private void fail(String what) {
        exitCode = 1;
        say(what);
    }

    private static void say(String what) {
        what.lines().forEach(line -> System.err.println("|  " + CommonOptions.plain(line)));
    }

    @Override
    public void close() {
        shell.close();
    }
}
