package tests.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tests.support.Dray;
import tests.support.FlakyRegistry;
import tests.support.Program;
import tests.support.Reply;
import tests.support.Scratch;

//SOURCES Browser.java
//SOURCES ../support/Dray.java
//SOURCES ../support/FlakyRegistry.java
//SOURCES ../support/Program.java
//SOURCES ../support/Reply.java
//SOURCES ../support/Scratch.java

/** The page that --report writes, in a real browser. */
class ReportTest {
    private static final FlakyRegistry REGISTRY = new FlakyRegistry();
    private static final Path FOLDER = Scratch.folder("report");
    private static final Path PAGE = FOLDER.resolve("a.html");

    private static Browser browser;

    @BeforeAll
    static void record_a_pull_with_a_retry() throws Exception {
        browser = new Browser();
        String image = REGISTRY.image("1", new long[] {1, 2}, 1_000_000, 500);
        REGISTRY.gate(authorization -> authorization == null ? 401 : 200);
        REGISTRY.behave(request -> request.number() == 1 && request.to() - request.from() > 1000 ? Reply.status(503, "0") : Reply.RIGHT);
        Dray.script("pull", "--platform", "linux/amd64", "--segment", "256K", "--report", PAGE.toString(), "-o", "a.tar", image).in(FOLDER).run().orFail();
    }

    @AfterAll
    static void close() {
        REGISTRY.close();
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    void should_draw_requests_waterfall_and_tree_without_a_complaint_or_a_network() throws Exception {
        for (String look : List.of("light", "dark")) {
            browser.requests().clear();
            browser.open(PAGE, look);
            int requests = browser.evaluate("entries.length").asInt();
            assertTrue(requests >= 8, requests + " requests");
            assertEquals(requests, count(".requests > li"));
            assertEquals(requests, count(".lane .bar"));
            assertEquals(4, count(".lane"), "the lanes: no blob, config, two layers");
            assertTrue(text("#tree").contains("layer 1") && text("#tree").contains("1.0 MB") && text("#tree").contains("config"), text("#tree"));
            assertEquals(1, count(".requests .bad"), "the one that failed");
            assertTrue(text("#summary").endsWith("1 of them failed"), text("#summary"));
            int red = browser.evaluate("Number(getComputedStyle(document.body).backgroundColor.match(/[0-9]+/)[0])").asInt();
            assertEquals(look.equals("light"), red > 128, look);
            assertTrue(browser.screenshot().length > 10_000, "an empty picture");
            assertEquals(List.of(PAGE.toUri().toString()), browser.requests().stream().filter(request -> !request.startsWith("data:")).toList());
        }
        assertEquals(List.of(), browser.complaints());
    }

    @Test
    void should_show_the_request_of_a_bar_that_is_clicked() throws Exception {
        browser.open(PAGE, "light");
        assertEquals(0, count(".detail"));
        browser.click(".lane:last-child .bar");
        assertEquals(1, count(".detail"));
        assertTrue(text(".detail").contains("curl --silent --show-error") && text(".detail").contains("Authorization: Bearer $TOKEN") && text(".detail").contains("200 OK"), text(".detail"));
        assertEquals("true", browser.evaluate("document.activeElement.getAttribute('aria-expanded')").asText());
        browser.press("Enter", 13, "\r");
        assertEquals(0, count(".detail"), "the key closes it again");
    }

    @Test
    void should_be_usable_by_keyboard_and_by_those_who_hear_it() throws Exception {
        browser.open(PAGE, "light");
        browser.press("Tab", 9, "");
        assertEquals("SUMMARY", browser.evaluate("document.activeElement.tagName").asText());
        assertTrue(browser.evaluate("getComputedStyle(document.activeElement).outlineStyle").asText().equals("solid"), "the focus is not seen");
        assertEquals(0, browser.evaluate("[...document.querySelectorAll('button')].filter(b => !(b.getAttribute('aria-label') || b.textContent.trim())).length").asInt());
        assertEquals(0, browser.evaluate("[...document.querySelectorAll('section')].filter(s => !document.getElementById(s.getAttribute('aria-labelledby'))).length").asInt());
        assertEquals("en", browser.evaluate("document.documentElement.lang").asText());
    }

    @Test
    void should_fit_on_a_telephone() throws Exception {
        browser.open(PAGE, "light");
        browser.width(360);
        try {
            assertTrue(browser.evaluate("document.documentElement.scrollWidth").asInt() <= 360, "wider than the page");
            assertTrue(text(".requests").contains("401 Unauthorized"), text(".requests"));
            assertEquals(0, browser.evaluate("[...document.querySelectorAll('.request > span:nth-child(3)')].filter(s => s.scrollWidth > s.clientWidth).length").asInt(), "a status beside its place");
        } finally {
            browser.width(0);
        }
    }

    @Test
    void should_say_which_blob_of_the_image_a_request_is_for() throws Exception {
        browser.open(PAGE, "light");
        assertTrue(text(".requests").matches("(?s).*Fetch the blob [0-9a-f]{12}, bytes [0-9]+ to [0-9]+: layer 1.*"), text(".requests"));
        assertTrue(text(".requests").contains(": config"), text(".requests"));
    }

    @Test
    void should_run_nothing_that_comes_from_outside() throws Exception {
        String evil = "</script><script>document.title='run'</script><img src=x onerror=\"document.title='run'\">";
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("X-Evil", evil);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            byte[] body = ("{\"manifests\":[{\"digest\":\"" + evil.replace("\"", "\\\"") + "\"}],\"config\":" + "{\"digest\":1}}").getBytes();
            exchange.sendResponseHeaders(403, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            Path page = FOLDER.resolve("evil.html");
            Program.Result result = Dray.run("manifest", "--report", page.toString(), "127.0.0.1:" + server.getAddress().getPort() + "/app:1");
            assertEquals(4, result.exitCode(), result.toString());
            assertFalse(Files.readString(page).contains(evil.substring(0, 20)), "a tag from outside");
            browser.complaints().clear();
            browser.open(page, "dark");
            browser.click(".request");
            assertTrue(text(".detail").contains(evil), text(".detail"));
            assertTrue(text("#tree").contains("not asked for"), text("#tree"));
            assertEquals(0, count("img"));
            assertTrue(browser.evaluate("document.title").asText().startsWith("manifest 127.0.0.1:"), "it ran");
            assertEquals(List.of(), browser.complaints());
        } finally {
            server.stop(0);
        }
    }

    private static int count(String selector) throws Exception {
        return browser.evaluate("document.querySelectorAll('" + selector + "').length").asInt();
    }

    private static String text(String selector) throws Exception {
        return browser.evaluate("document.querySelector('" + selector + "').textContent").asText();
    }
}
