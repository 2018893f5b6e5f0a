package tests.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.DebianRegistry;
import tests.support.Dray;
import tests.support.Program;
import tests.support.RealImages;

//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/Program.java
//SOURCES ../support/RealImages.java

/** What becomes of stdout where nobody can have it. */
@Tag("slow")
class StreamsTest {
    private static final String READER_GONE = "mkfifo pipe; exec 3<>pipe 4>pipe 3<&-; \"$@\" >&4 4>&-; code=$?; rm pipe; exit $code";
    private static final DebianRegistry REGISTRY = RealImages.registry();

    @TempDir
    Path folder;

    /** Scripts that write JSON, bytes, a tar and talk. */
    private List<Program> writers() {
        String image = REGISTRY.image(RealImages.SMALL);
        String digest = Dray.run("manifest", image).orFail().text().replaceFirst(".*\"layers\":\\[\\{[^}]*\"digest\":\"([^\"]+)\".*", "$1").strip();
        return Stream.of(Dray.script("manifest", "-q", image), Dray.script("manifest", "--raw", image), Dray.script("blob", "-q", image.replaceFirst(":1$", "@") + digest),
                Dray.script("pull", "-q", "-o", "-", image), Dray.script("extract", "-q", "-o", "-", image),
                Dray.script("serve", "--port", "0", RealImages.layout().toString()), Dray.script("demo")).map(program -> program.in(folder)).toList();
    }

    private void ends(int code, String said, String how) {
        for (Program writer : writers()) {
            Program.Result result = writer.inBash(how).run();
            assertEquals(code, result.exitCode(), result.toString());
            assertTrue(said.isEmpty() ? result.stderr().isEmpty() : result.stderr().strip().matches("[a-z]+: .*" + said + ".*"), result.toString());
        }
    }

    @Test
    void should_say_that_the_disk_is_full() {
        ends(1, "the disk is full", "exec \"$@\" > /dev/full");
    }

    @Test
    void should_say_that_help_cannot_be_written() {
        for (List<String> command : List.of(List.of("token", "--help"), List.of("pull", "--version"), List.of("dray", "--help"), List.of("dray", "help", "token"))) {
            Program help = Dray.script(command.get(0), command.subList(1, command.size()).toArray(String[]::new));
            Program.Result result = help.inBash("exec \"$@\" > /dev/full").run();
            assertEquals(1, result.exitCode(), result.toString());
            assertTrue(result.stderr().strip().matches("[a-z]+: the disk is full.*"), result.toString());
        }
    }

    @Test
    void should_say_that_stdout_cannot_be_written() {
        ends(1, "cannot write to stdout: it is closed", "exec \"$@\" 1< /dev/null");
    }

    @Test
    void should_end_without_a_word_when_the_reader_has_gone() {
        ends(141, "", READER_GONE);
    }
}
