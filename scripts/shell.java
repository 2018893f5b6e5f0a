///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import jdk.jshell.tool.JavaShellToolBuilder;
import lib.Dray;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.Snippets;
import lib.cli.terminal.Terminal;
import lib.file.SmallFile;
import lib.text.Resource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC -XX:TieredStopAtLevel=1
//DESCRIPTION Opens JShell with the toolkit loaded
//DOCS ../docs/commands/shell.md
//SOURCES ../lib/sources/shell.java
//FILES lib/cli/startup.jsh=../lib/cli/startup.jsh

/** The same steps as methods, to be tried out line by line: what the scripts pipe as JSON are values here. */
@Command(name = "shell", description = {"Opens JShell with the toolkit loaded.", "The methods of lib.Dray have the names of the commands: token, manifest, blob, pull, ls, verify and so on."},
        footer = {"", "Examples:", "  dray shell", "  echo 'manifest(image(\"nginx\")).layers()' | dray shell --quiet",
                "", "Specification: https://docs.oracle.com/en/java/javase/17/jshell/"})
public final class shell implements Callable<Integer> {
    /** Imports, and how answers are shown: JShell's own way cuts the middle out of what is longer than 1000 characters, as a manifest mostly is. */
    private static final String STARTUP = Resource.text("lib/cli/startup.jsh");
    private static final String GREETING = """
            var i = image("nginx:alpine")     an image; i.on("linux/arm64") is another platform's
            token(i)  index(i)  manifest(i)   what the registry says
            tags(i)                           what else it has under this name
            manifest(i).layers()              values to work with
            config(i)  blob(i, "sha256:…")    blobs, checked
            explain(true)                     shows every request as curl
            pull(i)                           into an archive
            ls(i)  cat(i, "etc/motd")  …      and all other commands, for images, layouts and archives
            /exit ends it""";

    /** The size that a file may have, in MiB. */
    private static final int LARGEST = 16;

    @Parameters(paramLabel = "FILE",
            description = {"Java snippets to run first.", "End a file with /exit to leave the shell."})
    private List<Path> files = List.of();

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws Exception {
        return Terminal.isInteractive() && !endsItself() ? interactive() : batch();
    }

    /** Returns whether a file leaves the shell. */
    private boolean endsItself() throws IOException {
        for (Path file : files) {
            if (text(file).lines().anyMatch(line -> line.strip().startsWith("/ex"))) {
                return true;
            }
        }
        return false;
    }

    private static String text(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(SmallFile.upTo(in, file.toString(), LARGEST), StandardCharsets.UTF_8);
        }
    }

    /** What no person types ends with an exit code that says whether all of it went well. */
    private int batch() throws IOException {
        try (Snippets snippets = new Snippets(STARTUP.lines().filter(line -> line.startsWith("import ")).toList(), common.quiet())) {
            boolean goesOn = true;
            for (Path file : files) {
                try (BufferedReader lines = new BufferedReader(new StringReader(text(file)))) {
                    goesOn = goesOn && snippets.run(lines);
                }
            }
            if (goesOn) {
                snippets.run(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
            }
            return snippets.exitCode();
        }
    }

    private int interactive() throws Exception {
        Path startup = Files.createTempFile("dray", ".jsh");
        try {
            Files.writeString(startup, STARTUP);
            common.say(GREETING);
            List<String> arguments = new ArrayList<>(List.of("--class-path", System.getProperty("java.class.path"), "--startup", startup.toString(),
                    "-R-XX:+UseSerialGC", "--feedback", common.quiet() ? "silent" : "dray"));
            files.forEach(file -> arguments.add(file.toString()));
            return JavaShellToolBuilder.builder().start(arguments.toArray(String[]::new));
        } finally {
            Files.deleteIfExists(startup);
        }
    }

    public static void main(String... args) {
        Cli.run(new shell(), args);
    }
}
