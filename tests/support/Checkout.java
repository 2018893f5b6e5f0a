package tests.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

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

    /** Returns the files that a script is built of, itself first, then those its SOURCES lines name, and those theirs name. */
    public static Set<Path> filesOf(Path script) {
        Set<Path> files = new LinkedHashSet<>(List.of(script.normalize()));
        Deque<Path> unread = new ArrayDeque<>(files);
        while (!unread.isEmpty()) {
            Path file = unread.remove();
            for (String source : directives(file, "SOURCES")) {
                Path path = file.resolveSibling(source).normalize();
                if (files.add(path)) {
                    unread.add(path);
                }
            }
        }
        return files;
    }

    /** Returns what stands behind each of a file's JBang directives of this name. */
    public static List<String> directives(Path file, String name) {
        try {
            return Files.readString(file).lines()
                    .filter(line -> line.startsWith("//" + name + " ")).map(line -> line.substring(name.length() + 3).strip()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
