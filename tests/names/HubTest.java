package tests.names;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import lib.text.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tests.support.Dray;
import tests.support.Program;

//SOURCES FakeHub.java
//SOURCES ../support/Dray.java
//SOURCES ../support/Program.java

/** What Docker Hub's own API tells: which repositories there are for a word, and which platforms a tag is for. */
class HubTest {
    private final FakeHub hub = new FakeHub();

    HubTest() throws IOException { }

    @AfterEach
    void close() {
        hub.close();
    }

    private static ObjectNode json(Program.Result result) throws IOException {
        return Json.object(result.orFail().stdout(), "the output");
    }

    private Program.Result search(String... arguments) {
        return ask("search", arguments);
    }

    private Program.Result ask(String script, String... arguments) {
        List<String> all = new ArrayList<>(List.of("--hub", hub.address()));
        all.addAll(List.of(arguments));
        return Dray.run(script, all.toArray(String[]::new));
    }

    private static List<String> texts(ObjectNode json, String list, String key) {
        List<String> texts = new ArrayList<>();
        json.path(list).forEach(entry -> texts.add(key == null ? entry.asText() : entry.path(key).asText()));
        return texts;
    }

    @Test
    void should_find_official_repositories_first_and_keep_the_hubs_own_words() throws IOException {
        hub.repository("someone/real", "Real, but someone's", 7, 1200, false);
        hub.repository("real", "The real one", 21000, 13_000_000_000L, true);
        ObjectNode found = json(search("real", "thing & more"));
        assertEquals(List.of("real", "someone/real"), texts(found, "results", "repo_name"));
        assertEquals(13_000_000_000L, found.path("results").path(0).path("pull_count").asLong());
        assertEquals(List.of("/v2/search/repositories/?query=real+thing+%26+more&page=1&page_size=25"), hub.asked);
    }

    @Test
    void should_follow_pages_up_to_the_limit_on_the_host_that_was_asked() throws IOException {
        for (int i = 0; i < 250; i++) {
            hub.repository("user/image" + i, "", i, i, false);
        }
        assertEquals(120, json(search("--limit", "120", "image")).path("results").size());
        assertEquals(2, hub.asked.size());
        assertEquals(250, json(search("--limit", "0", "image")).path("results").size());
        assertEquals(5, hub.asked.size());
    }

    @Test
    void should_print_what_came_of_a_list_whose_later_page_is_refused() throws IOException {
        for (int i = 0; i < 250; i++) {
            hub.repository("user/image" + i, "", i, i, false);
            hub.tag("1." + i, "2025-03-02", "linux/amd64");
        }
        hub.lastPage = 2;
        for (Program.Result result : List.of(search("--limit", "0", "image"), ask("tags", "--platforms", "real"))) {
            assertEquals(4, result.exitCode(), result.toString());
            assertEquals(200, Json.object(result.stdout(), "the output").path("results").size());
            assertTrue(result.stderr().contains("the list is incomplete, 200 entries came: ") && result.stderr().contains("403"), result.stderr());
        }
        Program.Result stopped = search("--limit", "0", "--max-pages", "1", "image");
        assertEquals(6, stopped.exitCode(), stopped.toString());
        assertTrue(stopped.stderr().contains("goes on after 1 pages, where it was stopped; --max-pages N takes more"), stopped.stderr());
    }

    @Test
    void should_print_a_table_that_moves_no_cursor() {
        hub.repository("real", "The \u001b[31mreal\u009b one", 21000, 13_000_000_000L, true);
        hub.repository("someone/real", "Another", 7, 1200, false);
        assertEquals("""
                NAME          OFFICIAL  STARS        PULLS  DESCRIPTION
                real          yes       21000  13000000000  The  [31mreal  one
                someone/real                7         1200  Another
                """, new String(search("--table", "real").orFail().stdout(), StandardCharsets.UTF_8));
    }

    @Test
    void should_print_an_empty_list_where_nothing_is_found() throws IOException {
        assertEquals(0, json(search("nothing")).withArray("results").size());
        assertEquals("NAME  OFFICIAL  STARS  PULLS  DESCRIPTION\n", new String(search("--table", "nothing").orFail().stdout(), StandardCharsets.UTF_8));
    }

    @Test
    void should_show_the_platforms_of_tags_and_keep_those_that_have_one() throws IOException {
        hub.tag("1.10", "2025-03-02", "linux/amd64", "linux/arm64/v8", "windows/amd64");
        hub.tag("1.9", "2025-03-01", "linux/amd64", "linux/arm/v7");
        ObjectNode all = json(ask("tags", "--platforms", "--sort", "version", "real"));
        assertEquals(List.of("1.9", "1.10"), texts(all, "tags", null));
        assertEquals(List.of("1.9", "1.10"), texts(all, "results", "name"));
        assertEquals("library/real", all.path("name").asText());
        assertEquals("docker.io", all.path("image").path("registry").asText());
        assertEquals(List.of("1.10"), texts(json(ask("tags", "--platform", "linux/aarch64", "real")), "tags", null));
        assertEquals("""
                TAG  PLATFORM        SIZE  PUSHED
                1.9  linux/amd64   1.5 MB  2025-03-01
                1.9  linux/arm/v7  1.5 MB  2025-03-01
                """, ask("tags", "--platforms", "--filter", "9$", "--table", "real").orFail().text());
        assertEquals("""
                TAG   PLATFORM         SIZE  PUSHED
                1.10  windows/amd64  1.5 MB  2025-03-02
                """, ask("tags", "--platform", "windows/amd64", "--table", "real").orFail().text());
    }

    @Test
    void should_wait_as_long_as_the_hub_says_and_end_with_the_code_for_limits() throws IOException {
        hub.repository("real", "", 1, 1, true);
        hub.failures.addAll(List.of(429, 503));
        assertEquals(1, json(search("real")).path("results").size());
        assertEquals(3, hub.asked.size());
        hub.failures.add(429);
        Program.Result limited = search("--retries", "0", "real");
        assertEquals(7, limited.exitCode());
        assertTrue(limited.stderr().contains("Rate limit exceeded"), limited.stderr());
    }

    @Test
    void should_say_what_cannot_be_asked_of_the_hub() {
        assertEquals(3, ask("tags", "--platforms", "nothing").exitCode());
        assertEquals(2, ask("tags", "--platforms", "ghcr.io/org/app").exitCode());
        assertEquals(2, ask("tags", "--platform", "linux", "real").exitCode());
        assertEquals(2, Dray.run("search", "--hub", "hub.example", "real").exitCode());
        assertEquals(2, search("--json", "--table", "real").exitCode());
        assertEquals(2, search("--limit", "-1", "real").exitCode());
        assertEquals(2, search(" ").exitCode());
        assertEquals(List.of(), hub.asked);
    }
}
