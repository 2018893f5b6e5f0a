package tests.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
import tests.support.Program;
import tests.support.RealImages;
import tests.support.TokenServer;

//SOURCES OddRegistry.java
//SOURCES ../support/Certificate.java
//SOURCES ../support/CountingProxy.java
//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/Program.java
//SOURCES ../support/RealImages.java
//SOURCES ../support/TokenServer.java

/** A registry elsewhere, which only a proxy knows, sends us to servers on this machine and in its network. */
@Tag("slow")
class NearnessTest {
    private static final String REFUSED = "on this machine or in its private network, where the registry itself is not: not followed";

    private final OddRegistry near = new OddRegistry().that(asked -> OddRegistry.manifest());

    @TempDir
    Path folder;

    /** Returns a script to which the registry is far: its name is known to the proxy alone, near.test to this machine alone. */
    private Program script(CountingProxy proxy, String name, String... arguments) throws IOException {
        Path hosts = Files.writeString(folder.resolve("hosts"), "127.0.0.1 localhost\n127.0.0.1 near.test\n");
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--retries", "0"));
        return Dray.script(name, all.toArray(String[]::new)).env("http_proxy", "http://" + proxy.address()).env("https_proxy", "http://" + proxy.address())
                .env("no_proxy", "near.test,127.0.0.1,localhost").env("JAVA_TOOL_OPTIONS", "-Djdk.net.hosts.file=" + hosts);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:%d/", "http://127.0.0.1:%d/", "http://near.test:%d/", "http://[::1]:%d/", "http://0.0.0.0:%d/", "http://10.1.2.3:%d/",
        "http://169.254.169.254:%d/", "http://192.168.1.1:%d/", "http://[fd00::1]:%d/", "http://[fe80::1]:%d/", "http://100.64.0.1:%d/", "https://127.0.0.1:%d/"})
    void should_not_follow_a_far_registry_to_what_is_near(String address) throws IOException {
        String to = address.formatted(near.port());
        try (near; OddRegistry far = new OddRegistry(); CountingProxy proxy = new CountingProxy(null)) {
            String image = far.image().replace("localhost", "registry.invalid");
            far.that(asked -> new Reply(307, to));
            assertRefused(script(proxy, "manifest", "--insecure", image), to);
            far.that(asked -> new Reply(401, "", "Bearer realm=\"" + to + "\""));
            assertRefused(script(proxy, "manifest", "--insecure", image), to);
            assertEquals(List.of(), near.asked());
        }
    }

    @Test
    void should_not_fetch_layers_of_a_far_registry_from_what_is_near() throws IOException {
        String digest = "sha256:" + "1".repeat(64);
        String to = "http://127.0.0.1:" + near.port() + "/layer";
        String layer = "{\"mediaType\":\"application/vnd.docker.image.rootfs.foreign.diff.tar.gzip\",\"digest\":\"" + digest + "\",\"size\":2,\"urls\":[\"" + to + "\"]}";
        try (near; OddRegistry far = new OddRegistry(); CountingProxy proxy = new CountingProxy(null)) {
            far.that(asked -> asked.path().contains("/manifests/") ? new Reply(200, OddRegistry.MANIFEST.replace("[]", "[" + layer + "]").replace("0".repeat(64), "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"))
                    : asked.path().contains(digest) ? new Reply(404, "") : new Reply(200, "{}"));
            assertRefused(script(proxy, "pull", "--insecure", "-o", folder.resolve("x.tar").toString(), far.image().replace("localhost", "registry.invalid")), to);
            assertEquals(List.of(), near.asked());
        }
    }

    @Test
    void should_ask_no_token_server_that_is_near_for_a_far_registry_with_tls() throws IOException {
        Certificate certificate = Certificate.createFor("DNS:registry.invalid,DNS:localhost");
        try (near; TokenServer tokens = new TokenServer(null, 60); CountingProxy proxy = new CountingProxy(null);
                DebianRegistry far = DebianRegistry.startWithTokensAt(RealImages.registry().storage(), tokens, tokens.realm(), certificate)) {
            assertRefused(script(proxy, "manifest", "--cacert", certificate.file().toString(), far.image(RealImages.SMALL).replace("localhost", "registry.invalid")), tokens.realm());
            assertEquals(0, tokens.issued());
            script(proxy, "manifest", "--cacert", certificate.file().toString(), far.image(RealImages.SMALL)).run().orFail();
        }
    }

    @Test
    void should_follow_a_registry_that_is_as_near_itself() {
        try (near; OddRegistry registry = new OddRegistry().that(asked -> new Reply(307, "http://127.0.0.1:" + near.port() + "/"))) {
            assertEquals(OddRegistry.MANIFEST, Dray.run("manifest", "--raw", registry.image()).orFail().text());
        }
    }

    private static void assertRefused(Program program, String to) {
        Program.Result result = program.run();
        assertEquals(6, result.exitCode(), result.toString());
        assertTrue(result.stderr().contains(to.replaceFirst("/$", "")) && result.stderr().contains(REFUSED), result.stderr());
    }
}
