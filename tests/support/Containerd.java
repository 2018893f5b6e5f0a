package tests.support;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

//SOURCES Program.java
//SOURCES Report.java
//SOURCES Scratch.java
//SOURCES Tools.java

/** A containerd of the tests' own, which is what Kubernetes runs images by. It needs root, but neither a network nor a special file system. */
public final class Containerd {
    private static final int START_MILLIS = 60_000;

    private final Path folder = Scratch.folder("containerd");

    private Containerd() { }

    /** Starts one that has no images yet. The test is skipped where none can start, with the reason in a line. It ends with the run. */
    public static Containerd start() {
        Tools.assumeInstalled("containerd", "ctr");
        assumeTrue(Tools.isRoot(), Report.NO_ENGINE + ": only root may start one");
        Containerd engine = new Containerd();
        Program.Running daemon = new Program("containerd", "--config", engine.config().toString()).start();
        Scratch.closeAtEnd(daemon::close);
        for (int waited = 0; waited < START_MILLIS && daemon.process().isAlive(); waited += 200) {
            if (engine.run("version").exitCode() == 0) {
                return engine;
            }
            Program.pause(200);
        }
        String[] log = daemon.stderr().strip().split("\n");
        return abort(Report.NO_ENGINE + ": " + log[log.length - 1]);
    }

    private Path config() {
        String config = "version = 2\nroot = '%1$s/root'\nstate = '%1$s/state'\ndisabled_plugins = ['io.containerd.grpc.v1.cri']\n[grpc]\naddress = '%1$s/socket'\n";
        try {
            return Files.writeString(folder.resolve("config.toml"), config.formatted(folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs {@code ctr} with these arguments against this engine, and returns what came of it. */
    public Program.Result run(String... arguments) {
        List<String> command = new ArrayList<>(List.of("ctr", "--address", folder.resolve("socket").toString()));
        command.addAll(List.of(arguments));
        return new Program(command).run();
    }

    /** Imports an archive and returns what {@code ctr} said of it. */
    public Program.Result load(Path archive) {
        return run("images", "import", "--no-unpack", archive.toString());
    }

    /** Returns the name of each image, a space and its digest. */
    public List<String> images() {
        return run("images", "ls").orFail().text().lines().skip(1).map(line -> line.replaceFirst("^(\\S+)\\s+\\S+\\s+(\\S+).*", "$1 $2")).sorted().toList();
    }
}
