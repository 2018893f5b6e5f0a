package tests.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lib.image.Digest;
import lib.text.Json;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.Authority;
import tests.support.Certificate;
import tests.support.DebianRegistry;
import tests.support.Dray;
import tests.support.Listener;
import tests.support.Program;
import tests.support.RealImages;

//SOURCES OddRegistry.java
//SOURCES ../support/Authority.java
//SOURCES ../support/Certificate.java
//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/Listener.java
//SOURCES ../support/Program.java
//SOURCES ../support/RealImages.java

/** Mirrors, named by options or by the settings of podman, containerd and docker. The registries that they mirror do not exist. */
@Tag("slow")
class MirrorTest {
    private static final String IMAGE = "registry.invalid/" + RealImages.SMALL;

    private static DebianRegistry plain;
    private static DebianRegistry mirror;

    @TempDir
    Path home;

    @BeforeAll
    static void start() {
        plain = RealImages.registry();
        mirror = DebianRegistry.startMirrorOf(plain);
    }

    @AfterAll
    static void stop() {
        mirror.close();
    }

    @Test
    void should_ask_the_mirror_that_is_named() {
        assertMirrored(manifest(IMAGE, "--mirror", "registry.invalid=http://" + mirror.host()));
        assertMirrored(manifest(IMAGE).env("DRAY_MIRRORS", "other.invalid=http://localhost:1, registry.invalid=http://" + mirror.host() + "/"));
        assertFails(manifest(IMAGE, "--mirror", "registry.invalid:5000=http://" + mirror.host()), 6, "cannot resolve the host 'registry.invalid'");
    }

    @Test
    void should_ask_the_mirrors_of_podman() throws IOException {
        for (String file : List.of("etc/containers/registries.conf", "etc/containers/registries.conf.d/50-own.conf", ".config/containers/registries.conf", ".config/containers/registries.conf.d/a.conf")) {
            Path settings = put(file, """
                    unqualified-search-registries = ["docker.io"]
                    [[registry]]
                    prefix = "registry.invalid"
                    [[registry.mirror]]
                    location = "%s"
                    """.formatted(mirror.host()));
            assertMirrored(manifest(IMAGE));
            Files.delete(settings);
        }
        Path elsewhere = put("own.conf", "registry = [{location = 'registry.invalid', mirror = [{location = '" + mirror.host() + "'}]}]");
        assertMirrored(manifest(IMAGE).env("CONTAINERS_REGISTRIES_CONF", elsewhere.toString()));
        put("etc/containers/registries.conf.d/50-own.conf", "[[registry]]\nprefix = '*.invalid'\nlocation = '" + mirror.host() + "/'\n");
        put(".config/containers/registries.conf", "[[registry]]\nlocation = 'registry.invalid'\nblocked = true\n");
        assertMirrored(manifest(IMAGE).env("CONTAINERS_REGISTRIES_CONF", put("none.conf", "").toString()));
    }

    @Test
    void should_take_podmans_longest_prefix_and_the_later_file() throws IOException {
        put("etc/containers/registries.conf", """
                [[registry]]
                prefix = "*.invalid"
                blocked = true
                [[registry]]
                prefix = "registry.invalid"
                blocked = true
                [[registry]]
                prefix = "registry.invalid/te"
                blocked = true
                [[registry]]
                prefix = "registry.invalid/test"
                location = "%1$s/test"
                [[registry]]
                prefix = "registry.invalid/forked"
                location = "%1$s/test"
                [[registry]]
                prefix = "one.invalid/image:1"
                location = "%1$s/test/small"
                """.formatted(mirror.host()));
        assertMirrored(manifest(IMAGE));
        assertMirrored(manifest("registry.invalid/forked/small:1"));
        assertMirrored(manifest("one.invalid/image:1"));
        Path file = home.resolve("etc/containers/registries.conf");
        assertFails(manifest("registry.invalid/tests:1"), 4, "registry.invalid/tests is blocked by " + file);
        assertFails(manifest("sub.registry.invalid/a:1"), 4, "blocked");
        assertFails(manifest("one.invalid/image:2"), 4, "blocked");
        put("etc/containers/registries.conf.d/later.conf", "[[registry]]\nprefix = 'registry.invalid'\nlocation = '" + mirror.host() + "/nothing'\n");
        assertFails(manifest("registry.invalid/tests:1"), 3, "/v2/nothing/tests/manifests/1");
        put(".config/containers/registries.conf", "# the user's own replaces the system's\n");
        assertFails(manifest("registry.invalid/tests:1"), 6, "cannot resolve the host 'registry.invalid'");
    }

