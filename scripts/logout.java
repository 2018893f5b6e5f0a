///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import java.util.List;
import java.util.concurrent.Callable;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.registry.auth.CredentialChain;
import lib.registry.auth.CredentialSource;
import lib.registry.auth.CredentialStore;
import lib.registry.settings.SettingsFolders;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:CompileThresholdScaling=3
//DESCRIPTION Removes the login that is stored for a registry
//DOCS ../docs/commands/logout.md
//SOURCES ../lib/sources/logout.java

/** What docker logout does. The registry is not asked: a login is only ever a name and a password that are shown to it. */
@Command(name = "logout", description = "Removes the login that is stored for a registry.",
        footer = {"", "Examples:", "  dray logout ghcr.io", "  dray logout",
                "", "Specification: https://docs.docker.com/reference/cli/docker/logout/"})
public final class logout implements Callable<Integer> {
    @Parameters(paramLabel = "HOST", arity = "0..1", defaultValue = "docker.io",
            description = {"The registry (default: docker.io, Docker Hub).", "Such as ghcr.io or localhost:5000."})
    private String name;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws Exception {
        String host = CredentialStore.host(name);
        List<String> had = new CredentialStore(new SettingsFolders(System.getenv()).dockerConfig()).remove(host);
        common.say(had.isEmpty() ? "Not logged in to " + host : "Logged out of " + host + ": removed from " + String.join(" and ", had));
        for (CredentialSource left : new CredentialChain(null, false, System.getenv(), CommonOptions::warn).sources(host)) {
            if (left.login() != null) {
                CommonOptions.warn("warning: " + left.name() + " still " + left.says());
            }
        }
        return 0;
    }

    public static void main(String... args) {
        Cli.run(new logout(), args);
    }
}
