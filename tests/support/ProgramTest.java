package tests.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

//SOURCES Program.java
//SOURCES Tools.java

class ProgramTest {

    @BeforeAll
    static void needs_a_shell() {
        Tools.assumeInstalled("sh");
    }

    @Test
    void should_hand_over_stdin_folder_and_environment(@TempDir Path folder) {
        Program.Result result = new Program("sh", "-c", "cat; pwd -P; echo $GREETING; echo to people >&2; exit 7")
                .stdin("ü\n").in(folder).env("GREETING", "hello").run();
        assertEquals(7, result.exitCode());
        assertEquals("ü\n" + folder + "\nhello\n", result.text());
        assertEquals("to people\n", result.stderr());
    }

    @Test
    void should_end_a_program_that_runs_over_its_limit() {
        AssertionError late = assertThrows(AssertionError.class, () -> new Program("sh", "-c", "echo begun; sleep 60").limit(5).run());
        assertTrue(late.getMessage().contains("begun"), late.getMessage());
    }

    @Test
    void should_end_a_program_in_the_background_with_its_children() {
        Program.Running running = new Program("sh", "-c", "sleep 60 & wait").start();
        running.close();
        assertFalse(running.process().isAlive());
        assertEquals(0, running.process().descendants().count());
    }

    @Test
    void should_read_more_than_a_pipe_holds() {
        assertEquals(3_000_000, Program.run("sh", "-c", "head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2").stdout().length);
    }
}
