package tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.Checkout;
import tests.support.Dray;
import tests.support.Program;
import tests.support.Tools;

//SOURCES ../support/Checkout.java
//SOURCES ../support/Dray.java
//SOURCES ../support/Program.java
//SOURCES ../support/Tools.java

/** What Tab does, in shells that somebody types into. */
class CompleteTest {
    @TempDir
    Path folder;

    @BeforeEach
    void have_a_program_that_shows_its_arguments() throws IOException {
        Files.writeString(folder.resolve("shown"), "#!/bin/sh\necho \"GOT $*\"\n").toFile().setExecutable(true);
        Files.createDirectories(folder.resolve("checkout"));
        Files.createSymbolicLink(folder.resolve("checkout/jbang"), folder.resolve("shown"));
        Files.createDirectories(folder.resolve(".jbang/bin"));
        Files.createSymbolicLink(folder.resolve(".jbang/bin/pull"), folder.resolve("shown"));
        Files.createSymbolicLink(folder.resolve(".jbang/bin/jbang"), folder.resolve("shown"));
        Files.createSymbolicLink(folder.resolve(".jbang/bin/dray"), folder.resolve("shown"));
        Files.writeString(folder.resolve("nginx.tar"), "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh"})
    void should_complete_names_options_and_files_as_they_are_typed(String shell) throws IOException {
        List<String> typed = List.of("jbang pul\tX", "jbang pull@dray --har\tX", "jbang pull --platf\tX", "dray cat --platform linux/arm64\tX", "jbang assemble ngi\tX", "jbang pull -o ngi\tX", "jbang complete --debu\tX",
                "./checkout/jbang referr\tX", "./checkout/jbang tags --sor\tX", "pull --reu\tX", "dray pul\tX", "dray tags --sor\tX");
        assertEquals(List.of("pull@dray X", "pull@dray --har X", "pull --platform X", "cat --platform linux/arm64 X", "assemble nginx.tar X", "pull -o nginx.tar X", "complete --debug X",
                "referrers X", "tags --sort X", "--reuse X", "pull X", "tags --sort X"), got(shell, "", typed));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh"})
    void should_complete_the_names_of_images_in_an_archive(String shell) throws IOException {
        Files.writeString(folder.resolve("index.json"), "{\"manifests\":[" + Stream.of("docker.io/library/nginx:alpine", "docker.io/library/nginx:1.27", "ghcr.io/org/app:1")
                .map(name -> "{\"annotations\":{\"io.containerd.image.name\":\"" + name + "\"}}").collect(Collectors.joining(",")) + "]}");
        new Program("tar", "-cf", "two.tar", "index.json").in(folder).run().orFail();
        assertEquals(List.of("ls two.tar --image nginx:alpine X", "ls two.tar --image ghcr.io/org/app:1 X"),
                got(shell, "", List.of("dray ls two.tar --image nginx:a\tX", "dray ls two.tar --image gh\tX")));
    }

    @Test
    void should_leave_jbangs_own_completion_at_work() throws IOException {
        String own = "_own() { COMPREPLY=($(compgen -W 'app catalog' -- \"${COMP_WORDS[COMP_CWORD]}\")); }\ncomplete -F _own jbang\n";
        assertEquals(List.of("catalog X", "alias app X", "pull@dray X"), got("bash", own, List.of("jbang cata\tX", "jbang alias ap\tX", "jbang pul\tX")));
    }

    @Test
    void should_know_every_script() throws IOException {
        List<String> names;
        try (Stream<Path> files = Files.list(Checkout.root().resolve("scripts"))) {
            names = files.map(file -> file.getFileName().toString().replace(".java", "")).filter(name -> !name.equals("dray")).sorted().toList();
        }
        String script = Dray.run("complete").orFail().text();
        assertEquals(names, script.lines().filter(line -> line.matches("function _picocli_dray_.*")).map(line -> line.replaceAll("function _picocli_dray_|\\(\\).*", "")).sorted().toList());
        assertEquals(script, Dray.run("complete", "zsh").orFail().text());
    }

    @Test
    void should_refuse_a_shell_it_does_not_know() {
        Program.Result result = Dray.run("complete", "tcsh");
        assertEquals(2, result.exitCode(), result.toString());
        assertTrue(result.stderr().contains("bash, zsh, fish and powershell"), result.stderr());
    }

    /** fish says itself what it would offer. */
    @ParameterizedTest
    @CsvSource({"dray pul, pull", "jbang pull@d, pull@dray", "./checkout/jbang tags --sor, --sort", "dray pull --har, --har", "dray pull --platform linux/am, linux/amd64",
        "jbang pull@dray --format oci-, oci-dir", "dray ls ngi, nginx.tar", "dray pull -o ngi, nginx.tar"})
    void should_complete_in_fish(String typed, String offered) throws IOException {
        Tools.assumeInstalled("fish");
        Files.write(folder.resolve("complete.fish"), Dray.run("complete", "fish").orFail().stdout());
        Program.Result result = new Program("fish", "--no-config", "-c", "source complete.fish; complete -C '" + typed + "'").in(folder).env("HOME", folder.toString())
                .env("PATH", folder.resolve(".jbang/bin") + ":" + System.getenv("PATH")).run().orFail();
        assertEquals("", result.stderr());
        assertEquals(List.of(offered), result.text().lines().map(line -> line.replaceFirst("\t.*", "")).toList());
    }

    /** There is no PowerShell here: that the tables have what they should is all that is known. */
    @Test
    void should_tell_powershell_the_options_and_their_values() {
        String script = Dray.run("complete", "powershell").orFail().text();
        assertTrue(script.contains("\n    'tags' = @('") && script.contains("'--platform'"), script);
        assertTrue(script.contains("\n    'pull --format' = @('docker', 'oci', "), script);
    }

    /** Types into a shell on a terminal, the next line when the one before has been run, and returns what the programs that it ran were given. */
    private List<String> got(String shell, String before, List<String> typed) throws IOException {
        Tools.assumeInstalled("script", shell);
        Files.write(folder.resolve("complete.sh"), Dray.run("complete", shell).orFail().stdout());
        Files.writeString(folder.resolve("start.sh"), (shell.equals("zsh") ? "autoload -U compinit; compinit -u -D; autoload -U bashcompinit; bashcompinit\n" : "")
                + before + "source ./complete.sh\necho GOT STARTED\n");
        List<String> lines = Stream.concat(Stream.of("source ./start.sh"), typed.stream()).toList();
        String interactive = shell.equals("bash") ? "bash --noprofile --norc -i" : "zsh -f -i";
        Program.Result result = new Program("bash", "-c", """
                { n=0
                  while IFS= read -r line; do
                      printf '%s\\n' "$line"
                      n=$((n + 1))
                      for i in {1..300}; do [ "$(grep -ac 'GOT ' seen)" -ge $n ] && break; sleep 0.1; done 2> /dev/null
                      sleep 0.2  # the prompt comes next
                  done
                  echo exit
                } | script -qefc "$1" seen > /dev/null
                """, "bash", interactive).in(folder).stdin(String.join("\n", lines) + "\n")
                .env("HOME", folder.toString()).env("JBANG_DIR", folder.resolve(".jbang").toString()).env("PATH", folder.resolve(".jbang/bin") + ":" + System.getenv("PATH")).env("TERM", "dumb").run();
        String seen = Files.readString(folder.resolve("seen"));
        List<String> got = seen.lines().map(String::strip).filter(line -> line.contains("GOT ")).map(line -> line.replaceFirst(".*GOT ", "")).toList();
        assertEquals(lines.size(), got.size(), seen + result);
        return got.subList(1, got.size());
    }
}
