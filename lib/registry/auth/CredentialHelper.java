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
 * It is asked by {@code get}, {@code store} and {@code erase}; what these are about goes to its stdin, so that nothing stands in the list of processes.
 *
 * @see <a href="https://github.com/docker/docker-credential-helpers#development">docker-credential-helpers, Development</a>
 */
final class CredentialHelper {
    private static final int PATIENCE_SECONDS = 10;
    /** A key store may have its owner asked before it is changed. */
    private static final int PATIENCE_OF_CHANGES_SECONDS = 60;
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
        Said said = run(program, "get", server + "\n", PATIENCE_SECONDS);
        return read(said.bytes, said.exitCode);
    }

    /**
     * Has a helper keep the user and the password for a server.
     *
     * @throws IOException when it is missing, slow or does not; the message repeats nothing that it printed
     */
    static void store(String program, String server, UsernamePassword login) throws IOException {
        ObjectNode json = Json.newObject().put("ServerURL", server).put("Username", login.user()).put("Secret", login.password());
        change(program, "store", Json.text(json, false));
    }

    /**
     * Has a helper forget what it has for a server.
     *
     * @throws IOException when it is missing, slow or does not; the message repeats nothing that it printed
     */
    static void erase(String program, String server) throws IOException {
        change(program, "erase", server + "\n");
    }

    private static void change(String program, String action, String about) throws IOException {
        int exitCode = run(program, action, about, PATIENCE_OF_CHANGES_SECONDS).exitCode;
        if (exitCode != 0) {
            throw new IOException(action + " ended with exit code " + exitCode + "; " + program + " list may say why");
        }
    }

    /** What a helper printed, and how it ended. */
    private record Said(byte[] bytes, int exitCode) { }

    private static Said run(String program, String action, String about, int seconds) throws IOException {
        if (!program.matches("[A-Za-z0-9_.-]+")) {
            throw new IOException("its name is not that of a program");
        }
        Process process = start(program, action);
        try {
            byte[] bytes = ask(process, about, seconds);
            return new Said(bytes, process.exitValue());
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static Process start(String program, String action) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(program, action).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().removeAll(List.of("DRAY_PASSWORD", "DRAY_TOKEN", "DRAY_FROM_PASSWORD", "DRAY_FROM_TOKEN"));
        try {
            return builder.start();
        } catch (IOException e) {
            throw new IOException("it is not on the PATH, or cannot be run");
        }
    }

    private static byte[] ask(Process process, String about, int seconds) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        FutureTask<byte[]> answer = new FutureTask<>(() -> process.getInputStream().readNBytes(LONGEST_ANSWER));
        Thread reader = new Thread(answer, "answer of a credential helper");
        reader.setDaemon(true);
        reader.start();
        try (OutputStream question = process.getOutputStream()) {
            question.write(about.getBytes(StandardCharsets.UTF_8));
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
        throw new IOException("it did not end within " + seconds + " seconds");
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
