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
import java.util.Map;
import lib.registry.auth.CredentialChain;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.registry.OddRegistry.Reply;
import tests.support.Authority;
import tests.support.Certificate;
import tests.support.CountingProxy;
import tests.support.DebianRegistry;
import tests.support.Dray;
import tests.support.Program;
import tests.support.RealImages;

//SOURCES OddRegistry.java
//SOURCES ../support/Authority.java
//SOURCES ../support/Certificate.java
//SOURCES ../support/CountingProxy.java
//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/Program.java
//SOURCES ../support/RealImages.java

/** One host under two spellings, or in two roles: a registry that settings name as its own mirror, and the port that a scheme has anyway. */
@Tag("slow")
class SameHostTest {
    private static final String LOGIN = "alice:Tr0ub4dor";

    private final Path storage = RealImages.registry().storage();

    @TempDir
    Path home;

    @Test
    void should_use_credentials_and_trust_at_a_registry_that_hosts_toml_names_as_its_own_mirror() throws IOException {
        try (DebianRegistry registry = DebianRegistry.startWithPassword(storage, "alice", "Tr0ub4dor")) {
            String host = registry.host();
            Files.copy(registry.ca(), put("etc/containerd/certs.d/" + host + "/own.pem", "").resolveSibling("ca.pem"));
            for (String trust : List.of("ca = 'ca.pem'", "skip_verify = true")) {
                for (String server : List.of("", "server = 'https://" + host + "'\n")) {
                    put("etc/containerd/certs.d/" + host + "/hosts.toml", server + "[host.'https://" + host + "']\ncapabilities = ['pull', 'resolve']\n" + trust + "\n");
                    assertQuiet(manifest(registry.image(RealImages.SMALL), "-u", LOGIN));
                }
            }
            put("etc/containerd/certs.d/" + host + "/hosts.toml", "[host.'https://" + host + "']\ncapabilities = ['pull']\nca = 'ca.pem'\n");
            assertQuiet(manifest(registry.image(RealImages.SMALL), "-u", LOGIN));
        }
    }

    @Test
    void should_show_the_certificate_that_hosts_toml_names_to_a_registry_that_is_its_own_mirror() throws IOException {
        Authority company = Authority.create("Company", 30);
        Certificate own = company.sign(Path.of(company.sign("DNS:me", 5).key().toString()), "extendedKeyUsage=clientAuth", 5);
        try (DebianRegistry registry = DebianRegistry.startForHoldersOf(storage, company.sign("DNS:localhost", 10), company.file())) {
            put("etc/containerd/certs.d/" + registry.host() + "/hosts.toml", "[host.'https://%s']\nca = '%s'\nclient = [['%s', '%s']]\n".formatted(registry.host(), company.file(), own.file(), own.key()));
            assertQuiet(manifest(registry.image(RealImages.SMALL)));
        }
    }

    @Test
    void should_use_them_where_options_and_podmans_settings_name_the_registry_itself() throws IOException {
        try (DebianRegistry registry = DebianRegistry.startWithPassword(storage, "alice", "Tr0ub4dor")) {
            String cacert = registry.ca().toString();
            assertQuiet(manifest(registry.image(RealImages.SMALL), "-u", LOGIN, "--cacert", cacert, "--mirror", registry.host() + "=https://" + registry.host()));
            Program.Result insecure = manifest(registry.image(RealImages.SMALL), "-u", LOGIN, "--insecure", "--mirror", registry.host() + "=https://" + registry.host()).run().orFail();
            assertFalse(insecure.stderr().contains("skipped"), insecure.stderr());
            put("etc/containers/registries.conf", "[[registry]]\nlocation = '%1$s'\n[[registry.mirror]]\nlocation = '%1$s'\n".formatted(registry.host()));
            assertQuiet(manifest(registry.image(RealImages.SMALL), "-u", LOGIN, "--cacert", cacert));
        }
    }

    @Test
    void should_ask_a_registry_that_is_its_own_last_mirror_once() {
        try (OddRegistry registry = new OddRegistry().that(asked -> new Reply(404, ""))) {
            manifest(registry.image(), "--mirror", registry.host() + "=http://" + registry.host()).run();
            assertEquals(1, registry.asked().stream().filter(asked -> asked.path().contains("/manifests/")).count(), registry.asked().toString());
        }
    }

    @Test
    void should_keep_credentials_from_other_hosts_of_the_same_settings() throws IOException {
        try (OddRegistry registry = new OddRegistry().that(asked -> new Reply(401, "", "Basic realm=\"r\"")); OddRegistry other = new OddRegistry().that(asked -> new Reply(401, "", "Basic realm=\"r\""))) {
            put("etc/containerd/certs.d/" + registry.host() + "/hosts.toml", "[host.'http://" + other.host() + "']\n[host.'http://" + registry.host() + "']\n");
            manifest(registry.image(), "-u", LOGIN).run();
            assertTrue(other.asked().stream().allMatch(asked -> asked.authorization().isEmpty()), other.asked().toString());
            assertTrue(registry.asked().stream().anyMatch(asked -> !asked.authorization().isEmpty()), registry.asked().toString());
        }
    }

