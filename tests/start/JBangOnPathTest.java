package tests.start;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import tests.support.Program;

//SOURCES Machine.java

class JBangOnPathTest {
    private static final String TELLS_ITS_ARGUMENTS = "for word; do echo \"[$word]\"; done\n";

    private final Machine machine = Machine.withOneScript();

    @Test
    void should_run_an_alias_by_the_path_of_its_script_with_the_jbang_on_the_path() {
        machine.withProgram("jbang", TELLS_ITS_ARGUMENTS);
        Program.Result result = machine.jbang("greet", "a b", "", "greet", "--java").run().orFail();
        assertEquals("[" + machine.checkout + "/scripts/greet.java]\n[a b]\n[]\n[greet]\n[--java]\n", result.text());
    }

    @Test
    void should_find_an_alias_behind_options_of_jbang() {
        machine.withProgram("jbang", TELLS_ITS_ARGUMENTS);
        Program.Result result = machine.jbang("--fresh", "-Dkey=greet", "--java", "17", "greet", "x").run().orFail();
        assertEquals("[--fresh]\n[-Dkey=greet]\n[--java]\n[17]\n[" + machine.checkout + "/scripts/greet.java]\n[x]\n", result.text());
    }

    @Test
    void should_hand_over_everything_else_untouched() {
        machine.withProgram("jbang", TELLS_ITS_ARGUMENTS);
        assertEquals("[catalog]\n[add]\n[greet]\n", machine.jbang("catalog", "add", "greet").run().orFail().text());
        assertEquals("[./scripts/greet.java]\n[greet]\n", machine.jbang("./scripts/greet.java", "greet").run().orFail().text());
        assertEquals("[--deps]\n[greet]\n[x.java]\n", machine.jbang("--deps", "greet", "x.java").run().orFail().text());
        assertEquals("[-]\n[greet]\n", machine.jbang("-", "greet").run().orFail().text());
        assertEquals("", machine.jbang().run().orFail().text());
    }

    @Test
    void should_pass_on_the_exit_code_of_jbang() {
        machine.withProgram("jbang", "[ \"$1\" = build ] || exit 42\n");
        assertEquals(42, machine.jbang("greet").run().exitCode());
    }

    @Test
    void should_let_jbang_build_first_and_run_the_script_if_it_does_not_say_how() {
        machine.withProgram("jbang", "echo \"$1 at work\" >&2; echo nonsense\n");
        String expected = "build at work\n--quiet at work\n" + machine.checkout + "/scripts/greet.java at work\n";
        for (int start = 0; start < 2; start++) {
            Program.Result result = machine.jbang("greet").run().orFail();
            assertEquals(expected, result.stderr().replace("nonsense\n", ""));
            assertEquals("nonsense\n", result.text());
        }
    }

    @Test
    void should_not_go_on_when_jbang_cannot_build() {
        machine.withProgram("jbang", "echo \"$1 at work\" >&2; exit 3\n");
        Program.Result result = machine.jbang("greet").run();
        assertEquals(3, result.exitCode());
        assertEquals("build at work\n", result.stderr());
    }

    @Test
    void should_not_take_itself_or_the_launcher_of_another_checkout_for_the_jbang_on_the_path() throws IOException {
        Machine other = Machine.withOneScript();
        Files.createSymbolicLink(other.elsewhere.resolve("jbang"), other.checkout.resolve("jbang"));
        machine.withProgram("jbang", TELLS_ITS_ARGUMENTS);
        String path = machine.checkout + ":" + other.checkout + ":" + other.elsewhere + ":" + machine.programs();
        assertEquals("[version]\n", machine.jbang("version").env("PATH", path).limit(20).run().orFail().text());
    }
}
