package tests.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tests.support.Certificate;
import tests.support.CountingProxy;
import tests.support.DebianRegistry;
import tests.support.Dray;
import tests.support.Listener;
import tests.support.Program;
import tests.support.RealImages;

//SOURCES ../support/Certificate.java
//SOURCES ../support/CountingProxy.java
//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/Listener.java
//SOURCES ../support/Program.java
//SOURCES ../support/RealImages.java

/** Proxies that are spoken to over TLS themselves. */
@Tag("slow")
class TlsProxyTest {
    private static final String LOGIN = "alice:s3cret";

    private final DebianRegistry plain = RealImages.registry();
    private final Certificate certificate = Certificate.createFor("DNS:localhost,DNS:registry.invalid");

    @Test
    void should_ask_for_plain_http_and_for_tls_through_it() {
        try (CountingProxy proxy = CountingProxy.overTls(LOGIN, certificate); DebianRegistry secure = DebianRegistry.startWithTls(plain.storage(), certificate)) {
            String address = "https://" + LOGIN + "@" + proxy.address().replaceFirst("^[^:]*", "localhost");
            manifest(plain, "--insecure", "--cacert", certificate.file().toString(), "--proxy", address).run().orFail();
            assertTrue(proxy.asked().stream().anyMatch(line -> line.startsWith("GET http://registry.invalid:")), proxy.asked().toString());
            manifest(secure, "--cacert", certificate.file().toString()).env("https_proxy", address).run().orFail();
            assertTrue(proxy.asked().contains("CONNECT " + secure.host().replace("localhost", "registry.invalid")), proxy.asked().toString());
        }
    }

    @Test
    void should_say_what_is_wrong_with_it() {
        try (CountingProxy proxy = CountingProxy.overTls(LOGIN, certificate)) {
            String host = proxy.address().replaceFirst("^[^:]*", "localhost");
            assertFails(manifest(plain, "--proxy", "https://" + LOGIN + "@" + host), "no connection to the proxy " + host + " over TLS: ", "signed by itself");
            assertFails(manifest(plain, "--cacert", certificate.file().toString(), "--proxy", "https://alice:wr0ng@" + host), "the proxy refuses the login it was given");
            String nobody = "localhost:" + Listener.freePort();
            assertFails(manifest(plain, "--proxy", "https://" + nobody), "no connection to the proxy " + nobody);
        }
    }

    private Program manifest(DebianRegistry registry, String... options) {
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.addAll(List.of("--retries", "0", registry.image(RealImages.SMALL).replace("localhost", "registry.invalid")));
        return Dray.script("manifest", arguments.toArray(String[]::new));
    }

    private static void assertFails(Program program, String... words) {
        Program.Result result = program.run();
        assertEquals(6, result.exitCode(), result.toString());
        for (String word : words) {
            assertTrue(result.stderr().contains(word), word + " in " + result);
        }
        assertFalse(result.stderr().contains("wr0ng") || result.stderr().contains("s3cr"), result.toString());
    }
}
