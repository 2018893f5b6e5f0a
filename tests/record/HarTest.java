package tests.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import lib.text.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Certificate;
import tests.support.CountingProxy;
import tests.support.DebianRegistry;
import tests.support.Dray;
import tests.support.FlakyRegistry;
import tests.support.Program;
import tests.support.Reply;
import tests.support.Scratch;

//SOURCES HarFormat.java
//SOURCES ../support/Certificate.java
//SOURCES ../support/CountingProxy.java
//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/FlakyRegistry.java
//SOURCES ../support/Program.java
//SOURCES ../support/Reply.java
//SOURCES ../support/Scratch.java

/** What --har writes. */
class HarTest {
    private static final int LAYER = 1_000_000;

    @TempDir
    Path folder;

    private final FlakyRegistry registry = new FlakyRegistry();
    private final String image = registry.image("1", new long[] {1, 2}, LAYER, 500);

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void should_hold_every_exchange_of_a_pull_in_the_format_of_http_archives() throws IOException {
        registry.gate(authorization -> authorization == null ? 401 : 200);
        pull().run().orFail();
        List<JsonNode> entries = entries();
        assertEquals(List.of(401, 200, 200), statuses(entries).subList(0, 3));
        assertEquals(registry.requests().size(), entries.stream().filter(entry -> url(entry).contains("/blobs/")).count());
        assertTrue(url(entries.get(1)).endsWith("/token?service=faults&scope=repository:app:pull"), url(entries.get(1)));
        assertEquals(entries.size(), entries.stream().map(entry -> entry.get("_number").asInt()).distinct().count());
        assertTrue(entries.stream().allMatch(entry -> entry.path("_purpose").isTextual()), entries.toString());
        assertTrue(entries.stream().filter(entry -> entry.path("_purpose").asText().equals("blob")).allMatch(entry -> entry.path("_digest").asText().startsWith("sha256:")), entries.toString());
        assertTrue(entries.get(2).path("_curl").asText().contains("--header \"Authorization: Bearer $TOKEN\""), entries.get(2).toString());
        assertTrue(Files.exists(folder.resolve("a.tar")));
        assertEquals(List.of("a.har", "a.tar"), files());
    }

    @Test
    void should_keep_a_manifest_as_it_came_and_of_a_blob_the_size() throws IOException {
        pull().run().orFail();
        byte[] raw = Dray.run("manifest", "--raw", "--platform", "linux/amd64", image).orFail().stdout();
        JsonNode content = entries().get(0).path("response").path("content");
        assertEquals(new String(raw), content.path("text").asText());
        assertEquals(raw.length, content.path("size").asInt());
        List<JsonNode> blobs = entries().stream().filter(entry -> url(entry).contains("/blobs/")).toList();
        assertTrue(blobs.stream().noneMatch(entry -> entry.path("response").path("content").has("text")), blobs.toString());
        assertEquals(registry.sent(), blobs.stream().mapToLong(entry -> entry.path("response").path("bodySize").asLong()).sum());
    }

    @Test
    void should_list_ranges_redirects_and_retries_by_themselves() throws IOException {
        try (FlakyRegistry elsewhere = new FlakyRegistry()) {
            elsewhere.image("1", new long[] {1, 2}, LAYER, 500);
            registry.behave(request -> request.number() == 1 && request.to() - request.from() > 1000 ? Reply.closingAfter(70_000) : Reply.redirecting("http://" + elsewhere.host()));
            pull().run().orFail();
            List<JsonNode> entries = entries();
            assertTrue(statuses(entries).contains(307), statuses(entries).toString());
            assertTrue(entries.stream().anyMatch(entry -> header(entry, "Range").startsWith("bytes=262144-")), "no range");
            JsonNode broken = entries.stream().filter(entry -> !entry.get("_whole").asBoolean() && entry.path("response").path("status").asInt() == 206).findFirst().orElseThrow();
            assertTrue(broken.path("response").path("bodySize").asLong() < 262_144, broken.toString());
            assertTrue(broken.path("_error").asText().matches("the connection (ended|broke) after [0-9]+ .*"), broken.toString());
            JsonNode redirected = entries.stream().filter(entry -> url(entry).contains(elsewhere.host())).findFirst().orElseThrow();
            assertTrue(url(redirected).endsWith("?signature=***"), url(redirected));
            assertFalse(Files.readString(folder.resolve("a.har")).matches("(?s).*signature=[0-9].*"), "a signature");
        }
    }

