package lib.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import lib.image.Json;
import lib.image.PlainText;
import lib.image.Secrets;
import lib.registry.Exchange;
import lib.store.PartFile;

//SOURCES ../image/Json.java
//SOURCES ../image/PlainText.java
//SOURCES ../image/Secrets.java
//SOURCES ../registry/Exchange.java
//SOURCES ../store/PartFile.java
//SOURCES CommonOptions.java
//SOURCES Failure.java
//SOURCES HarEntry.java
//SOURCES ReportPage.java

/**
 * What a command and the registries said to each other, written when the command has ended: also where it failed, or was
 * interrupted. What is kept of it is bounded; the rest is counted.
 */
final class Recording {
    private static final int MOST_EXCHANGES = 10_000;
    private static final long MOST_TEXT = 16 * 1024 * 1024;
    private static final String PAGE = "page_1";

    private static Recording current;

    private final String title;
    private final Path har;
    private final Path report;
    private final Instant begun = Instant.now();
    private final Map<Integer, Exchange> exchanges = new TreeMap<>();
    private long textLeft = MOST_TEXT;
    private int leftOut;
    private boolean written;

    /** @param title what the command was; @param har the file for the HTTP Archive, or null; @param report the file for the page, or null */
    Recording(String title, Path har, Path report) {
        this.title = title;
        this.har = har;
        this.report = report;
    }

    /** Has it written when the command ends. */
    void begin() {
        current = this;
        Runtime.getRuntime().addShutdownHook(new Thread(() -> finish(Failure.INTERRUPTED)));
    }

    /** Writes what was recorded, if anything was to be and is not yet; returns the command's exit code, or another where that could not be done. */
    static int finish(int code) {
        if (current == null) {
            return code;
        }
        try {
            current.write();
            return code;
        } catch (IOException e) {
            CommonOptions.warn("the record is not written: " + Failure.of(e).sentence());
            return code == 0 ? Failure.UNEXPECTED : code;
        }
    }

    /** Keeps an exchange, by its number: what is told of it last is the most. */
    synchronized void keep(Exchange exchange) {
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

    private synchronized void write() throws IOException {
        if (written) {
            return;
        }
        written = true;
        JsonNode archive = Json.withTexts(archive(), Secrets::masked); // also of what was learned later
        if (har != null) {
            replace(har, PlainText.json(Json.text(archive, true)) + "\n");
        }
        if (report != null) {
            replace(report, ReportPage.of(title, archive));
        }
    }

    private static void replace(Path file, String text) throws IOException {
        Path part = PartFile.beside(file);
        try {
            Files.write(part, text.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            throw PartFile.of(file, e);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private ObjectNode archive() {
        ObjectNode page = Json.newObject().put("startedDateTime", begun.toString()).put("id", PAGE).put("title", title);
        page.set("pageTimings", Json.newObject().put("onContentLoad", -1).put("onLoad", -1));
        ArrayNode entries = Json.newArray();
        exchanges.values().forEach(exchange -> entries.add(HarEntry.of(exchange, PAGE)));
        ObjectNode log = Json.newObject().put("version", "1.2");
        log.set("creator", Json.newObject().put("name", "Dray").put("version", "1").put("comment", "secrets are masked"));
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
