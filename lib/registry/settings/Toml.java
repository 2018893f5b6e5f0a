package lib.registry.settings;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.toml.TomlFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import lib.file.SmallFile;
import lib.text.Json;

//DEPS com.fasterxml.jackson.dataformat:jackson-dataformat-toml:2.19.2

/** TOML, the form in which podman and containerd keep their settings. Loaded only where there is such a file. */
public final class Toml {
    /** The size that a file may have, in MiB. */
    public static final int LARGEST = 1;

    private Toml() { }

    /** Returns a file's tables as JSON, keys in the file's order; throws IOException, with a message for people, if it is not TOML. */
    public static ObjectNode read(Path file) throws IOException {
        return parse(new String(SmallFile.read(file, LARGEST), StandardCharsets.UTF_8));
    }

    /** Returns the tables of what a file has, as JSON; throws IOException, with a message for people, if it is not TOML. */
    public static ObjectNode parse(String text) throws IOException {
        try (JsonParser parser = new TomlFactory().createParser(text)) {
            ObjectNode tables = Json.object(parser);
            return tables == null ? Json.newObject() : tables;
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IOException("it is no TOML, in line " + e.getLocation().getLineNr() + ": " + e.getOriginalMessage(), e);
        }
    }
}
