package tests.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

//SOURCES BenchImage.java
//SOURCES BenchRegistry.java
//SOURCES CappedLine.java
//SOURCES Contender.java
//SOURCES Extractions.java
//SOURCES Launcher.java
//SOURCES LayerFile.java
//SOURCES Pieces.java
//SOURCES Race.java
//SOURCES Starts.java
//SOURCES Stopwatch.java
//SOURCES Transfers.java

/** What is measured, each with an image and a registry of its own, so that the memory they take is free again for the next. */
enum Case {
    five("209 MB in 5 layers", 5, 5, 209_000_000),
    two("1 GiB in 2 layers", 5, 2, 1L << 30),
    five_tls("209 MB in 5 layers, over TLS", 5, 5, 209_000_000),
    two_tls("1 GiB in 2 layers, over TLS", 5, 2, 1L << 30),
    small("60 small layers, 30 MB", 5, 60, 30_000_000),
    capped("1 GiB in 1 layer, 20 MB/s a connection", 5, 1, 1L << 30),
    mirrors("1 GiB in 1 layer, from mirrors of 20 MB/s in all each", 3, 1, 1L << 30),
    extract("root file system of 12,000 entries, 209 MB in 5 layers", 5, 5, 209_000_000),
    start("start: the manifest of a small image", 9, 2, 200_000);

    private static final long CAP = 20_000_000;
    private static final int SMALLER = 500;

    private final String title;
    private final int rounds;
    private final int layers;
    private final long size;

    Case(String title, int rounds, int layers, long size) {
        this.title = title;
        this.rounds = rounds;
        this.layers = layers;
        this.size = size;
    }

    int rounds() {
        return rounds;
    }

    /** Makes the image, runs these of the programs so many rounds, and leaves nothing behind. A quick run has an image that is much smaller. */
    Race.Results run(Path work, List<Launcher> launchers, boolean quick, Predicate<Contender> some, int numberOfRounds) throws IOException, InterruptedException {
        System.err.println(title + ": making the image");
        try (BenchRegistry registry = BenchRegistry.start(work.resolve("registry"))) {
            BenchImage image = BenchImage.push(registry, work, "bench/" + name(), pieces(), layers, quick ? size / SMALLER : size);
            String named = quick ? title + ", all " + SMALLER + " times smaller" : title;
            if (this == five_tls || this == two_tls) {
                return overTls(named, image, registry, work, launchers, some, numberOfRounds);
            }
            return race(named, image, registry, work, launchers).only(some).run(new Stopwatch(work, registry), numberOfRounds);
        } finally {
            Stopwatch.delete(work.resolve("registry"));
        }
    }

    private static Race.Results overTls(String named, BenchImage image, BenchRegistry plain, Path work, List<Launcher> launchers, Predicate<Contender> some,
            int rounds) throws IOException, InterruptedException {
        try (BenchRegistry registry = plain.overTls(work.resolve("registry/tls"))) {
            BenchImage secure = image.overTls(plain.host(), registry.host());
            Map<String, String> variables = new HashMap<>(registry.trust());
            variables.putAll(Map.of("IMAGE", secure.name(), "REGISTRY", registry.host()));
            return new Race(named, Transfers.overTls(secure, launchers), variables).only(some).run(new Stopwatch(work, registry), rounds);
        }
    }

    /**
     * Has the launchers start each of their scripts so often; at the third they are as fast as they get. It is done over TLS, as with most registries:
     * what such a start loads is what the launcher keeps ready for the next ones.
     */
    static void warm(Path work, List<Launcher> launchers, int starts) throws IOException, InterruptedException {
        try (BenchRegistry plain = BenchRegistry.start(work.resolve("registry")); BenchRegistry registry = plain.overTls(work.resolve("registry/tls"))) {
            BenchImage image = BenchImage.push(plain, work, "bench/warm", Pieces.ofJava(), 2, 20_000).overTls(plain.host(), registry.host());
            for (Launcher launcher : launchers) {
                launcher.warm(image.name(), starts, work.resolve("warm"), registry.trust());
            }
        } finally {
            Stopwatch.delete(work.resolve("registry"));
        }
    }

    /** Large layers are mostly packed already; what is unpacked in the race is as programs are. */
    private Pieces pieces() throws IOException {
        return this == two || this == two_tls || this == capped || this == mirrors ? Pieces.ofNoise() : Pieces.ofJava();
    }

    private Race race(String named, BenchImage image, BenchRegistry registry, Path work, List<Launcher> launchers) throws IOException, InterruptedException {
        Map<String, String> variables = Map.of("IMAGE", image.name(), "REGISTRY", registry.host());
        return switch (this) {
            case five, two, five_tls, two_tls, small -> new Race(named, Transfers.all(image, launchers), variables);
            case capped -> {
                String host = CappedLine.ofEachConnection(registry.host(), CAP).host();
                BenchImage far = image.at(registry.host(), host);
                yield new Race(named, Transfers.overCappedLine(far, launchers), Map.of("IMAGE", far.name()));
            }
            case mirrors -> {
                Map<String, String> lines = new HashMap<>(variables);
                for (String name : List.of("FIRST", "SECOND", "THIRD")) {
                    lines.put(name, CappedLine.ofAllTogether(registry.host(), CAP).host());
                }
                lines.put("SLOW", CappedLine.ofAllTogether(registry.host(), CAP / 10).host());
                for (String name : List.of("SLOWEST", "SLOWEST2")) {
                    lines.put(name, CappedLine.ofAllTogether(registry.host(), CAP / 100).host());
                }
                yield new Race(named, Transfers.overMirrors(launchers), lines);
            }
            case start -> new Race(named, Starts.all(launchers, work), variables);
            case extract -> new Race(named, Extractions.all(launchers), layout(image, launchers.get(0), work.resolve("registry/layout")));
        };
    }

    private static Map<String, String> layout(BenchImage image, Launcher launcher, Path layout) throws IOException, InterruptedException {
        launcher.run("manifest " + image.name() + " | $DRAY blob --to '" + layout + "'", layout.getParent(), Map.of());
        Path blobs = layout.resolve("blobs/sha256");
        String layers = image.blobs().stream().map(url -> blobs.resolve(url.replaceFirst(".*:", "")).toString()).collect(Collectors.joining(" "));
        return Map.of("IMAGE", image.name(), "LAYOUT", layout.toString(), "LAYERS", layers);
    }
}
