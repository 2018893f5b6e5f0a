///usr/bin/env jbang "$0" "$@" ; exit $?
package tests.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tests.support.Checkout;

//MAIN tests.fuzz.fuzz
//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC
//DESCRIPTION Looks for inputs that the parsers and the extractor do not stand
//DEPS com.code-intelligence:jazzer:0.24.0
//SOURCES ChallengeTarget.java
//SOURCES LayersTarget.java
//SOURCES LinkTarget.java
//SOURCES ManifestTarget.java
//SOURCES ReferenceTarget.java
//SOURCES TarTarget.java
//SOURCES ../../lib/sources/fuzz.java
//SOURCES ../support/Checkout.java

/**
 * Feeds each target inputs that Jazzer makes of those in {@code corpus/TARGET}, as many as fit into the time, two targets at a time.
 * An input that a target does not stand is written to the folder {@code findings} and becomes an ordinary test.
 * The exit code is 0 when nothing was found.
 */
@Command(name = "fuzz", description = "Feeds the parsers and the extractor inputs that nobody thought of.")
public final class fuzz implements Callable<Integer> {
    static final List<String> TARGETS = List.of("Reference", "Challenge", "Link", "Manifest", "Tar", "Layers");
    private static final String MEMORY = "-Xmx512m";

    @Parameters(paramLabel = "TARGET", arity = "0..*", description = "Reference, Challenge, Link, Manifest, Tar, Layers (default: all).")
    private List<String> targets = TARGETS;

    @Option(names = "--seconds", paramLabel = "N", description = "The time for each target (default: ${DEFAULT-VALUE}).")
    private int seconds = 60;

    @Option(names = "--seed", paramLabel = "N", description = "Where chance begins; the same number tries much the same again (default: another one each time).")
    private int seed;

    @Option(names = "--findings", paramLabel = "DIR", description = "Where inputs are kept that were not stood (default: ${DEFAULT-VALUE}).")
    private Path findings = Path.of("findings");

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws Exception {
        if (!TARGETS.containsAll(targets)) {
            throw new IllegalArgumentException("there are the targets " + String.join(", ", TARGETS));
        }
        Files.createDirectories(findings);
        ExecutorService two = Executors.newFixedThreadPool(2);
        List<Future<Boolean>> runs = new ArrayList<>();
        for (String target : targets) {
            runs.add(two.submit(() -> run(target)));
        }
        two.shutdown();
        boolean good = true;
        for (Future<Boolean> run : runs) {
            good &= run.get();
        }
        return good ? 0 : 1;
    }

    /** Runs one target for its time, in a process of its own; returns whether it stood everything. */
    private boolean run(String target) throws IOException, InterruptedException {
        Path scratch = Files.createTempDirectory("fuzz-" + target);
        Path log = scratch.resolve("log");
        List<String> command = List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), MEMORY, "-Djava.io.tmpdir=" + scratch,
                "-cp", System.getProperty("java.class.path"), "com.code_intelligence.jazzer.Jazzer",
                "--target_class=tests.fuzz." + target + "Target", "--instrumentation_includes=lib.**", "--custom_hook_includes=lib.**", "--reproducer_path=" + scratch,
                "-artifact_prefix=" + findings.toAbsolutePath().resolve(target + "-"), "-max_total_time=" + seconds, "-seed=" + seed, "-timeout=20", "-rss_limit_mb=2048",
                "-print_final_stats=1", Files.createDirectory(scratch.resolve("corpus")).toString(), corpus(target).toString());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        process.getOutputStream().close();
        boolean ended = process.waitFor(seconds + 120L, TimeUnit.SECONDS);
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
        List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
        boolean good = ended && process.exitValue() == 0;
        String runs = lines.stream().filter(line -> line.startsWith("stat::number_of_executed_units:")).map(line -> line.replaceAll("\\D+", "")).findFirst().orElse("?");
        System.out.println(target + ": " + runs + " inputs in " + seconds + " s, " + (good ? "all of them stood" : "and one not stood, kept in " + findings));
        if (!good) {
            System.out.println(lines.stream().skip(Math.max(0, lines.size() - 60)).map(line -> "    " + line).collect(Collectors.joining("\n")));
        }
        return good;
    }

    /** The folder of inputs to begin with. */
    static Path corpus(String target) {
        return Checkout.root().resolve("tests/fuzz/corpus").resolve(target);
    }

    public static void main(String... args) {
        Cli.run(new fuzz(), args);
    }
}