    @Test
    void should_be_written_when_the_command_fails() throws IOException {
        Program.Result missing = script("manifest", registry.host() + "/app:none").run();
        assertEquals(3, missing.exitCode(), missing.toString());
        assertEquals(List.of(404, 200, 404), statuses(entries()), "the manifest, the front door, which might have wanted a login, and the tags, of which one might have been meant");
        String comment = Json.object(Files.readAllBytes(folder.resolve("a.har")), "the archive").path("log").path("pages").path(0).path("comment").asText();
        assertTrue(comment.startsWith("It ended with exit code 3: ") && comment.contains("has no tag 'none'"), comment);
        Program.Result nobody = script("manifest", "localhost:1/app:none").run();
        assertEquals(6, nobody.exitCode(), nobody.toString());
        assertEquals(List.of(0), statuses(entries()).stream().distinct().toList());
        assertTrue(entries().get(0).path("_error").asText().contains("refused"), entries().toString());
    }

    @Test
    void should_be_written_when_the_command_is_interrupted() throws IOException {
        registry.behave(request -> Reply.stallingAfter(50_000));
        Program.Running running = pull().start();
        for (int i = 0; i < 600 && registry.requests().isEmpty(); i++) {
            Program.pause(50);
        }
        Program.run("bash", "-c", "kill -TERM " + running.process().pid()).orFail();
        running.finish();
        List<JsonNode> entries = entries();
        assertEquals(200, entries.get(0).path("response").path("status").asInt());
        assertFalse(Files.exists(folder.resolve("a.tar")));
    }

    @Test
    void should_take_the_times_of_connecting_and_of_tls() throws IOException {
        try (DebianRegistry secure = DebianRegistry.startWithTls(Scratch.folder("empty"), Certificate.create())) {
            assertEquals(3, script("manifest", "--cacert", secure.ca().toString(), secure.image("app:1")).run().exitCode());
            JsonNode timings = entries().get(0).path("timings");
            assertTrue(timings.path("ssl").asDouble() > 0 && timings.path("connect").asDouble() > timings.path("ssl").asDouble(), timings.toString());
            assertTrue(timings.path("wait").asDouble() > 0, timings.toString());
            assertEquals(3, script("manifest", "--insecure", secure.image("app:1")).run().exitCode());
            assertTrue(entries().get(0).path("timings").path("ssl").asDouble() > 0, entries().toString());
            try (CountingProxy proxy = new CountingProxy("alice:s3cret")) {
                assertEquals(3, script("manifest", "--cacert", secure.ca().toString(), "--proxy", "http://alice:s3cret@" + proxy.address(), secure.image("app:1")).run().exitCode());
                assertEquals(-1, entries().get(0).path("timings").path("connect").asInt());
                assertEquals(6, script("manifest", "--cacert", secure.ca().toString(), "--proxy", "http://alice:wr0ng@" + proxy.address(), secure.image("app:1")).run().exitCode());
                assertTrue(statuses(entries()).stream().allMatch(status -> status == 0 || status == 407), entries().toString());
                assertFalse(Files.readString(folder.resolve("a.har")).matches("(?s).*(s3cret|wr0ng).*"), "a password");
            }
        }
    }

    @Test
    void should_not_end_as_if_all_were_well_where_it_cannot_be_written() throws IOException {
        Path gone = Files.createDirectory(folder.resolve("gone"));
        registry.behave(request -> {
            gone.toFile().delete();
            return Reply.RIGHT;
        });
        Program.Result result = Dray.script("pull", "-q", "--platform", "linux/amd64", "--har", "gone/a.har", "-o", "a.tar", image).in(folder).run();
        assertEquals(1, result.exitCode(), result.toString());
        assertEquals("the record is not written: gone does not exist\n", result.stderr());
        assertTrue(Files.exists(folder.resolve("a.tar")));
    }

