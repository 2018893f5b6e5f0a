package tests.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tests.support.Checkout;
import tests.support.Program;

//SOURCES Machine.java
//SOURCES Wait.java

/** What a script is given and gives back when the launcher starts it with the pinned jar. */
class RunTest {
    private static Machine machine;

    @BeforeAll
    static void has_java_and_maven() {
        machine = Machine.withOneScript().withJavaAndJar();
    }

    @Test
    void should_leave_stdin_arguments_and_exit_code_to_the_script() {
        Program.Result echo = machine.jbang("greet", "echo").stdin("tea\n").run().orFail();
        assertEquals("hello echo\ntea\n", echo.text());
        assertEquals("hello a b,c'd,$HOME,\"\n", machine.jbang("greet", "a b", "c'd", "$HOME", "\"").run().orFail().text());
        assertEquals(7, machine.jbang("greet", "exit", "7").run().exitCode());
        assertEquals(2, machine.jbang("nothing-of-that-name").run().exitCode());
    }

    @Test
    void should_give_the_script_streams_that_java_does_not_take_for_its_own_files_where_they_are_closed() {
        assertEquals("hello echo\n", inBash("./jbang greet echo <&-").run().orFail().text());
        assertEquals("", inBash("./jbang greet echo <&- >&- 2>&-").run().orFail().text());
    }

    private static Program inBash(String command) {
        return machine.program(List.of("bash", "-c", command)).in(machine.checkout);
    }

    @Test
    void should_run_an_alias_from_any_folder_whatever_lies_there() throws IOException {
        Machine.write(machine.elsewhere.resolve("greet"), "not a script");
        Files.createSymbolicLink(machine.elsewhere.resolve("dray"), Path.of("../a checkout/jbang"));
        assertEquals("hello you\n", machine.jbang("greet", "you").in(machine.elsewhere).run().orFail().text());
        Path parent = machine.checkout.getParent();
        Program relative = machine.program(List.of("a checkout/jbang", "greet", "there")).in(parent).env("CDPATH", "/:" + parent);
        assertEquals("hello there\n", relative.run().orFail().text());
        assertEquals("hello verb\n", machine.jbang("dray", "greet", "verb").run().orFail().text());
        assertEquals("hello link\n", machine.program(List.of("./dray", "greet", "link")).in(machine.elsewhere).run().orFail().text());
    }

    /** jbang.cmd cannot be run here: this much of it can be known. */
    @Test
    void should_fetch_on_windows_the_archive_that_is_fetched_elsewhere() throws IOException {
        String windows = Files.readString(Checkout.root().resolve("jbang.cmd"));
        for (String pin : List.of("version", "archive_sha256")) {
            String line = Files.readString(Checkout.root().resolve("lib/start/jbang.sh")).lines().filter(each -> each.startsWith(pin + "=")).findFirst().orElseThrow();
            assertTrue(windows.contains("set \"" + line + "\"\r\n"), line);
        }
    }

    /** The password file has another home folder for them, if any, as in containers that are given a user. */
    @Test
    void should_keep_everything_in_the_home_folder_of_those_who_have_one_by_its_variable() throws IOException {
        Path home = Machine.mkdir(machine.elsewhere.resolve("home sweet home"));
        List<String> command = List.of("env", "-u", "JBANG_DIR", machine.checkout + "/jbang", "greet", "you");
        assertEquals("hello you\n", machine.program(command).env("HOME", home.toString()).run().orFail().text());
        assertTrue(Files.isDirectory(home.resolve(".jbang/cache/jars")));
    }

    @Test
    void should_leave_the_process_to_the_script() throws IOException {
        try (Program.Running running = machine.jbang("greet", "sleep").start()) {
            Wait.forLine(() -> new String(running.stdout(), StandardCharsets.UTF_8));
            assertEquals("java", Path.of(running.process().info().command().orElseThrow()).getFileName().toString());
            running.process().destroy();
            assertEquals(143, running.finish().exitCode());
        }
    }
}
