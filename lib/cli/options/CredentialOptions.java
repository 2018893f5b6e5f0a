package lib.cli.options;

import java.io.IOException;
import java.io.InputStream;
import lib.cli.CommonOptions;
import lib.registry.auth.Credential;
import lib.registry.auth.CredentialChain;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Who asks: the same options for every script that talks to a registry. */
@Command(optionListHeading = "Login")
final class CredentialOptions {
    @Option(names = {"-u", "--user"}, paramLabel = "USER[:PASSWORD]",
            description = {"Log in; asks for the password if none is given.",
                "Without this option, DRAY_USERNAME and DRAY_PASSWORD are used, or else what docker and then podman has stored."})
    private String user;

    @Option(names = "--password-stdin",
            description = {"Read the password from the first line of stdin.", "It does not appear in the process list then."})
    private boolean passwordFromStdin;

    @Option(names = "--token", paramLabel = "TOKEN",
            description = {"Send this token to the registry (see token -r).",
                "DRAY_TOKEN does the same without appearing in the process list."})
    private String token;

    @Option(names = "--anonymous",
            description = "Ignore all stored credentials.")
    private boolean anonymous;

    boolean readsStdin() {
        return passwordFromStdin;
    }

    /** Returns where credentials are to be looked for; throws IllegalArgumentException for options that do not go together. */
    CredentialChain logins() throws IOException {
        return new CredentialChain(given(), anonymous, System.getenv(), CommonOptions::warn);
    }

    private Credential given() throws IOException {
        check(!anonymous || user == null && token == null && !passwordFromStdin, "--anonymous and credentials exclude each other");
        check(user == null || token == null, "-u and --token exclude each other");
        check(user != null || !passwordFromStdin, "--password-stdin needs a user: give one with -u");
        if (token != null) {
            return Credential.ofToken(token, "--token", false);
        }
        if (user == null) {
            return null;
        }
        int colon = user.indexOf(':');
        String name = colon >= 0 ? user.substring(0, colon) : user;
        check(!name.isEmpty(), "-u: there is no user's name");
        check(colon < 0 || !passwordFromStdin, "-u has a password already: give the name alone with --password-stdin");
        String password = colon >= 0 ? user.substring(colon + 1) : passwordFromStdin ? firstLine(System.in) : Password.ask("password of " + name + ": ");
        check(!password.isEmpty(), "the password is empty");
        return Credential.ofPassword(name, password, passwordFromStdin ? "--password-stdin" : "-u", false);
    }

    private static String firstLine(InputStream in) throws IOException {
        String line = Password.line(in);
        check(line != null, "--password-stdin: nothing came on stdin");
        return line;
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
