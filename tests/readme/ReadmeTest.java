package tests.readme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lib.text.Json;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;
import tests.support.Builds;
import tests.support.Checkout;
import tests.support.Console;
import tests.support.DebianRegistry;
import tests.support.DockerEngine;
import tests.support.Program;
import tests.support.RealImages;
import tests.support.Scratch;
import tests.support.TokenServer;
import tests.support.Tools;

//SOURCES ../support/Builds.java
//SOURCES ../support/Checkout.java
//SOURCES ../support/Console.java
//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/DockerEngine.java
//SOURCES ../support/Program.java
//SOURCES ../support/RealImages.java
//SOURCES ../support/Scratch.java
//SOURCES ../support/TokenServer.java
//SOURCES ../support/Tools.java

/**
 * Every command that the README, the recipes and the reference show works, one after the other, in a folder that looks like a fresh checkout:
 * with the real launcher, and with registries of this machine in place of Docker Hub and of registry.example.com.
 */
@ResourceLock(Builds.LOCK)
@Order(1)
class ReadmeTest {
    private static final List<Console> COMMANDS = Stream.of("README.md", "docs/recipes.md", "docs/reference.md")
            .flatMap(page -> Console.of(Checkout.root().resolve(page)).stream()).toList();
    private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)]+)\\)");
    private static final String RUN_TESTS = "./jbang tests/run.java";
    private static final String MIRROR = "localhost:5000";
    private static final String PRIVATE = "registry.example.com";
    private static final String USER = "alice";
    private static final String PASSWORD = "correct horse";

    private final Path folder = checkout();
    // not the same folder: in somebody's home folder JBang looks for no catalog
    private final Path home = Scratch.folder("readme-home");

    @Test
    @Tag("slow")
    @Timeout(1800)
    void should_show_commands_that_work() throws IOException {
        Tools.assumeInstalled("curl", "jq", "skopeo");
        Path storage = Scratch.folder("readme-storage");
        try (DebianRegistry open = DebianRegistry.start(storage);
                TokenServer tokens = new TokenServer(USER + ":" + PASSWORD, 60);
                DebianRegistry withTokens = DebianRegistry.startWithTokens(storage, tokens);
                DebianRegistry withPassword = DebianRegistry.startWithPassword(storage, USER, PASSWORD)) {
            push("real-1", open.image("library/nginx:alpine"));
            push("small-1", open.image("library/busybox:1"));
            push("small-1", open.image("team/app:1"));
            Files.copy(withPassword.ca(), folder.resolve("ca.pem"));
            Files.writeString(folder.resolve("password.txt"), PASSWORD + "\n");
            Map<String, String> said = new HashMap<>();
            for (Console step : commands(false)) {
                String guarded = step.command().contains("--cacert") ? withPassword.host() : withTokens.host();
                String output = bash(step.command().replace(MIRROR, open.host()).replace(PRIVATE, guarded), open).run().orFail().text();
                shows(step, output, open.host(), guarded);
                said.put(step.command(), output);
            }
            assertTrue(said.get("./jbang demo").contains("\nThe two archives are the same to the byte.\n"), said.get("./jbang demo"));
            assertEquals(-1, Files.mismatch(folder.resolve("nginx.tar"), folder.resolve("nginx_alpine.tar")));
            assertTrue(Files.isRegularFile(folder.resolve("conf/etc/nginx/nginx.conf")));
        }
    }

    @Test
    void should_show_how_to_pull_straight_into_an_engine() {
        Tools.assumeInstalled("skopeo");
        List<Console> steps = commands(true);
        assertEquals(1, steps.size());
        DockerEngine engine = DockerEngine.shared();
        try (DebianRegistry open = DebianRegistry.start(Scratch.folder("readme-storage"))) {
            push("real-1", open.image("library/nginx:alpine"));
            String said = bash(steps.get(0).command(), open).env("DOCKER_HOST", engine.host()).run().orFail().text();
            shows(steps.get(0), said, open.host(), PRIVATE);
            assertTrue(said.contains("Loaded image: nginx:alpine"), said);
        }
    }

    @Test
    void should_list_every_command_in_the_words_of_the_catalog() throws IOException {
        String readme = Files.readString(Checkout.root().resolve("README.md"));
        JsonNode aliases = Json.object(Files.readAllBytes(Checkout.root().resolve("jbang-catalog.json")), "the catalog").path("aliases");
        aliases.fieldNames().forEachRemaining(name -> {
            String row = "| [`" + name + "`](docs/commands/" + name + ".md) | " + aliases.path(name).path("description").asText() + " |\n";
            assertTrue(readme.contains(row) || name.equals("dray"), "README.md lacks the row: " + row);
        });
    }

    @Test
    void should_lead_to_pages_and_headings_that_are_there() throws IOException {
        for (String page : List.of("README.md", "docs/recipes.md", "docs/reference.md", "docs/how-a-pull-works.md")) {
            Path file = Checkout.root().resolve(page);
            for (MatchResult link : LINK.matcher(Files.readString(file)).results().toList()) {
                String[] target = link.group(1).split("#", -1);
                Path to = target[0].isEmpty() ? file : file.resolveSibling(target[0]).normalize();
                assertTrue(Files.exists(to), page + " leads to " + link.group(1));
                assertTrue(target.length == 1 || headings(to).contains(target[1]), page + " leads to " + link.group(1));
            }
        }
    }

    private static List<String> headings(Path page) throws IOException {
        return Files.readAllLines(page).stream().filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 -]", "").replace(' ', '-')).toList();
    }

    @Test
    void should_show_how_to_run_the_tests() {
        assertTrue(COMMANDS.stream().anyMatch(step -> step.command().equals(RUN_TESTS)));
        assertTrue(Files.isRegularFile(folder.resolve(RUN_TESTS.replace("./jbang ", ""))));
    }

    /** Those that need an engine, or all the others but the one that would run this test again. */
    private static List<Console> commands(boolean withEngine) {
        return COMMANDS.stream().filter(step -> step.command().contains("docker load") == withEngine && !step.command().equals(RUN_TESTS)).toList();
    }

    private static void shows(Console step, String output, String mirror, String privateHost) {
        String shown = output.replace(mirror, MIRROR).replace(privateHost, PRIVATE);
        assertTrue(step.output().isBlank() || step.shows(shown), step.command() + "\ngave\n" + shown + "\ninstead of\n" + step.output());
    }

    private Program bash(String command, DebianRegistry dockerHub) {
        String repository = System.getenv().getOrDefault("JBANG_REPO", Path.of(System.getProperty("user.home"), ".m2", "repository").toString());
        String java = System.getProperty("java.home");
        return new Program("bash", "-c", "set -o pipefail; { " + command + "\n} 2>&1").in(folder).limit(300)
                .keepEnv(Set.of("LANG", "LC_ALL", "TMPDIR", "MAVEN_OPTS", "MAVEN_ARGS"))
                .env("PATH", Path.of(java, "bin") + ":" + System.getenv("PATH")).env("JAVA_HOME", java).env("HOME", home.toString())
                .env("JBANG_DIR", Builds.jbangDir().toString()).env("JBANG_REPO", repository)
                .env("DOCKER_CONFIG", folder.resolve(".docker").toString()).env("DRAY_MIRRORS", "docker.io=http://" + dockerHub.host());
    }

    private static void push(String tag, String image) {
        Program.run("skopeo", "copy", "--quiet", "--insecure-policy", "--dest-tls-verify=false", "--all", "--preserve-digests",
                "oci:" + RealImages.layout() + ":" + tag, "docker://" + image).orFail();
    }

    /** A folder with what a checkout has, where the commands may leave their files. */
    private static Path checkout() {
        Path folder = Scratch.folder("readme");
        try {
            for (String name : List.of("jbang", "jbang-catalog.json", "README.md", "LICENSE", "lib", "scripts", "tests")) {
                Files.createSymbolicLink(folder.resolve(name), Checkout.root().resolve(name));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return folder;
    }
}