    @Test
    void should_use_podmans_mirrors_for_digests_or_for_tags_only_where_told_so() throws IOException {
        String digest = IMAGE + "@" + Json.object(run(manifest(IMAGE, "--mirror", "registry.invalid=http://" + mirror.host())), "the stage").path("image").path("digest").asText();
        String table = "[[registry]]\nlocation = 'registry.invalid'\n%s\n[[registry.mirror]]\nlocation = '" + mirror.host() + "'\n%s\n";
        put("etc/containers/registries.conf", table.formatted("", "pull-from-mirror = 'digest-only'"));
        assertMirrored(manifest(digest));
        assertFails(manifest(IMAGE), 6, "cannot resolve the host 'registry.invalid'");
        put("etc/containers/registries.conf", table.formatted("mirror-by-digest-only = true", ""));
        assertMirrored(manifest(digest));
        assertFails(manifest(IMAGE), 6, "cannot resolve the host 'registry.invalid'");
        put("etc/containers/registries.conf", table.formatted("", "pull-from-mirror = 'tag-only'"));
        assertFails(manifest(digest), 6, "cannot resolve the host 'registry.invalid'");
        assertMirrored(manifest(IMAGE));
    }

    @Test
    void should_ask_the_mirrors_of_containerd() throws IOException {
        for (String file : List.of("etc/containerd/certs.d/registry.invalid/hosts.toml", ".config/containerd/certs.d/registry.invalid/hosts.toml",
                "etc/docker/certs.d/registry.invalid/hosts.toml", "etc/containerd/certs.d/_default/hosts.toml")) {
            Path settings = put(file, "server = \"https://registry.invalid\"\n[host.\"http://" + mirror.host() + "\"]\n  capabilities = [\"pull\", \"resolve\"]\n");
            assertMirrored(manifest(IMAGE));
            Files.delete(settings);
        }
        put("etc/containerd/certs.d/registry.invalid_5000_/hosts.toml", "server = \"http://" + mirror.host() + "\"\n");
        assertMirrored(manifest(IMAGE.replace("invalid/", "invalid:5000/")));
    }

    @Test
    void should_ask_containerds_mirrors_as_containerd_does() throws IOException {
        try (OddRegistry odd = new OddRegistry().that(asked -> new OddRegistry.Reply(404, ""))) {
            put("etc/containerd/certs.d/registry.invalid/hosts.toml", """
                    [host."http://%1$s/plain"]
                    [host."http://%1$s/with/v2/"]
                    [host."http://%1$s/over/ride"]
                      override_path = true
                    [host."http://%1$s/blobs"]
                      capabilities = ["pull"]
                      [host."http://%1$s/blobs".header]
                        x-key = ["s3cret"]
                    """.formatted(odd.host()));
            Program.Result result = manifest(IMAGE, "--explain").run();
            assertEquals(6, result.exitCode(), result.toString());
            assertEquals(List.of("/plain/v2/test/small/manifests/1?ns=registry.invalid", "/with/v2/test/small/manifests/1?ns=registry.invalid", "/over/ride/test/small/manifests/1?ns=registry.invalid"),
                    manifestsAsked(odd));
            assertEquals(3, result.stderr().lines().filter(line -> line.startsWith("mirror skipped: ")).count(), result.stderr());
            odd.asked().clear();
            result = manifest(IMAGE + "@sha256:" + "0".repeat(64), "--explain").run();
            assertEquals(4, manifestsAsked(odd).size(), result.toString());
            assertTrue(result.stderr().contains("x-key: $OF_SETTINGS") && !result.stderr().contains("s3cret"), result.stderr());
        }
    }

