///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lib.cli.CommonOptions;
import lib.cli.Failure;
import lib.cli.Stage;
import lib.text.Json;
import lib.text.Resource;
import lib.text.Suggestion;
import lib.text.Version;

//JAVA 17+
//MAIN scripts.dray
//RUNTIME_OPTIONS -XX:+UseSerialGC -Xmn16m -Xlog:disable -Xlog:all=warning:stderr -XX:CompileThresholdScaling=3
//DESCRIPTION All commands as one: dray pull, dray ls, dray push
//DOCS ../README.md
//SOURCES assemble.java
//SOURCES attestations.java
//SOURCES blob.java
//SOURCES cat.java
//SOURCES check.java
//SOURCES complete.java
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
//SOURCES ../lib/sources/dray.java
//FILES jbang-catalog.json=../jbang-catalog.json

/** The front door: the first argument is the name of a script, which gets the others. Where ./jbang is linked as dray, it starts that script at once. */
public final class dray {
    private static final int USAGE = 2;

    /** The commands, in the groups that people look for them in. */
    private static final Map<String, List<String>> GROUPS = new LinkedHashMap<>();

    static {
        GROUPS.put("Take an image, or look into it", List.of("pull", "extract", "ls", "cat", "diff", "inspect"));
        GROUPS.put("Step by step", List.of("token", "manifest", "blob", "assemble"));
        GROUPS.put("Find images", List.of("tags", "repos", "search", "images", "mirrors"));
        GROUPS.put("Signatures and contents", List.of("verify", "check", "sbom", "attestations", "referrers"));
        GROUPS.put("Into another registry", List.of("sync", "push", "serve"));
        GROUPS.put("Private registries", List.of("login", "logout"));
        GROUPS.put("Help", List.of("doctor", "demo", "shell", "complete"));
    }

    private dray() { }

    /** Runs the command that the first argument names; without one, or with --help, says which there are. */
    public static void main(String... args) {
        try {
            dispatch(args);
        } catch (IOException e) { // of stdout: commands have their own way to fail
            Failure failure = Failure.of(e);
            if (!failure.sentence().isEmpty()) {
                System.err.println("dray: " + failure.sentence());
            }
            System.exit(failure.code());
        }
    }

    private static void dispatch(String... args) throws IOException {
        String first = args.length == 0 ? "help" : args[0];
        String[] rest = Arrays.copyOfRange(args, Math.min(1, args.length), args.length);
        switch (first) {
            case "help", "--help", "-h" -> help(rest);
            case "--version", "-V" -> print("dray " + Version.NUMBER + "\n");
            default -> run(first, rest);
        }
    }

    /** A switch, so that only the classes of the one command are loaded. */
    private static void run(String name, String... args) throws IOException {
        switch (name) {
            case "assemble" -> assemble.main(args);
            case "attestations" -> attestations.main(args);
            case "blob" -> blob.main(args);
            case "cat" -> cat.main(args);
            case "check" -> check.main(args);
            case "complete" -> complete.main(args);
            case "demo" -> demo.main(args);
            case "diff" -> diff.main(args);
            case "doctor" -> doctor.main(args);
            case "extract" -> extract.main(args);
            case "images" -> images.main(args);
            case "inspect" -> inspect.main(args);
            case "login" -> login.main(args);
            case "logout" -> logout.main(args);
            case "ls" -> ls.main(args);
            case "manifest" -> manifest.main(args);
            case "mirrors" -> mirrors.main(args);
            case "pull" -> pull.main(args);
            case "push" -> push.main(args);
            case "referrers" -> referrers.main(args);
            case "repos" -> repos.main(args);
            case "sbom" -> sbom.main(args);
            case "search" -> search.main(args);
            case "serve" -> serve.main(args);
            case "shell" -> shell.main(args);
            case "sync" -> sync.main(args);
            case "tags" -> tags.main(args);
            case "token" -> token.main(args);
            case "verify" -> verify.main(args);
            case "catalog" -> repos.main(args); // as crane calls it; to JBang, catalog is another thing
            default -> refuse(name);
        }
    }

    private static void help(String... args) throws IOException {
        if (args.length > 0) {
            run(args[0], "--help");
            return;
        }
        JsonNode commands = Json.object(Resource.text("jbang-catalog.json").getBytes(StandardCharsets.UTF_8), "jbang-catalog.json").path("aliases");
        StringBuilder page = new StringBuilder("Usage: dray COMMAND [ARGUMENT…]\n\nTakes container images out of a registry, without a container engine.\n");
        GROUPS.forEach((group, names) -> {
            page.append("\n").append(group).append(":\n");
            names.forEach(name -> page.append(String.format("  %-13s %s%n", name, commands.path(name).path("description").asText())));
        });
        print(page + """

                Examples:
                  dray pull nginx:alpine                      writes nginx_alpine.tar
                  dray ls nginx_alpine.tar etc/nginx          lists a folder of it
                  dray push nginx_alpine.tar reg.example/web  fills another registry

                dray help COMMAND shows the options of a command; --version shows this tool's.
                """);
    }

    private static void refuse(String name) {
        boolean isOption = name.startsWith("-");
        List<String> known = isOption ? List.of("--help", "--version") : GROUPS.values().stream().flatMap(List::stream).toList();
        System.err.println("dray: unknown " + (isOption ? "option" : "command") + " '" + CommonOptions.plain(name) + "'" + Suggestion.of(name, known, "; dray help lists the commands"));
        System.exit(USAGE);
    }

    private static void print(String text) throws IOException {
        Stage.print(text.getBytes(StandardCharsets.UTF_8));
    }
}