    @Test
    @Tag("slow")
    @Timeout(value = 15, unit = TimeUnit.MINUTES) // ten thousand answers
    void should_keep_a_bounded_part_of_very_many_and_very_long_answers() throws IOException {
        int pages = 10_030;
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread thread = new Thread(() -> givePages(server, pages));
            thread.setDaemon(true);
            thread.start();
            script("tags", "--max-pages", "20000", "127.0.0.1:" + server.getLocalPort() + "/app").limit(840).run().orFail();
            List<JsonNode> entries = entries();
            assertEquals(10_000, entries.size());
            JsonNode first = entries.get(0).path("response").path("content");
            assertTrue(first.path("size").asInt() > 2_000_000 && !first.has("text"), first.path("size").toString());
            assertTrue(entries.get(1).path("response").path("content").has("text"), "no text at all");
            assertFalse(entries.get(9_999).path("response").path("content").has("text"), "text without end");
            assertTrue(Files.readString(folder.resolve("a.har")).contains("\"comment\" : \"" + (pages - 10_000) + " more exchanges are left out\""), "they are not counted");
        }
    }

    /** Each answer goes out in one piece: Java's own server sends two, and so loses 40 ms a page. */
    private static void givePages(ServerSocket server, int pages) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                BufferedReader asked = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
                asked.mark(1);
                if (asked.read() != 'G') {
                    socket.getOutputStream().write("HTTP/1.1 400 no TLS here\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    continue;
                }
                asked.reset();
                for (String line = asked.readLine(); line != null; line = asked.readLine()) {
                    if (line.startsWith("GET ")) {
                        int page = line.contains("last=") ? Integer.parseInt(line.replaceFirst(".*last=([0-9]+).*", "$1")) : 0;
                        String body = "{\"name\":\"app\",\"tags\":[\"t" + page + "\"]" + " ".repeat(page == 0 ? 2_000_000 : 2_000) + "}";
                        String link = page == pages - 1 ? "" : "Link: </v2/app/tags/list?last=" + (page + 1) + ">; rel=\"next\"\r\n";
                        String answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + link + "Content-Length: " + body.length() + "\r\n\r\n" + body;
                        socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                    }
                }
            } catch (IOException e) {
                // the next connection, or the end
            }
        }
    }

    @Test
    void should_refuse_a_file_that_cannot_be_before_anything_is_asked() throws IOException {
        Program.Result result = Dray.run("manifest", "--har", folder.toString(), image);
        assertEquals(2, result.exitCode(), result.toString());
        result = Dray.run("manifest", "--har", "-", image);
        assertEquals(2, result.exitCode(), result.toString());
        assertEquals(3, Dray.run("manifest", "--har", folder.resolve("none/a.har").toString(), image).exitCode());
        assertEquals(List.of(), files());
    }

    @Test
    void should_have_its_checks_see_what_is_wrong() throws IOException {
        script("manifest", "--platform", "linux/amd64", image).run().orFail();
        String right = Files.readString(folder.resolve("a.har"));
        for (String wrong : List.of(right.replace("\"wait\"", "\"weight\""), right.replace("\"1.2\"", "\"1.1\""), right.replace("\"url\" : \"http:", "\"url\" : \""),
                right.replace("\"send\" : 0", "\"send\" : -1"), right.replace("\"headers\" : [", "\"headers\" : [ { }, "))) {
            assertFalse(wrong.equals(right), "nothing was changed");
            assertFalse(HarFormat.wrong(Json.object(wrong.getBytes(), "the archive")).isEmpty(), wrong);
        }
    }

    private Program script(String name, String... arguments) {
        return Dray.script(name, Stream.concat(Stream.of("--har", "a.har"), Stream.of(arguments)).toArray(String[]::new)).in(folder);
    }

    private Program pull() {
        return script("pull", "--platform", "linux/amd64", "--segment", "256K", "--connections", "4", "-o", "a.tar", image);
    }

    private List<JsonNode> entries() throws IOException {
        return HarFormat.entries(folder.resolve("a.har"));
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static String url(JsonNode entry) {
        return entry.path("request").path("url").asText();
    }

    private static String header(JsonNode entry, String name) {
        for (JsonNode header : entry.path("request").path("headers")) {
            if (header.path("name").asText().equals(name)) {
                return header.path("value").asText();
            }
        }
        return "";
    }

    private static List<Integer> statuses(List<JsonNode> entries) {
        return entries.stream().map(entry -> entry.path("response").path("status").asInt()).toList();
    }
}
