package lib.workload.chart;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import lib.failure.WrongContentException;
import org.jspecify.annotations.Nullable;

/**
 * The program helm, which alone knows what the templates of a chart make of values. {@code helm template} asks no cluster, and without
 * {@code --dependency-update} no network.
 *
 * @see <a href="https://helm.sh/docs/helm/helm_template/">helm template</a>
 */
final class Helm {
    private static final int PATIENCE_SECONDS = 120;
    /** What a chart renders may be large; in bytes. */
    private static final int LONGEST = 64 << 20;
    private static final int LONGEST_COMPLAINT = 64 * 1024;
    private static final int LINES_SHOWN = 6;

    private Helm() { }

    /**
     * Returns what helm renders a chart to; null if there is no helm on the PATH.
     *
     * @param name what to call the chart in messages
     * @throws WrongContentException with helm's own words if it does not render it, or not in time
     */
    static byte @Nullable [] render(String name, Path chart, List<Path> values, List<String> sets) throws IOException {
        List<String> command = new ArrayList<>(List.of("helm", "template", "release-name", chart.toAbsolutePath().toString()));
        values.forEach(file -> command.add("--values=" + file.toAbsolutePath()));
        sets.forEach(set -> command.add("--set=" + set));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeAll(List.of("DRAY_PASSWORD", "DRAY_TOKEN"));
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            return null;
        }
        try {
            process.getOutputStream().close();
            return answer(name, process);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static byte[] answer(String name, Process process) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        FutureTask<byte[]> complaint = reading(process.getErrorStream(), LONGEST_COMPLAINT);
        FutureTask<byte[]> rendered = reading(process.getInputStream(), LONGEST + 1);
        try {
            byte[] yaml = rendered.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (yaml.length > LONGEST) {
                throw new WrongContentException("helm renders " + name + " to more than " + (LONGEST >> 20) + " MiB: refused");
            }
            if (process.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                if (process.exitValue() != 0) {
                    throw new WrongContentException("helm cannot render " + name + ": " + words(complaint.get(end - System.nanoTime(), TimeUnit.NANOSECONDS)));
                }
                return yaml;
            }
        } catch (TimeoutException e) {
            // said below
        } catch (ExecutionException e) {
            throw new IOException("what helm prints cannot be read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
        throw new WrongContentException("helm did not render " + name + " within " + PATIENCE_SECONDS + " seconds");
    }

    /** Reads to the end, so that the program can go on, and keeps so many bytes. */
    private static FutureTask<byte[]> reading(InputStream in, int most) {
        FutureTask<byte[]> task = new FutureTask<>(() -> {
            byte[] bytes = in.readNBytes(most);
            in.transferTo(java.io.OutputStream.nullOutputStream());
            return bytes;
        });
        Thread thread = new Thread(task, "helm");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private static String words(byte[] complaint) {
        String words = new String(complaint, StandardCharsets.UTF_8).lines().map(String::strip).filter(line -> !line.isEmpty()).limit(LINES_SHOWN).collect(Collectors.joining("; "));
        return words.isEmpty() ? "it does not say why" : words.replaceFirst("^Error: ", "");
    }
}
