package tests.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

//SOURCES BenchRegistry.java
//SOURCES Contender.java
//SOURCES Measured.java
//SOURCES Peers.java

/** Runs programs, each in an empty folder, under GNU time. */
record Stopwatch(Path work, BenchRegistry registry) {
    private static final int LIMIT_MINUTES = 10;
    private static final ReentrantLock STARTS = new ReentrantLock();

    /** Runs it once. What it needs beside {@code OUT} is in these variables; throws IOException if it fails or leaves no output. */
    Measured run(Contender contender, Map<String, String> variables) throws IOException, InterruptedException {
        Path out = work.resolve("out");
        delete(out);
        Files.createDirectories(out);
        Path times = work.resolve("times");
        Path said = work.resolve("said");
        ProcessBuilder builder = new ProcessBuilder("time", "--quiet", "--output", times.toString(), "--format", "%U %S %M", "bash", "-c", contender.script());
        builder.environment().putAll(variables);
        builder.environment().put("OUT", out.toString());
        builder.environment().put("PATH", Peers.path());
        builder.environment().put("TMPDIR", Files.createDirectories(work.resolve("tmp")).toString());
        builder.redirectInput(Path.of("/dev/null").toFile()).redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(said.toFile());
        double load = Double.parseDouble(Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
        long logged = registry == null ? 0 : Files.size(registry.log());
        long start = System.nanoTime();
        finish(start(builder), contender, said);
        double wall = (System.nanoTime() - start) / 1e9;
        String[] figures = Files.readString(times).strip().split(" ");
        double cpu = Double.parseDouble(figures[0]) + Double.parseDouble(figures[1]);
        return new Measured(wall, cpu, Double.parseDouble(figures[2]) * 1024 / 1e6, inside(contender, out, logged), load);
    }

    private static Process start(ProcessBuilder builder) throws IOException {
        STARTS.lock();
        try {
            return builder.start();
        } finally {
            STARTS.unlock();
        }
    }

    /** Ends what runs, and lets nothing more start: this program is about to end, and keeps the lock. */
    static void endAll() {
        STARTS.lock();
        for (ProcessHandle process : ProcessHandle.current().descendants().toList()) {
            process.destroyForcibly();
            process.onExit().orTimeout(5, TimeUnit.SECONDS).join();
        }
    }

    private static void finish(Process process, Contender contender, Path said) throws IOException, InterruptedException {
        boolean ended = process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES);
        if (!ended) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
        if (!ended || process.exitValue() != 0) {
            throw new IOException(contender.name() + (ended ? " failed: " : " took more than ten minutes: ") + Files.readString(said).strip());
        }
    }

    /** A rename changes a file's ctime, so that neither clock is within the program that is measured. */
    private double inside(Contender contender, Path out, long logged) throws IOException {
        if (contender.output().isEmpty()) {
            return Double.NaN;
        }
        Path output = out.resolve(contender.output());
        Instant end = ((FileTime) Files.getAttribute(output, "unix:ctime")).toInstant();
        Instant first = registry == null || Files.isDirectory(output) ? null : registry.firstRequest(logged);
        return first == null ? Double.NaN : Duration.between(first, end).toNanos() / 1e9;
    }

    static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> paths = Files.walk(folder)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
