package tests.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

//SOURCES Stopwatch.java

/** A checkout's {@code ./jbang} that is measured; its path is the name where there are several. */
record Launcher(String name, Path path) {
    private static final int ARCHIVE_SECONDS = 60;
    private static final List<String> SCRIPTS = List.of("token", "manifest", "blob", "assemble", "pull", "extract");

    String quoted() {
        return "'" + path.toString().replace("'", "'\\''") + "'";
    }

    /** Has every script built, and at the second start its archive of classes made. Variables say whom to trust. */
    void warm(String image, int starts, Path scratch, Map<String, String> variables) throws IOException, InterruptedException {
        for (int start = 1; start <= starts; start++) {
            System.err.println(name + ": start " + start + " of each script, to warm up");
            for (String script : SCRIPTS) {
                Stopwatch.delete(scratch);
                Files.createDirectories(scratch);
                warm(image, script, scratch, variables);
            }
            waitForArchives();
        }
        Stopwatch.delete(scratch);
    }

    private void warm(String image, String script, Path scratch, Map<String, String> variables) throws IOException, InterruptedException {
        run(switch (script) {
            case "blob" -> "manifest " + image + " | $DRAY blob --to layout";
            case "assemble" -> "manifest " + image + " | $DRAY blob --to layout | $DRAY assemble -o image.tar";
            case "pull" -> "pull --quiet -o image.tar " + image;
            case "extract" -> "extract --quiet " + image + " -C rootfs";
            default -> script + " " + image;
        }, scratch, variables);
    }

    /** Runs a script, or the first of a pipe whose other stages begin with {@code $DRAY}, and returns what it prints. */
    String run(String pipe, Path folder, Map<String, String> variables) throws IOException, InterruptedException {
        Path printed = folder.resolve("printed");
        Path said = folder.resolve("said");
        ProcessBuilder builder = new ProcessBuilder("bash", "-o", "pipefail", "-c", ("$DRAY " + pipe).replace("$DRAY", quoted()))
                .directory(folder.toFile()).redirectOutput(printed.toFile()).redirectError(said.toFile());
        builder.environment().putAll(variables);
        Process process = builder.start();
        if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException(path + " " + pipe + " fails: " + Files.readString(said));
        }
        return Files.readString(printed);
    }

    /** Returns what {@code java -cp} needs to run this script. */
    String classpath(String script, Path folder) throws IOException, InterruptedException {
        return run("info classpath '" + path.resolveSibling("scripts/" + script + ".java") + "'", folder, Map.of()).strip();
    }

    /** The launcher has archives made out of sight, beside their final names. */
    private static void waitForArchives() throws IOException, InterruptedException {
        for (int waited = 0; waited < ARCHIVE_SECONDS && isMakingArchives(); waited++) {
            Thread.sleep(1000);
        }
    }

    private static boolean isMakingArchives() throws IOException {
        Path starts = cache().resolve("dray/starts");
        if (!Files.isDirectory(starts)) {
            return false;
        }
        try (Stream<Path> paths = Files.walk(starts)) {
            return paths.anyMatch(path -> path.getFileName().toString().contains(".making."));
        } catch (UncheckedIOException e) {
            return true; // one of them took its final name while this looked
        }
    }

    /** Returns JBang's cache folder. */
    static Path cache() {
        String cache = System.getenv("JBANG_CACHE_DIR");
        String dir = System.getenv().getOrDefault("JBANG_DIR", System.getProperty("user.home") + "/.jbang");
        return Path.of(cache != null ? cache : dir + "/cache");
    }
}
