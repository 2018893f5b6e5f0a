package tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tests.support.Dray;
import tests.support.Program;
import tests.support.Tools;

//SOURCES ../support/Dray.java
//SOURCES ../support/Program.java
//SOURCES ../support/Tools.java

/** What goes wrong is coloured, for people with a terminal who want that. */
class ColourTest {
    @TempDir
    Path folder;

    private Program refused() {
        return Dray.script("manifest", "--insecure", "127.0.0.1:1/a").in(folder);
    }

    @ParameterizedTest
    @CsvSource({"xterm, '', true", "xterm, 1, false", "dumb, '', false"})
    void should_colour_warnings_and_failures_on_a_terminal(String terminal, String noColor, boolean coloured) throws IOException {
        Tools.assumeInstalled("script");
        refused().inBash("printf -v line '%q ' \"$@\"; exec script -qefc \"$line\" seen < /dev/null > /dev/null").env("TERM", terminal).env("NO_COLOR", noColor).run();
        String seen = Files.readString(folder.resolve("seen"));
        assertEquals(coloured, seen.contains("\u001b[33mwarning:\u001b[0m --insecure"), seen);
        assertEquals(coloured, seen.contains("\u001b[1;31mmanifest:\u001b[0m "), seen);
        assertEquals(coloured, seen.contains("\u001b"), seen);
    }

    @Test
    void should_not_colour_what_goes_elsewhere() {
        Program.Result result = refused().env("TERM", "xterm").run();
        assertEquals(6, result.exitCode(), result.toString());
        assertEquals(-1, result.stderr().indexOf('\u001b'), result.stderr());
    }
}