    /** A proxy takes every host for this machine, and every port as it is: so the ports 80 and 443 are moved to those of the test's servers. */
    @ParameterizedTest
    @ValueSource(strings = {"registry.invalid:80", "registry.invalid"})
    void should_take_an_address_with_and_without_the_port_of_its_scheme_for_the_same_host(String host) {
        try (OddRegistry registry = new OddRegistry(); CountingProxy proxy = proxy(registry)) {
            String other = host.contains(":") ? "registry.invalid" : "registry.invalid:80";
            registry.that(asked -> asked.authorization().isEmpty() ? new Reply(401, "", "Basic realm=\"r\"")
                    : asked.path().equals("/v2/team/app/manifests/1") ? new Reply(307, "http://" + other + "/v2/moved/manifests/1")
                    : OddRegistry.manifest());
            Program.Result result = manifest(host + "/team/app:1", "--raw", "--insecure", "-u", LOGIN, "--proxy", "http://" + proxy.address()).run().orFail();
            assertEquals(OddRegistry.MANIFEST, result.text());
            Program.Result mirrored = manifest("mirrored.invalid/team/app:1", "--mirror", "mirrored.invalid:443=http://" + host, "--proxy", "http://" + proxy.address()).run();
            assertTrue(mirrored.stderr().contains("mirror skipped: ") && mirrored.stderr().contains(": http://" + host + "/v2/"), mirrored.stderr());
        }
    }

    private static CountingProxy proxy(OddRegistry registry) {
        return new CountingProxy(null).withPort(80, registry.port()).withPort(443, registry.port());
    }

    @Test
    void should_follow_the_next_page_on_the_same_host() {
        try (OddRegistry registry = new OddRegistry(); CountingProxy proxy = proxy(registry)) {
            registry.that(asked -> asked.query().isEmpty() ? new Reply(200, "{\"name\":\"a\",\"tags\":[\"1\"]}", "Link: <http://registry.invalid:80/v2/a/tags/list?last=1>; rel=\"next\"") : new Reply(200, "{\"name\":\"a\",\"tags\":[\"2\"]}"));
            Program.Result result = Dray.run("tags", "--insecure", "--proxy", "http://" + proxy.address(), "registry.invalid/a").orFail();
            assertTrue(result.text().contains("[\"1\",\"2\"]"), result.text());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "registry.example,              registry.example/a",
        "registry.example:443,          registry.example/a",
        "registry.example,              registry.example:443/a",
        "https://registry.example:443,  registry.example/a",
        "registry.example:80,           registry.example:80/a",
        "registry.example,              registry.example:80/a",
        "http://registry.example:80,    registry.example:80/a",
        "registry.example:443/a,        registry.example/a/b",
        "registry-1.docker.io:443,      docker.io/library/a"})
    void should_find_credentials_under_either_spelling(String key, String name) throws IOException {
        put("config.json", "{\"auths\": {\"" + key + "\": {\"auth\": \"" + Base64.getEncoder().encodeToString(LOGIN.getBytes(StandardCharsets.UTF_8)) + "\"}}}");
        List<String> notices = new ArrayList<>();
        CredentialChain logins = new CredentialChain(null, false, Map.of("DOCKER_CONFIG", home.toString(), "HOME", home.toString()), notices::add);
        assertTrue(logins.sources(name).stream().anyMatch(place -> place.login() != null), logins.sources(name).toString());
        assertTrue(logins.sources(name.replaceFirst("[^/]*", "registry.example:8443")).stream().allMatch(place -> place.login() == null));
        assertEquals(List.of(), notices);
    }

    @Test
    void should_find_settings_and_certificates_under_either_spelling() throws IOException {
        Path conf = put("etc/containers/registries.conf", "[[registry]]\nprefix = 'a.invalid:443/team'\nblocked = true\n[[registry]]\nprefix = 'b.invalid'\nblocked = true\n");
        for (String image : List.of("a.invalid/team/app:1", "a.invalid:443/team/app:1", "b.invalid:443/app:1")) {
            Program.Result result = manifest(image).run();
            assertEquals(4, result.exitCode(), result.toString());
            assertTrue(result.stderr().contains("is blocked by " + conf), result.stderr());
        }
        put("etc/docker/certs.d/c.invalid:443/ca.crt", "");
        put("etc/docker/certs.d/d.invalid/ca.crt", "");
        assertTrue(manifest("c.invalid/a:1").run().stderr().contains("certs.d/c.invalid:443/ca.crt"));
        assertTrue(manifest("d.invalid:443/a:1").run().stderr().contains("certs.d/d.invalid/ca.crt"));
    }

    private Program manifest(String image, String... options) {
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.addAll(List.of("--platform", "linux/amd64", "--retries", "0", image));
        return Dray.script(home, "manifest", arguments.toArray(String[]::new));
    }

    private Path put(String name, String text) throws IOException {
        Path file = home.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private static void assertQuiet(Program program) {
        Program.Result result = program.run().orFail();
        assertTrue(result.text().contains("\"layers\""), result.toString());
        assertEquals("", result.stderr());
    }
}
