package tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tests.support.Checkout;
import tests.support.Dray;
import tests.support.Program;

//SOURCES ../support/Checkout.java
//SOURCES ../support/Dray.java
//SOURCES ../support/Program.java

/** What --help prints. */
class HelpTest {
    private static final int SCREEN = 50;

    private final Map<String, String> helps = new HashMap<>();

    @Test
    void should_print_each_example_and_address_in_one_line_that_can_be_copied() {
        List<String> lines = Dray.run("token", "--help").orFail().text().lines().toList();
        int examples = lines.indexOf("Examples:");
        assertTrue(lines.get(examples + 2).endsWith("https://registry-1.docker.io/v2/library/nginx/tags/list"), lines.get(examples + 2));
        assertEquals("", lines.get(examples + 3));
        assertEquals("Specification: https://distribution.github.io/distribution/spec/auth/token/", lines.get(examples + 4));
        assertEquals(examples + 5, lines.size());
    }

    @Test
    void should_show_each_option_in_one_line_and_explain_it_when_asked() throws IOException {
        for (String name : names()) {
            List<String> lines = help(name).lines().takeWhile(line -> !line.equals("Examples:")).toList();
            assertTrue(help(name).lines().count() <= SCREEN, name + " --help is longer than a screen");
            assertTrue(lines.size() <= 46 && lines.stream().allMatch(line -> line.length() <= 80), name + ": " + lines);
        }
        String all = Dray.run("pull", "--help-all").orFail().text();
        assertTrue(help("pull").contains("--since=OLD          Skip the blobs") && !help("pull").contains("FULL makes"), help("pull"));
        assertTrue(all.contains("assemble OLD DELTA -o FULL makes") && all.lines().filter(line -> !line.startsWith("Spec")).allMatch(line -> line.length() <= 80), all);
        assertEquals(help("pull"), Dray.run("pull", "-qh").orFail().text());
    }

    /** The examples of all scripts have to be commands of this toolkit, with options that it has. */
    @Test
    void should_show_two_examples_and_a_specification_for_each_script() throws IOException {
        List<String> names = names();
        List<String> wrong = new ArrayList<>();
        for (String name : names) {
            List<String> lines = help(name).lines().toList();
            int examples = lines.indexOf("Examples:");
            List<String> commands = lines.subList(examples + 1, lines.size()).stream().takeWhile(line -> line.startsWith("  ")).toList();
            if (examples < 0 || commands.size() < 2 || commands.stream().noneMatch(command -> command.contains("dray " + name))) {
                wrong.add(name + " has the examples " + commands);
            }
            if (!lines.get(lines.size() - 1).matches("Specification: https://[^ ]+")) {
                wrong.add(name + " names no specification");
            }
            for (String command : commands) {
                wrong.addAll(wrongIn(command, names));
            }
            String shell = "set -n\n" + String.join("\n", commands);
            if (new Program("bash", "-c", shell).run().exitCode() != 0) {
                wrong.add(name + " has examples that no shell reads");
            }
        }
        assertTrue(names.size() > 10, names.toString());
        assertEquals(List.of(), wrong);
    }

    private List<String> wrongIn(String command, List<String> names) {
        List<String> wrong = new ArrayList<>();
        for (String part : command.split("[|(]")) {
            if (part.strip().startsWith("dray ")) {
                String name = part.strip().split(" ")[1].replace(")", "");
                if (!names.contains(name)) {
                    wrong.add(command + ": there is no " + name);
                    continue;
                }
                String help = help(name);
                Stream.of(part.strip().split("[ )]+")).filter(word -> word.matches("--?[a-z][a-z-]*") && !help.matches("(?s).*[ ,]" + word + "\\b.*"))
                        .forEach(word -> wrong.add(command + ": there is no " + word));
            }
        }
        return wrong;
    }

    private String help(String name) {
        return helps.computeIfAbsent(name, script -> Dray.run(script, "--help").orFail().text());
    }

    private static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(Checkout.root().resolve("scripts"))) {
            return files.map(file -> file.getFileName().toString().replace(".java", "")).filter(name -> !name.equals("dray")).sorted().toList();
        }
    }
}
