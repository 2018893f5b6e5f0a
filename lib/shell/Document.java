package lib.shell;

import com.fasterxml.jackson.databind.node.ObjectNode;
import lib.text.Json;
import lib.text.PlainText;

/** JSON that a registry sent. */
public record Document(ObjectNode json) {

    @Override
    public String toString() {
        return PlainText.json(Json.text(json, true));
    }
}
