package tests.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import lib.image.Digest;
import lib.text.PlainText;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Dray;
import tests.support.Program;
import tests.support.Tools;

//SOURCES ../support/Dray.java
//SOURCES ../support/Program.java
//SOURCES ../support/Tools.java

/** What a registry sends does nothing to a terminal but stand there. */
class TerminalTextTest {
    private static final String ODD = "a\u009b31m\u202eb\u2028c";

    @TempDir
    Path folder;

    private HttpServer server;
    private String manifest = "{\"schemaVersion\":2,\"annotations\":{\"" + ODD + "\":\"" + ODD + "\\u001b[2J\"},\"layers\":[]}";

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = manifest.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/vnd.oci.image.manifest.v1+json");
            exchange.sendResponseHeaders(200, exchange.getRequestMethod().equals("HEAD") ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void end() {
        server.stop(0);
    }

    @Test
    void should_write_json_for_a_terminal_with_escapes_and_for_a_pipe_as_it_came() {
        Tools.assumeInstalled("script");
        for (String raw : new String[] {"", "--raw "}) {
            String shown = onTerminal("manifest " + raw + "--platform all " + image());
            assertFalse(PlainText.isUnfit(shown.replaceAll("[\r\n\t]", "")), shown);
            assertTrue(shown.contains("a\\u009b31m\\u202eb\\u2028c") && shown.toLowerCase().contains("\\u001b[2j"), shown);
        }
        assertEquals(manifest, Dray.run("manifest", "--raw", "--platform", "all", image()).orFail().text());
    }

    @Test
    void should_refuse_to_write_binary_to_a_terminal_and_write_text() {
        Tools.assumeInstalled("script");
        assertTrue(terminal("pull -o - " + image()).text().contains("stdout is a terminal, and this is binary: use -o FILE"));
        assertTrue(onTerminal("blob " + image().replace(":1", "") + "@" + Digest.of(manifest.getBytes(StandardCharsets.UTF_8))).contains("schemaVersion"));
        manifest = "\u001f\b\u0000";
        Program.Result refused = terminal("blob " + image().replace(":1", "") + "@" + Digest.of(manifest.getBytes(StandardCharsets.UTF_8)));
        assertEquals(2, refused.exitCode(), refused.toString());
        assertTrue(refused.text().contains("the blob is binary, and stdout is a terminal: use -o FILE") && !refused.text().contains("\b"), refused.text());
    }

    @Test
    void should_show_a_failure_and_its_trace_without_them() {
        manifest = manifest.replace("[]", "[],\"config\":{\"mediaType\":\"a\",\"size\":2,\"digest\":\"sha256:" + "0".repeat(64) + "\"}").replace("[]", "[{\"mediaType\":\"a\",\"size\":1,\"digest\":\"" + ODD + "\\u001b[31m\"}]");
        Program.Result result = Dray.script("pull", "--debug", "-o", folder.resolve("a.tar").toString(), image()).run();
        assertEquals(5, result.exitCode(), result.toString());
        assertTrue(result.stderr().contains("a?31m?b?c") && result.stderr().contains("\tat lib."), result.stderr());
        assertFalse(PlainText.isUnfit(result.stderr().replaceAll("[\r\n\t]", "")), result.stderr());
    }

    private String image() {
        return "127.0.0.1:" + server.getAddress().getPort() + "/app:1";
    }

    private String onTerminal(String command) {
        return terminal(command).orFail().text();
    }

    private Program.Result terminal(String command) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new Program("script", "-qec", "HOME=" + folder + " " + java + " -cp '" + System.getProperty("java.class.path") + "' scripts." + command, "/dev/null").run();
    }
}