    /** Returns what was asked for, but for the front doors, where a registry that answers 404 may want a login. */
    private static List<String> manifestsAsked(OddRegistry registry) {
        return registry.asked().stream().filter(asked -> asked.path().contains("/manifests/")).map(asked -> asked.path() + "?" + asked.query()).toList();
    }

    @Test
    void should_ask_the_mirrors_of_docker_for_docker_hub_only() throws IOException {
        for (String file : List.of("etc/docker/daemon.json", ".docker/daemon.json", ".config/docker/daemon.json")) {
            Path settings = put(file, "{\"registry-mirrors\": [\"http://localhost:1\", \"http://" + mirror.host() + "\"]}");
            Program.Result result = manifest("docker.io/" + RealImages.SMALL).run().orFail();
            assertTrue(result.text().contains("\"endpoint\":\"http://" + mirror.host()), result.text());
            assertEquals("mirror skipped: http://localhost:1/v2/test/small/manifests/1: connection refused: nothing is listening on localhost:1\n", result.stderr());
            assertFails(manifest(IMAGE), 6, "cannot resolve the host 'registry.invalid'");
            Files.delete(settings);
        }
    }

    @Test
    void should_believe_docker_that_a_registry_need_not_be_secure() throws IOException {
        try (DebianRegistry signed = DebianRegistry.startWithTls(plain.storage(), Certificate.create())) {
            assertFails(manifest(signed.image(RealImages.SMALL)), 6, "signed by itself");
            put("etc/docker/daemon.json", "{\"insecure-registries\": [\"" + signed.host() + "\"]}");
            run(manifest(signed.image(RealImages.SMALL)));
            put("etc/docker/daemon.json", "{\"insecure-registries\": [\"127.0.0.0/8\"]}");
            run(manifest(signed.image(RealImages.SMALL).replace("localhost", "127.0.0.1")));
            assertFails(manifest(signed.image(RealImages.SMALL)), 6, "signed by itself");
            put("etc/containers/registries.conf", "[[registry]]\nlocation = '" + signed.host() + "'\ninsecure = true\n");
            run(manifest(signed.image(RealImages.SMALL)));
        }
    }

    @Test
    void should_let_be_insecure_what_stands_for_the_registry() throws IOException {
        try (DebianRegistry signed = DebianRegistry.startWithTls(plain.storage(), Certificate.create())) {
            String settings = "etc/containerd/certs.d/registry.invalid/hosts.toml";
            put(settings, "server = 'https://" + signed.host() + "'\n");
            assertFails(manifest(IMAGE), 6, "signed by itself", "--insecure skips the check");
            run(manifest(IMAGE, "--insecure"));
            put(settings, "server = 'https://" + signed.host() + "'\nskip_verify = true\n");
            run(manifest(IMAGE));
            put(settings, "server = 'https://" + plain.host() + "'\n");
            run(manifest(IMAGE, "--insecure"));
            put("etc/containerd/certs.d/" + signed.host() + "/hosts.toml", "skip_verify = true\n");
            run(manifest(signed.image(RealImages.SMALL)));
        }
    }

    @Test
    void should_use_the_certificates_that_containerd_has_for_a_mirror() throws IOException {
        Authority company = Authority.create("Company", 5);
        try (DebianRegistry signed = DebianRegistry.startForHoldersOf(plain.storage(), company.sign("DNS:localhost", 5), company.file())) {
            Certificate own = company.sign("DNS:me", 5);
            put("etc/containerd/certs.d/registry.invalid/ca.pem", Files.readString(company.file()));
            put("etc/containerd/certs.d/registry.invalid/both.pem", Files.readString(own.file()) + Files.readString(own.key()));
            String folder = "etc/containerd/certs.d/registry.invalid/hosts.toml";
            for (String client : List.of("'both.pem'", "['both.pem']", "[['" + own.file() + "', '" + own.key() + "']]")) {
                put(folder, "[host.'https://" + signed.host() + "']\nca = 'ca.pem'\nclient = " + client + "\n");
                assertTrue(run(manifest(IMAGE)).length > 0);
            }
            put(folder, "[host.'https://" + signed.host() + "']\nskip_verify = true\nclient = 'both.pem'\n");
            run(manifest(IMAGE));
            put(folder, "[host.'https://" + signed.host() + "']\nclient = 'both.pem'\n");
            assertFails(manifest(IMAGE), 6, "mirror skipped: https://" + signed.host() + "/v2/test/small/manifests/1?: its certificate is signed by 'CN=Company,O=Tests'".replace("?", ""));
        }
    }

