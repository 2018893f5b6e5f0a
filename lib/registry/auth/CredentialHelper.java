package lib.registry.auth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import lib.failure.WrongContentException;
import lib.registry.settings.UsernamePassword;
import lib.text.Json;
import org.jspecify.annotations.Nullable;

/**
 * A program {@code docker-credential-NAME}, which keeps passwords in the system's key store.
 * It is asked by {@code get}, with the server's name on stdin, so that nothing stands in the list of processes.
 *
 * @see <a href="https://github.com/docker/docker-credential-helpers#development">docker-credential-helpers, Development</a>
 */
final class CredentialHelper {
    private static final int PATIENCE_SECONDS = 10;
    /** In bytes; a cloud's tokens are a few thousand. */
    private static final int LONGEST_ANSWER = 256 * 1024;

    private CredentialHelper() { }

    /**
     * Returns the user and the secret that a helper has for a server, or null when it has none.
     *
     * @param program its full name, with {@code docker-credential-}
     * @throws IOException when it is missing, slow or prints nonsense; the message repeats nothing that it printed
     */
    static @Nullable UsernamePassword get(String program, String server) throws IOException {
        if (!program.matches("[A-Za-z0-9_.-]+")) {
            throw new IOException("its name is not that of a program");
        }
        Process process = start(program);
        try {
            return read(ask(process, server), process.exitValue());
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static Process start(String program) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(program, "get").redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().removeAll(List.of("DRAY_PASSWORD", "DRAY_TOKEN"));
        try {
            return builder.start();
        } catch (IOException e) {
            throw new IOException("it is not on the PATH, or cannot be run");
        }
    }

    private static byte[] ask(Process process, String server) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        FutureTask<byte[]> answer = new FutureTask<>(() -> process.getInputStream().readNBytes(LONGEST_ANSWER));
        Thread reader = new Thread(answer, "answer of a credential helper");
        reader.setDaemon(true);
        reader.start();
        try (OutputStream question = process.getOutputStream()) {
            question.write((server + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // a helper that does not read may still answer
        }
        try {
            byte[] bytes = answer.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (bytes.length == LONGEST_ANSWER) {
                throw new IOException("it does not stop printing");
            }
            if (process.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                return bytes;
            }
        } catch (TimeoutException e) {
            // falls through to the same answer
        } catch (ExecutionException e) {
            throw new IOException("its answer cannot be read");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
        throw new IOException("it did not end within " + PATIENCE_SECONDS + " seconds");
    }

    private static @Nullable UsernamePassword read(byte[] answer, int exitCode) throws IOException {
        if (exitCode != 0) {
            if (new String(answer, StandardCharsets.UTF_8).contains("credentials not found")) {
                return null;
            }
            throw new IOException("it ended with exit code " + exitCode);
        }
        try {
            ObjectNode json = Json.object(answer, "the answer");
            String user = json.path("Username").asText("");
            String secret = json.path("Secret").asText("");
            return secret.isEmpty() ? null : new UsernamePassword(user, secret);
        } catch (WrongContentException e) {
            throw new IOException("what it prints is no JSON object"); // without the cause, whose message repeats a part of it
        } finally {
            Arrays.fill(answer, (byte) 0);
        }
    }
}
