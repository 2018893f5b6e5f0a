package tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import tests.support.Dray;
import tests.support.Program;

//SOURCES ../support/Dray.java
//SOURCES ../support/Program.java

/** The front door: every command by one name. */
class DrayTest {

    @Test
    void should_list_the_commands_within_80_columns_when_called_with_nothing() {
        String page = Dray.run("dray").orFail().text();
        assertTrue(page.contains("\n  pull          Pulls images into archives") && page.contains("Examples:"), page);
        assertTrue(page.lines().allMatch(line -> line.length() <= 80), page);
        assertEquals(page, Dray.run("dray", "--help").orFail().text());
        assertEquals(page, Dray.run("dray", "help").orFail().text());
    }

    @Test
    void should_run_a_command_and_show_its_help() {
        assertEquals(2, Dray.run("dray", "pull").exitCode());
        assertEquals(Dray.run("token", "--help").orFail().text(), Dray.run("dray", "help", "token").orFail().text());
        Program.Result refused = Dray.run("dray", "manifest", "127.0.0.1:1/app:1");
        assertEquals(6, refused.exitCode());
        assertTrue(refused.stderr().startsWith("manifest: "), refused.stderr());
    }

    @Test
    void should_suggest_what_was_meant() {
        Program.Result command = Dray.run("dray", "pul", "nginx");
        assertEquals(2, command.exitCode());
        assertEquals("dray: unknown command 'pul': did you mean pull?\n", command.stderr());
        assertEquals("dray: unknown command 'frobnicate'; dray help lists the commands\n", Dray.run("dray", "frobnicate").stderr());
        assertEquals("dray: unknown option '--versoin': did you mean --version?\n", Dray.run("dray", "--versoin").stderr());
        assertEquals("pull: Missing required parameter: 'IMAGE'; see --help\n", Dray.run("pull").stderr());
        Program.Result option = Dray.run("pull", "--plattform", "linux/arm64", "nginx");
        assertEquals(2, option.exitCode());
        assertTrue(option.stderr().contains("'--plattform'") && option.stderr().endsWith(": did you mean --platform?\n"), option.stderr());
    }

    @Test
    void should_say_its_version() {
        assertTrue(Dray.run("dray", "--version").orFail().text().matches("dray [0-9.]+\n"));
        assertEquals(Dray.run("dray", "--version").orFail().text(), Dray.run("pull", "--version").orFail().text());
    }
}