    @Test
    void should_try_in_order_and_say_each_failure_in_a_line() throws IOException {
        String dead = "http://localhost:" + Listener.freePort();
        put("etc/containers/registries.conf", "[[registry]]\nlocation = 'docker.io'\n[[registry.mirror]]\nlocation = '" + mirror.host() + "/no'\n[[registry.mirror]]\nlocation = '" + mirror.host() + "'\n");
        put("etc/docker/daemon.json", "{\"registry-mirrors\": [\"" + dead + "/docker\"]}");
        put("etc/containerd/certs.d/docker.io/hosts.toml", "[host.'" + dead + "/containerd']\n");
        Program.Result result = manifest("docker.io/test/none:1", "--mirror", "docker.io=" + dead + "/option", "--mirror", "docker.io=" + dead + "/option/").env("DRAY_MIRRORS", "docker.io=" + dead + "/variable").run();
        assertEquals(List.of("/option/v2/test", "/variable/v2/test", "/v2/no/test", "/v2/test", "/containerd/v2/test", "/docker/v2/test"),
                result.stderr().lines().filter(line -> line.startsWith("mirror skipped: ")).map(line -> line.replaceFirst("^.*?http://[^/]*(.*?)/none/manifests.*", "$1")).toList(), result.toString());
        result = manifest("docker.io/test/none:1", "--mirror", "docker.io=").run();
        assertFalse(result.stderr().contains("mirror"), result.toString());
    }

    @Test
    void should_keep_the_images_own_name_in_the_archive() {
        Path archive = home.resolve("mirrored.tar");
        Dray.run("pull", "-o", archive.toString(), "--mirror", "registry.invalid=http://" + mirror.host(), "registry.invalid/" + RealImages.REAL).orFail();
        String list = Program.run("tar", "-xOf", archive.toString(), "manifest.json").orFail().text();
        assertTrue(list.contains("\"RepoTags\":[\"registry.invalid/test/real:1\"]"), list);
        assertFalse(Program.run("tar", "-xOf", archive.toString(), "index.json").orFail().text().contains(mirror.host()));
    }

    @Test
    void should_fetch_blobs_elsewhere_when_a_mirror_breaks_down_after_the_manifest() {
        byte[] manifest = run(manifest(plain.image(RealImages.REAL), "--raw"));
        for (int status : new int[] {404, 500, 429, 403}) {
            try (OddRegistry odd = new OddRegistry().that(asked -> asked.path().contains("/manifests/") ? new OddRegistry.Reply(200, text(manifest)) : new OddRegistry.Reply(status, ""))) {
                Path archive = home.resolve(status + ".tar");
                Program.Result result = Dray.run("pull", "--retries", "30", "-o", archive.toString(), "--mirror", plain.host() + "=http://" + odd.host(), plain.image(RealImages.REAL)).orFail();
                assertTrue(odd.asked().stream().anyMatch(asked -> asked.path().contains("/blobs/")), odd.asked().toString());
                assertEquals(1, result.stderr().lines().filter(line -> line.startsWith("mirror skipped: ")).count(), result.stderr());
            }
        }
    }

