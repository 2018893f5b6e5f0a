package tests.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Checkout;
import tests.support.Console;
import tests.support.Listener;
import tests.support.Program;
import tests.support.Tools;

//SOURCES ../support/Checkout.java
//SOURCES ../support/Console.java
//SOURCES ../support/Listener.java
//SOURCES ../support/Program.java
//SOURCES ../support/Tools.java

/** Every command of the lesson gives what the lesson shows. */
@Tag("slow")
class LessonTest {
    private static final Path LESSON = Checkout.root().resolve("docs/how-a-pull-works.md");
    private static final Pattern CODE = Pattern.compile("\\[`([A-Za-z]+)\\.([A-Za-z]+)`]\\(([^)]*\\.java)\\)");
    private static final String PORT = "5000";

    @TempDir
    Path folder;

    private final List<Program.Running> inBackground = new ArrayList<>();
    private String port;

    @BeforeEach
    void has_a_jbang_and_a_free_port() throws IOException {
        Tools.assumeInstalled("curl", "jq");
        Path jbang = folder.resolve("jbang");
        Files.writeString(jbang, """
                #!/usr/bin/env bash
                exec "%s" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Duser.home="%s" -cp "%s" "scripts.$1" "${@:2}"
                """.formatted(Path.of(System.getProperty("java.home"), "bin", "java"), folder, System.getProperty("java.class.path")));
        assertTrue(jbang.toFile().setExecutable(true));
        port = Integer.toString(Listener.freePort());
    }

    @AfterEach
    void end_what_runs() {
        inBackground.forEach(Program.Running::close);
    }

    @Test
    void should_show_what_its_commands_give() throws IOException {
        List<Console> steps = Console.of(LESSON);
        assertTrue(steps.size() > 20, "only " + steps.size() + " commands");
        for (Console step : steps) {
            if (step.command().startsWith("unshare ") && bash("unshare --map-root-user true").run().exitCode() != 0) {
                continue; // on this machine, only root may change the root
            }
            String output = step.command().endsWith(" &") ? start(step) : bash(step.command()).run().orFail().text();
            assertTrue(step.shows(output.replace(port, PORT)), step.command() + "\ngave\n" + output + "\ninstead of\n" + step.output());
        }
    }

    @Test
    void should_have_ten_steps_each_with_what_is_on_disk_and_what_an_engine_does() throws IOException {
        String[] steps = Files.readString(LESSON).split("(?m)^## (?=[0-9]+\\. )");
        assertEquals(11, steps.length);
        for (int i = 1; i <= 10; i++) {
            assertTrue(steps[i].startsWith(i + ". "), steps[i]);
            assertTrue(steps[i].contains("$ ./jbang ") && steps[i].contains("On disk: ") && steps[i].matches("(?s).*\\b[Aa]n engine\\b.*"), steps[i]);
        }
    }

    @Test
    void should_link_each_step_to_its_method_in_the_code() throws IOException {
        String[] steps = Files.readString(LESSON).split("(?m)^## (?=[0-9]+\\. )");
        for (int i = 1; i <= 10; i++) {
            int links = 0;
            for (Matcher link = CODE.matcher(steps[i]); link.find(); links++) {
                Path file = LESSON.resolveSibling(link.group(3)).normalize();
                assertTrue(Files.isRegularFile(file) && file.endsWith(link.group(1) + ".java"), link.group());
                assertTrue(Pattern.compile("(?m)^    [a-zA-Z].*\\b" + link.group(2) + "\\(").matcher(Files.readString(file)).find(), link.group());
            }
            assertTrue(links > 0, steps[i]);
        }
    }

    @Test
    void should_have_the_headings_that_the_demo_has() throws IOException {
        List<String> headings = Files.readAllLines(LESSON).stream().filter(line -> line.startsWith("## ")).map(line -> line.substring(3)).toList();
        assertEquals(headings, bash("./jbang demo").run().orFail().text().lines().filter(headings::contains).toList());
    }

    private Program bash(String command) {
        return new Program("bash", "-c", "set -o pipefail; { " + command.replace(PORT, port) + "\n} 2>&1").in(folder).env("HOME", folder.toString());
    }

    /** Starts a command that ends with &, and waits for as many lines as the page shows. */
    private String start(Console step) throws IOException {
        Program.Running running = bash("exec " + step.command().replaceFirst(" &$", "")).start();
        inBackground.add(running);
        String output = "";
        for (int look = 0; look < 300 && output.lines().count() < step.output().lines().count(); look++) {
            Program.pause(100);
            output = new String(running.stdout(), StandardCharsets.UTF_8);
        }
        return output;
    }
}
