package tests.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.support.Reply.RIGHT;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.store.TarMaker;
import tests.support.Dray;
import tests.support.FlakyRegistry;
import tests.support.Program;

//SOURCES ../store/TarMaker.java
//SOURCES ../support/Dray.java
//SOURCES ../support/FlakyRegistry.java
//SOURCES ../support/Program.java

/** What somebody hears who presses Ctrl-C during an extraction. */
class InterruptedTest {
    @TempDir
    Path folder;

    @Test
    void should_say_what_is_incomplete() throws Exception {
        String large = new Random(1).ints(3_000_000, 'a', 'z').collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
        try (FlakyRegistry registry = new FlakyRegistry()) {
            String image = registry.image("1", List.of(new TarMaker().file("first", "hello").end(), new TarMaker().file("large", large).end()));
            registry.behave(request -> RIGHT.at(300_000));
            try (Program.Running running = Dray.script("extract", image, "-C", "root").in(folder).start()) {
                for (int look = 0; look < 3_000 && !Files.exists(folder.resolve("root/first")); look++) {
                    Program.pause(5);
                }
                Program.run("kill", "-TERM", Long.toString(running.process().pid())).orFail(); // a shell's background job does not hear of SIGINT; both end Java alike
                Program.Result ended = running.finish();
                assertEquals(143, ended.exitCode(), ended.toString());
                assertTrue(ended.stderr().endsWith("interrupted: root is incomplete: delete it before you run the same command again\n"), ended.stderr());
            }
        }
    }
}
