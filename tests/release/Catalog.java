package tests.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import lib.text.Json;
import tests.support.Checkout;

//SOURCES ../support/Checkout.java
//SOURCES ../../lib/text/Json.java

/** The catalog of a release: the checkout's own, with one jar in place of each script. */
final class Catalog {
    private Catalog() { }

    /** Returns the catalog: for each alias the main class in the jar at this address, and the options that Java gets for it. */
    static ObjectNode pointingTo(String jar) throws IOException {
        ObjectNode catalog = (ObjectNode) Json.object(Files.readAllBytes(Checkout.root().resolve("jbang-catalog.json")), "jbang-catalog.json");
        for (Map.Entry<String, JsonNode> alias : catalog.path("aliases").properties()) {
            ObjectNode script = (ObjectNode) alias.getValue();
            Path source = Checkout.root().resolve(script.path("script-ref").asText());
            script.put("script-ref", jar).put("main", "scripts." + alias.getKey()).put("java", "17+");
            ArrayNode options = script.putArray("runtime-options");
            for (Path file : Checkout.filesOf(source)) {
                // dray is made of the other scripts, but starts one of them only
                if (file.equals(source) || file.startsWith(Checkout.root().resolve("lib"))) {
                    Checkout.directives(file, "RUNTIME_OPTIONS").forEach(line -> List.of(line.split(" ")).forEach(options::add));
                }
            }
        }
        return catalog;
    }
}
