package lib.cli.options;

import java.io.ByteArrayOutputStream;
import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A password that is typed and not shown. */
final class Password {
    private static final File TERMINAL = new File("/dev/tty");

    /** In bytes; tokens may be long. */
    private static final int LONGEST = 64 * 1024;

    private Password() { }

    /**
     * Asks on the terminal, even if stdin or stdout is a pipe: Java's own console is not available then, and writes to stdout.
     *
     * @throws IllegalArgumentException if there is no terminal to ask on
     */
    static String ask(String question) throws IOException {
        String password = File.separatorChar == '\\' ? askConsole(question) : askTerminal(question);
        if (password == null) {
            throw new IllegalArgumentException("there is no password and no terminal to ask for it: pipe it in with --password-stdin, or set DRAY_USERNAME and DRAY_PASSWORD");
        }
        return password;
    }

    /**
     * Asks for what may be seen, in the same way.
     *
     * @throws IllegalArgumentException if there is no terminal to ask on
     */
    static String askName(String question) throws IOException {
        boolean isWindows = File.separatorChar == '\\';
        String name = isWindows ? (System.console() == null ? null : System.console().readLine("%s", question)) : askTerminalAloud(question);
        if (name == null) {
            throw new IllegalArgumentException("there is no user and no terminal to ask for one: use -u USER --password-stdin");
        }
        return name.strip();
    }

    private static @Nullable String askTerminalAloud(String question) {
        try (InputStream in = Files.newInputStream(TERMINAL.toPath())) {
            System.err.print(question);
            System.err.flush();
            return line(in);
        } catch (IOException e) {
            return null;
        }
    }

    private static String askConsole(String question) {
        Console console = System.console();
        char[] password = console == null ? null : console.readPassword("%s", question);
        return password == null ? null : new String(password);
    }

    private static String askTerminal(String question) throws IOException {
        if (!stty("-echo")) {
            return null;
        }
        Thread atEnd = new Thread(() -> stty("echo"));
        Runtime.getRuntime().addShutdownHook(atEnd); // somebody may press Ctrl-C instead
        try (InputStream in = Files.newInputStream(Path.of(TERMINAL.getPath()))) {
            System.err.print(question);
            System.err.flush();
            return line(in);
        } finally {
            stty("echo");
            System.err.println();
            Runtime.getRuntime().removeShutdownHook(atEnd);
        }
    }

    /** Sets the terminal, and returns whether there is one. */
    private static boolean stty(String setting) {
        try {
            Process stty = new ProcessBuilder("stty", setting).redirectInput(TERMINAL)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            return stty.waitFor(10, TimeUnit.SECONDS) && stty.exitValue() == 0;
        } catch (IOException | InterruptedException e) {
            return false;
        }
    }

    /** Returns the next line, without its line break, or null if there is none. Nothing after it is read. */
    static @Nullable String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = in.read();
        if (next < 0) {
            return null;
        }
        for (; next >= 0 && next != '\n'; next = in.read()) {
            if (line.size() == LONGEST) {
                throw new IllegalArgumentException("the password is longer than " + LONGEST / 1024 + " KiB");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8).replaceFirst("\r$", "");
    }
}
