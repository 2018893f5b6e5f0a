package tests.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Certificate;
import tests.support.CountingProxy;
import tests.support.DebianRegistry;
import tests.support.Dray;
import tests.support.Listener;
import tests.support.Program;
import tests.support.RealImages;
import tests.support.TokenServer;
import tests.support.Tools;

//SOURCES ../support/Certificate.java
//SOURCES ../support/CountingProxy.java
//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/Listener.java
//SOURCES ../support/Program.java
//SOURCES ../support/RealImages.java
//SOURCES ../support/TokenServer.java
//SOURCES ../support/Tools.java

/**
 * Pulls through proxies. The registry, its token server and the server that its blobs are redirected to have names
 * that only the proxy knows, so that nothing can have come past it.
 */
@Tag("slow")
class ProxyTest {
    private static final String LOGIN = "alice:s3cr@t/:";
    private static final String LOGIN_IN_URL = "alice:s3cr%40t%2F%3A";

    private static TokenServer tokens;
    private static HttpServer blobs;
    private static DebianRegistry redirecting;
    private static Certificate certificate;
    private static DebianRegistry secure;
    private static DebianRegistry plain;
    private static byte[] expected;

    @TempDir
    static Path folder;

    @BeforeAll
    static void start() throws IOException {
        plain = RealImages.registry();
        tokens = new TokenServer(null, 300);
        blobs = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        blobs.createContext("/", ProxyTest::blob);
        blobs.start();
        redirecting = DebianRegistry.startRedirecting(plain.storage(), tokens, tokens.realm().replace("localhost", "auth.invalid"),
                "http://blobs.invalid:" + blobs.getAddress().getPort() + "/");
        certificate = Certificate.createFor("DNS:registry.invalid");
        secure = DebianRegistry.startWithTls(plain.storage(), certificate);
        Dray.run("pull", "-o", folder.resolve("expected.tar").toString(), plain.image(RealImages.REAL)).orFail();
        expected = Files.readAllBytes(folder.resolve("expected.tar"));
    }

    @AfterAll
    static void stop() {
        redirecting.close();
        secure.close();
        tokens.close();
        blobs.stop(0);
    }

    /** Serves the registry's storage folder, as a CDN would. */
    private static void blob(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] bytes = Files.readAllBytes(plain.storage().resolve(exchange.getRequestURI().getPath().substring(1)));
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Test
    void should_fetch_token_manifest_and_redirected_blobs_through_an_http_proxy() throws IOException {
        for (String variable : List.of("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY")) {
            try (CountingProxy proxy = new CountingProxy(null)) {
                pull(invalid(redirecting), "--insecure").env(variable, "http://" + proxy.address()).run().orFail();
                assertSameImage();
                assertTrue(proxy.received() >= blobBytes(), proxy.received() + " bytes came through");
                assertAsked(proxy, "GET http://auth.invalid:", "GET http://registry.invalid:", "GET http://blobs.invalid:");
            }
        }
    }

    @Test
    void should_tunnel_tls_through_an_http_proxy() throws IOException {
        for (String variable : List.of("https_proxy", "HTTPS_PROXY")) {
            try (CountingProxy proxy = new CountingProxy(LOGIN)) {
                pull(invalid(secure), "--cacert", certificate.file().toString()).env(variable, "http://" + LOGIN_IN_URL + "@" + proxy.address()).run().orFail();
                assertSameImage();
                assertTrue(proxy.received() >= blobBytes(), proxy.received() + " bytes came through");
                assertAsked(proxy, "CONNECT registry.invalid:");
                assertTrue(proxy.asked().size() <= 12, "connections are kept: " + proxy.asked());
            }
        }
    }

    @Test
    void should_give_a_socks_proxy_the_names() throws IOException {
        for (String scheme : List.of("socks5h", "socks5")) {
            try (CountingProxy proxy = new CountingProxy(LOGIN)) {
                String address = scheme + "://" + LOGIN_IN_URL + "@" + proxy.address();
                pull(invalid(redirecting), "--insecure", "--proxy", address).run().orFail();
                assertSameImage();
                assertTrue(proxy.received() >= blobBytes(), proxy.received() + " bytes came through");
                assertAsked(proxy, "name auth.invalid:", "name registry.invalid:", "name blobs.invalid:");
                pull(invalid(secure), "--cacert", certificate.file().toString(), "--proxy", address).run().orFail();
                assertSameImage();
                assertTrue(proxy.received() >= 2 * blobBytes(), proxy.received() + " bytes came through");
            }
        }
    }

