package tests.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.registry.OddRegistry.Reply;
import tests.support.DebianRegistry;
import tests.support.Dray;
import tests.support.Program;
import tests.support.RealImages;
import tests.support.TokenServer;

//SOURCES OddRegistry.java
//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/Program.java
//SOURCES ../support/RealImages.java
//SOURCES ../support/TokenServer.java

/** Where secrets go, and where they do not. */
class SecretsTest {
    private static final String PASSWORD = "s3cret";
    private static final String BASE64 = Base64.getEncoder().encodeToString(("alice:" + PASSWORD).getBytes());

    @TempDir
    Path home;

    @Test
    void should_leave_no_secret_in_output_or_files() throws IOException {
        try (TokenServer tokens = new TokenServer("alice:" + PASSWORD, 300);
                DebianRegistry registry = DebianRegistry.startWithTokens(RealImages.registry().storage(), tokens)) {
            Program.Result result = Dray.script(home, "pull", "--explain", "--debug", "-u", "alice", "--password-stdin",
                    "--har", home.resolve("a.har").toString(), "--report", home.resolve("a.html").toString(), "-o", home.resolve("image.tar").toString(), registry.image(RealImages.SMALL)).stdin(PASSWORD).run().orFail();
            assertTrue(result.stderr().contains("--header \"Authorization: Basic $CREDENTIALS\""), result.stderr());
            assertTrue(result.stderr().contains("--header \"Authorization: Bearer $TOKEN\""), result.stderr());
            assertHoldsNoSecret(result);
            result = Dray.script(home, "pull", "--explain", "--debug", "-u", "alice", "--password-stdin",
                    registry.image("test/no-such-image:1")).stdin(PASSWORD).run();
            assertEquals(3, result.exitCode(), result.toString());
            assertHoldsNoSecret(result);
        }
    }

    @Test
    void should_mask_an_identity_token_where_it_explains() throws IOException {
        try (OddRegistry registry = new OddRegistry()) {
            registry.that(asked -> asked.forToken() ? new Reply(200, "{\"access_token\":\"eyJ0\"}") : asked.authorization().isEmpty()
                    ? new Reply(401, "", "Bearer realm=\"" + registry.realm() + "\"") : OddRegistry.manifest());
            config("{'auths':{'" + registry.host() + "':{'identitytoken':'" + PASSWORD + "'}}}");
            Program.Result result = Dray.script(home, "manifest", "--explain", registry.image()).run().orFail();
            assertTrue(result.stderr().contains("&refresh_token=$IDENTITY_TOKEN\""), result.stderr());
            assertFalse(result.stderr().contains(PASSWORD) || result.stderr().contains("eyJ0"), result.stderr());
        }
    }

    @Test
    void should_write_no_secret_into_a_record_even_where_the_answers_repeat_it() throws IOException {
        String opaque = "dckr-0paque-t0ken";
        try (OddRegistry registry = new OddRegistry()) {
            registry.that(asked -> asked.forToken() ? new Reply(200, "{\"token\":\"" + opaque + "\",\"access_token\":\"" + opaque + "\",\"refresh_token\":\"r3fresh\",\"expires_in\":300}")
                    : asked.authorization().isEmpty() ? new Reply(401, "", "Bearer realm=\"" + registry.realm() + "?key=r3alm\"")
                    : new Reply(404, "{\"errors\":[{\"code\":\"NAME_UNKNOWN\",\"message\":\"not with " + asked.authorization() + "\"}]}"));
            Program.Result result = Dray.script(home, "manifest", "--har", "a.har", "--report", "a.html", "-u", "alice:" + PASSWORD, registry.image()).in(home).run();
            assertEquals(3, result.exitCode(), result.toString());
            String har = Files.readString(home.resolve("a.har"));
            assertTrue(har.contains("\\\"token\\\":\\\"$TOKEN\\\"") && har.contains("\\\"expires_in\\\":300"), har);
            assertTrue(har.contains("not with Bearer ***"), har);
            for (String text : List.of(har, Files.readString(home.resolve("a.html")))) {
                assertFalse(text.contains(opaque) || text.contains("r3fresh") || text.contains("r3alm") || text.contains(BASE64), text);
            }
        }
    }