    @Test
    void should_hold_what_a_mirror_sends_to_the_digest() throws IOException {
        byte[] manifest = run(manifest(plain.image(RealImages.SMALL), "--raw"));
        String pinned = plain.host() + "/test/small@" + Digest.of(manifest);
        ObjectNode json = Json.object(manifest, "the manifest");
        int size = json.path("layers").path(0).path("size").asInt();
        try (OddRegistry odd = new OddRegistry().that(asked -> asked.path().contains("/manifests/") ? new OddRegistry.Reply(200, text(manifest).replace("schemaVersion", "schemaversion")) : new OddRegistry.Reply(404, ""))) {
            Program.Result result = manifest(pinned, "--raw", "--mirror", plain.host() + "=http://" + odd.host()).run().orFail();
            assertEquals(text(manifest), result.text());
            assertTrue(result.stderr().startsWith("mirror skipped: the manifest sha256:") && result.stderr().contains("does not have the digest"), result.stderr());
        }
        try (OddRegistry odd = new OddRegistry().that(asked -> asked.path().contains("/manifests/") ? new OddRegistry.Reply(200, text(manifest)) : new OddRegistry.Reply(200, "x".repeat(size)))) {
            Path archive = home.resolve("held.tar");
            Program.Result result = Dray.run("pull", "-o", archive.toString(), "--mirror", plain.host() + "=http://" + odd.host(), pinned).orFail();
            assertTrue(result.stderr().contains("mirror skipped: "), result.stderr());
        }
    }

    @Test
    void should_not_send_the_origins_credentials_to_a_mirror_of_any_settings() throws IOException {
        try (OddRegistry odd = new OddRegistry().that(asked -> new OddRegistry.Reply(401, "", "Basic realm=\"mirror\""))) {
            put(".docker/config.json", "{\"auths\": {\"docker.io\": {\"username\": \"alice\", \"password\": \"s3cret\"}, \"https://index.docker.io/v1/\": {\"username\": \"alice\", \"password\": \"s3cret\"}}}");
            put("etc/docker/daemon.json", "{\"registry-mirrors\": [\"http://" + odd.host() + "\"]}");
            put("etc/containers/registries.conf", "[[registry]]\nlocation = 'docker.io'\n[[registry.mirror]]\nlocation = '" + odd.host() + "/hub'\n");
            put("etc/containerd/certs.d/docker.io/hosts.toml", "[host.'http://" + odd.host() + "/containerd']\n");
            manifest("docker.io/test/small:1", "--proxy", "http://localhost:" + Listener.freePort()).run();
            manifest("docker.io/test/small:1", "--mirror", "docker.io=http://" + odd.host() + "/option", "-u", "bob:s3cret").run();
            assertEquals(4, odd.asked().size(), odd.asked().toString());
            assertTrue(odd.asked().stream().allMatch(asked -> asked.authorization().isEmpty()), odd.asked().toString());
            put(".docker/config.json", "{\"auths\": {\"" + odd.host() + "\": {\"username\": \"alice\", \"password\": \"own\"}}}");
            odd.asked().clear();
            manifest("docker.io/test/small:1").run();
            assertTrue(odd.asked().stream().anyMatch(asked -> !asked.authorization().isEmpty()), "its own credentials it gets");
        }
    }

    @Test
    void should_pass_over_damaged_settings_with_a_warning() throws IOException {
        Path conf = put("etc/containers/registries.conf", "[[registry]]\nlocation = \n");
        Path json = put("etc/docker/daemon.json", "{\"registry-mirrors\": [,]}");
        Path toml = put("etc/containerd/certs.d/" + plain.host() + "/hosts.toml", "[host.'ftp://x y']\n");
        Program.Result result = manifest(plain.image(RealImages.SMALL)).run().orFail();
        for (Path file : List.of(conf, json, toml)) {
            assertTrue(result.stderr().contains("warning: " + file + " is skipped: "), result.stderr());
        }
        assertEquals(3, result.stderr().lines().count(), result.stderr());
    }

