package tests.support;

import java.nio.file.Files;
import java.nio.file.Path;

/** The repository that the tests are run from, for tests that read its files. */
public final class Checkout {
    private Checkout() { }

    /** Returns the root of the repository: the folder the tests were started in, or one above it. */
    public static Path root() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("tests/run.java")) && Files.isDirectory(folder.resolve("lib/image"))) {
                return folder;
            }
        }
        throw new AssertionError("run the tests from within the repository");
    }
}
