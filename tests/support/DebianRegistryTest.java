package tests.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

//SOURCES DebianRegistry.java
//SOURCES Program.java
//SOURCES TokenServer.java
//SOURCES Tools.java

class DebianRegistryTest {
    @TempDir
    Path storage;

    @BeforeAll
    static void needs_curl() {
        Tools.assumeInstalled("curl");
    }

    @Test
    void should_let_everybody_in_when_plain() {
        try (DebianRegistry registry = DebianRegistry.start(storage)) {
            assertEquals("200", status("http://" + registry.host() + "/v2/"));
        }
    }

    @Test
    void should_ask_for_a_password_over_tls() {
        try (DebianRegistry registry = DebianRegistry.startWithPassword(storage, "somebody", "p:ssword")) {
            String url = "https://" + registry.host() + "/v2/";
            assertEquals("401", status(url, "--cacert", registry.ca().toString()));
            assertEquals("200", status(url, "--cacert", registry.ca().toString(), "-u", "somebody:p:ssword"));
        }
    }

    @Test
    void should_take_a_token_until_its_time_is_over() {
        try (TokenServer tokens = new TokenServer("somebody:password", 8, 300);
                DebianRegistry registry = DebianRegistry.startWithTokens(storage, tokens)) {
            String url = "http://" + registry.host() + "/v2/a/b/tags/list";
            assertEquals("401", status(url));
            assertEquals("401", status(tokens.realm() + "?scope=repository:a/b:pull"));
            String answer = Program.run("curl", "-s", "-u", "somebody:password", tokens.realm() + "?scope=repository:a/b:pull").orFail().text();
            assertTrue(answer.contains("\"expires_in\":300"), answer);
            String bearer = "Authorization: Bearer " + answer.replaceFirst(".*\"token\":\"([^\"]+)\".*", "$1");
            assertEquals("404", status(url, "-H", bearer), "allowed, but nothing is there");
            assertEquals("401", status("http://" + registry.host() + "/v2/a/other/tags/list", "-H", bearer));
            for (int waited = 0; waited < 60 && status(url, "-H", bearer).equals("404"); waited++) {
                Program.pause(1000);
            }
            assertEquals("401", status(url, "-H", bearer));
            assertEquals(1, tokens.issued());
        }
    }

    private static String status(String url, String... options) {
        List<String> command = new ArrayList<>(List.of("curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", url));
        command.addAll(List.of(options));
        return new Program(command).run().text();
    }
}
