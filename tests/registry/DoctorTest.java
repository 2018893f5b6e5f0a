package tests.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import lib.text.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tests.registry.OddRegistry.Reply;
import tests.support.Certificate;
import tests.support.CountingProxy;
import tests.support.DebianRegistry;
import tests.support.Dray;
import tests.support.Listener;
import tests.support.Program;
import tests.support.RealImages;
import tests.support.TokenServer;

//SOURCES OddRegistry.java
//SOURCES ../support/Certificate.java
//SOURCES ../support/CountingProxy.java
//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/Listener.java
//SOURCES ../support/Program.java
//SOURCES ../support/RealImages.java
//SOURCES ../support/TokenServer.java

/** The doctor finds the step that fails, whatever it is. */
@Tag("slow")
class DoctorTest {
    private final DebianRegistry registry = RealImages.registry();

    /** Returns the names of the steps that were taken, those that failed marked. */
    private static List<String> steps(int code, String... arguments) throws IOException {
        return taken(code, arguments).stream().map(step -> (step.path("ok").asBoolean() ? "" : "✗") + step.path("step").asText()).toList();
    }

    private static List<JsonNode> taken(int code, String... arguments) throws IOException {
        String[] all = new String[arguments.length + 3];
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        all[0] = "--json";
        all[1] = "--retries";
        all[2] = "0";
        Program.Result result = Dray.run("doctor", all);
        assertEquals(code, result.exitCode(), result.toString());
        List<JsonNode> steps = new ArrayList<>();
        for (JsonNode step : Json.object(("{\"steps\":" + result.text() + "}").getBytes(StandardCharsets.UTF_8), "the steps").path("steps")) {
            steps.add(step);
            assertEquals(step.path("ok").asBoolean(), !step.has("advice"), step.toString());
        }
        return steps;
    }

    @Test
    void should_take_every_step_of_a_pull() throws IOException {
        List<String> all = List.of("configuration", "proxy", "name", "connection", "TLS", "front door", "credentials", "token", "manifest", "range", "limit", "clock");
        assertEquals(all, steps(0, registry.image(RealImages.REAL)));
        List<String> ofHost = new ArrayList<>(all);
        ofHost.removeAll(List.of("manifest", "range"));
        assertEquals(ofHost, steps(0, registry.host()));
    }

    @Test
    void should_read_well() {
        String text = Dray.run("doctor", registry.image(RealImages.REAL)).orFail().text();
        assertTrue(text.contains("✓ manifest"), text);
        assertTrue(text.contains("for linux/amd64, linux/arm64, linux/arm/v6"), text);
        assertTrue(text.contains("parts of blobs are sent"), text);
    }

