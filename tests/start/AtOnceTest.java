package tests.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tests.support.Program;

//SOURCES Machine.java
//SOURCES Wait.java

/** First starts that meet: JBang itself would break its own build then. */
@Tag("slow")
class AtOnceTest {
    private final Machine machine = Machine.withOneScript().withJavaAndJar();

    @Test
    void should_start_four_times_at_once_at_first() throws IOException {
        List<Program.Running> starts = Stream.of("1", "2", "3", "4").map(number -> machine.jbang("greet", number).start()).toList();
        List<Program.Result> results = starts.stream().map(Program.Running::finish).toList();
        assertEquals(List.of("hello 1\n", "hello 2\n", "hello 3\n", "hello 4\n"), results.stream().map(result -> result.orFail().text()).toList());
        assertEquals(1, machine.mavenCalls());
        assertEquals(1, results.stream().filter(result -> result.stderr().contains("jbang: building greet, with its libraries, this once\n")).count());
        assertEquals(1, machine.kept().size());
    }

    @Test
    void should_pipe_a_script_into_itself_at_first_and_after_a_change() {
        List<String> pipe = List.of("bash", "-c", "./jbang greet me | ./jbang greet echo");
        assertEquals("hello echo\nhello me\n", machine.program(pipe).in(machine.checkout).run().orFail().text());
        Machine.write(machine.checkout.resolve("lib/Greeting.java"), "package lib; public class Greeting { public static final String TEXT = \"hi\"; }");
        assertEquals("hi echo\nhi me\n", machine.program(pipe).in(machine.checkout).run().orFail().text());
    }

    @Test
    void should_not_be_held_up_by_a_start_that_was_killed() throws IOException {
        Path begun = machine.elsewhere.resolve("begun");
        Machine stuck = machine.withProgram("mvn", "echo half > half.jar; echo begun > '" + begun + "'; sleep 60\n");
        try (Program.Running killed = stuck.jbang("greet").start()) {
            Wait.forLine(() -> Files.exists(begun) ? Files.readString(begun) : "");
            killed.kill();
        }
        assertEquals(List.of("half.jar"), machine.kept());
        machine.withMavenThatBrings(Machine.pinnedJar());
        Program.Result next = machine.jbang("greet", "again").limit(110).run().orFail();
        assertEquals("hello again\n", next.text());
        assertEquals(List.of("jbang-cli-0.132.1-all.jar"), machine.kept());
    }

    @Test
    void should_let_others_try_after_a_build_that_failed() {
        Machine.write(machine.checkout.resolve("lib/Greeting.java"), "no Java");
        List<Program.Running> starts = Stream.of("1", "2").map(number -> machine.jbang("greet", number).start()).toList();
        for (Program.Running start : starts) {
            Program.Result result = start.finish();
            assertEquals(1, result.exitCode());
            assertTrue(result.stderr().contains("Error during compile"), result.stderr());
        }
    }
}
