package tests.registry;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.registry.OddRegistry.MANIFEST;
import static tests.registry.RawServer.answer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPOutputStream;
import lib.failure.RegistryException;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Reference;
import lib.registry.ListBounds;
import lib.registry.Listed;
import lib.registry.Network;
import lib.registry.NextPage;
import lib.registry.Referrers;
import lib.registry.Registry;
import lib.registry.Tags;
import lib.registry.Uploads;
import lib.registry.auth.CredentialChain;
import lib.registry.settings.WebAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

//SOURCES OddRegistry.java
//SOURCES RawServer.java

/** Answers that are cut short, that nobody can read, or that have no end. */
class BadAnswersTest {
    private static final String TAGS = "GET /v2/a/tags/list";
    private static final String MANIFEST_1 = "GET /v2/a/manifests/1";

    private static Network network(int stallMillis) {
        CredentialChain logins = new CredentialChain(null, true, Map.of(), line -> { });
        return OddRegistry.network(logins, stallMillis, 1, line -> { });
    }

    private static Registry registry(RawServer server, int stallMillis) throws IOException {
        return new Registry(reference(server), network(stallMillis));
    }

    private static Registry registry(RawServer server) throws IOException {
        return registry(server, 10_000);
    }

    private static Reference reference(RawServer server) {
        return Reference.parse(server.host() + "/a:1");
    }

    private static Listed<String> tags(RawServer server, int pages) throws IOException {
        return Tags.of(registry(server), reference(server), 0, new ListBounds(pages));
    }

    private static String bearer(RawServer server) {
        return "WWW-Authenticate: Bearer realm=\"http://" + server.host() + "/token\"";
    }

    /** Sends all of an answer, but the first time only half of its body. */
    private static byte[] halfAtFirst(RawServer server, String asked, String status, String headers, String body) {
        return answer(status, headers, server.times(asked) == 1 ? body.substring(0, body.length() / 2) : body, body.length());
    }

    @ParameterizedTest
    @ValueSource(strings = {MANIFEST_1, TAGS, "GET /token", "GET /v2/a/referrers/sha256:1"})
    void should_ask_again_for_what_was_cut_short(String cut) throws IOException {
        RawServer[] self = new RawServer[1];
        try (RawServer server = self[0] = new RawServer((asked, out) -> {
            String body = asked.equals(MANIFEST_1) ? MANIFEST : asked.equals(TAGS) ? "{\"tags\":[\"1\",\"2\"]}" : asked.equals("GET /token") ? "{\"token\":\"t0k\"}" : "{\"manifests\":[]}";
            String headers = self[0].times(asked) < 2 && cut.equals("GET /token") && asked.equals(MANIFEST_1) ? bearer(self[0]) + "\n" : "";
            out.write(!headers.isEmpty() ? answer("401 Unauthorized", headers, "") : asked.startsWith(cut) ? halfAtFirst(self[0], asked, "200 OK", "", body) : answer("200 OK", "", body));
        })) {
            assertEquals(MANIFEST, new String(registry(server).manifest().bytes()));
            assertEquals(List.of("1", "2"), tags(server, 1).items());
            Referrers.of(registry(server), Digest.of(new byte[0]), null, new ListBounds(1));
        }
    }

    @Test
    void should_ask_again_for_an_error_whose_words_were_cut_short_and_then_go_by_its_status() throws IOException {
        RawServer[] self = new RawServer[1];
        try (RawServer server = self[0] = new RawServer((asked, out) ->
                out.write(asked.equals(MANIFEST_1) ? halfAtFirst(self[0], asked, "404 Not Found", "", "{\"errors\":[{\"code\":\"GONE\"}]}") : answer("200 OK", "", "{}")))) {
            RegistryException e = assertThrows(RegistryException.class, () -> registry(server).manifest());
            assertTrue(e.getMessage().endsWith("answered 404 GONE"), e.getMessage());
        }
        try (RawServer server = new RawServer((asked, out) -> out.write(answer("404 Not Found", "", "{", 100)))) {
            assertEquals(404, assertThrows(RegistryException.class, () -> registry(server).manifest()).status());
        }
    }