    @Test
    void should_take_nothing_of_podmans_file_that_has_one_wrong_location() throws IOException {
        Path conf = put("etc/containers/registries.conf", "[[registry]]\nprefix = 'registry.invalid'\nblocked = true\n[[registry]]\nprefix = 'docker.io'\nlocation = 'https://" + mirror.host() + "'\n");
        Program.Result result = manifest(IMAGE, "--mirror", "registry.invalid=http://" + mirror.host()).run().orFail();
        assertTrue(result.stderr().contains("warning: " + conf + " is skipped: a location has a scheme"), result.stderr());
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice:s3cret@localhost:1", "alice:s3/cret@localhost:1", "under_score:1", "localhost:99999", "no host", "[::1"})
    void should_pass_over_addresses_that_are_none_and_repeat_no_password_of_theirs(String address) throws IOException {
        Path json = put("etc/docker/daemon.json", "{\"registry-mirrors\": [\"http://" + address + "\"]}");
        Path conf = put("etc/containers/registries.conf", "[[registry]]\nprefix = 'docker.io'\nlocation = '" + address + "'\n");
        Path toml = put("etc/containerd/certs.d/docker.io/hosts.toml", "[host.'http://" + address + "']\n");
        Program.Result result = Dray.script(home, "doctor", "--mirror", "docker.io=http://" + plain.host(), "docker.io/" + RealImages.SMALL).run().orFail();
        for (Path file : List.of(json, conf, toml)) {
            assertTrue(result.stderr().contains(file + " is skipped: "), result.stderr());
        }
        assertFalse(result.toString().contains("cret@"), result.toString());
        Program.Result option = manifest("docker.io/test/small:1", "--mirror", "docker.io=http://" + address).run();
        assertEquals(2, option.exitCode(), option.toString());
        assertTrue(option.stderr().startsWith("manifest: the mirror of docker.io: an address ") && !option.stderr().contains("cret@"), option.stderr());
    }

    @Test
    void should_hand_a_mirrors_token_on_to_that_mirror() throws IOException {
        try (OddRegistry odd = new OddRegistry()) {
            odd.that(asked -> asked.forToken() ? new OddRegistry.Reply(200, "{\"token\":\"t" + odd.tokensAskedFor() + "\"}")
                    : asked.authorization().isEmpty() ? new OddRegistry.Reply(401, "", "Bearer realm=\"" + odd.realm() + "\"") : OddRegistry.manifest());
            byte[] stage = run(Dray.script("token", "--mirror", "registry.invalid=http://" + odd.host(), IMAGE));
            run(Dray.script("manifest", "--mirror", "registry.invalid=http://" + odd.host()).stdin(stage));
            assertEquals(1, odd.tokensAskedFor(), odd.asked().toString());
        }
    }

    @Test
    void should_read_toml_only_where_it_says_something_of_registries() throws IOException {
        put("etc/containers/registries.conf", "# [[registry]]\nunqualified-search-registries = ['docker.io']\n");
        put("etc/containers/registries.conf.d/shortnames.conf", "[aliases]\n'registry' = 'docker.io/library/registry'\n'fedora' = 'registry.fedoraproject.org/fedora'\n");
        Path log = home.resolve("classes.log");
        run(manifest(plain.image(RealImages.SMALL)).env("JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=" + log));
        assertTrue(Files.readString(log).contains(" lib.registry.hosts.PodmanRegistriesConf "));
        assertFalse(Files.readString(log).contains("dataformat.toml"));
    }

    private Path put(String name, String text) throws IOException {
        Path file = home.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private Program manifest(String image, String... options) {
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.addAll(List.of("--platform", "linux/amd64", "--retries", "0", image));
        return Dray.script(home, "manifest", arguments.toArray(String[]::new));
    }

    private static byte[] run(Program program) {
        return program.run().orFail().stdout();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void assertMirrored(Program program) {
        Program.Result result = program.run().orFail();
        assertTrue(result.text().contains("\"endpoint\":\"http://" + mirror.host()), result.toString());
        assertEquals("", result.stderr());
    }

    private static void assertFails(Program program, int code, String... words) {
        Program.Result result = program.run();
        assertEquals(code, result.exitCode(), result.toString());
        for (String word : words) {
            assertTrue(result.stderr().contains(word), word + " in " + result);
        }
    }
}
