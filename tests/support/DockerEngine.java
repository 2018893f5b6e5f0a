package tests.support;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

//SOURCES Once.java
//SOURCES Program.java
//SOURCES Report.java
//SOURCES Scratch.java
//SOURCES Tools.java

/** A Docker engine of the tests' own, apart from any other on the machine: it needs root, but neither a network nor a special file system. */
public final class DockerEngine {
    private static final int START_MILLIS = 30_000;
    private static final Once<DockerEngine> SHARED = new Once<>(DockerEngine::start);

    private final Path folder = Scratch.folder("engine");

    private DockerEngine() { }

    /** Returns the one engine of this run. The test is skipped where none can start, with the reason in a line. */
    public static DockerEngine shared() {
        return SHARED.get();
    }

    /** Starts one that nobody else loads images into, and that has none yet. It ends with the run. */
    public static DockerEngine start() {
        Tools.assumeInstalled("dockerd", "docker");
        assumeTrue(Tools.isRoot(), Report.NO_ENGINE + ": only root may start one");
        DockerEngine engine = new DockerEngine();
        Program.Running daemon = new Program("dockerd", "--storage-driver=vfs", "--iptables=false", "--ip6tables=false", "--bridge=none",
                "--data-root=" + engine.data(), "--exec-root=" + engine.folder.resolve("exec"),
                "--pidfile=" + engine.folder.resolve("pid"), "--host=" + engine.host()).start();
        Scratch.closeAtEnd(() -> engine.stop(daemon));
        for (int waited = 0; waited < START_MILLIS && daemon.process().isAlive(); waited += 200) {
            if (engine.run("version").exitCode() == 0) {
                return engine;
            }
            Program.pause(200);
        }
        String[] log = daemon.stderr().strip().split("\n");
        engine.stop(daemon);
        return abort(Report.NO_ENGINE + ": " + log[log.length - 1]);
    }

    /** The engine mounts its data folder on itself, and does not always undo that. */
    private void stop(Program.Running daemon) {
        daemon.close();
        if (Tools.isInstalled("mountpoint") && Program.run("mountpoint", "-q", data()).exitCode() == 0) {
            Program.run("umount", data());
        }
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    /** Returns the address that {@code DOCKER_HOST} may name. */
    public String host() {
        return "unix://" + folder.resolve("socket");
    }

    /** Runs {@code docker} with these arguments against this engine, and returns what came of it. */
    public Program.Result run(String... arguments) {
        List<String> command = new ArrayList<>(List.of("docker", "--host", host()));
        command.addAll(List.of(arguments));
        return new Program(command).env("DOCKER_CONFIG", folder.resolve("no-config").toString()).run();
    }

    /** Loads an archive and returns what {@code docker load} said of it. */
    public Program.Result load(Path archive) {
        return run("load", "--input", archive.toString());
    }
}
