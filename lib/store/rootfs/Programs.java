package lib.store.rootfs;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import lib.store.tar.ByteName;

/**
 * The few small programs of a POSIX system that do what Java cannot.
 * Their arguments are texts as {@link ByteName} has them: programs are given the very bytes.
 */
final class Programs {
    private static final int SECONDS = 10;

    private Programs() { }

    /** Runs a program; returns whether it is there and did its work without a word of warning. */
    static boolean run(String... command) throws IOException {
        return feed(InputStream.nullInputStream(), command);
    }

    /** Runs a program with this stdin; returns whether it is there and did its work without a word of warning. */
    static boolean feed(InputStream stdin, String... command) throws IOException {
        Process process;
        try {
            process = new ProcessBuilder(exact(command)).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
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

    /** Java gives programs what it takes for the system's encoding of a text. Where that may be something else, a shell makes the bytes of their numbers. */
    private static List<String> exact(String... command) {
        StringBuilder script = new StringBuilder();
        boolean isAscii = true;
        for (String argument : command) {
            isAscii &= argument.chars().allMatch(character -> character < 0x80);
            script.append("a=$(printf '%b.' '");
            for (byte b : ByteName.bytes(argument)) {
                script.append(String.format(Locale.ROOT, "\\0%03o", b & 0xff));
            }
            script.append("') && set -- \"$@\" \"${a%.}\" && ");
        }
        return isAscii ? List.of(command) : List.of("sh", "-c", script.append("exec \"$@\"").toString());
    }
}
