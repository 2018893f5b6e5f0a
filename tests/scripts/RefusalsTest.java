package tests.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import lib.image.MediaType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.CountingProxy;
import tests.support.DebianRegistry;
import tests.support.Dray;
import tests.support.Program;
import tests.support.RealImages;

//SOURCES ../support/CountingProxy.java
//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/Program.java
//SOURCES ../support/RealImages.java

/** What wrong input gets: its exit code, one sentence that helps, and no file under the final name. */
@Tag("slow")
class RefusalsTest {
    private final String registry = RealImages.registry().host();

    @TempDir
    Path folder;

    private Program.Result refused(int code, String words, Program program) throws IOException {
        Program.Result result = program.in(folder).run();
        assertEquals(code, result.exitCode(), result.toString());
        List<String> sentences = result.stderr().lines().filter(line -> !line.startsWith("warning: ")).toList();
        assertEquals(1, sentences.size(), result.stderr());
        assertTrue(sentences.get(0).contains(words), sentences.get(0));
        assertFalse(result.stderr().contains("Exception"), result.stderr());
        assertEquals("", result.text());
        try (var files = Files.list(folder)) {
            assertTrue(files.noneMatch(file -> file.toString().endsWith(".tar")), "an archive has its name");
        }
        return result;
    }

    private Program pull(String image) {
        return Dray.script("pull", "--retries", "0", "--platform", "linux/amd64", image.replace("REGISTRY", registry));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "2 | REGISTRY/Upper/case:1 | lower case",
        "2 | REGISTRY/test/small@sha256:../../x | not a digest",
        "2 | REGISTRY/test/small:../../x | bad reference",
        "2 | '' | bad reference",
        "2 | https://REGISTRY/test/small:1 | /test/small:1, without https://",
        "3 | REGISTRY/test/small:none | has no tag 'none'",
        "3 | REGISTRY/test/small:12 | manifest unknown; the nearest tag is 1; is the name",
        "3 | REGISTRY/no/such:1 | answered 404",
        "3 | REGISTRY/test/small@sha256:0000000000000000000000000000000000000000000000000000000000000000 | answered 404",
        "6 | 127.0.0.1:1/a:1 | nothing is listening on",
        "6 | no.such.host.invalid/a:1 | no.such.host.invalid"})
    void should_refuse_names_that_lead_nowhere(int code, String image, String words) throws IOException {
        refused(code, words, pull(image));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "manifest | ``", "blob | ``", "assemble | ``", "extract | ``",
        "manifest | nonsense", "blob | []", "assemble | {}", "extract | {\"image\":{}}",
        "manifest | {\"image\":1}", "blob | {\"image\":{\"name\":\"UPPER\"}}", "assemble | {\"image\":{\"name\":\"a\"}}", "blob | `\u0000`"})
    void should_refuse_json_that_is_no_stages(String script, String stdin) throws IOException {
        String[] where = switch (script) {
            case "blob" -> new String[] {"--to", "x.oci"};
            case "assemble" -> new String[] {"-o", "x.tar"};
            case "extract" -> new String[] {"-C", "rootfs"};
            default -> new String[0];
        };
        refused(2, stdin.contains("UPPER") ? "lower case" : "stdin", Dray.script(script, where).stdin(stdin));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "blob | {IMAGE,\"token\":\"x\"}", "blob | {IMAGE,CONFIG,\"layers\":[{}]}", "blob | {IMAGE,\"manifests\":[{}]}",
        "blob | {IMAGE,CONFIG,\"layers\":[{\"digest\":\"sha256:../../x\",\"size\":1}]}", "extract | {IMAGE,\"layers\":null}", "assemble | {IMAGE,\"config\":null}"})
    void should_say_which_stage_is_missing_where_an_edit_or_a_short_pipe_left_no_manifest(String script, String stdin) throws IOException {
        String json = stdin.replace("CONFIG", "\"config\":{\"digest\":\"sha256:" + "0".repeat(64) + "\",\"size\":2}")
                .replace("IMAGE", "\"image\":{\"name\":\"" + registry + "/test/small:1\",\"layout\":\"x.oci\"}");
        refused(2, "pipe in what manifest prints", Dray.script(script, script.equals("blob") ? "--to" : script.equals("extract") ? "-C" : "-o", "x").stdin(json));
        assertFalse(Files.exists(folder.resolve("x")));
    }

    @Test
    void should_refuse_to_extract_all_platforms_at_once() throws IOException {
        String index = Dray.run("manifest", "--platform", "all", registry + "/" + RealImages.REAL).orFail().text();
        refused(2, "the manifest of one platform", Dray.script("extract", "-C", "rootfs").stdin(index));
    }

    @Test
    void should_refuse_an_archive_that_can_only_be_read_in_order() throws IOException {
        Program.run("mkfifo", folder.resolve("pipe").toString()).orFail();
        refused(2, "write it into a file first", Dray.script("assemble", "-o", "x.tar", "pipe").limit(30));
        refused(2, "write it into a file first", Dray.script("serve", "pipe").limit(30));
        refused(2, "pipe is neither a file nor a folder", Dray.script("ls", "pipe").limit(30));
        refused(2, "/dev/null is neither a file nor a folder", Dray.script("ls", "/dev/null").limit(30));
        refused(3, "./none.tar does not exist", Dray.script("ls", "./none.tar").limit(30));
    }

    @Test
    void should_ask_for_what_serve_lacks() throws IOException {
        refused(2, "serve: --writable keeps all that is pushed in one folder: name one", Dray.script("serve", "--writable").limit(30));
        refused(2, "serve: what to serve was not named", Dray.script("serve").limit(30));
    }

    @Test
    void should_refuse_a_file_for_all_blobs() throws IOException {
        String manifest = Dray.run("manifest", registry + "/test/small:1").orFail().text();
        refused(2, "-o is for one blob", Dray.script("blob", "--to", "x.oci", "-o", "x.tar").stdin(manifest));
    }

    @Test
    void should_refuse_a_layer_that_is_said_to_be_empty_and_is_not() throws IOException {
        String manifest = Dray.run("manifest", registry + "/test/small:1").orFail().text();
        String edited = manifest.replaceFirst("\"size\":\\d+}]", "\"size\":0}]");
        assertNotEquals(manifest, edited);
        refused(5, "have the digest sha256:e3b0c442", Dray.script("blob", "--to", "x.oci").stdin(edited).limit(30));
    }

    @Test
    void should_show_no_control_characters_of_the_input() throws IOException {
        Program.Result result = refused(2, "nginx?[31m", Dray.script("manifest").stdin("{\"image\":{\"name\":\"nginx\\u001b[31m\"}}"));
        assertFalse(result.stderr().contains("\u001b"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--no-such-option", "--platform=linux", "--connections=0", "--segment=1", "--retries=-1", "--proxy=ftp://proxy:21", "--mirror=x"})
    void should_refuse_options_that_cannot_be(String option) throws IOException {
        refused(2, "", Dray.script("pull", option, registry + "/test/small:1"));
    }

    @Test
    void should_refuse_a_wrong_password() throws IOException {
        try (DebianRegistry asking = DebianRegistry.startWithPassword(RealImages.registry().storage(), "alice", "right")) {
            Program.Result result = refused(4, "; refused: the password of alice, from ", Dray.script("pull", "-u", "alice:Wr0ng", "--cacert", asking.ca().toString(), asking.image(RealImages.SMALL)));
            assertFalse(result.stderr().contains("Wr0ng"));
            refused(4, "; no credentials for " + asking.host() + " in the environment, ", Dray.script("pull", "--cacert", asking.ca().toString(), asking.image(RealImages.SMALL)));
            refused(6, "certificate", Dray.script("pull", "--retries", "0", "-u", "alice:right", asking.image(RealImages.SMALL)));
        }
    }

    @Test
    void should_refuse_a_target_that_cannot_be_written() throws IOException {
        refused(3, "ls: nosuch.tar does not exist", Dray.script("ls", "nosuch.tar"));
        Files.writeString(folder.resolve("here.tgz"), "");
        refused(2, "here.tgz is a file here, not an image in a registry", Dray.script("pull", "here.tgz"));
        refused(3, "does not exist", Dray.script("pull", "-o", "no/such/folder/x.tar", registry + "/test/small:1"));
        refused(2, "folder", Dray.script("pull", "-o", folder.toString(), registry + "/test/small:1"));
    }

    @Test
    void should_say_what_to_do_where_plain_http_is_spoken_instead_of_https() throws IOException {
        try (CountingProxy proxy = new CountingProxy(null)) {
            String image = registry.replace("localhost", "registry.invalid") + "/test/small:1";
            for (String script : List.of("token", "manifest", "pull")) {
                refused(6, "use --insecure if that is intended", Dray.script(script, "--retries", "0", "--proxy", "http://" + proxy.address(), image));
            }
        }
    }

    @Test
    void should_refuse_a_host_that_answers_with_a_web_page_or_endlessly_or_with_nonsense() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v2/page", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            byte[] page = "<html>please log in</html>".getBytes();
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        Map<String, String> manifests = Map.of(
                "array", "[]", "cut", "{\"schemaVersion\":2,", "other", "{\"schemaVersion\":2}",
                "outside", "{\"config\":{\"digest\":\"sha256:../../x\",\"size\":2},\"layers\":[]}");
        manifests.forEach((name, json) -> server.createContext("/v2/" + name, exchange -> {
            exchange.getResponseHeaders().set("Content-Type", MediaType.OCI_MANIFEST);
            exchange.sendResponseHeaders(200, json.length());
            exchange.getResponseBody().write(json.getBytes());
            exchange.close();
        }));
        server.createContext("/v2/endless", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/vnd.oci.image.manifest.v1+json");
            exchange.sendResponseHeaders(200, 0);
            byte[] spaces = new byte[1 << 20];
            Arrays.fill(spaces, (byte) ' ');
            try (exchange) {
                for (int i = 0; i < 64; i++) {
                    exchange.getResponseBody().write(spaces);
                }
            } catch (IOException e) {
                // it has seen enough
            }
        });
        server.start();
        try {
            String host = "127.0.0.1:" + server.getAddress().getPort();
            refused(6, "web page", pull(host + "/page:1"));
            refused(5, "bytes", pull(host + "/endless:1"));
            for (String name : manifests.keySet()) {
                refused(5, name.equals("outside") ? "is not a digest" : "", pull(host + "/" + name + ":1"));
            }
        } finally {
            server.stop(0);
        }
    }
}
