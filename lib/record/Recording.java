package lib.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import lib.file.AtomicFile;
import lib.registry.http.Exchange;
import lib.text.Json;
import lib.text.PlainText;
import lib.text.Secrets;
import lib.text.Version;
import org.jspecify.annotations.Nullable;

/**
 * What a command and the registries said to each other, to be written when the command has ended: also where it failed, or was
 * interrupted. What is kept of it is bounded; the rest is counted.
 */
public final class Recording {
    private static final int MOST_EXCHANGES = 10_000;
    private static final long MOST_TEXT = 16 * 1024 * 1024;
    private static final String PAGE = "page_1";

    private final String title;
    private final @Nullable Path har;
    private final @Nullable Path report;
    private final Instant begun = Instant.now();
    private final Map<Integer, Exchange> exchanges = new TreeMap<>();
    private long textLeft = MOST_TEXT;
    private int leftOut;
    private boolean written;

    /**
     * @param title  what the command was
     * @param har    the file for the HTTP Archive, or null
     * @param report the file for the page, or null
     */
    public Recording(String title, @Nullable Path har, @Nullable Path report) {
        this.title = title;
        this.har = har;
        this.report = report;
    }

    /** Keeps an exchange, by its number: what is told of it last is the most. */
    public synchronized void keep(Exchange exchange) {
        if (exchanges.size() >= MOST_EXCHANGES && !exchanges.containsKey(exchange.number())) {
            leftOut += exchange.isFirst() ? 1 : 0;
            return;
        }
        String text = exchange.body() == null ? null : exchange.body().text();
        if (text != null && text.length() > textLeft) {
            exchanges.put(exchange.number(), exchange.withoutText());
            return;
        }
        textLeft -= text == null ? 0 : text.length();
        exchanges.put(exchange.number(), exchange);
    }

    /**
     * Writes the files that were named, once.
     *
     * @param outcome how the command ended, in a sentence; "" where it is done
     * @throws IOException if a file cannot be written
     */
    public synchronized void write(String outcome) throws IOException {
        if (written) {
            return;
        }
        written = true;
        JsonNode archive = Json.withTexts(archive(outcome), Secrets::masked); // also of what was learned later
        if (har != null) {
            AtomicFile.write(har, out -> out.write((PlainText.json(Json.text(archive, true)) + "\n").getBytes(StandardCharsets.UTF_8)));
        }
        if (report != null) {
            AtomicFile.write(report, out -> out.write(ReportPage.of(title, archive).getBytes(StandardCharsets.UTF_8)));
        }
    }

    private ObjectNode archive(String outcome) {
        ObjectNode page = Json.newObject().put("startedDateTime", begun.toString()).put("id", PAGE).put("title", title);
        page.set("pageTimings", Json.newObject().put("onContentLoad", -1).put("onLoad", -1));
        if (!outcome.isEmpty()) {
            page.put("comment", outcome);
        }
        ArrayNode entries = Json.newArray();
        exchanges.values().forEach(exchange -> entries.add(HarEntry.of(exchange, PAGE)));
        ObjectNode log = Json.newObject().put("version", "1.2");
        log.set("creator", Json.newObject().put("name", "Dray").put("version", Version.NUMBER).put("comment", "secrets are masked"));
        log.set("pages", Json.newArray().add(page));
        log.set("entries", entries);
        if (leftOut > 0) {
            log.put("comment", leftOut + " more exchanges are left out");
        }
        ObjectNode archive = Json.newObject();
        archive.set("log", log);
        return archive;
    }
}
