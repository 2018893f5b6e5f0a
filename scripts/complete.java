///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.Stage;
import lib.cli.completion.Completion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine;

//JAVA 17+
//MAIN scripts.complete
//RUNTIME_OPTIONS -XX:+UseSerialGC -XX:TieredStopAtLevel=1
//DESCRIPTION Prints a completion script for bash, zsh, fish or PowerShell
//DOCS ../docs/commands/complete.md
//SOURCES assemble.java
//SOURCES attestations.java
//SOURCES blob.java
//SOURCES cat.java
//SOURCES check.java
//SOURCES demo.java
//SOURCES diff.java
//SOURCES doctor.java
//SOURCES extract.java
//SOURCES images.java
//SOURCES inspect.java
//SOURCES login.java
//SOURCES logout.java
//SOURCES ls.java
//SOURCES manifest.java
//SOURCES mirrors.java
//SOURCES pull.java
//SOURCES push.java
//SOURCES referrers.java
//SOURCES repos.java
//SOURCES sbom.java
//SOURCES search.java
//SOURCES serve.java
//SOURCES shell.java
//SOURCES sync.java
//SOURCES tags.java
//SOURCES token.java
//SOURCES verify.java
//SOURCES ../lib/sources/complete.java

/** What picocli makes of the scripts' options, and around it what is typed before them: jbang, and a script's name. */
@Command(name = "complete", description = "Prints a completion script for bash, zsh, fish or PowerShell.",
        footer = {"", "Examples:", "  source <(dray complete bash)", "  dray complete fish > ~/.config/fish/completions/dray.fish",
                "", "Specification: https://www.gnu.org/software/bash/manual/html_node/Programmable-Completion.html"})
public final class complete implements Callable<Integer> {
    @Parameters(paramLabel = "SHELL", arity = "0..1",
            description = {"bash, zsh, fish or powershell (default: bash).", "bash and zsh get the same script."})
    private String shell = "bash";

    @Mixin
    private CommonOptions common;

    /** All scripts, as if they were commands of one program. */
    @Command(name = "dray", subcommands = {assemble.class, attestations.class, blob.class, cat.class, check.class, complete.class, demo.class, diff.class, doctor.class, extract.class, images.class, inspect.class,
            login.class, logout.class, ls.class, manifest.class, mirrors.class, pull.class, push.class, referrers.class, repos.class, sbom.class, search.class, serve.class, shell.class, sync.class, tags.class, token.class,
            verify.class})
    private static final class All { }

    @Override
    public Integer call() throws Exception {
        Completion completion = new Completion(new CommandLine(new All()));
        String script = switch (shell) {
            case "bash", "zsh" -> completion.bash();
            case "fish" -> completion.fish();
            case "powershell", "pwsh" -> completion.powerShell();
            default -> throw new IllegalArgumentException("'" + shell + "': completion exists for bash, zsh, fish and powershell");
        };
        Stage.print(script.getBytes(StandardCharsets.UTF_8));
        return 0;
    }

    public static void main(String... args) {
        Cli.run(new complete(), args);
    }
}
