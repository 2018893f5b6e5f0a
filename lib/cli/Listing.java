package lib.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import lib.text.Json;
import lib.text.PlainText;

/**
 * One JSON object on stdout, with a list in it that is not held in memory. Names of files may be any bytes: one that is no UTF-8
 * is written as Python writes it, {@code \udcff} for the byte ff.
 */
public final class Listing implements AutoCloseable {
    private final OutputStream out = new BufferedOutputStream(Stage.stdout());
    private final boolean isForPeople = Stage.isForPeople();
    private final ObjectNode rest;
    /** What stands before the next item. */
    private String before;

    /** @param rest what stands behind the list */
    public Listing(String key, ObjectNode rest) {
        this.rest = rest;
        this.before = "{\"" + key + "\":[";
    }

    /**
     * Adds to the list; on a terminal each on a line of its own.
     *
     * @throws IOException if stdout cannot be written
     */
    public void add(ObjectNode item) throws IOException {
        write(before + (isForPeople ? "\n  " : "") + Json.text(item, false));
        before = ",";
    }

    /**
     * Ends the list and the object. An unfinished object is not valid JSON, so nobody takes it for complete.
     *
     * @throws IOException if stdout cannot be written
     */
    public void end() throws IOException {
        String behind = Json.text(rest, false).substring(1);
        write((before.equals(",") ? "" : before) + (isForPeople ? "\n]" : "]") + (behind.equals("}") ? "" : ",") + behind + "\n");
    }

    private void write(String json) throws IOException {
        StringBuilder text = new StringBuilder(json.length());
        json.codePoints().forEach(character -> {
            if (Character.getType(character) == Character.SURROGATE) {
                text.append(String.format(Locale.ROOT, "\\u%04x", character));
            } else {
                text.appendCodePoint(character);
            }
        });
        out.write((isForPeople ? PlainText.json(text.toString()) : text.toString()).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
