package tests.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import lib.text.Json;

/**
 * What the format of HTTP Archives wants of each object in one: the names that must be there, those that may (with a question mark),
 * and what each holds. Any other name has to begin with an underscore.
 *
 * @see <a href="http://www.softwareishard.com/blog/har-12-spec/">HAR 1.2 Spec</a>
 */
final class HarFormat {
    private static final Map<String, String> OBJECTS = Map.ofEntries(
            Map.entry("har", "log:log"),
            Map.entry("log", "version:text creator:creator browser?:creator pages?:page* entries:entry* comment?:text"),
            Map.entry("creator", "name:text version:text comment?:text"),
            Map.entry("page", "startedDateTime:date id:text title:text pageTimings:pageTimings comment?:text"),
            Map.entry("pageTimings", "onContentLoad?:timeOrNone onLoad?:timeOrNone comment?:text"),
            Map.entry("entry", "pageref?:text startedDateTime:date time:time request:request response:response cache:cache timings:timings"
                    + " serverIPAddress?:text connection?:text comment?:text"),
            Map.entry("request", "method:text url:address httpVersion:text cookies:pair* headers:pair* queryString:pair* postData?:postData"
                    + " headersSize:sizeOrNone bodySize:sizeOrNone comment?:text"),
            Map.entry("response", "status:size statusText:text httpVersion:text cookies:pair* headers:pair* content:content redirectURL:text"
                    + " headersSize:sizeOrNone bodySize:sizeOrNone comment?:text"),
            Map.entry("pair", "name:text value:text comment?:text"),
            Map.entry("postData", "mimeType:text text:text comment?:text"),
            Map.entry("content", "size:size compression?:size mimeType:text text?:text encoding?:text comment?:text"),
            Map.entry("cache", "comment?:text"),
            Map.entry("timings", "blocked?:timeOrNone dns?:timeOrNone connect?:timeOrNone send:time wait:time receive:time ssl?:timeOrNone comment?:text"));

    private final List<String> wrong = new ArrayList<>();

    private HarFormat() { }

    /** Reads an archive and returns its entries, which are all right. */
    static List<JsonNode> entries(Path file) throws IOException {
        ObjectNode har = Json.object(Files.readAllBytes(file), file.toString());
        List<String> wrong = wrong(har);
        if (!wrong.isEmpty()) {
            throw new AssertionError(String.join("\n", wrong));
        }
        return StreamSupport.stream(har.path("log").path("entries").spliterator(), false).toList();
    }

    /** Returns what is wrong with an archive. */
    static List<String> wrong(ObjectNode har) {
        HarFormat format = new HarFormat();
        format.check("har", har, "har");
        format.expect(har.path("log").path("version").asText().equals("1.2"), "log.version", "is not 1.2");
        for (JsonNode entry : har.path("log").path("entries")) {
            format.checkTime(entry);
        }
        return format.wrong;
    }

    /** The parts make up the whole; the handshake is a part of connecting. */
    private void checkTime(JsonNode entry) {
        double sum = 0;
        for (String part : List.of("blocked", "dns", "connect", "send", "wait", "receive")) {
            sum += Math.max(0, entry.path("timings").path(part).asDouble(0));
        }
        expect(Math.abs(sum - entry.path("time").asDouble()) < 0.01, "time", entry.path("time") + " is not the sum " + sum);
        expect(entry.path("timings").path("ssl").asDouble() <= entry.path("timings").path("connect").asDouble(), "timings", "ssl is longer than connect");
    }

    private void check(String kind, JsonNode object, String where) {
        if (!object.isObject()) {
            wrong.add(where + " is not an object");
            return;
        }
        List<String> known = new ArrayList<>();
        for (String rule : OBJECTS.get(kind).split(" ")) {
            String[] parts = rule.split(":");
            String name = parts[0].replace("?", "");
            known.add(name);
            if (object.has(name)) {
                value(parts[1], object.get(name), where + "." + name);
            } else {
                expect(parts[0].endsWith("?"), where, "has no " + name);
            }
        }
        object.fieldNames().forEachRemaining(name -> expect(known.contains(name) || name.startsWith("_"), where, "has an unknown " + name));
    }

    private void value(String type, JsonNode value, String where) {
        if (type.endsWith("*")) {
            expect(value.isArray(), where, "is not an array");
            for (int i = 0; i < value.size(); i++) {
                check(type.replace("*", ""), value.get(i), where + "[" + i + "]");
            }
            return;
        }
        switch (type) {
            case "text" -> expect(value.isTextual(), where, "is not a text");
            case "time" -> expect(value.isNumber() && value.asDouble() >= 0, where, "is not a time");
            case "timeOrNone" -> expect(value.isNumber() && (value.asDouble() >= 0 || value.asDouble() == -1), where, "is neither a time nor -1");
            case "size" -> expect(value.isIntegralNumber() && value.asLong() >= 0, where, "is not a size");
            case "sizeOrNone" -> expect(value.isIntegralNumber() && value.asLong() >= -1, where, "is neither a size nor -1");
            case "date" -> expect(isDate(value.asText()), where, "is not a date");
            case "address" -> expect(URI.create(value.asText()).isAbsolute(), where, "is not an address");
            default -> check(type, value, where);
        }
    }

    private static boolean isDate(String text) {
        try {
            return OffsetDateTime.parse(text) != null;
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private void expect(boolean holds, String where, String what) {
        if (!holds) {
            wrong.add(where + " " + what);
        }
    }
}
