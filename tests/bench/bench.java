///usr/bin/env jbang "$0" "$@" ; exit $?
package tests.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.text.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tests.support.Checkout;

//MAIN tests.bench.bench
//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC
//DESCRIPTION Measures Dray and its peers side by side
//SOURCES Case.java
//SOURCES Contender.java
//SOURCES Launcher.java
//SOURCES Peers.java
//SOURCES Race.java
//SOURCES Stopwatch.java
//SOURCES Summary.java
//SOURCES Table.java
//SOURCES ../../lib/sources/bench.java
//SOURCES ../support/Checkout.java

/** Measures whole processes side by side, in one run, against a registry on this machine; see README.md in this folder. */
@Command(name = "bench", description = "Measures Dray and its peers side by side, against a registry on this machine.")
public final class bench implements Callable<Integer> {
    @Option(names = "--case", paramLabel = "NAME", description = "Measure this only, may be repeated: ${COMPLETION-CANDIDATES} (default: all).")
    private List<Case> cases = List.of(Case.values());

    @Option(names = "--rounds", paramLabel = "N", description = "How often each program runs, beside once to warm up (default: 5, and 9 for start).")
    private int rounds;

    @Option(names = "--summary", description = "Measure pulls and extraction only, against those peers that compare best, and print a table of ratios at the end.")
    private boolean summary;

    @Option(names = "--quick", description = "Tiny images and one round: to see that it works, not how fast.")
    private boolean quick;

    @Option(names = "--dray", paramLabel = "LAUNCHER", description = "The ./jbang to measure; several to compare versions (default: that of this checkout).")
    private List<Path> launchers = List.of();

    @Option(names = "--at", paramLabel = "FOLDER", defaultValue = "/dev/shm", description = "Where registry and output are: best in memory (default: ${DEFAULT-VALUE}).")
    private Path at;

    @Option(names = "--json", paramLabel = "FILE", description = "Where each single figure goes (default: tests/bench/results/TIME.json).")
    private Path json;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws Exception {
        for (String program : List.of("docker-registry", "time", "bash", "curl")) {
            if (!Contender.isInstalled(program)) {
                throw new IllegalArgumentException(program + " is needed, but not installed");
            }
        }
        Path file = json != null ? json : Checkout.root().resolve("tests/bench/results/" + Instant.now().toString().replaceAll("[:.].*", "") + ".json");
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path work = Files.createTempDirectory(at, "dray-bench");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> leaveNothing(work)));
        ObjectNode report = machine();
        System.out.print("Java " + report.path("java").asText() + ", " + report.path("processors").asText() + " processors, " + at + "\n");
        List<Launcher> named = named();
        if (!quick) {
            Peers.build();
        }
        Case.warm(work, named, quick ? 1 : 3);
        List<Race.Results> all = new ArrayList<>();
        for (Case what : cases.stream().filter(each -> !summary || Summary.CASES.contains(each)).toList()) {
            Race.Results results = what.run(work, named, quick, contender -> !summary || Summary.has(contender), rounds > 0 ? rounds : quick ? 1 : what.rounds());
            all.add(results);
            System.out.print(Table.markdown(results));
            System.out.flush();
            report.withArray("cases").add(Table.json(results));
            Files.writeString(file, Json.text(report, true) + "\n");
        }
        if (summary) {
            System.out.print(Summary.markdown(all));
        }
        common.say("every single figure is in " + file);
        return 0;
    }

    private List<Launcher> named() throws IOException {
        List<Path> paths = launchers.isEmpty() ? List.of(Checkout.root().resolve("jbang")) : launchers;
        List<Launcher> named = new ArrayList<>();
        for (Path path : paths) {
            named.add(new Launcher(paths.size() == 1 ? "./jbang" : path.toString(), path.toRealPath()));
        }
        return named;
    }

    private ObjectNode machine() {
        return Json.newObject().put("time", Instant.now().toString()).put("java", System.getProperty("java.version"))
                .put("system", System.getProperty("os.name") + " " + System.getProperty("os.version") + " " + System.getProperty("os.arch"))
                .put("processors", Runtime.getRuntime().availableProcessors()).put("at", at.toString());
    }

    /** Also when somebody ends it before its time: no program goes on, and no memory stays taken. */
    private static void leaveNothing(Path work) {
        try {
            Stopwatch.endAll();
            Stopwatch.delete(work);
        } catch (IOException | UncheckedIOException | CompletionException e) {
            System.err.println("left behind in " + work + ": " + e.getMessage());
        }
    }

    public static void main(String... args) {
        Cli.run(new bench(), args);
    }
}
