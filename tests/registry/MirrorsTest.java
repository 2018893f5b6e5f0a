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
import java.util.Map;
import lib.server.DemoImage;
import lib.server.Server;
import lib.store.ImageStore;
import lib.text.Json;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Certificate;
import tests.support.DebianRegistry;
import tests.support.Dray;
import tests.support.Listener;
import tests.support.Program;
import tests.support.Tools;

//SOURCES OddRegistry.java
//SOURCES ../support/Certificate.java
//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/Listener.java
//SOURCES ../support/Program.java
//SOURCES ../support/Tools.java

/** The command that tries mirrors, with real registries: one that has the image, a cache in front of it, one that lags behind, and a server of an archive. */
@Tag("slow")
class MirrorsTest {
    @TempDir
    static Path folder;

    private static DebianRegistry registry;
    private static DebianRegistry cache;
    private static DebianRegistry behind;
    private static DebianRegistry secure;
    private static Server server;
    private static String image;

    @BeforeAll
    static void start() throws IOException {
        registry = DebianRegistry.start(folder.resolve("registry"));
        cache = DebianRegistry.startMirrorOf(registry);
        behind = DebianRegistry.start(folder.resolve("behind"));
        image = registry.image(DemoImage.NAME);
        DemoImage.into(folder.resolve("new.oci"), Map.of("etc/motd", "new\n".getBytes(StandardCharsets.UTF_8)));
        DemoImage.into(folder.resolve("old.oci"), Map.of("etc/motd", "old\n".getBytes(StandardCharsets.UTF_8)));
        Dray.run("push", folder.resolve("new.oci").toString(), image).orFail();
        Dray.run("push", folder.resolve("old.oci").toString(), behind.image(DemoImage.NAME)).orFail();
        Dray.run("pull", "--platform", "linux/amd64", "-t", DemoImage.NAME, "-o", folder.resolve("new.tar").toString(), image).orFail();
        server = new Server(List.of(ImageStore.open(folder.resolve("new.tar"))), 0);
        server.start();
        secure = DebianRegistry.startWithTls(registry.storage(), Certificate.create());
    }

    @AfterAll
    static void stop() {
        server.stop();
        List.of(registry, cache, behind, secure).forEach(DebianRegistry::close);
    }

    private static Program mirrors(Path home, String list, String... arguments) {
        List<String> all = new ArrayList<>(List.of("--platform", "linux/amd64", "--from", "-"));
        all.addAll(List.of(arguments));
        return Dray.script(home, "mirrors", all.toArray(String[]::new)).stdin(list);
    }

    private static String list() {
        return """
                # of all kinds
                http://%s   # a cache
                http://%s/

                http://%s
                localhost:%d
                nonsense://x
                https://alice:s3cret@localhost
                """.formatted(cache.host(), behind.host(), server.address(), Listener.freePort());
    }

    @Test
    void should_print_json_into_a_pipe(@TempDir Path home) throws IOException {
        Path toml = home.resolve("etc/containerd/certs.d/" + registry.host().replace(':', '_') + "_/hosts.toml");
        Files.createDirectories(toml.getParent());
        Files.writeString(toml, "[host.\"https://" + secure.host() + "\"]\n  ca = \"" + secure.ca() + "\"\n");
        Program.Result result = mirrors(home, list(), image).run().orFail();
        JsonNode json = Json.object(result.stdout(), "the survey");
        assertEquals("registry", json.path("comparedWith").asText());
        assertEquals(image, json.path("image").path("name").asText());
        JsonNode toPullFrom = place(json, "http://" + cache.host());
        assertTrue(toPullFrom.path("ok").asBoolean() && toPullFrom.path("source").asText().equals("stdin") && toPullFrom.path("bytesPerSecond").asLong() > 0, toPullFrom.toString());
        assertTrue(place(json, "http://" + registry.host()).path("registry").asBoolean());
        assertEquals("another image", place(json, "http://" + behind.host()).path("state").asText());
        assertTrue(place(json, "http://" + server.address()).path("ok").asBoolean());
        JsonNode ofToml = place(json, "https://" + secure.host());
        assertTrue(ofToml.path("ok").asBoolean() && ofToml.path("tls").asText().equals("checked") && ofToml.path("source").asText().equals(toml.toString()), ofToml.toString());
        assertEquals(6, json.path("places").size());
        assertTrue(result.stderr().contains("line 7 of the list is skipped") && result.stderr().contains("line 8 of the list is skipped") && !result.toString().contains("s3cret"), result.stderr());
    }

    private static JsonNode place(JsonNode json, String address) {
        for (JsonNode place : json.path("places")) {
            if (place.path("address").asText().equals(address)) {
                return place;
            }
        }
        throw new AssertionError(address + " is not in " + json);
    }