    @Test
    void should_have_names_that_are_known_here_looked_up_by_a_socks_proxy_too() throws IOException {
        try (CountingProxy proxy = new CountingProxy(null); DebianRegistry local = DebianRegistry.startWithTls(plain.storage(), Certificate.create())) {
            String cacert = local.ca().toString();
            pull(local.host(), "--cacert", cacert).env("ALL_PROXY", "socks5h://" + proxy.address()).run().orFail();
            assertSameImage();
            assertTrue(proxy.received() >= blobBytes() && proxy.asked().stream().allMatch(("name " + local.host())::equals), proxy.asked().toString());
            int before = proxy.asked().size();
            pull(local.host(), "--cacert", cacert).env("ALL_PROXY", "socks5://" + proxy.address()).run().orFail();
            List<String> more = proxy.asked().subList(before, proxy.asked().size());
            assertTrue(!more.isEmpty() && more.stream().allMatch(local.host().replace("localhost", "address 127.0.0.1")::equals), more.toString());
        }
    }

    @Test
    void should_go_past_the_proxy_where_no_proxy_says_so() throws IOException {
        try (CountingProxy proxy = new CountingProxy(null)) {
            for (String variable : List.of("no_proxy", "NO_PROXY")) {
                manifest(plain.host()).env("http_proxy", "http://" + proxy.address()).env("https_proxy", "http://" + proxy.address()).env(variable, "example.com,localhost").run().orFail();
                assertEquals(List.of(), proxy.asked());
            }
            manifest(plain.host(), "--proxy", "").env("ALL_PROXY", "http://" + proxy.address()).run().orFail();
            assertEquals(List.of(), proxy.asked());
            manifest(plain.host()).env("http_proxy", "http://" + proxy.address()).run().orFail();
            assertFalse(proxy.asked().isEmpty());
        }
    }

    @Test
    void should_say_what_a_proxy_refuses_and_who_named_it() throws IOException {
        try (CountingProxy proxy = new CountingProxy(LOGIN)) {
            for (String scheme : List.of("http", "https")) {
                String[] options = scheme.equals("http") ? new String[] {"--insecure"} : new String[] {"--cacert", certificate.file().toString()};
                String host = invalid(scheme.equals("http") ? redirecting : secure);
                assertFails(manifest(host, options).env(scheme + "_proxy", "http://" + proxy.address()),
                        "the proxy requires a login: use http://user:password@host:port; it was asked through the proxy http://" + proxy.address() + ", which " + scheme + "_proxy names");
                int before = proxy.refused();
                assertFails(manifest(host, options).env(scheme + "_proxy", "http://alice:wr0ng@" + proxy.address()),
                        "the proxy refuses the login it was given; it was asked through the proxy http://alice:***@" + proxy.address());
                assertTrue(proxy.refused() - before <= 3, "tried " + (proxy.refused() - before) + " times");
            }
            assertFails(manifest(invalid(secure), "--proxy", "socks5h://alice:wr0ng@" + proxy.address()), "authentication failed");
            assertEquals(List.of(), proxy.asked());
        }
    }

    @Test
    void should_say_that_a_proxy_is_not_there() {
        String nobody = "127.0.0.1:" + Listener.freePort();
        assertFails(manifest(invalid(secure), "--proxy", "http://" + nobody), "no proxy is listening on ");
        assertFails(manifest(invalid(secure), "--proxy", "socks5h://" + nobody), "no proxy is listening on ");
        Program unknown = manifest(invalid(secure), "--proxy", "http://proxy.invalid:3128");
        assertFails(unknown, "cannot resolve the proxy 'proxy.invalid'");
        assertFalse(unknown.run().stderr().contains("name it with --proxy"), "there is one already");
        assertFails(manifest(invalid(secure)), "check its spelling and the network; behind a proxy, name it with --proxy");
    }

