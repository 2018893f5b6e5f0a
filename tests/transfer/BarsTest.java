package tests.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.support.Reply.RIGHT;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.Program;
import tests.support.Tools;

//SOURCES Pulling.java
//SOURCES ../support/Program.java
//SOURCES ../support/Reply.java
//SOURCES ../support/Tools.java

/** The bars of a pull, on terminals that {@code script} makes. */
@Tag("slow")
class BarsTest extends Pulling {
    @ParameterizedTest
    @ValueSource(ints = {40, 80})
    void should_line_up_and_fit_the_terminal_also_when_it_becomes_narrower(int columns) throws IOException {
        Tools.assumeInstalled("script");
        registry.behave(request -> RIGHT.at(600_000));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String pull = "'" + String.join("' '", List.of(java, "-cp", System.getProperty("java.class.path"), "scripts.pull", "-o", "a.tar", image)) + "'";
        String narrower = "(for i in $(seq 300); do grep -aqs ' [2-9][0-9]%' seen && break; sleep 0.02; done; stty cols 30 < /dev/tty) & ";
        new Program("script", "-qefc", "stty cols " + columns + "; " + narrower + pull, "seen").in(folder).run().orFail();
        String seen = Files.readString(folder.resolve("seen"));
        List<String> bars = seen.lines().map(line -> line.replaceAll("\u001b\\[[?0-9]*[a-zA-Z]|\r", "")).filter(line -> line.matches("(layer|all) .*%.*")).toList();
        assertTrue(bars.size() > 6 && bars.stream().allMatch(line -> line.length() < columns), seen);
        assertTrue(bars.get(0).startsWith("layer 1 of 3 [") && bars.get(1).startsWith("all          ["), seen);
        assertEquals(columns == 80, bars.get(0).endsWith("B/s"), seen);
        for (int i = 0; i < bars.size(); i += 2) {
            assertEquals(bars.get(i).indexOf(']'), bars.get(i + 1).indexOf(']'), seen);
        }
        String last = bars.get(bars.size() - 1);
        assertTrue(last.length() < 30 && last.endsWith("] 100%"), seen);
        assertTrue(seen.contains("pulled " + image + "@sha256:") && seen.endsWith("\n"), seen);
    }
}
