package lib.record;

import java.net.URI;
import java.util.Locale;
import lib.registry.api.Purpose;
import lib.registry.http.Exchange;

/** Where an answer leads, in one sentence. */
final class NextStep {
    private NextStep() { }

    /** Returns whether the answer's body is what was asked for, so that it is worth waiting for. */
    static boolean hasBody(Exchange exchange) {
        return exchange.status() >= 200 && exchange.status() < 300 && !exchange.method().equals("HEAD") && !exchange.isWrite();
    }

    static String of(Exchange exchange) {
        if (hasBody(exchange)) {
            return ofBody(exchange);
        }
        int status = exchange.status();
        if (status == 0) {
            return "the line or the name may be wrong: where it may pass, the request is sent again after a wait";
        }
        if (status == 401) {
            return ofChallenge(exchange);
        }
        if (status >= 300 && status < 400) {
            return "it lies elsewhere: next, ask " + host(exchange.answer("Location")) + ", without what the registry alone may see (curl does both with --location)";
        }
        if (status == 429 || status >= 500) {
            return "the registry cannot answer now: the request is sent again after a wait, if tries are left";
        }
        if (status >= 400) {
            return "a refusal: the body says why";
        }
        return exchange.isWrite() ? ofWrite(exchange) : "the headers say all: nothing is fetched";
    }

    private static String ofWrite(Exchange exchange) {
        return switch (exchange.method()) {
            case "POST" -> exchange.status() == 202 ? "a session: next, send the bytes to the address in Location" : "it is there now, and nothing needs to be sent";
            case "PATCH" -> "the chunk is there: next, send the one after it, or end the session";
            case "PUT" -> "it was taken: the other side has looked at its digest, too";
            default -> "the session is ended";
        };
    }

    private static String ofChallenge(Exchange exchange) {
        String challenge = String.valueOf(exchange.answer("WWW-Authenticate")).toLowerCase(Locale.ROOT);
        return challenge.startsWith("bearer") ? "a challenge: next, ask the token server that it names, then this again with the token"
                : challenge.startsWith("basic") ? "a challenge: next, this again with a name and a password, where there are some"
                : "a refusal: what was shown is not enough";
    }

    private static String ofBody(Exchange exchange) {
        if (exchange.purpose() == Purpose.FRONT_DOOR) {
            return "the front door is open: next, ask for the image";
        }
        if (!exchange.body().whole()) {
            return "the body was not read to its end";
        }
        String type = String.valueOf(exchange.answer("Content-Type"));
        boolean manifest = exchange.purpose() == Purpose.MANIFEST;
        if (manifest && (type.contains("image.index") || type.contains("manifest.list"))) {
            return "an index: next, choose a platform and ask for its manifest by the digest";
        }
        if (manifest && type.contains("manifest")) {
            return "a manifest: it names the config and the layers by their digests";
        }
        if (exchange.purpose() == Purpose.TOKEN) {
            return "a token: next, what was refused before, with it";
        }
        if (exchange.status() == 206) {
            return "a part: it goes to its place, and counts when the whole blob has its digest";
        }
        if (exchange.answer("Link") != null) {
            return "a page: the Link header leads to the next";
        }
        return type.contains("json") ? "the answer" : "the bytes: they count when they have the digest";
    }

    private static String host(String location) {
        try {
            String host = URI.create(String.valueOf(location)).getHost();
            return host == null ? "the same host there" : host;
        } catch (IllegalArgumentException e) {
            return "the address in Location";
        }
    }
}
