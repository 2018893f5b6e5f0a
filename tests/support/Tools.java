package tests.support;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;

/** The programs of this machine that tests measure Dray by. */
public final class Tools {
    private Tools() { }

    /** Skips the test, with a reason that names the program, unless all these programs are on the PATH. */
    public static void assumeInstalled(String... programs) {
        for (String program : programs) {
            assumeTrue(isInstalled(program), program + " is not installed");
        }
    }

    public static void assumeRoot() {
        assumeTrue(isRoot(), "only root may do this");
    }

    public static boolean isRoot() {
        return isInstalled("id") && Program.run("id", "-u").orFail().text().strip().equals("0");
    }

    public static boolean isInstalled(String program) {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }
}
