///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.RemoteNames;
import lib.cli.Stage;
import lib.cli.options.NetworkOptions;
import lib.image.Reference;
import lib.registry.Tokens;
import lib.registry.auth.Challenge;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:CompileThresholdScaling=3
//DESCRIPTION Gets a token that allows pulling an image
//DOCS ../docs/commands/token.md
//SOURCES ../lib/sources/token.java

/**
 * Most registries require a token, even for public images, for which anybody can get one.
 * The registry's first answer, 401, names the token server; that gives a token for one repository, which lasts some minutes.
 */
@Command(name = "token", description = {"Gets a token that allows pulling an image.", "Prints the token server's answer."},
        footer = {"", "Examples:", "  dray token nginx", "  curl -H \"Authorization: Bearer $(dray token -r nginx)\" https://registry-1.docker.io/v2/library/nginx/tags/list",
                "", "Specification: https://distribution.github.io/distribution/spec/auth/token/"})
public final class token implements Callable<Integer> {
    @Parameters(paramLabel = "IMAGE",
            description = "The name, such as nginx:alpine or ghcr.io/org/app.")
    private String image;

    @Option(names = {"-r", "--raw"},
            description = "Print the bare token.")
    private boolean raw;

    @Mixin
    private CommonOptions common;

    @Mixin
    private NetworkOptions network;

    @Override
    public Integer call() throws Exception {
        Reference reference = RemoteNames.of(image);
        Tokens tokens = new Tokens(reference, network.network());
        List<Challenge> challenges = tokens.challenges();        // 1. the registry's front door answers 401, and names the token server
        ObjectNode answer = tokens.token(challenges);            // 2. the token server gives a token for this repository
        if (answer.isEmpty()) {
            common.say(reference.registry() + " requires no token");
        }
        if (raw) {
            String token = answer.path("token").asText(answer.path("access_token").asText());
            Stage.print(token.isEmpty() ? new byte[0] : (token + "\n").getBytes(StandardCharsets.UTF_8));
        } else {
            new Stage(tokens.origin(), answer).print();
        }
        return 0;
    }

    public static void main(String... args) {
        Cli.run(new token(), args);
    }
}
