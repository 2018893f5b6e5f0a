package tests.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

//SOURCES Contender.java
//SOURCES Launcher.java
//SOURCES Stopwatch.java

/** The peers that are written in Go. Where one is not installed but Go is, its newest release is built, once, into JBang's cache folder. */
final class Peers {
    private static final Map<String, String> MODULES = new TreeMap<>(Map.of(
            "crane", "github.com/google/go-containerregistry/cmd/crane",
            "regctl", "github.com/regclient/regclient/cmd/regctl",
            "oras", "oras.land/oras/cmd/oras"));
    private static final int LIMIT_MINUTES = 10;

    private Peers() { }

    private static Path folder() {
        return Launcher.cache().resolve("dray/peers").toAbsolutePath();
    }

    /** Returns where programs are looked for: where the shell does, then among those that were built, then where Go's own archive puts Go. */
    static String path() {
        return System.getenv("PATH") + ":" + folder() + ":/usr/local/go/bin";
    }

    /** Builds those that are missing. One that cannot be built is left out of the races, as any program that is not installed. */
    static void build() throws IOException, InterruptedException {
        for (String name : MODULES.keySet()) {
            if (!Contender.isInstalled(name) && Contender.isInstalled("go")) {
                System.err.println("building " + name + ", which is not installed");
                build(MODULES.get(name));
            }
        }
    }

    private static void build(String module) throws IOException, InterruptedException {
        Path folder = Files.createDirectories(folder());
        Path scratch = Files.createTempDirectory(folder, "building");
        ProcessBuilder go = new ProcessBuilder("bash", "-c", "exec go install " + module + "@latest").redirectErrorStream(true).redirectOutput(scratch.resolve("said").toFile());
        go.environment().putAll(Map.of("PATH", path(), "GOBIN", folder.toString(), "GOPATH", scratch.resolve("go").toString(),
                "GOCACHE", scratch.resolve("cache").toString(), "GOFLAGS", "-modcacherw", "GOTOOLCHAIN", "local"));
        Process process = go.start();
        try {
            if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
                System.err.println(module + " cannot be built: " + Files.readString(scratch.resolve("said")).strip());
            }
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
            Stopwatch.delete(scratch);
        }
    }
}
