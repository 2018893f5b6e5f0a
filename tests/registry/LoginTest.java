package tests.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import lib.text.Json;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.DebianRegistry;
import tests.support.Dray;
import tests.support.Program;
import tests.support.RealImages;
import tests.support.TokenServer;
import tests.support.Tools;

//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/Program.java
//SOURCES ../support/RealImages.java
//SOURCES ../support/TokenServer.java
//SOURCES ../support/Tools.java

/** Docker's registry with a password over TLS, and with a token server that wants one: every place where credentials can be. */
@Tag("slow")
class LoginTest {
    private static final String USER = "alice";
    private static final String PASSWORD = "s3cret:with, \"signs\"";

    private static DebianRegistry basic;
    private static TokenServer tokens;
    private static DebianRegistry bearer;

    @TempDir
    Path home;

    @BeforeAll
    static void start() {
        Path storage = RealImages.registry().storage();
        basic = DebianRegistry.startWithPassword(storage, USER, PASSWORD);
        tokens = new TokenServer(USER + ":" + PASSWORD, 300);
        bearer = DebianRegistry.startWithTokens(storage, tokens);
    }

    @AfterAll
    static void stop() {
        basic.close();
        bearer.close();
        tokens.close();
    }

    @Test
    void should_log_in_by_the_option() {
        assertIn(manifest(basic, "-u", USER + ":" + PASSWORD));
        assertIn(manifest(bearer, "-u", USER + ":" + PASSWORD));
    }

    @Test
    void should_read_the_password_from_stdin() {
        assertIn(manifest(basic, "-u", USER, "--password-stdin").stdin(PASSWORD + "\r\nand more\n"));
        assertIn(manifest(bearer, "-u", USER, "--password-stdin").stdin(PASSWORD));
    }

    @Test
    void should_log_in_by_the_environment() {
        assertIn(manifest(basic).env("DRAY_USERNAME", USER).env("DRAY_PASSWORD", PASSWORD));
        assertIn(manifest(bearer).env("DRAY_USERNAME", USER).env("DRAY_PASSWORD", PASSWORD));
    }

    @Test
    void should_show_a_token_that_is_given() {
        String token = Dray.run("token", "-r", "-u", USER + ":" + PASSWORD, bearer.image(RealImages.SMALL)).orFail().text().strip();
        int issued = tokens.issued();
        assertIn(manifest(bearer, "--token", token));
        assertIn(manifest(bearer).env("DRAY_TOKEN", token));
        assertEquals(issued, tokens.issued());
    }

    @Test
    void should_log_in_by_what_docker_has_stored() {
        for (DebianRegistry registry : new DebianRegistry[] {basic, bearer}) {
            ObjectNode config = Json.newObject();
            config.putObject("auths").putObject(registry.host()).put("auth", base64(USER + ":" + PASSWORD));
            write(".docker/config.json", config);
            assertIn(manifest(registry));
            config.putObject("auths").putObject("https://" + registry.host() + "/v1/").put("username", USER).put("password", PASSWORD);
            write(".docker/config.json", config);
            assertIn(manifest(registry));
        }
    }

