package tests.support;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

//SOURCES Program.java
//SOURCES Scratch.java
//SOURCES Tools.java

/** Podman with a store of its own, empty at first, apart from the one of the machine's user. */
public final class PodmanStore {
    private final Path folder = Scratch.folder("podman");

    /** Makes an empty store. The test is skipped where podman is not installed or does not run. */
    public PodmanStore() {
        Tools.assumeInstalled("podman");
        Program.Result info = run("info");
        Scratch.closeAtEnd(this::empty);
        assumeTrue(info.exitCode() == 0, "podman does not run here: " + info.stderr().strip().replace('\n', ' '));
    }

    /** What podman keeps for somebody who is not root belongs to users that only podman can be. */
    private void empty() {
        if (!Tools.isRoot()) {
            run("unshare", "rm", "-rf", folder.resolve("root").toString());
        }
    }

    /** Runs {@code podman} with these arguments on this store, and returns what came of it. */
    public Program.Result run(String... arguments) {
        List<String> command = new ArrayList<>(List.of("podman", "--storage-driver", "vfs",
                "--root", folder.resolve("root").toString(), "--runroot", folder.resolve("run").toString(), "--tmpdir", folder.resolve("tmp").toString()));
        command.addAll(List.of(arguments));
        return new Program(command).run();
    }

    /** Loads an archive and returns what {@code podman load} said of it. */
    public Program.Result load(Path archive) {
        return run("load", "--input", archive.toString());
    }
}
