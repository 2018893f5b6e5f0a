package lib.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;

/** The few small programs of a POSIX system that do what Java cannot. */
final class Programs {
    private static final int SECONDS = 10;

    private Programs() { }

    /** Runs a program; tells whether it is there and did its work without a word of warning. */
    static boolean run(String... command) throws IOException {
        return feed(InputStream.nullInputStream(), command);
    }

    /** Runs a program with this stdin; tells whether it is there and did its work without a word of warning. */
    static boolean feed(InputStream stdin, String... command) throws IOException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        } catch (IOException e) {
            return false; // there is no such program
        }
        try (OutputStream in = process.getOutputStream()) {
            stdin.transferTo(in);
        } catch (IOException e) {
            process.destroy(); // it did not want to hear more
        }
        try (InputStream warnings = process.getErrorStream()) {
            boolean isWarned = warnings.read() >= 0;
            boolean isEnded = process.waitFor(SECONDS, TimeUnit.SECONDS);
            return isEnded && process.exitValue() == 0 && !isWarned;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } finally {
            process.destroy();
        }
    }
}
