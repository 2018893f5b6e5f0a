package lib.registry.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import lib.failure.WrongContentException;
import lib.text.Json;

/** What a token allows, as far as it says so itself: many are JSON Web Tokens (RFC 7519), others mean something to their registry only. */
public final class TokenCheck {
    private TokenCheck() { }

    /** Returns what an answer of a token server grants, in words; never the token. */
    public static String inWords(ObjectNode answer) {
        if (answer.isEmpty()) {
            return "not required";
        }
        String[] parts = TokenRequest.tokenIn(answer).split("\\.");
        String lasts = answer.has("expires_in") ? ", for " + answer.path("expires_in").asText() + " s" : "";
        if (parts.length != 3) {
            return "received" + lasts + ", in a form that only the registry can read";
        }
        try {
            JsonNode claims = Json.object(Base64.getUrlDecoder().decode(parts[1]), "the token");
            List<String> granted = new ArrayList<>();
            for (JsonNode access : claims.path("access")) {
                List<String> actions = new ArrayList<>();
                access.path("actions").forEach(action -> actions.add(action.asText()));
                granted.add((actions.isEmpty() ? "nothing" : String.join(" and ", actions)) + " in " + access.path("name").asText());
            }
            return "it grants " + (granted.isEmpty() ? "no access to this repository" : String.join(", ", granted)) + lasts;
        } catch (WrongContentException | IllegalArgumentException e) {
            return "received" + lasts + ", in a form that only the registry can read";
        }
    }
}
