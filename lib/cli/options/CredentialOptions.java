package lib.cli.options;

import static lib.cli.options.UserOptions.check;

import java.io.IOException;
import lib.cli.CommonOptions;
import lib.registry.auth.Credential;
import lib.registry.auth.CredentialChain;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Who asks: the same options for every script that talks to a registry. */
@Command(optionListHeading = "Login")
final class CredentialOptions {
    @Mixin
    private UserOptions user;

    @Option(names = "--token", paramLabel = "TOKEN",
            description = {"Send this token to the registry (see token -r).",
                "DRAY_TOKEN does the same without appearing in the process list."})
    private String token;

    @Option(names = "--anonymous",
            description = {"Ignore all stored credentials.",
                "Without any of these options, DRAY_USERNAME and DRAY_PASSWORD are used, or else what login, docker and podman have stored."})
    private boolean anonymous;

    boolean isAnonymous() {
        return anonymous;
    }

    boolean areGiven() {
        return token != null || user.isGiven();
    }

    boolean readsStdin() {
        return user.readsStdin();
    }

    /** Returns where credentials are to be looked for; throws IllegalArgumentException for options that do not go together. */
    CredentialChain logins() throws IOException {
        return new CredentialChain(given(), anonymous, System.getenv(), CommonOptions::warn);
    }

    private @Nullable Credential given() throws IOException {
        check(!anonymous || token == null && !user.isGiven(), "--anonymous and credentials exclude each other");
        check(!user.hasUser() || token == null, "-u and --token exclude each other");
        Credential given = user.given();
        return token == null ? given : Credential.ofToken(token, "--token", false);
    }
}
