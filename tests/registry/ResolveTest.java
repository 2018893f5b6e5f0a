package tests.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import lib.registry.address.GivenAddresses;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.registry.OddRegistry.Reply;
import tests.support.Certificate;
import tests.support.CountingProxy;
import tests.support.DebianRegistry;
import tests.support.Dray;
import tests.support.LayoutWriter;
import tests.support.Program;
import tests.support.RealImages;
import tests.support.Scratch;

//SOURCES OddRegistry.java
//SOURCES ../support/Certificate.java
//SOURCES ../support/CountingProxy.java
//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/LayoutWriter.java
//SOURCES ../support/Program.java
//SOURCES ../support/RealImages.java
//SOURCES ../support/Scratch.java

/** Addresses that are given for names which nobody can look up. */
@Tag("slow")
class ResolveTest {
    private final DebianRegistry plain = RealImages.registry();

    @TempDir
    Path folder;

    private static String port(String host) {
        return host.replaceFirst(".*:", "");
    }

    private static String given(String name, String host) {
        return name + ":" + port(host) + ":127.0.0.1";
    }

    private static String named(String name, String host) {
        return name + ":" + port(host);
    }

    @Test
    void should_push_and_pull_over_tls_by_the_name_of_the_host() {
        byte[] layer = new byte[300_000];
        new Random(1).nextBytes(layer);
        LayoutWriter layout = new LayoutWriter(folder.resolve("layout"));
        layout.tag("1", layout.image(LayoutWriter.linux("amd64", ""), List.of(layout.layer(layer, ""))));
        Certificate certificate = Certificate.createFor("DNS:reg.test");
        try (DebianRegistry secure = DebianRegistry.startWithTls(Scratch.folder("resolved"), certificate)) {
            String image = named("reg.test", secure.host()) + "/app:1";
            String[] how = {"--cacert", certificate.file().toString(), "--resolve", given("reg.test", secure.host())};
            Dray.script("push", how[0], how[1], how[2], how[3], "layout", image).in(folder).run().orFail();
            Program.Result pulled = Dray.script("pull", how[0], how[1], how[2], how[3], "--platform", "linux/amd64", "--explain", image).in(folder).run().orFail();
            assertTrue(pulled.stderr().contains("--resolve '" + how[3] + "'"), pulled.stderr());
            assertEquals(6, Dray.script("manifest", how[0], how[1], how[2], given("other.test", secure.host()), "--retries", "0", image).run().exitCode());
        }
    }

    @Test
    void should_count_for_redirects_token_servers_and_mirrors() {
        try (OddRegistry registry = new OddRegistry()) {
            registry.that(asked -> asked.forToken() ? new Reply(200, "{\"token\":\"t0k\"}")
                    : asked.path().startsWith("/store/") ? OddRegistry.manifest()
                    : asked.authorization().isEmpty() ? new Reply(401, "", "Bearer realm=\"" + registry.realm().replaceFirst("(localhost|127.0.0.1):", "token.test:") + "\"")
                    : new Reply(307, "http://" + named("store.test", registry.host()) + "/store/manifest"));
            Program.Result result = Dray.run("manifest", "--raw", "--insecure", "--resolve", "*:" + port(registry.host()) + ":127.0.0.1", named("reg.test", registry.host()) + "/app:1");
            assertEquals(OddRegistry.MANIFEST, result.orFail().text());
            List<String> hosts = registry.hosts().stream().distinct().toList();
            assertTrue(hosts.contains(named("store.test", registry.host())) && hosts.contains(named("reg.test", registry.host())), hosts.toString());
        }
        Program.Result mirrored = Dray.run("manifest", "--resolve", given("mirror.test", plain.host()), "--mirror", "registry.invalid=http://" + named("mirror.test", plain.host()),
                "registry.invalid/" + RealImages.SMALL).orFail();
        assertTrue(!mirrored.stderr().contains("skipped"), mirrored.stderr());
    }

    @Test
    void should_count_for_a_proxy_by_its_own_name_only() throws IOException {
        try (CountingProxy proxy = new CountingProxy("alice:s3cret")) {
            String address = "http://alice:s3cret@" + named("proxy.test", proxy.address());
            Dray.run("manifest", "--proxy", address, "--resolve", given("proxy.test", proxy.address()), "--resolve", "127.0.0.1:" + port(plain.host()) + ":127.0.0.9",
                    plain.image(RealImages.SMALL)).orFail();
            assertTrue(!proxy.asked().isEmpty(), "the proxy was not asked");
        }
    }

    @Test
    void should_try_each_of_several_addresses_and_show_them() {
        String entry = "reg.test:" + port(plain.host()) + ":127.0.0.9,127.0.0.1";
        String doctor = Dray.run("doctor", "--insecure", "--resolve", entry, named("reg.test", plain.host()) + "/" + RealImages.SMALL).orFail().text();
        assertTrue(doctor.contains("reg.test is 127.0.0.9, 127.0.0.1 (given for port " + port(plain.host()) + ", not looked up)"), doctor);
        assertTrue(doctor.contains("of 127.0.0.1 is open"), doctor);
    }

    @Test
    void should_write_it_into_the_script_of_curl() throws IOException {
        Path script = folder.resolve("pull.sh");
        Files.writeString(script, Dray.run("pull", "--as-curl", "--insecure", "--resolve", given("reg.test", plain.host()), named("reg.test", plain.host()) + "/" + RealImages.SMALL)
                .orFail().text());
        new Program("bash", script.toString()).in(folder).run().orFail();
        assertTrue(Files.exists(folder.resolve("test_small_1.tar")) || Files.exists(folder.resolve("small_1.tar")), "the archive");
    }

    @ParameterizedTest
    @ValueSource(strings = {"reg.test", "reg.test:443", "reg.test:443:localhost", "reg.test:0:127.0.0.1", "reg.test:70000:127.0.0.1", "reg.test:443:", "reg.test:443:127.0.0.1,", "reg.test:443:300.0.0.1"})
    void should_refuse_what_is_not_an_entry(String entry) {
        assertThrows(IllegalArgumentException.class, () -> GivenAddresses.set(List.of(entry)));
    }

    @Test
    void should_say_how_an_entry_is_written() {
        Program.Result result = Dray.run("token", "--resolve", "reg.test", "reg.test/app:1");
        assertEquals(2, result.exitCode(), result.toString());
        assertTrue(result.stderr().contains("--resolve 'reg.test': write HOST:PORT:ADDRESS"), result.stderr());
    }
}
