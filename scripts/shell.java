///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import jdk.jshell.tool.JavaShellToolBuilder;
import lib.Dray;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC -XX:TieredStopAtLevel=1
//DESCRIPTION Opens JShell with the toolkit at hand
//SOURCES ../lib/Dray.java
//SOURCES ../lib/cli/Cli.java
//SOURCES ../lib/cli/CommonOptions.java

/** The same steps as methods, to be tried out line by line: what the scripts pipe as JSON are values here. */
@Command(name = "shell", description = "Opens JShell with the methods of lib.Dray: image, token, index, manifest, config, blob, tags, pull, explain.",
        footer = {"", "Examples:", "  jbang shell", "  echo 'manifest(image(\"nginx\")).layers()' | jbang shell --quiet",
                "", "Specification: https://docs.oracle.com/en/java/javase/17/jshell/"})
public final class shell implements Callable<Integer> {
    /** JShell's own way of answering cuts the middle out of what is longer than 1000 characters, as a manifest mostly is. */
    private static final String STARTUP = """
            import static lib.Dray.*;
            import java.nio.file.*;
            import java.util.*;
            /set mode dray -command
            /set prompt dray '\\njshell> ' '   ...> '
            /set truncation dray 1000000
            /set format dray pre '|  '
            /set format dray post '%n'
            /set format dray errorpre '|  '
            /set format dray errorpost '%n'
            /set format dray display ''
            /set format dray display '{name} ==> {value}{post}' added,modified,replaced-expression,varvalue,varinit,assignment,vardecl-primary-ok
            """;
    private static final String GREETING = """
            var i = image("nginx:alpine")     an image; i.on("linux/arm64") is another platform's
            token(i)  index(i)  manifest(i)   what the registry says
            tags(i)                           what else it has under this name
            manifest(i).layers()              values to work with
            config(i)  blob(i, "sha256:…")    blobs, checked
            explain(true)                     shows every request as curl
            pull(i)                           into an archive
            /exit ends it""";

    @Parameters(paramLabel = "FILE", description = "Files of Java snippets to run; /exit at the end of one ends the shell.")
    private List<Path> files = List.of();

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws Exception {
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