    @Test
    void should_work_with_tinyproxy() throws IOException {
        Tools.assumeInstalled("tinyproxy");
        for (String login : new String[] {"", "alice:s3cret@"}) {
            Path log = folder.resolve("tinyproxy" + login.length() + ".log");
            try (Listener proxy = tinyproxy(log, login.isEmpty() ? "" : "BasicAuth alice s3cret\n");
                    DebianRegistry local = DebianRegistry.startWithTls(plain.storage(), Certificate.create())) {
                String address = "http://" + login + "localhost:" + proxy.port();
                pull(plain.host()).env("http_proxy", address).run().orFail();
                assertSameImage();
                pull(local.host(), "--cacert", local.ca().toString()).env("HTTPS_PROXY", address).run().orFail();
                assertSameImage();
                String seen = Files.readString(log);
                assertTrue(seen.contains("GET http://" + plain.host() + "/v2/test/real/blobs/"), seen);
                assertTrue(seen.contains("CONNECT " + local.host()), seen);
                if (!login.isEmpty()) {
                    for (String registry : List.of(plain.host(), local.host())) {
                        assertFails(manifest(registry, "--proxy", address.replace("s3cret", "wr0ng")), "the proxy refuses the login it was given");
                    }
                }
            }
        }
    }

    private static Listener tinyproxy(Path log, String settings) {
        return Listener.start(port -> {
            try {
                Path config = Files.writeString(folder.resolve("tinyproxy.conf"), "Port " + port + "\nListen 127.0.0.1\nTimeout 60\nLogFile \"" + log + "\"\nLogLevel Connect\n" + settings);
                return new Program("tinyproxy", "-d", "-c", config.toString());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void should_work_with_microsocks() throws IOException {
        Tools.assumeInstalled("microsocks");
        try (Listener open = Listener.start(port -> new Program("microsocks", "-i", "127.0.0.1", "-p", "" + port));
                Listener closed = Listener.start(port -> new Program("microsocks", "-i", "127.0.0.1", "-p", "" + port, "-u", "alice", "-P", "s3cret"));
                DebianRegistry local = DebianRegistry.startWithTls(plain.storage(), Certificate.create())) {
            for (String address : List.of("socks5h://localhost:" + open.port(), "socks5://alice:s3cret@localhost:" + closed.port())) {
                pull(plain.host(), "--proxy", address).run().orFail();
                assertSameImage();
                pull(local.host(), "--cacert", local.ca().toString()).env("all_proxy", address).run().orFail();
                assertSameImage();
            }
            assertTrue(open.process().stderr().contains("connected to " + local.host()), open.process().stderr());
            assertTrue(closed.process().stderr().contains("connected to 127.0.0.1:"), closed.process().stderr());
        }
    }

    private static String invalid(DebianRegistry registry) {
        return registry.host().replace("localhost", "registry.invalid");
    }

    private static Program pull(String host, String... options) throws IOException {
        Files.deleteIfExists(folder.resolve("pulled.tar"));
        Program pull = Dray.script("pull", with(options, host + "/" + RealImages.REAL, "-o", folder.resolve("pulled.tar").toString()));
        return pull;
    }

    private static Program manifest(String host, String... options) {
        return Dray.script("manifest", with(options, host + "/" + RealImages.SMALL, "--retries", "0"));
    }

    private static String[] with(String[] some, String... more) {
        return java.util.stream.Stream.of(some, more).flatMap(java.util.Arrays::stream).toArray(String[]::new);
    }

    /** All of the archive but the names, which have the registry's in them, and what tells of these. */
    private static void assertSameImage() throws IOException {
        Path layout = folder.resolve("pulled.tar");
        assertArrayEquals(blobs(folder.resolve("expected.tar")), blobs(layout));
    }

    private static String[] blobs(Path archive) {
        return Program.run("tar", "-tvf", archive.toString()).orFail().text().lines().filter(line -> line.contains("blobs/")).toArray(String[]::new);
    }

    private static long blobBytes() {
        return expected.length * 9L / 10;
    }

    private static void assertAsked(CountingProxy proxy, String... beginnings) {
        for (String beginning : beginnings) {
            assertTrue(proxy.asked().stream().anyMatch((Predicate<String>) line -> line.startsWith(beginning)), beginning + " in " + proxy.asked());
        }
    }

    private static void assertFails(Program program, String... words) {
        Program.Result result = program.run();
        assertEquals(6, result.exitCode(), result.toString());
        assertTrue(result.text().isEmpty() && result.stderr().lines().count() <= 2, result.toString());
        for (String word : words) {
            assertTrue(result.stderr().contains(word), word + " in " + result);
        }
        assertFalse(result.stderr().contains("wr0ng") || result.stderr().contains("s3cr"), result.toString());
    }
}
