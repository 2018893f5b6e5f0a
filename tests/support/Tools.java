package tests.support;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

    /** Returns the {@code java} program that runs the tests. */
    static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /** Returns the Java that runs the tests and, behind it, the newer ones that are installed beside it. */
    public static List<Path> javas() {
        Path own = Path.of(System.getProperty("java.home"));
        List<Path> javas = new ArrayList<>(List.of(java()));
        try (DirectoryStream<Path> homes = Files.newDirectoryStream(own.getParent())) {
            for (Path home : homes) {
                if (Files.isExecutable(home.resolve("bin/java")) && feature(home) > Runtime.version().feature()) {
                    javas.add(home.resolve("bin/java"));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return javas;
    }

    /** Returns 21 for Java 21.0.4, by the file that every Java has in its home. */
    public static int feature(Path home) throws IOException {
        Path release = home.resolve("release");
        Matcher version = Pattern.compile("JAVA_VERSION=\"([0-9]+)").matcher(Files.exists(release) ? Files.readString(release) : "");
        return version.find() ? Integer.parseInt(version.group(1)) : 0;
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
