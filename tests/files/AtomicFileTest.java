package tests.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import lib.file.AtomicFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that others read while they are replaced. */
class AtomicFileTest {
    @TempDir
    Path folder;

    @Test
    void should_remove_of_what_was_left_only_what_was_to_become_a_file() throws IOException {
        for (String name : List.of("x.tar.12-3ab.part", "x.tar.part", "x.tar.12.part", "y.x.tar.12-3ab.part", "y.tar.12-3ab.part")) {
            Files.createFile(folder.resolve(name));
        }
        try (AtomicFile held = AtomicFile.beside(folder.resolve("x.tar"))) {
            AtomicFile.removeLeftoversOf(folder.resolve("x.tar"));
            assertTrue(Files.exists(held.path()));
        }
        assertEquals(List.of("x.tar.12.part", "x.tar.part", "y.tar.12-3ab.part", "y.x.tar.12-3ab.part"), Stream.of(folder.toFile().list()).sorted().toList());
    }

    @Test
    void should_have_the_old_file_or_the_new_one_there_at_each_moment() throws IOException {
        Path file = Files.createFile(folder.resolve("index.json"));
        CompletableFuture<Void> replaced = CompletableFuture.runAsync(() -> {
            try {
                for (int i = 0; i < 200; i++) {
                    AtomicFile.write(file, out -> out.write('{'));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        int missing = 0;
        while (!replaced.isDone()) {
            missing += Files.exists(file) ? 0 : 1;
        }
        replaced.join();
        assertEquals(0, missing, "a run that was killed in such a moment would leave no file");
    }
}
