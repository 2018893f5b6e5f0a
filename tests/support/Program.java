package tests.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

//SOURCES Scratch.java

/**
 * A program to run as a process of its own. Its streams are files, so that no amount of output can block it
 * and nothing that it leaves running can hold the tests up. It reads an empty stdin unless told otherwise.
 */
public final class Program {
    private static final Set<Process> ALIVE = ConcurrentHashMap.newKeySet();
    private static final int STOP_SECONDS = 10;

    static {
        Scratch.closeAtEnd(() -> ALIVE.forEach(Program::kill));
    }

    private final ProcessBuilder builder;
    private byte[] stdin = {};
    private int limitSeconds = 120;

    public Program(String... command) {
        this(List.of(command));
    }

    public Program(List<String> command) {
        builder = new ProcessBuilder(new ArrayList<>(command));
    }

    /** Runs a command to its end with what {@link #Program(String...)} says of streams, and returns what came of it. */
    public static Result run(String... command) {
        return new Program(command).run();
    }

    /** Has bash start the program, which this command finds as {@code "$@"}: with other streams, say. */
    public Program inBash(String command) {
        List<String> all = new ArrayList<>(List.of("bash", "-c", command, "bash"));
        all.addAll(builder.command());
        builder.command(all);
        return this;
    }

    public Program in(Path folder) {
        builder.directory(folder.toFile());
        return this;
    }

    public Program env(String name, String value) {
        builder.environment().put(name, value);
        return this;
    }

    /** Has another program start it, which ends in becoming this one: {@code bash -c 'ulimit …; exec "$@"' bash}, say. */
    public Program startedBy(String... command) {
        builder.command().addAll(0, List.of(command));
        return this;
    }

    /** Leaves it only these variables of the environment, where they are set. */
    public Program keepEnv(Set<String> names) {
        builder.environment().keySet().retainAll(names);
        return this;
    }

    public Program stdin(byte[] bytes) {
        stdin = bytes;
        return this;
    }

    public Program stdin(String text) {
        return stdin(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sets the time after which the program is killed and its test fails; two minutes if this is not called. */
    public Program limit(int seconds) {
        limitSeconds = seconds;
        return this;
    }

    /** Runs the program to its end. Fails the test if that is not within the limit. */
    public Result run() {
        return start().finish();
    }

    /** Starts the program and leaves it running beside the test, which closes it. */
    public Running start() {
        try {
            Path folder = Scratch.folder("process");
            builder.redirectInput(Files.write(folder.resolve("stdin"), stdin).toFile());
            builder.redirectOutput(folder.resolve("stdout").toFile());
            builder.redirectError(folder.resolve("stderr").toFile());
            Process process = builder.start();
            ALIVE.add(process);
            return new Running(builder.command(), process, folder, limitSeconds);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits a little, in a loop that watches something begin. */
    public static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting", e);
        }
    }

    /** Ends a process and its children without a warning. */
    private static void kill(Process process) {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        ALIVE.remove(process);
    }

    /** The command for a message, without the length of a class path. */
    private static String shown(List<String> command) {
        return command.stream().map(part -> part.length() > 300 ? part.substring(0, 50) + "..." : part).collect(Collectors.joining(" "));
    }

    /** What came of a program; {@code stderr} is read as UTF-8. */
    public record Result(List<String> command, int exitCode, byte[] stdout, String stderr) {

        /** Returns stdout as UTF-8. */
        public String text() {
            return new String(stdout, StandardCharsets.UTF_8);
        }

        /** Returns this if the exit code is 0, and fails the test with what the program said if not. */
        public Result orFail() {
            if (exitCode != 0) {
                throw new AssertionError("exit code " + exitCode + " from " + this);
            }
            return this;
        }

        @Override
        public String toString() {
            return shown(command) + "\nstderr: " + stderr.strip() + "\nstdout: " + text().substring(0, Math.min(text().length(), 2000)).strip();
        }
    }

    /** A program that runs beside the test. */
    public record Running(List<String> command, Process process, Path folder, int limitSeconds) implements AutoCloseable {

        /** Waits for its end. Fails the test if that is not within the limit. */
        public Result finish() {
            boolean ended = waitFor(limitSeconds);
            close();
            Result result = new Result(command, process.exitValue(), stdout(), stderr());
            Scratch.delete(folder);
            if (!ended) {
                throw new AssertionError("not ended within " + Duration.ofSeconds(limitSeconds) + ": " + result);
            }
            return result;
        }

        /** Returns what it has written to stdout so far. */
        public byte[] stdout() {
            return read("stdout");
        }

        /** Returns what it has written to stderr so far. */
        public String stderr() {
            return new String(read("stderr"), StandardCharsets.UTF_8);
        }

        private byte[] read(String stream) {
            try {
                return Files.readAllBytes(folder.resolve(stream));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Ends it without a warning, as {@code kill -9} does. */
        public void kill() {
            Program.kill(process);
            waitFor(STOP_SECONDS);
        }

        /** Asks it to end, and ends it if it does not. */
        @Override
        public void close() {
            List<ProcessHandle> children = process.descendants().toList();
            process.destroy();
            if (!waitFor(STOP_SECONDS)) {
                kill();
            }
            children.forEach(ProcessHandle::destroyForcibly);
            ALIVE.remove(process);
        }

        private boolean waitFor(int seconds) {
            try {
                return process.waitFor(seconds, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Program.kill(process);
                throw new AssertionError("interrupted while waiting for " + shown(command), e);
            }
        }
    }
}