    @Test
    void should_show_no_secret_that_a_server_sends_back() throws IOException {
        String opaque = "dckr-0paque-t0ken";
        String long1 = "x".repeat(285); // a message is cut at 300 characters
        try (OddRegistry registry = new OddRegistry()) {
            registry.that(asked -> asked.forToken() ? new Reply(200, "{\"token\":\"" + opaque + "\"}")
                    : asked.authorization().isEmpty() ? new Reply(401, "", "Bearer realm=\"" + registry.realm() + "\"")
                    : new Reply(403, "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"" + long1 + " \\u0064ckr-0paque-t0ken\"}]}",
                            "Bearer realm=\"" + asked.authorization() + "\",error=\"" + base64("Bearer " + opaque) + "\", Basic realm=\"alice%3As3%63ret\""));
            for (String option : List.of("--debug", "--explain")) {
                Program.Result result = Dray.script(home, "manifest", option, "-u", "alice:" + PASSWORD, registry.image()).run();
                assertEquals(4, result.exitCode(), result.toString());
                assertTrue(result.stderr().contains("answered 403 DENIED: xxx") && result.stderr().contains("***"), result.stderr());
                assertFalse(result.stderr().contains("dckr-") || result.stderr().contains("s3%63ret") || result.stderr().contains(base64("Bearer " + opaque).substring(0, 30)), result.stderr());
            }
            config("{'auths':{'" + registry.host() + "':{'auth':'" + BASE64 + "'}}}");
            registry.that(asked -> asked.authorization().isEmpty() ? new Reply(401, "", "Basic realm=\"x\"")
                    : new Reply(404, "{\"message\":\"no " + asked.authorization() + " for alice:" + PASSWORD + "\"}"));
            for (String script : List.of("manifest", "doctor", "tags")) {
                Program.Result result = Dray.script(home, script, "--debug", registry.image()).run();
                assertTrue(result.stderr().contains("404 no Basic *** for ***"), result.toString());
                assertHoldsNoSecret(result, home.resolve(".docker"));
            }
        }
    }

