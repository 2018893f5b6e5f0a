package lib.store;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** The few small programs of a POSIX system that do what Java cannot. */
final class Programs {
    private static final int SECONDS = 10;

    private Programs() { }

    /** Runs a program; tells whether it is there and did its work. */
    static boolean run(String... command) throws IOException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            process.getOutputStream().close();
            if (process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                return process.exitValue() == 0;
            }
            process.destroy();
            return false;
        } catch (IOException e) {
            return false; // there is no such program
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("interrupted");
        }
    }
}
