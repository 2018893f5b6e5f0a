package tests.files;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import lib.file.AtomicFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that others read while they are replaced. */
class AtomicFileTest {
    @TempDir
    Path folder;

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
