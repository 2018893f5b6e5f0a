package lib.registry;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.toml.TomlFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import lib.image.Json;

//DEPS com.fasterxml.jackson.dataformat:jackson-dataformat-toml:2.19.2
//SOURCES ../image/Json.java

/** TOML, the form in which podman and containerd keep their settings. Loaded only where there is such a file. */
final class Toml {
    private static final int LONGEST = 1024 * 1024;

    private Toml() { }

    /** Returns a file's tables as JSON, keys in the file's order; throws IOException, in words for people, for one that is no TOML. */
    static ObjectNode read(Path file) throws IOException {
        if (Files.size(file) > LONGEST) {
            throw new IOException("it is longer than any such file");
        }
        String text = Files.readString(file, StandardCharsets.UTF_8);
        try (JsonParser parser = new TomlFactory().createParser(text)) {
            ObjectNode tables = Json.object(parser);
            return tables == null ? Json.newObject() : tables;
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IOException("it is no TOML, in line " + e.getLocation().getLineNr() + ": " + e.getOriginalMessage(), e);
        }
    }
}
