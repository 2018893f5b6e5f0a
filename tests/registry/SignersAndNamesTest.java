package tests.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.Authority;
import tests.support.Certificate;
import tests.support.DebianRegistry;
import tests.support.Dray;
import tests.support.Program;
import tests.support.RealImages;
import tests.support.Tools;

//SOURCES ../support/Authority.java
//SOURCES ../support/Certificate.java
//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/Program.java
//SOURCES ../support/RealImages.java
//SOURCES ../support/Tools.java

/** For which hosts a certificate is, and how a signer is found among many, with Java's own TLS and with the native library. */
@Tag("slow")
class SignersAndNamesTest {
    private static Path storage;
    private static Authority company;
    /** Another one of the same name. */
    private static Authority impostor;

    @TempDir
    Path home;

    @BeforeAll
    static void start() {
        Tools.assumeInstalled("openssl");
        storage = RealImages.registry().storage();
        company = Authority.create("Company", 30);
        impostor = Authority.create("Company", 30);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void should_know_for_which_hosts_a_certificate_is(boolean natively) {
        try (DebianRegistry registry = DebianRegistry.startWithTls(storage, company.sign("DNS:*.Example.test,DNS:EXACT.test,DNS:127.0.0.1", 10))) {
            for (String host : List.of("a.example.test", "A.EXAMPLE.test", "exact.test")) {
                assertIn(named(registry, natively, host));
            }
            for (String host : List.of("a.b.example.test", "example.test", "not-exact.test", "exact.test.other")) {
                assertFails(named(registry, natively, host), "its certificate is not for that name but for *.Example.test, EXACT.test, 127.0.0.1: use such a name");
            }
            assertFails(named(registry, natively, "127.0.0.1"), "its certificate is not for that name but for ");
        }
        try (DebianRegistry registry = DebianRegistry.startWithTls(storage, company.sign("IP:127.0.0.1", 10))) {
            assertIn(named(registry, natively, "127.0.0.1"));
            assertFails(named(registry, natively, "elsewhere"), "its certificate is not for that name but for 127.0.0.1: use such a name");
        }
    }

    /** Of all that a machine trusts only one is read, and nothing of what Java trusts. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void should_find_a_signer_among_many_by_its_name(boolean natively) throws IOException {
        Path many = Files.writeString(home.resolve("many.crt"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n-----BEGIN X-----\n" + text(impostor)
                + Files.readString(Path.of("/etc/ssl/certs/ca-certificates.crt")) + text(company));
        try (DebianRegistry registry = DebianRegistry.startWithTls(storage, company.sign("DNS:localhost,IP:127.0.0.1", 10))) {
            Path log = home.resolve("classes.log");
            assertIn(manifest(registry, natively, "127.0.0.1").env("SSL_CERT_FILE", many.toString()).env("JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=" + log));
            List<String> classes = Files.readAllLines(log);
            assertTrue(classes.stream().anyMatch(line -> line.contains(" lib.registry.tls.Trust ")), "the log is of another program");
            assertEquals(List.of(), classes.stream().filter(line -> line.contains(".TrustStoreManager$") || line.contains(".AnchorCertificates$")).toList());

            Path one = Files.writeString(home.resolve("one.crt"), text(impostor));
            assertIn(manifest(registry, natively, "127.0.0.1", "--cacert", one.toString()).env("SSL_CERT_FILE", company.file().toString()));
            assertFails(manifest(registry, natively, "127.0.0.1").env("SSL_CERT_FILE", one.toString()), "its certificate is signed by 'CN=Company,O=Tests', whom neither Java nor this machine trusts");
        }
    }

    /** What is shown of ourselves in a handshake, and what another connection may take for trusted, comes after that. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void should_end_the_handshake_where_a_certificate_is_for_another_host(boolean natively) throws Exception {
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            assertFalse(isAgreed(natively, version, "127.0.0.1", "DNS:other.test"), version);
            assertTrue(isAgreed(natively, version, "127.0.0.1", "DNS:registry.test"), version);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void should_agree_with_a_host_that_is_an_address_of_ipv6(boolean natively) throws Exception {
        assertTrue(isAgreed(natively, "TLSv1.3", "::1", "IP:::1"));
        assertFalse(isAgreed(natively, "TLSv1.3", "::1", "DNS:::1"));
    }

    /** Returns whether a handshake came about with a server at this address; one of IPv4 is called registry.test. */
    private boolean isAgreed(boolean natively, String version, String address, String names) throws Exception {
        Certificate certificate = company.sign(names, 10);
        Path store = home.resolve("server.p12");
        Program.run("openssl", "pkcs12", "-export", "-in", certificate.file().toString(), "-inkey", certificate.key().toString(), "-passout", "pass:secret", "-out", store.toString()).orFail();
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(KeyStore.getInstance(store.toFile(), "secret".toCharArray()), "secret".toCharArray());
        SSLContext context = SSLContext.getInstance(version);
        context.init(keys.getKeyManagers(), null, null);
        try (SSLServerSocket server = (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0, 9, InetAddress.getByName(address))) {
            CompletableFuture<Boolean> handshake = CompletableFuture.supplyAsync(() -> isAgreed(server));
            String name = address.contains(":") ? "[" + address + "]" : "registry.test";
            String host = name + ":" + server.getLocalPort();
            script(natively, "--resolve", "registry.test:" + server.getLocalPort() + ":" + address, "--cacert", company.file().toString(), "--retries", "0", host + "/a:1").run();
            server.close();
            return handshake.get(30, TimeUnit.SECONDS);
        }
    }

    /** Connections without a handshake are those that only look whether there is TLS. */
    private static boolean isAgreed(SSLServerSocket server) {
        boolean isAgreed = false;
        try {
            while (!server.isClosed()) {
                try (SSLSocket socket = (SSLSocket) server.accept()) {
                    isAgreed |= hasHandshake(socket);
                }
            }
        } catch (IOException e) {
            // the server has been closed
        }
        return isAgreed;
    }

    private static boolean hasHandshake(SSLSocket socket) {
        try {
            socket.setSoTimeout(60_000);
            socket.startHandshake();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static String text(Authority authority) throws IOException {
        return Files.readString(authority.file());
    }

    private Program named(DebianRegistry registry, boolean natively, String host) {
        String port = registry.host().replaceFirst(".*:", "");
        return manifest(registry, natively, host, "--resolve", host + ":" + port + ":127.0.0.1", "--cacert", company.file().toString());
    }

    private Program manifest(DebianRegistry registry, boolean natively, String host, String... options) {
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.addAll(List.of("--retries", "0", registry.image(RealImages.SMALL).replaceFirst("^[^:]+", host)));
        return script(natively, arguments.toArray(String[]::new));
    }

    private Program script(boolean natively, String... arguments) {
        return natively ? Dray.natively(home, "manifest", arguments) : Dray.script(home, "manifest", arguments);
    }

    private static void assertIn(Program program) {
        Program.Result result = program.run().orFail();
        assertTrue(result.text().contains("\"layers\""), result.toString());
    }

    private static void assertFails(Program program, String words) {
        Program.Result result = program.run();
        assertEquals(6, result.exitCode(), result.toString());
        assertTrue(result.stderr().contains(words), words + " in " + result);
    }
}
