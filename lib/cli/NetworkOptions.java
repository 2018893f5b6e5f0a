package lib.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lib.registry.Credentials;
import lib.registry.Network;
import lib.registry.ProxyAddress;
import picocli.CommandLine.Option;

//SOURCES Cli.java
//SOURCES CommonOptions.java
//SOURCES Explain.java
//SOURCES ../registry/Credentials.java
//SOURCES ../registry/Network.java
//SOURCES ../registry/ProxyAddress.java

/** How to reach a registry: the same options for every script that talks to one. */
public final class NetworkOptions {
    @Option(names = {"-u", "--user"}, paramLabel = "USER[:PASSWORD]",
            description = "Log in. The password is asked for where none is given.")
    private String user;

    @Option(names = "--password-stdin", description = "Read the password from stdin: it is then in no list of processes.")
    private boolean passwordFromStdin;

    @Option(names = "--anonymous", description = "Use no credentials.")
    private boolean anonymous;

    @Option(names = "--proxy", paramLabel = "URL", description = "Go through this proxy: http://[user:password@]host:port or socks5://host:port.")
    private String proxy;

    @Option(names = "--mirror", paramLabel = "HOST=URL", description = "Ask this mirror of a registry first; may be repeated, and DRAY_MIRRORS may hold some too.")
    private List<String> mirrors = new ArrayList<>();

    @Option(names = "--cacert", paramLabel = "FILE", description = "Trust these certificates (PEM) beside those Java trusts.")
    private Path cacert;

    @Option(names = "--insecure", description = "Let the registry speak plain HTTP, or show a certificate nobody signed.")
    private boolean insecure;

    @Option(names = "--retries", paramLabel = "N", defaultValue = "5",
            description = "Repeat a request this often without progress (default: ${DEFAULT-VALUE}).")
    private int retries;

    @Option(names = "--stall-timeout", paramLabel = "SECONDS", defaultValue = "30",
            description = "Take a connection for lost that sends nothing for so long (default: ${DEFAULT-VALUE}).")
    private int stallSeconds;

    @Option(names = "--explain", description = "Show each request on stderr: why it is sent, the same as curl, and what came back.")
    private boolean explain;

    /** Returns what the options say; throws IllegalArgumentException for values that cannot be. */
    public Network network() throws IOException {
        if (retries < 0 || stallSeconds < 1 || stallSeconds > 24 * 60 * 60) {
            throw new IllegalArgumentException("--retries must be 0 or more, and --stall-timeout a number of seconds from 1 up to a day");
        }
        if (cacert != null && !Files.isReadable(cacert)) {
            throw new IllegalArgumentException("--cacert: " + cacert + " cannot be read");
        }
        if (insecure) {
            CommonOptions.warn("warning: --insecure: nobody vouches that the registry is the one it claims to be");
        }
        return new Network(credentials(), proxy == null ? null : ProxyAddress.parse(proxy), cacert, insecure, mirrors(),
                stallSeconds * 1000, retries, CommonOptions::warn, explain ? new Explain()::show : null);
    }

    public int retries() {
        return retries;
    }

    private Credentials credentials() throws IOException {
        if (anonymous && (user != null || passwordFromStdin)) {
            throw new IllegalArgumentException("--anonymous and credentials exclude each other");
        }
        if (user == null && passwordFromStdin) {
            throw new IllegalArgumentException("--password-stdin needs a user: give one with -u");
        }
        if (user == null) {
            return null;
        }
        int colon = user.indexOf(':');
        return colon >= 0
                ? new Credentials(user.substring(0, colon), user.substring(colon + 1))
                : new Credentials(user, passwordFromStdin ? lineOfStdin() : askedFor());
    }

    private static String lineOfStdin() throws IOException {
        String line = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        if (line == null) {
            throw new IllegalArgumentException("--password-stdin: nothing came on stdin");
        }
        return line;
    }

    private String askedFor() {
        Console console = System.console();
        char[] password = console == null ? null : console.readPassword("password of %s: ", user);
        if (password == null) {
            throw new IllegalArgumentException("no password: write -u USER:PASSWORD, or pipe it in with --password-stdin");
        }
        return new String(password);
    }

    private Map<String, List<URI>> mirrors() {
        List<String> all = new ArrayList<>(mirrors);
        String fromEnvironment = System.getenv().getOrDefault("DRAY_MIRRORS", "").strip();
        all.addAll(fromEnvironment.isEmpty() ? List.of() : List.of(fromEnvironment.split("[,\\s]+")));
        Map<String, List<URI>> byHost = new LinkedHashMap<>();
        for (String mirror : all) {
            String[] parts = mirror.split("=", 2);
            if (parts.length < 2 || parts[0].isEmpty() || !parts[1].matches("https?://[^/?#]+(/[^?#]*)?")) {
                throw new IllegalArgumentException("--mirror '" + mirror + "': write HOST=URL, such as docker.io=https://mirror.example.com");
            }
            byHost.computeIfAbsent(parts[0], host -> new ArrayList<>()).add(URI.create(parts[1]));
        }
        return byHost;
    }
}
