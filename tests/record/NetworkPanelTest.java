package tests.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Dray;
import tests.support.FlakyRegistry;
import tests.support.Reply;

//SOURCES Browser.java
//SOURCES HarFormat.java
//SOURCES ../support/Dray.java
//SOURCES ../support/FlakyRegistry.java
//SOURCES ../support/Reply.java

/** What --har writes, in the network panel of a real browser. */
class NetworkPanelTest {
    @TempDir
    Path folder;

    @Test
    void should_show_every_exchange_of_an_archive_that_is_dropped_there() throws Exception {
        try (FlakyRegistry registry = new FlakyRegistry(); Browser browser = new Browser()) {
            String image = registry.image("1", new long[] {1, 2}, 1_000_000, 500);
            registry.gate(authorization -> authorization == null ? 401 : 200);
            registry.behave(request -> request.number() == 1 && request.to() - request.from() > 1000 ? Reply.status(503, "0") : Reply.RIGHT);
            Dray.script("pull", "--platform", "linux/amd64", "--segment", "256K", "--har", "a.har", "-o", "a.tar", image).in(folder).run().orFail();
            List<JsonNode> entries = HarFormat.entries(folder.resolve("a.har"));
            browser.dropOnNetworkPanel(folder.resolve("a.har"));
            List<String> expectedTexts = new ArrayList<>(List.of(entries.size() + " requests"));
            for (JsonNode entry : entries) {
                String url = entry.path("request").path("url").asText();
                expectedTexts.add(url.substring(url.lastIndexOf('/') + 1));
            }
            String shown = browser.await(expectedTexts.toArray(String[]::new)); // the sum may be drawn before the lines
            for (String status : List.of("401 Unauthorized", "503 Service Unavailable", "206 Partial Content")) {
                long expected = entries.stream().filter(entry -> status.startsWith(entry.path("response").path("status").asText())).count();
                assertTrue(expected > 0, status);
                assertEquals(expected, shown.replaceAll("\\s+", " ").split(status, -1).length - 1, status + " in: " + shown);
            }
        }
    }
}