    @Test
    void should_log_in_by_what_podman_has_stored() {
        for (String variable : new String[] {"REGISTRY_AUTH_FILE", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME"}) {
            boolean file = variable.equals("REGISTRY_AUTH_FILE");
            write(variable + (file ? "" : "/containers/auth.json"), auths(basic.host(), PASSWORD));
            assertIn(manifest(basic).env(variable, home.resolve(variable).toString()));
        }
        write(".config/containers/auth.json", auths(bearer.host(), PASSWORD));
        assertIn(manifest(bearer));
    }

    @Test
    void should_log_in_by_what_podman_and_skopeo_wrote_themselves() {
        Tools.assumeInstalled("podman", "skopeo");
        for (String program : new String[] {"podman", "skopeo"}) {
            String file = home.resolve(program + ".json").toString();
            new Program(program, "login", "--authfile", file, "--tls-verify=false", "-u", USER, "--password-stdin", basic.host() + "/test/small")
                    .stdin(PASSWORD).env("HOME", home.toString()).run().orFail();
            assertIn(manifest(basic).env("REGISTRY_AUTH_FILE", file));
        }
    }

    @Test
    void should_take_the_entry_with_the_most_specific_prefix() {
        ObjectNode auths = auths(basic.host(), "wrong");
        auths.withObject("auths").putObject(basic.host() + "/test").put("auth", base64(USER + ":wrong too"));
        auths.withObject("auths").putObject(basic.host() + "/test/small").put("auth", base64(USER + ":" + PASSWORD));
        auths.withObject("auths").putObject(basic.host() + "/test/sma").put("auth", base64(USER + ":no prefix"));
        write("auth.json", auths);
        assertIn(manifest(basic).env("REGISTRY_AUTH_FILE", home.resolve("auth.json").toString()));
    }

    @Test
    void should_prefer_options_to_variables_to_docker_to_podman() {
        write(".docker/config.json", auths(basic.host(), "wrong"));
        write(".config/containers/auth.json", auths(basic.host(), PASSWORD));
        assertRefused(manifest(basic).run());
        write(".docker/config.json", auths(basic.host(), PASSWORD));
        write(".config/containers/auth.json", auths(basic.host(), "wrong"));
        assertIn(manifest(basic));
        assertRefused(manifest(basic).env("DRAY_USERNAME", USER).env("DRAY_PASSWORD", "wrong").run());
        assertRefused(manifest(basic, "-u", USER + ":wrong").env("DRAY_USERNAME", USER).env("DRAY_PASSWORD", PASSWORD).run());
        assertRefused(manifest(basic, "--anonymous").env("DRAY_USERNAME", USER).env("DRAY_PASSWORD", PASSWORD).run());
        write("docker/config.json", auths(basic.host(), "wrong"));
        assertRefused(manifest(basic).env("DOCKER_CONFIG", home.resolve("docker").toString()).run());
    }

    @Test
    void should_say_who_was_refused_and_by_what_file() {
        Path file = write(".docker/config.json", auths(basic.host(), "wrong-one"));
        Program.Result result = manifest(basic).run();
        assertRefused(result);
        assertTrue(result.stderr().contains("refuses the password of alice, from " + file), result.stderr());
        write(".docker/config.json", auths(bearer.host(), "wrong-one"));
        result = manifest(bearer).run();
        assertRefused(result);
        assertTrue(result.stderr().contains("the password of alice, from " + file + ": "), result.stderr());
        assertTrue(result.stderr().contains("incorrect username or password"), result.stderr());
    }

    @Test
    void should_pull_a_public_image_though_stored_credentials_are_wrong() {
        try (TokenServer everybody = new TokenServer(null, 300);
                DebianRegistry registry = DebianRegistry.startWithTokens(RealImages.registry().storage(), everybody)) {
            Path file = write(".docker/config.json", auths(registry.host(), "wrong-one"));
            Program.Result result = manifest(registry).run().orFail();
            assertEquals(1, result.stderr().lines().count(), result.stderr());
            assertTrue(result.stderr().contains("refuses the password of alice, from " + file + "; going on without credentials"), result.stderr());
            assertRefused(manifest(registry, "-u", USER + ":wrong-one").run());
        }
    }

    @Test
    void should_say_which_options_do_not_go_together() {
        assertUsage("exclude each other", manifest(basic, "--anonymous", "-u", "alice:x"));
        assertUsage("exclude each other", manifest(basic, "--token", "t", "-u", "alice:x"));
        assertUsage("needs a user", manifest(basic, "--password-stdin"));
        assertUsage("has a password already", manifest(basic, "-u", "alice:x", "--password-stdin"));
        assertUsage("nothing came on stdin", manifest(basic, "-u", "alice", "--password-stdin"));
        assertUsage("the user name is missing", manifest(basic, "-u", ":x"));
        Program.Result result = manifest(basic, "--token", "se cret").run();
        assertEquals(2, result.exitCode(), result.toString());
        assertFalse(result.stderr().contains("cret"), result.stderr());
    }

    private static void assertUsage(String expected, Program script) {
        Program.Result result = script.run();
        assertEquals(2, result.exitCode(), result.toString());
        assertTrue(result.stderr().contains(expected), result.stderr());
    }

    private Program manifest(DebianRegistry registry, String... options) {
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.add(registry.image(RealImages.SMALL));
        if (registry.ca() != null) {
            arguments.addAll(List.of("--cacert", registry.ca().toString()));
        }
        return Dray.script(home, "manifest", arguments.toArray(String[]::new));
    }

    private static void assertIn(Program script) {
        Program.Result result = script.run().orFail();
        assertTrue(result.text().contains("\"layers\":"), result.toString());
        assertEquals("", result.stderr());
    }

    private static void assertRefused(Program.Result result) {
        assertEquals(4, result.exitCode(), result.toString());
        assertFalse(result.stderr().contains("wrong-one"), result.stderr());
    }

    private static ObjectNode auths(String key, String password) {
        ObjectNode config = Json.newObject();
        config.putObject("auths").putObject(key).put("auth", base64(USER + ":" + password));
        return config;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private Path write(String name, ObjectNode json) {
        try {
            Path file = home.resolve(name);
            Files.createDirectories(file.getParent());
            return Files.write(file, Json.bytes(json));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
