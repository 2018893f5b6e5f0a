package lib.record;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import lib.registry.http.Exchange;
import lib.text.Json;

/**
 * An exchange as an entry of an HTTP Archive. Names that begin with an underscore are our own, as the format allows.
 *
 * @see <a href="http://www.softwareishard.com/blog/har-12-spec/">HAR 1.2 Spec</a>
 */
final class HarEntry {
    private static final String HTTP = "HTTP/1.1";

    private HarEntry() { }

    static ObjectNode of(Exchange exchange, String page) {
        ObjectNode entry = Json.newObject().put("pageref", page).put("startedDateTime", exchange.begun().toString()).put("time", exchange.times().total());
        entry.set("request", request(exchange));
        entry.set("response", response(exchange));
        entry.set("cache", Json.newObject());
        entry.set("timings", timings(exchange.times()));
        entry.put("comment", exchange.why());
        entry.put("_number", exchange.number()).put("_curl", Curl.of(exchange, "     ")).put("_whole", exchange.body() != null && exchange.body().whole());
        entry.put("_purpose", exchange.purpose().label());
        if (exchange.digest() != null) {
            entry.put("_digest", exchange.digest().toString());
        }
        if (exchange.status() == 0) {
            entry.put("_error", exchange.reason());
        } else if (exchange.body() != null && exchange.body().broken() != null) {
            entry.put("_error", exchange.body().broken());
        } else if (exchange.body() != null || !NextStep.hasBody(exchange)) {
            entry.put("_leadsTo", NextStep.of(exchange));
        }
        return entry;
    }

    private static ObjectNode request(Exchange exchange) {
        ObjectNode request = Json.newObject().put("method", exchange.method()).put("url", exchange.uri()).put("httpVersion", HTTP);
        request.set("cookies", Json.newArray());
        ArrayNode headers = Json.newArray();
        exchange.headers().forEach((name, value) -> headers.add(pair(name, value)));
        request.set("headers", headers);
        request.set("queryString", query(exchange.uri()));
        if (exchange.form() != null) {
            request.set("postData", Json.newObject().put("mimeType", "application/x-www-form-urlencoded").put("text", exchange.form()));
        }
        // the form's true length would tell the secret's
        return request.put("headersSize", -1).put("bodySize", exchange.form() == null && !exchange.isWrite() ? 0 : -1);
    }

    private static ArrayNode query(String uri) {
        ArrayNode query = Json.newArray();
        if (uri.contains("?")) {
            for (String parameter : uri.replaceFirst("^[^?]*\\?", "").split("&")) {
                String[] parts = parameter.split("=", 2);
                query.add(pair(parts[0], parts.length < 2 ? "" : parts[1]));
            }
        }
        return query;
    }

    private static ObjectNode response(Exchange exchange) {
        ObjectNode response = Json.newObject().put("status", exchange.status()).put("statusText", exchange.status() == 0 ? "" : exchange.reason())
                .put("httpVersion", exchange.status() == 0 ? "" : HTTP);
        response.set("cookies", Json.newArray());
        ArrayNode headers = Json.newArray();
        exchange.answer().forEach(header -> headers.add(pair(header.name(), header.value())));
        response.set("headers", headers);
        response.set("content", content(exchange));
        String location = exchange.answer("Location");
        return response.put("redirectURL", location == null ? "" : location).put("headersSize", -1).put("bodySize", exchange.body() == null ? -1 : exchange.body().bytes());
    }

    /** Of anything but JSON only the size is recorded. */
    private static ObjectNode content(Exchange exchange) {
        String type = exchange.answer("Content-Type");
        ObjectNode content = Json.newObject().put("size", exchange.body() == null ? 0 : exchange.body().bytes()).put("mimeType", type == null ? "x-unknown" : type);
        if (exchange.body() != null && exchange.body().text() != null) {
            content.put("text", exchange.body().text());
        }
        return content;
    }

    /** Java's client does not tell when a request was sent: that is part of the wait. */
    private static ObjectNode timings(Exchange.Times times) {
        return Json.newObject().put("blocked", -1).put("dns", -1).put("connect", times.connect()).put("ssl", times.tls())
                .put("send", 0).put("wait", Math.max(0, times.waiting())).put("receive", Math.max(0, times.receive()));
    }

    private static ObjectNode pair(String name, String value) {
        return Json.newObject().put("name", name).put("value", value);
    }
}