    @Test
    void should_go_by_an_answer_without_a_challenge_where_nobody_answers_at_the_front_door() throws IOException {
        try (RawServer server = new RawServer((asked, out) -> out.write(asked.startsWith("GET /v2/ ") || asked.equals("GET /v2/") ? new byte[0] : answer("404 Not Found", "", "{}")))) {
            assertEquals(404, assertThrows(RegistryException.class, () -> registry(server).manifest()).status());
            assertEquals(1, server.times(MANIFEST_1));
        }
    }

    @Test
    void should_say_that_the_line_was_lost_where_an_answer_stays_cut_short() throws IOException {
        try (RawServer server = new RawServer((asked, out) -> out.write(answer("200 OK", "", MANIFEST.substring(9), MANIFEST.length())))) {
            RegistryException e = assertThrows(RegistryException.class, () -> registry(server).manifest());
            assertTrue(e.getMessage().contains("the connection was lost before the answer was complete"), e.getMessage());
            assertEquals(2, server.times(MANIFEST_1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"=\"", "\u0001=\u0002", "=", "\"", ",=,\"", "Basic =\"", "a,a,a,\"="})
    void should_take_a_challenge_that_means_nothing_for_a_refusal(String challenge) throws IOException {
        try (RawServer server = new RawServer((asked, out) -> out.write(answer("401 Unauthorized", "WWW-Authenticate: " + challenge + "\n", "{}")))) {
            assertEquals(401, assertThrows(RegistryException.class, () -> registry(server).manifest()).status());
        }
    }

    @Test
    void should_read_a_challenge_of_ten_thousand_parameters() throws IOException {
        RawServer[] self = new RawServer[1];
        try (RawServer server = self[0] = new RawServer((asked, out) -> out.write(asked.equals("GET /token") ? answer("200 OK", "", "{\"token\":\"t0k\"}")
                : self[0].times(asked) == 1 ? answer("401 Unauthorized", bearer(self[0]) + ",a=b".repeat(10_000) + ",c".repeat(10_000) + "\n", "") : answer("200 OK", "", MANIFEST)))) {
            assertEquals(MANIFEST, new String(registry(server).manifest().bytes()));
        }
    }

    @Test
    void should_not_wait_for_an_answer_behind_interim_ones_without_end() throws IOException {
        try (RawServer server = new RawServer((asked, out) -> out.write("HTTP/1.1 100 Continue\r\n\r\n".repeat(20_000).getBytes(StandardCharsets.US_ASCII)))) {
            RegistryException e = assertThrows(RegistryException.class, () -> registry(server).manifest());
            assertTrue(e.getMessage().contains("interim answers"), e.getMessage());
        }
    }

    /** Side by side, and with a stall timeout that no pause of a busy machine is longer than. */
    @Test
    void should_give_up_on_an_answer_that_comes_a_byte_now_and_then() {
        List<String> begins = List.of("HTTP/1.1 200 ", "HTTP/1.1 200 OK\r\nX: ", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: ",
                "HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n", "HTTP/1.1 404 Not Found\r\nContent-Length: 99999\r\n\r\n");
        ExecutorService threads = Executors.newFixedThreadPool(begins.size());
        List<Future<?>> all = begins.stream().<Future<?>>map(begin -> threads.submit(() -> assertGivenUp(begin))).toList();
        threads.shutdown();
        assertAll(all.stream().map(one -> one::get));
    }

    private static Void assertGivenUp(String begin) throws IOException {
        try (RawServer server = new RawServer((asked, out) -> trickle(begin, out))) {
            RegistryException e = assertThrows(RegistryException.class, () -> registry(server, 4_000).manifest());
            assertTrue(begin.contains("404") ? e.status() == 404 : e.getMessage().contains("the answer took more than 16 s"), e.getMessage());
            assertEquals(1, server.times(MANIFEST_1));
        }
        return null;
    }

    private static void trickle(String begin, OutputStream out) throws IOException {
        out.write(begin.getBytes(StandardCharsets.US_ASCII));
        try {
            for (int i = 0; i < 1_200; i++) {
                out.write('H');
                Thread.sleep(50);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"403 Forbidden", "404 Not Found", "405 Method Not Allowed"})
    void should_ask_by_get_where_head_is_refused(String refusal) throws IOException {
        try (RawServer server = new RawServer((asked, out) -> out.write(asked.startsWith("HEAD") ? answer(refusal, "", "")
                : asked.equals(MANIFEST_1) ? answer("200 OK", "", MANIFEST) : answer("206 Partial Content", "Content-Range: bytes 0-0/42\n", "x")))) {
            assertEquals(MANIFEST.length(), registry(server).describe().size());
            assertEquals(42, registry(server).describe(Digest.of(new byte[0])).size());
            Descriptor blob = new Descriptor("", Digest.of(new byte[0]), 0, null, null);
            assertTrue(new Uploads(reference(server), network(10_000), Long.MAX_VALUE).has(blob));
        }
    }

    @Test
    void should_ask_a_second_time_for_a_blob_that_is_not_there_only_until_head_is_known_to_be_right() throws IOException {
        try (RawServer server = new RawServer((asked, out) -> out.write(answer(asked.equals("GET /v2/") ? "200 OK" : "404 Not Found", "", "")))) {
            Uploads uploads = new Uploads(reference(server), network(10_000), Long.MAX_VALUE);
            for (int i = 0; i < 3; i++) {
                assertFalse(uploads.has(new Descriptor("", Digest.of(new byte[i]), i, null, null)));
            }
            assertEquals(List.of("HEAD", "GET", "GET", "HEAD", "HEAD"), server.asked().stream().map(asked -> asked.replaceFirst(" .*", "")).toList());
        }
    }

    @Test
    void should_ask_again_where_the_line_broke_within_the_headers() throws IOException {
        RawServer[] self = new RawServer[1];
        try (RawServer server = self[0] = new RawServer((asked, out) ->
                out.write(self[0].times(asked) == 1 ? "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.o".getBytes() : answer("200 OK", "", MANIFEST)))) {
            assertEquals(MANIFEST, new String(registry(server).manifest().bytes()));
        }
    }

    /** What comes where the line is closed at the end: nothing says how long the body is. */
    private static byte[] unmeasured(String headers, byte[] body) {
        byte[] head = ("HTTP/1.1 200 OK\r\n" + headers + "Connection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return all;
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"", "{\"schemaVersion\":2", "{\"schemaVersion\":2,\"a\":[tru", "{\"a\":[1,2]"})
    void should_ask_again_for_json_of_unstated_length_that_ends_early(String begin) throws IOException {
        RawServer[] self = new RawServer[1];
        try (RawServer server = self[0] = new RawServer((asked, out) -> out.write(unmeasured("", (self[0].times(asked) == 1 ? begin : MANIFEST).getBytes(StandardCharsets.UTF_8))))) {
            assertEquals(MANIFEST, new String(registry(server).manifest().bytes()));
        }
    }

    @Test
    void should_not_ask_again_for_what_is_no_json_at_all() throws IOException {
        try (RawServer server = new RawServer((asked, out) -> out.write(unmeasured("", "<html>not here".getBytes(StandardCharsets.UTF_8))))) {
            assertThrows(WrongContentException.class, () -> registry(server).manifest());
            assertEquals(1, server.times(MANIFEST_1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1", "HTTP/1.1 ", "HTTP/1.1 2", "HTTP/1.1 20", "HTTP/1.0 4"})
    void should_ask_again_where_the_line_broke_within_the_status(String begin) throws IOException {
        RawServer[] self = new RawServer[1];
        try (RawServer server = self[0] = new RawServer((asked, out) -> out.write(self[0].times(asked) == 1 ? begin.getBytes() : answer("200 OK", "", MANIFEST)))) {
            assertEquals(MANIFEST, new String(registry(server).manifest().bytes()));
        }
    }

    @Test
    void should_ask_again_for_another_repository_of_a_host_that_has_answered() throws IOException {
        RawServer[] self = new RawServer[1];
        try (RawServer server = self[0] = new RawServer((asked, out) -> out.write(asked.contains("other") && self[0].times(asked) <= 2 ? new byte[0] : answer("200 OK", "", MANIFEST)))) {
            Network network = network(10_000);
            Reference other = Reference.parse(reference(server).registry() + "/team/other:1");
            assertThrows(RegistryException.class, () -> new Registry(other, network(10_000)).manifest(), "the host may be misspelt");
            new Registry(reference(server), network).manifest();
            assertEquals(MANIFEST, new String(new Registry(Reference.parse(reference(server).registry() + "/other/app:1"), network).manifest().bytes()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"102 Processing", "103 Early Hints"})
    void should_read_past_interim_answers_or_say_which_java_can(String interim) throws IOException {
        try (RawServer server = new RawServer((asked, out) -> {
            out.write(("HTTP/1.1 " + interim + "\r\nLink: </a>\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(answer("200 OK", "", MANIFEST));
        })) {
            if (Runtime.version().feature() >= 20) {
                assertEquals(MANIFEST, new String(registry(server).manifest().bytes()));
            } else {
                assertTrue(assertThrows(RegistryException.class, () -> registry(server).manifest()).getMessage().contains("Java 20 and newer can"));
            }
        }
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "x-gzip", "GZIP"})
    void should_decode_what_comes_as_gzip_though_nobody_asked_for_that(String coding) throws IOException {
        RawServer[] self = new RawServer[1];
        try (RawServer server = self[0] = new RawServer((asked, out) -> {
            String body = asked.equals(TAGS) ? "{\"tags\":[\"1\"]}" : asked.equals("GET /token") ? "{\"token\":\"t0k\"}" : MANIFEST;
            byte[] all = unmeasured("Content-Encoding: " + coding + "\r\n", gzip(body));
            out.write(asked.equals(MANIFEST_1) && self[0].times(asked) == 1 ? answer("401 Unauthorized", bearer(self[0]) + "\n", "")
                    : asked.equals(MANIFEST_1) && self[0].times(asked) == 2 ? Arrays.copyOf(all, all.length - 20) : all);
        })) {
            assertEquals(Digest.of(MANIFEST.getBytes(StandardCharsets.UTF_8)), registry(server).manifest().digest());
            assertEquals(3, server.times(MANIFEST_1));
            assertEquals(List.of("1"), tags(server, 1).items());
        }
    }

    @Test
    void should_take_no_length_of_something_encoded_for_that_of_the_manifest() throws IOException {
        String digest = "Docker-Content-Digest: " + Digest.of(MANIFEST.getBytes(StandardCharsets.UTF_8)) + "\n";
        try (RawServer server = new RawServer((asked, out) -> out.write(asked.startsWith("HEAD") ? answer("200 OK", digest + "Content-Encoding: gzip\n", "", 99) : answer("200 OK", digest, MANIFEST)))) {
            assertEquals(MANIFEST.length(), registry(server).describe().size());
        }
    }

    @Test
    void should_name_a_coding_that_it_cannot_read() throws IOException {
        try (RawServer server = new RawServer((asked, out) -> out.write(answer("200 OK", "Content-Encoding: br\n", "xyz")))) {
            assertTrue(assertThrows(RegistryException.class, () -> registry(server).manifest()).getMessage().contains("in the coding br, which was not asked for"));
        }
    }

    @Test
    void should_cut_what_is_too_long_for_a_sentence() throws IOException {
        String much = "x".repeat(7000);
        for (String headers : List.of("WWW-Authenticate: Bearer realm=\"ftp://" + much + "\"\n", "WWW-Authenticate: Bearer realm=\"http://localhost:1/" + much + "\"\n",
                "RateLimit-Limit: " + much + "\nRetry-After: 99999\n", "Content-Type: text/" + much + "\n")) {
            try (RawServer server = new RawServer((asked, out) -> out.write(answer(headers.startsWith("WWW") ? "401 Unauthorized" : "429 Too Many", headers, "{")))) {
                String message = assertThrows(RegistryException.class, () -> registry(server).manifest()).getMessage();
                assertTrue(message.length() < 800, message);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ' ', value = {
        "?last=b http://host/v2/x/tags/list?last=b", "list?n=1 http://host/v2/x/tags/list?n=1", "/a?b http://host/a?b",
        "//other/a http://other/a", "HTTP://other/a http://other/a", "https://o:1/a|b{c}[d]?q=[1]|2 https://o:1/a%7Cb%7Bc%7D%5Bd%5D?q=[1]%7C2",
        "http://o/%zz%41 http://o/%25zz%41", "http://[::1]:5/a http://[::1]:5/a"})
    void should_resolve_what_servers_send_as_the_web_does(String reference, String address) {
        assertEquals(address, WebAddress.resolve(URI.create("http://host/v2/x/tags/list?n=2"), reference).toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ' ', value = {
        "http://host/a?b=c https://host/a?b=c", "http://HOST:80/a https://host/a", "http://host:443/a https://host/a", "http://host:8080/a http://host:8080/a",
        "http://other/a http://other/a", "https://host:444/a https://host:444/a"})
    void should_stay_with_https_where_a_server_behind_a_proxy_calls_itself_by_http(String reference, String address) {
        assertEquals(address, WebAddress.resolve(URI.create("https://host/v2/x"), reference).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://a b/", "http:", "http://a\nb/", "/a\rb"})
    void should_resolve_nothing_that_is_malformed_all_the_same(String reference) {
        assertThrows(IllegalArgumentException.class, () -> WebAddress.resolve(URI.create("http://host/"), reference));
    }

    @Test
    void should_find_the_next_page_among_links_of_all_kinds() {
        assertEquals("/a", NextPage.target(List.of("</z>; rel=prev, </a>; rel=\"first next\"")));
        assertEquals("/a,b", NextPage.target(List.of("</z>;title=\"x, <y>; rel=next\"", "</a,b> ; REL = Next;x=y")));
        assertNull(NextPage.target(List.of("</a>; rel=nextish, </b>; title=\"rel=next\", <c", "<".repeat(390_000), "<>;".repeat(100_000), "\"".repeat(100_000))));
    }

    @Test
    void should_refuse_an_answer_that_is_longer_than_it_may_be() throws IOException {
        try (RawServer server = new RawServer((asked, out) -> out.write(answer("200 OK", "", "{", 9 * 1024 * 1024)))) {
            assertThrows(WrongContentException.class, () -> registry(server).manifest());
        }
    }

    @Test
    void should_stop_a_list_without_end_and_keep_what_came() throws IOException {
        RawServer[] self = new RawServer[1];
        try (RawServer server = self[0] = new RawServer((asked, out) -> {
            int page = self[0].asked().size();
            String link = "Link: <" + asked.replace("GET ", "") + "?last=" + page + ">; rel=\"next\"\n";
            out.write(answer("200 OK", link, asked.equals(TAGS) ? "{\"tags\":[\"t" + page + "\"]}" : "{\"manifests\":[null,{\"size\":" + page + "}]}"));
        })) {
            Listed<String> list = tags(server, 3);
            assertEquals(List.of("t1", "t2", "t3"), list.items());
            assertTrue(list.missing() instanceof RegistryException e && e.kind() == RegistryException.Kind.STOPPED && e.getMessage().contains("its list goes on after 3 pages"), list.missing().getMessage());
            Referrers.Found found = Referrers.of(registry(server), Digest.of(new byte[0]), null, new ListBounds(2));
            assertEquals("[{\"size\":4},{\"size\":5}]", found.index().path("manifests").toString());
            assertTrue(found.missing() instanceof RegistryException e && e.kind() == RegistryException.Kind.STOPPED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://other.example/v2/a/tags/list", "/v2/a/tags/list?last=a", "/nowhere", "http://a b/", "ftp://localhost/"})
    void should_keep_the_pages_before_one_that_leads_nowhere(String next) throws IOException {
        try (RawServer server = new RawServer((asked, out) -> out.write(asked.equals(TAGS)
                ? answer("200 OK", "Link: <" + next + ">; rel=\"next\"\n", "{\"tags\":[\"a\"]}") : answer("403 Forbidden", "", "{}")))) {
            Listed<String> list = tags(server, 10);
            assertEquals(List.of("a"), list.items());
            assertEquals(next.equals("/nowhere") ? 403 : 0, ((RegistryException) list.missing()).status());
        }
    }
}
