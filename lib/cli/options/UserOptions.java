package lib.cli.options;

import java.io.IOException;
import java.io.InputStream;
import lib.registry.auth.Credential;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A user and a password: named in options, piped in, or typed on the terminal. */
@Command(optionListHeading = "Login")
public final class UserOptions {
    @Option(names = {"-u", "--user"}, paramLabel = "USER[:PASSWORD]",
            description = "Log in; asks for the password if none is given.")
    private String user;

    @Option(names = "--password-stdin",
            description = {"Read the password from the first line of stdin.", "It does not appear in the process list then."})
    private boolean passwordFromStdin;

    boolean isGiven() {
        return user != null || passwordFromStdin;
    }

    boolean hasUser() {
        return user != null;
    }

    boolean readsStdin() {
        return passwordFromStdin;
    }

    /** Returns what was named, or null if nothing was; throws IllegalArgumentException for options that do not go together. */
    @Nullable Credential given() throws IOException {
        check(user != null || !passwordFromStdin, "--password-stdin needs a user: give one with -u");
        if (user == null) {
            return null;
        }
        check(!passwordFromStdin || user.indexOf(':') < 0, "-u has a password already: give the name alone with --password-stdin");
        return passwordFromStdin ? credential("-u", user + ":" + firstLine(System.in), "--password-stdin") : credential("-u", user, "-u");
    }

    /**
     * Returns the login that an option gives as USER:PASSWORD, or as USER: then somebody types the password.
     *
     * @throws IllegalArgumentException if one of both is empty, or there is no terminal to ask on
     */
    public static Credential credential(String option, String user) throws IOException {
        return credential(option, user, option);
    }

    private static Credential credential(String option, String user, String from) throws IOException {
        int colon = user.indexOf(':');
        String name = colon >= 0 ? user.substring(0, colon) : user;
        check(!name.isEmpty(), option + ": the user name is missing");
        String password = colon >= 0 ? user.substring(colon + 1) : Password.ask("password of " + name + ": ");
        check(!password.isEmpty(), "the password is empty");
        return Credential.ofPassword(name, password, from, false);
    }

    /**
     * Returns what was named, or else what somebody types on the terminal.
     *
     * @param host the registry, for the question
     * @throws IllegalArgumentException if there is no terminal, or nothing is typed
     */
    public Credential givenOrTyped(String host) throws IOException {
        if (isGiven()) {
            return given();
        }
        String name = Password.askName("user name for " + host + ": ");
        check(!name.isEmpty(), "the user name is empty");
        check(!name.contains(":"), "a user name cannot have a ':' in it");
        String password = Password.ask("password of " + name + ": ");
        check(!password.isEmpty(), "the password is empty");
        return Credential.ofPassword(name, password, "the terminal", false);
    }

    private static String firstLine(InputStream in) throws IOException {
        String line = Password.line(in);
        check(line != null, "--password-stdin: nothing came on stdin");
        return line;
    }

    static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
