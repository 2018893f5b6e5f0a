///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import java.util.concurrent.Callable;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.options.HostOptions;
import lib.cli.options.UserOptions;
import lib.registry.Login;
import lib.registry.auth.Credential;
import lib.registry.auth.CredentialStore;
import lib.registry.settings.SettingsFolders;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:CompileThresholdScaling=3
//DESCRIPTION Logs in to a registry, and stores the login for later commands
//DOCS ../docs/commands/login.md
//SOURCES ../lib/sources/login.java

/** What docker login does: tries a name and a password at the registry, and keeps them where docker, podman and these scripts look for them. */
@Command(name = "login", description = "Logs in to a registry, and stores the login for later commands.",
        footer = {"", "Examples:", "  dray login ghcr.io", "  dray login -u alice --password-stdin registry.example.com < password.txt",
                "", "Specification: https://docs.docker.com/reference/cli/docker/login/"})
public final class login implements Callable<Integer> {
    @Parameters(paramLabel = "HOST", arity = "0..1", defaultValue = "docker.io",
            description = {"The registry (default: docker.io, Docker Hub).", "Such as ghcr.io or localhost:5000."})
    private String name;

    @Mixin
    private CommonOptions common;

    @Mixin
    private UserOptions user;

    @Mixin
    private HostOptions hosts;

    @Override
    public Integer call() throws Exception {
        String host = CredentialStore.host(name);
        Credential given = user.givenOrTyped(host);
        if (!Login.check(host, given, hosts.network())) {
            CommonOptions.warn("warning: " + host + " asks for no login, so the password was not checked");
        }
        CredentialStore store = new CredentialStore(new SettingsFolders(System.getenv()).dockerConfig());
        String helper = store.store(host, given.credentials());
        if (helper == null) {
            CommonOptions.warn("warning: the password is stored unencrypted in " + store.file() + "; to avoid that, name a credential helper there (credsStore)");
        }
        common.say("Login succeeded: " + given.credentials().user() + " at " + host + (helper == null ? "" : ", stored by " + helper));
        return 0;
    }

    public static void main(String... args) {
        Cli.run(new login(), args);
    }
}
