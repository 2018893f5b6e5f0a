package lib.registry.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lib.failure.WrongContentException;
import lib.text.Json;
import lib.text.Secrets;

/** What may be shown of an exchange: everything but its secrets. Each part is taken by what is known to be none, not by what is known to be one. */
public final class Redaction {
    private static final Set<String> OWN_HEADERS = Set.of("Accept", "Authorization", "Content-Range", "Content-Type", "Range", "User-Agent");
    /** The query of a blob's address on another host is a signature, which is all that it takes to fetch the blob. */
    private static final Set<String> OPEN_PARAMETERS = Set.of("artifactType", "client_id", "digest", "from", "grant_type", "last", "mount", "n", "name", "ns",
            "ordering", "page", "page_size", "query", "scope", "service");
    private static final Set<String> SECRET_KEYS = Set.of("token", "accesstoken", "refreshtoken", "idtoken", "identitytoken", "registrytoken", "password", "secret");
    private static final Pattern SECRET_HEADER = Pattern.compile("(?i).*(cookie|token|secret|password|credential|signature|api-?key|authorization|authentication-info).*");
    private static final Pattern ADDRESS = Pattern.compile("(?i)\\bhttps?://[^\\s\"'<>]+");
    /** What may hold a JSON Web Token (RFC 7519, section 3): each character belongs to one such piece, so that none is looked at twice. */
    private static final Pattern TOKEN_CHARACTERS = Pattern.compile("[A-Za-z0-9_.-]++");
    /** The Base64 of a JSON object's beginning. */
    private static final String JSON_WEB_TOKEN = "eyJ";
    private static final int SHORTEST_PART = 11;

    private Redaction() { }

    /** Returns the headers of a request: those that settings ask for may be secrets. */
    static Map<String, String> request(Map<String, String> headers) {
        Map<String, String> masked = new LinkedHashMap<>(headers);
        masked.computeIfPresent("Authorization", (name, value) -> value.startsWith("Basic ") ? "Basic $CREDENTIALS" : "Bearer $TOKEN");
        masked.replaceAll((name, value) -> OWN_HEADERS.contains(name) ? value : "$OF_SETTINGS");
        return masked;
    }

    /** Returns a header of an answer; a relative address may stand in one. */
    static Exchange.Header answer(String name, String value) {
        boolean address = Set.of("location", "content-location").contains(name.toLowerCase(Locale.ROOT));
        return new Exchange.Header(name, SECRET_HEADER.matcher(name).matches() ? "$MASKED" : text(address ? address(value) : value));
    }

    /** Returns an address without the values of its query, except those that are not secret, and without a name and password before the host. */
    public static String address(String address) {
        String[] parts = address.replaceFirst("#.*", "").replaceFirst("//[^/?@]*@", "//***@").split("\\?", 2);
        if (parts.length < 2) {
            return parts[0];
        }
        List<String> query = new ArrayList<>();
        for (String parameter : parts[1].split("&")) {
            String name = parameter.replaceFirst("=.*", "");
            query.add(OPEN_PARAMETERS.contains(name) ? parameter : parameter.contains("=") ? name + "=***" : "***");
        }
        return parts[0] + "?" + String.join("&", query);
    }

    /** Returns a JSON object with the secrets in it masked, or null for anything else, in which secrets could not be found. */
    static String json(byte[] bytes) {
        try {
            ObjectNode tree = Json.exact(bytes, "the body");
            boolean secret = mask(tree);
            JsonNode shown = Json.withTexts(tree, Redaction::text);
            return secret || !shown.equals(tree) ? Json.text(shown, false) : new String(bytes, StandardCharsets.UTF_8);
        } catch (WrongContentException e) {
            return null;
        }
    }

    private static boolean mask(JsonNode tree) {
        boolean found = false;
        if (tree instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> entry : object.properties()) {
                if (SECRET_KEYS.contains(entry.getKey().toLowerCase(Locale.ROOT).replaceAll("[_-]", "")) && entry.getValue().isValueNode()) {
                    object.put(entry.getKey(), "$TOKEN");
                    found = true;
                }
            }
        }
        for (JsonNode child : tree) {
            found |= mask(child);
        }
        return found;
    }

    /** Returns a text without secrets that are known, without tokens, and with its addresses masked. */
    public static String text(String text) {
        String masked = ADDRESS.matcher(text).replaceAll(match -> Matcher.quoteReplacement(address(match.group())));
        masked = TOKEN_CHARACTERS.matcher(masked).replaceAll(match -> Matcher.quoteReplacement(withoutToken(match.group())));
        return Secrets.masked(masked);
    }

    /** Returns such a piece of a text up to a token in it. */
    private static String withoutToken(String piece) {
        for (int at = piece.indexOf(JSON_WEB_TOKEN); at >= 0; at = piece.indexOf(JSON_WEB_TOKEN, at + 1)) {
            int end = piece.indexOf('.', at);
            boolean begins = at == 0 || "-.".indexOf(piece.charAt(at - 1)) >= 0;
            if (end < 0) {
                return piece;
            }
            if (begins && end - at >= SHORTEST_PART) {
                return piece.substring(0, at) + "$TOKEN";
            }
        }
        return piece;
    }
}
