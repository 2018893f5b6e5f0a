package tests.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import lib.image.ImageConfig;
import lib.text.Json;
import lib.text.PlainText;
import org.junit.jupiter.api.Test;
import tests.support.Program;

//SOURCES ../support/Program.java

/** What of a text from elsewhere reaches a terminal. */
class PlainTextTest {
    private static final String ODD = "\u001b\u0007\u007f\u0085\u009b\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c";

    @Test
    void should_show_no_character_that_moves_breaks_or_turns_a_line() {
        assertEquals("a" + "?".repeat(ODD.length()) + "b??c", PlainText.line("a" + ODD + "b\n\tc"));
        assertEquals("a?b\n\tc", PlainText.lines("a\u202eb\n\tc"));
        assertEquals("a b", PlainText.spaced("\n\u202ea" + ODD + "b\u2069"));
        assertEquals("日本 ü é 👩‍💻", PlainText.line("日本 ü é 👩‍💻"));
    }

    @Test
    void should_show_json_that_says_the_same() throws Exception {
        String json = Json.text(Json.newObject().put("a" + ODD, ODD + "\n\"ü"), true);
        String shown = PlainText.json(json);
        assertFalse(PlainText.isUnfit(shown.replace("\n", "").replace("\r", "")), shown);
        assertEquals(Json.object(json.getBytes(StandardCharsets.UTF_8), "it"), Json.object(shown.getBytes(StandardCharsets.UTF_8), "it"));
    }

    @Test
    void should_show_a_docker_run_that_a_shell_reads_as_the_image_means_it() throws Exception {
        String word = "it's\\n\u202e \n\u001b[31m$HOME";
        ImageConfig config = new ImageConfig((ObjectNode) Json.newObject().set("config", Json.newObject().set("Cmd", Json.newArray().add(word).add("b c"))));
        String line = config.startCommand();
        assertFalse(PlainText.isUnfit(line), line);
        byte[] said = new Program(List.of("bash", "-c", "printf '%s|' " + line)).env("LC_ALL", "C.UTF-8").run().orFail().text().getBytes(StandardCharsets.UTF_8);
        assertEquals(word + "|b c|", new String(said, StandardCharsets.UTF_8));
    }
}