    @Test
    void should_show_no_header_of_hosts_toml_that_a_mirror_sends_back() throws IOException {
        try (OddRegistry registry = new OddRegistry(); OddRegistry mirror = new OddRegistry()) {
            registry.that(asked -> new Reply(404, "{}"));
            mirror.that(asked -> new Reply(403, "{\"message\":\"the key m1rror-k3y is not good, " + asked.authorization() + " neither\"}"));
            Path folder = Files.createDirectories(home.resolve("etc/containerd/certs.d/" + registry.host()));
            Files.writeString(folder.resolve("hosts.toml"), "[host.\"http://" + mirror.host() + "\"]\n[host.\"http://" + mirror.host() + "\".header]\nx-key = \"m1rror-k3y\"\nAuthorization = \"Basic " + BASE64 + "\"\n");
            Program.Result result = Dray.script(home, "manifest", "--explain", "--har", home.resolve("a.har").toString(), registry.image()).run();
            assertTrue((result.stderr() + Files.readString(home.resolve("a.har"))).contains("the key *** is not good, *** neither"), result.toString());
            Files.delete(folder.resolve("hosts.toml"));
            assertHoldsNoSecret(result);
            assertFalse(result.stderr().contains("m1rror-k3y") || Files.readString(home.resolve("a.har")).contains("m1rror-k3y"), result.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-u", "--anonymous"})
    void should_ask_no_token_server_over_plain_http_for_a_registry_behind_tls(String who) {
        try (TokenServer tokens = new TokenServer(null, 300);
                DebianRegistry registry = DebianRegistry.startWithTokensAt(RealImages.registry().storage(), tokens, "http://tokens.example/token")) {
            List<String> arguments = new ArrayList<>(List.of("--cacert", registry.ca().toString(), registry.image(RealImages.SMALL), who));
            if (who.equals("-u")) {
                arguments.add("alice:" + PASSWORD);
            }
            Program.Result result = Dray.script(home, "manifest", arguments.toArray(String[]::new)).run();
            assertEquals(6, result.exitCode(), result.toString());
            assertTrue(result.stderr().contains("names a token server that speaks plain HTTP, http://tokens.example/token"), result.stderr());
            assertFalse(result.stderr().contains(PASSWORD), result.stderr());
        }
    }

    @Test
    void should_give_a_token_server_on_this_machine_credentials_though_the_registry_has_tls() {
        try (TokenServer tokens = new TokenServer("alice:" + PASSWORD, 300);
                DebianRegistry registry = DebianRegistry.startWithTokensAt(RealImages.registry().storage(), tokens, tokens.realm())) {
            Dray.script(home, "manifest", "--cacert", registry.ca().toString(), "-u", "alice:" + PASSWORD, registry.image(RealImages.SMALL)).run().orFail();
            assertEquals(1, tokens.issued());
        }
    }

    @Test
    void should_give_a_mirror_only_what_is_stored_for_it() throws IOException {
        try (OddRegistry registry = new OddRegistry(); OddRegistry mirror = new OddRegistry()) {
            registry.that(asked -> asked.authorization().equals("Basic " + BASE64) ? OddRegistry.manifest() : new Reply(401, "", "Basic realm=\"x\""));
            mirror.that(asked -> new Reply(401, "", "Basic realm=\"x\"", "Bearer realm=\"" + mirror.realm() + "\""));
            String[] pull = {"--mirror", registry.host() + "=http://" + mirror.host() + "/", "-u", "alice:" + PASSWORD, registry.image()};
            Dray.script(home, "manifest", pull).env("DRAY_USERNAME", "alice").env("DRAY_PASSWORD", PASSWORD).run().orFail();
            assertFalse(mirror.asked().isEmpty());
            assertTrue(mirror.asked().stream().allMatch(asked -> asked.authorization().isEmpty()), mirror.asked().toString());

            config("{'auths':{'" + mirror.host() + "':{'auth':'" + Base64.getEncoder().encodeToString("bob:m1rror".getBytes()) + "'}}}");
            Dray.script(home, "manifest", pull).run().orFail();
            assertEquals("Basic " + Base64.getEncoder().encodeToString("bob:m1rror".getBytes()),
                    mirror.asked().stream().filter(OddRegistry.Asked::forToken).skip(1).findFirst().orElseThrow().authorization());
        }
    }

    @Test
    void should_not_repeat_a_password_that_stands_in_an_address() {
        for (String mirror : List.of("localhost:1=http://alice:" + PASSWORD + "@localhost:1", "localhost:1=alice:" + PASSWORD + "@localhost:1", "alice:" + PASSWORD + "@localhost:1")) {
            Program.Result result = Dray.script(home, "manifest", "--retries", "0", "--mirror", mirror, "localhost:1/a:1").run();
            assertEquals(2, result.exitCode(), result.toString());
            assertFalse(result.stderr().contains(PASSWORD), result.stderr());
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes());
    }

    private void assertHoldsNoSecret(Program.Result result) throws IOException {
        assertHoldsNoSecret(result, null);
    }

    /** @param own the folder whose files are the user's own, or null */
    private void assertHoldsNoSecret(Program.Result result, Path own) throws IOException {
        List<Path> files;
        try (Stream<Path> paths = Files.walk(home)) {
            files = paths.filter(file -> Files.isRegularFile(file) && (own == null || !file.startsWith(own))).toList();
        }
        assertFalse(own == null && files.isEmpty());
        StringBuilder all = new StringBuilder(result.text() + result.stderr());
        for (Path file : files) {
            all.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
        }
        assertFalse(all.indexOf(PASSWORD) >= 0 || all.indexOf(BASE64) >= 0, "a password");
        assertFalse(all.indexOf("eyJ") >= 0, "a token");
    }

    private void config(String text) throws IOException {
        Files.createDirectories(home.resolve(".docker"));
        Files.writeString(home.resolve(".docker/config.json"), text.replace('\'', '"'));
    }
}