    @Test
    void should_print_a_table_of_eighty_columns(@TempDir Path home) {
        String long1 = "https://a-very-long-name-of-a-mirror.registry.invalid/with/a/path\n";
        Program.Result result = mirrors(home, list() + long1, "--table", image).run().orFail();
        List<String> lines = result.text().lines().toList();
        assertTrue(lines.stream().allMatch(line -> line.length() <= 80), result.text());
        assertTrue(lines.stream().anyMatch(line -> line.matches("http://" + cache.host() + " +ok +[0-9]+ ms +[0-9.]+ [kMG]?B/s +(yes|no) +open")), result.text());
        assertTrue(result.text().contains("the registry itself") && result.text().contains("the tag points to sha256:") && result.text().contains("for this platform alone")
                && result.text().contains("nothing is listening"), result.text());
        assertTrue(lines.indexOf("a-very-long-name-of-a-mirror.registry.invalid/with/a/path") > 0, result.text());
    }

    /** The settings work as they are: the mirrors in them are used by a pull of an image whose registry is not there. */
    @Test
    void should_write_settings_that_work(@TempDir Path home) throws IOException {
        String dead = "localhost:" + Listener.freePort();
        String name = dead + "/" + DemoImage.NAME;
        String list = "http://" + cache.host() + "\nhttp://" + registry.host() + "\nhttp://" + behind.host() + "\nhttp://" + dead + "\n";
        for (String form : List.of("options", "registries.conf", "hosts.toml")) {
            Path user = Files.createDirectory(home.resolve(form));
            String written = mirrors(user, list, "--write", form, name).run().orFail().text();
            assertTrue(written.contains(cache.host()) && written.contains(registry.host()) && !written.contains(behind.host()), written);
            Program manifest = form.equals("options") ? Dray.script(user, "manifest", (written.strip() + " " + name).split(" ")) : Dray.script(user, "manifest", name);
            if (!form.equals("options")) {
                Path file = user.resolve(form.equals("registries.conf") ? "etc/containers/registries.conf" : "etc/containerd/certs.d/" + dead.replace(':', '_') + "_/hosts.toml");
                Files.createDirectories(file.getParent());
                Files.writeString(file, written);
            }
            assertTrue(manifest.run().orFail().text().contains("\"endpoint\":\"http://localhost:"), form);
        }
        assertEquals("DRAY_MIRRORS=" + dead + "=http://" + cache.host() + "\n", mirrors(home, "http://" + cache.host(), "--write", "env", name).run().orFail().text());
    }

    @Test
    void should_write_settings_that_skopeo_reads(@TempDir Path home) throws IOException {
        Tools.assumeInstalled("skopeo");
        String name = "localhost:" + Listener.freePort() + "/" + DemoImage.NAME;
        Path conf = Files.write(home.resolve("registries.conf"), mirrors(home, "http://" + cache.host(), "--write", "registries.conf", name).run().orFail().stdout());
        String digest = Program.run("skopeo", "inspect", "--no-tags", "--registries-conf", conf.toString(), "--format", "{{.Digest}}", "docker://" + name).orFail().text().strip();
        assertTrue(Dray.run("manifest", "--head", image).orFail().text().contains(digest), digest);
    }

    @Test
    void should_try_the_mirrors_that_a_variable_names_in_jshell_too(@TempDir Path home) {
        Program shell = Dray.script(home, "shell", "--quiet").stdin("mirrors(image(\"" + image + "\"), \"http://" + behind.host() + "\")\n");
        String shown = shell.env("DRAY_MIRRORS", registry.host() + "=http://" + cache.host()).run().orFail().text();
        assertTrue(shown.contains("http://" + cache.host() + ": ok") && shown.contains("http://" + behind.host() + ": another image"), shown);
    }

    @Test
    void should_end_with_a_code_that_says_what_is_wrong(@TempDir Path home) {
        String dead = "localhost:" + Listener.freePort();
        assertEquals(6, mirrors(home, "http://" + dead, dead + "/a/b:1").run().exitCode());
        assertEquals(3, mirrors(home, "http://" + cache.host() + "\nhttp://" + dead, registry.image("dray/none:1")).run().exitCode());
        Program.Result usage = mirrors(home, "", "--write", "daemon.json", image).run();
        assertTrue(usage.exitCode() == 2 && usage.stderr().contains("Docker Hub only"), usage.toString());
        assertEquals(2, mirrors(home, "", "-u", "alice", "--password-stdin", image).run().exitCode());
        Program.Result none = mirrors(home, "http://" + behind.host(), "--write", "env", image).run();
        assertTrue(none.exitCode() == 5 && none.stdout().length == 0 && none.stderr().contains("no mirror of " + registry.host() + " is usable"), none.toString());
        Program.Result alone = mirrors(home, "", image).run().orFail();
        assertTrue(alone.stderr().contains("no mirror of " + registry.host() + " is named"), alone.stderr());
        assertFalse(alone.text().isEmpty());
    }
}