    @Test
    void should_end_at_the_step_that_fails() throws IOException {
        assertEquals("✗name", failed(steps(6, "no.such.host.invalid/a:1")));
        assertEquals("✗connection", failed(steps(6, "127.0.0.1:1/a:1")));
        assertEquals("✗manifest", failed(steps(3, registry.host() + "/test/real:none")));
        assertEquals("✗configuration", failed(steps(2, "--proxy", "ftp://alice:s3cret@localhost", registry.host() + "/test/real:1")));
        assertEquals("✗proxy", failed(steps(2, "--proxy", "ftp://alice:s3cret@localhost", "registry.invalid/a:1")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            404 | 200 | 200 | 6 | front door | is this a registry?
            503 | 200 | 200 | 6 | front door | the server itself has a problem
            429 | 200 | 200 | 7 | front door | wait a while
            403 | 200 | 200 | 4 | front door | log in with -u USER
            401 | 403 | 200 | 4 | token      | log in with -u USER
            401 | 500 | 200 | 6 | token      | the server itself has a problem
            401 | 0   | 200 | 6 | token      | can the token server be reached
            401 | 200 | 429 | 7 | manifest   | wait a while
            401 | 200 | 404 | 3 | manifest   | check the name and the tag
            401 | 200 | 403 | 4 | manifest   | log in with -u USER
            """)
    void should_advise_by_what_went_wrong(int frontDoor, int token, int manifest, int code, String name, String advice) throws IOException {
        try (OddRegistry odd = new OddRegistry()) {
            String realm = token == 0 ? "http://localhost:" + Listener.freePort() + "/token" : odd.realm();
            odd.that(asked -> asked.forToken() ? new Reply(token, "{\"token\":\"t0k\"}")
                    : !asked.path().equals("/v2/") ? manifest == 200 ? OddRegistry.manifest() : new Reply(manifest, "")
                    : frontDoor != 401 ? new Reply(frontDoor, "") : asked.authorization().isEmpty() ? new Reply(401, "", "Bearer realm=\"" + realm + "\"") : new Reply(200, "{}"));
            JsonNode failed = taken(code, odd.image()).stream().filter(step -> !step.path("ok").asBoolean()).findFirst().orElseThrow();
            assertEquals(name, failed.path("step").asText());
            assertTrue(failed.path("advice").asText().contains(advice), failed.toString());
        }
    }

    @Test
    void should_go_on_with_the_next_place_where_a_mirror_is_not_there() throws IOException {
        String dead = "http://localhost:" + Listener.freePort();
        List<String> steps = steps(6, "--mirror", registry.host() + "=" + dead, "--mirror", registry.host() + "=http://" + registry.host() + "/nothing", registry.image(RealImages.SMALL));
        assertEquals(List.of("✗connection", "✗front door"), steps.stream().filter(step -> step.startsWith("✗")).toList());
        assertEquals(List.of("front door", "credentials", "token", "manifest", "range", "limit", "clock"), steps.subList(steps.size() - 7, steps.size()));
    }

    @Test
    void should_print_each_step_when_it_was_taken() {
        CountDownLatch seen = new CountDownLatch(1);
        try (OddRegistry odd = new OddRegistry()) {
            odd.that(asked -> {
                await(seen, asked.path().contains("/manifests/"));
                return asked.path().contains("/manifests/") ? new Reply(404, "") : new Reply(200, "{}");
            });
            try (Program.Running doctor = Dray.script("doctor", odd.image()).start()) {
                while (!new String(doctor.stdout(), StandardCharsets.UTF_8).contains("✓ token")) {
                    assertTrue(doctor.process().isAlive(), doctor.stderr());
                    Program.pause(50);
                }
                seen.countDown();
                assertEquals(3, doctor.finish().exitCode());
            }
        }
    }

    private static void await(CountDownLatch latch, boolean needed) {
        try {
            assertTrue(!needed || latch.await(60, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void should_say_where_a_blob_is_sent_on_to() {
        try (OddRegistry odd = new OddRegistry().that(asked -> asked.path().startsWith("/store/") ? new Reply(200, "{}")
                : asked.path().contains("/blobs/") ? new Reply(307, asked.path().replace("/v2/", "/store/") + "?signature=s3cret") : OddRegistry.manifest())) {
            String text = Dray.run("doctor", odd.image()).orFail().text();
            assertTrue(text.contains(", sent on to localhost") && !text.contains("s3cret"), text);
        }
    }

    @Test
    void should_make_no_pull_where_pulls_are_counted() {
        String digest = "Docker-Content-Digest: sha256:" + "1".repeat(64);
        try (OddRegistry odd = new OddRegistry().that(asked -> new Reply(200, OddRegistry.MANIFEST, digest, "RateLimit-Limit: 100;w=21600", "RateLimit-Remaining: 7;w=21600"))) {
            String text = Dray.run("doctor", odd.image()).orFail().text();
            assertTrue(text.contains("not fetched, since that would count as a pull"), text);
            assertTrue(odd.asked().stream().filter(asked -> asked.path().contains("/manifests/")).allMatch(asked -> asked.method().equals("HEAD")), odd.asked().toString());
        }
    }

    @Test
    void should_show_the_registrys_words_though_it_asks_by_head() throws IOException {
        for (int status : new int[] {401, 403, 404, 429}) {
            try (OddRegistry odd = new OddRegistry().that(asked -> asked.path().equals("/v2/") ? new Reply(200, "{}")
                    : new Reply(status, "{\"errors\":[{\"code\":\"ODD\",\"message\":\"not on a Wednesday\"}]}", "RateLimit-Limit: 100;w=21600"))) {
                Program.Result result = Dray.run("doctor", "--retries", "0", odd.image());
                assertTrue(result.text().contains("ODD: not on a Wednesday"), result.toString());
            }
        }
    }

    @Test
    void should_name_the_files_that_were_read(@TempDir Path home) throws IOException {
        Path conf = home.resolve("etc/containers/registries.conf");
        Path json = home.resolve("etc/docker/daemon.json");
        Files.createDirectories(conf.getParent());
        Files.createDirectories(json.getParent());
        Files.writeString(conf, "[[registry]]\nlocation = 'other.invalid'\n");
        Files.writeString(json, "{}");
        String text = Dray.script(home, "doctor", registry.image(RealImages.SMALL)).run().orFail().text();
        assertTrue(text.contains(conf + " names no other place; " + json + " names no other place"), text);
    }

    /** Returns the step that failed, or "". */
    private static String failed(List<String> steps) {
        return steps.stream().filter(step -> step.startsWith("✗")).findFirst().orElse("");
    }

    @Test
    void should_look_at_certificates_and_passwords() throws IOException {
        try (DebianRegistry asking = DebianRegistry.startWithPassword(registry.storage(), "alice", "Tr0ub4dor")) {
            assertEquals("✗TLS", failed(steps(6, asking.image(RealImages.SMALL))));
            assertTrue(failed(steps(4, "--cacert", asking.ca().toString(), asking.image(RealImages.SMALL))).startsWith("✗"));
            assertEquals("", failed(steps(0, "-u", "alice:Tr0ub4dor", "--cacert", asking.ca().toString(), asking.image(RealImages.SMALL))));
            String text = Dray.run("doctor", "-u", "alice:Tr0ub4dor", "--cacert", asking.ca().toString(), asking.image(RealImages.SMALL)).orFail().text();
            assertTrue(text.contains("TLSv1.") && text.contains("alice") && !text.contains("Tr0ub4dor"), text);
        }
    }

    @Test
    void should_say_what_a_token_grants() {
        try (TokenServer tokens = new TokenServer(null, 60); DebianRegistry asking = DebianRegistry.startWithTokens(registry.storage(), tokens)) {
            String text = Dray.run("doctor", asking.image(RealImages.SMALL)).orFail().text();
            assertTrue(text.contains("it grants pull in test/small"), text);
            assertTrue(text.contains("Bearer realm="), text);
            assertFalse(text.contains("eyJ"), "the token itself is shown");
        }
    }

    @Test
    void should_look_at_certificates_through_a_proxy_with_a_password() {
        Certificate certificate = Certificate.createFor("DNS:registry.invalid");
        try (CountingProxy proxy = new CountingProxy("alice:Tr0ub4dor"); DebianRegistry secure = DebianRegistry.startWithTls(registry.storage(), certificate)) {
            String image = secure.image(RealImages.SMALL).replace("localhost", "registry.invalid");
            for (String scheme : List.of("http", "socks5h")) {
                String text = Dray.run("doctor", "--cacert", certificate.file().toString(), "--proxy", scheme + "://alice:Tr0ub4dor@" + proxy.address(), image).orFail().text();
                assertTrue(text.contains("the proxy " + scheme + "://alice:***@" + proxy.address() + ", which --proxy names") && text.contains("TLSv1."), text);
                assertFalse(text.contains("Tr0ub4dor"), text);
            }
        }
    }

    @Test
    void should_look_at_the_proxy_where_that_refuses_or_is_not_there() throws IOException {
        JsonNode none = taken(6, "--proxy", "http://localhost:" + Listener.freePort(), "registry.invalid/a:1").get(3);
        assertTrue(none.path("advice").asText().startsWith("look at the proxy's address"), none.toString());
        try (CountingProxy proxy = new CountingProxy("alice:Tr0ub4dor")) {
            for (String scheme : List.of("http", "socks5h")) {
                JsonNode failed = taken(6, "--proxy", scheme + "://alice:wr0ng@" + proxy.address(), "registry.invalid/a:1").stream().filter(step -> !step.path("ok").asBoolean()).findFirst().orElseThrow();
                assertEquals("TLS", failed.path("step").asText());
                assertTrue(failed.path("advice").asText().startsWith("look at the proxy's address"), failed.toString());
                assertFalse(failed.toString().contains("wr0ng"), failed.toString());
            }
        }
    }

    @Test
    void should_say_which_mirrors_there_are_and_who_names_them() {
        String text = Dray.run("doctor", "--mirror", registry.host() + "=http://" + registry.host() + "/nothing/", registry.image(RealImages.SMALL)).text();
        assertTrue(text.contains("a mirror, http://" + registry.host() + "/nothing, by an option or DRAY_MIRRORS; the registry itself, http://" + registry.host() + ", by the image's name"), text);
    }
}
