package tests.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.registry.OddRegistry.Reply;
import tests.support.Certificate;
import tests.support.CountingProxy;
import tests.support.DebianRegistry;
import tests.support.Dray;
import tests.support.Listener;
import tests.support.Program;
import tests.support.RealImages;

//SOURCES OddRegistry.java
//SOURCES ../support/Certificate.java
//SOURCES ../support/CountingProxy.java
//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/Listener.java
//SOURCES ../support/Program.java
//SOURCES ../support/RealImages.java

/** Names with several addresses, whose first is dead. */
@Tag("slow")
class AddressesTest {
    private static final String DEAD = "127.0.0.9";

    private final DebianRegistry plain = RealImages.registry();

    @TempDir
    Path folder;
    private Path hosts;

    @BeforeEach
    void know() throws IOException {
        hosts = Files.writeString(folder.resolve("hosts"), "127.0.0.1 localhost\n%1$s dual.test\n127.0.0.1 dual.test\n%1$s none.test\n127.0.0.8 none.test\n".formatted(DEAD));
    }

    /** Returns a script that looks names up in the file of this test. */
    private Program script(String name, String... arguments) {
        return Dray.script(name, arguments).env("JAVA_TOOL_OPTIONS", "-Djdk.net.hosts.file=" + hosts);
    }

    private Program pull(String image, String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        all.addAll(List.of("--retries", "0", "-o", folder.resolve("pulled.tar").toString(), image));
        return script("pull", all.toArray(String[]::new));
    }

    private static String dual(String text) {
        return text.replace("localhost", "dual.test");
    }

    @Test
    void should_use_the_address_that_answers_over_plain_http_and_tls() throws IOException {
        pull(dual(plain.image(RealImages.SMALL)), "--insecure").run().orFail();
        Certificate certificate = Certificate.createFor("DNS:dual.test");
        try (DebianRegistry secure = DebianRegistry.startWithTls(plain.storage(), certificate)) {
            Files.delete(folder.resolve("pulled.tar"));
            Path har = folder.resolve("pull.har");
            pull(dual(secure.image(RealImages.SMALL)), "--cacert", certificate.file().toString(), "--har", har.toString()).run().orFail();
            assertTrue(Files.readString(har).replaceAll("\\s", "").matches("(?s).*\"connect\":[0-9.]+,\"ssl\":[0-9.]+.*"), "the times of the connection");
        }
    }

    @Test
    void should_use_it_at_stores_token_servers_and_mirrors() {
        try (OddRegistry registry = new OddRegistry()) {
            registry.that(asked -> asked.forToken() ? new Reply(200, "{\"token\":\"t0k\"}")
                    : asked.path().startsWith("/store/") ? OddRegistry.manifest()
                    : asked.authorization().isEmpty() ? new Reply(401, "", "Bearer realm=\"" + dual(registry.realm()) + "\"")
                    : new Reply(307, "http://" + dual(registry.host()) + "/store/manifest"));
            assertEquals(OddRegistry.MANIFEST, script("manifest", "--raw", registry.image()).run().orFail().text());
            assertEquals(1, registry.tokensAskedFor());
        }
        Program.Result mirrored = script("manifest", "--mirror", "registry.invalid=http://" + dual(plain.host()), "registry.invalid/" + RealImages.SMALL).run().orFail();
        assertFalse(mirrored.stderr().contains("skipped"), mirrored.stderr());
    }

    @Test
    void should_send_the_name_of_the_host_and_keep_the_connection() {
        try (OddRegistry registry = new OddRegistry().that(asked -> OddRegistry.manifest())) {
            script("manifest", "--insecure", dual(registry.image())).run().orFail();
            assertEquals(List.of(dual(registry.host())), registry.hosts().stream().distinct().toList());
        }
    }

    @Test
    void should_use_the_address_at_which_a_proxy_answers() throws IOException {
        try (CountingProxy proxy = new CountingProxy("alice:s3cret")) {
            for (String scheme : List.of("http", "socks5h", "socks5")) {
                int before = proxy.asked().size();
                pull(plain.image(RealImages.SMALL), "--proxy", scheme + "://alice:s3cret@" + proxy.address().replaceFirst("^[^:]*", "dual.test")).run().orFail();
                assertTrue(proxy.asked().size() > before, scheme);
                Files.delete(folder.resolve("pulled.tar"));
            }
        }
    }

    @Test
    void should_not_wait_for_an_address_that_does_not_answer() throws IOException {
        int port = Integer.parseInt(plain.host().replaceFirst(".*:", ""));
        Files.writeString(hosts, "127.0.0.7 silent.test\n127.0.0.1 silent.test\n");
        List<SocketChannel> waiting = new ArrayList<>();
        try (ServerSocket silent = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.7"))) {
            for (int i = 0; i < 8; i++) { // these are never accepted, and there is no room for more
                SocketChannel channel = SocketChannel.open();
                channel.configureBlocking(false);
                channel.connect(new InetSocketAddress("127.0.0.7", port));
                waiting.add(channel);
            }
            pull("silent.test:" + port + "/" + RealImages.SMALL, "--insecure", "--stall-timeout", "20").run().orFail();
        } finally {
            for (SocketChannel channel : waiting) {
                channel.close();
            }
        }
    }

    @Test
    void should_say_what_came_of_each_address() {
        String doctor = script("doctor", "--insecure", dual(plain.image(RealImages.SMALL))).run().orFail().text();
        assertTrue(doctor.contains("of " + DEAD + " does not answer (Connection refused), of 127.0.0.1 is open"), doctor);
        Program.Result none = pull("none.test:" + Listener.freePort() + "/a:1").run();
        assertEquals(6, none.exitCode(), none.toString());
        assertTrue(none.stderr().contains("no address of none.test answers (" + DEAD + ": Connection refused, 127.0.0.8: Connection refused)"), none.stderr());
    }
}
