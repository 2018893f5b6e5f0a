package tests.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import lib.failure.WrongContentException;
import lib.text.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JsonTest {

    @Test
    void should_keep_the_order_of_keys_and_every_value() throws Exception {
        String text = "{\"z\":1,\"a\":{\"ü\":[true,null,\"\\n\"],\"b\":9223372036854775807},\"m\":\"日本\","
                + "\"numbers\":[0,-1,2147483648,123456789012345678901234567890,1.10,-0.5],\"none\":{},\"empty\":[],\"no\":false}";
        ObjectNode json = Json.object(utf8(text), "it");
        assertEquals(text, Json.text(json, false));
        assertArrayEquals(utf8(text), Json.bytes(json));
    }

    @Test
    void should_be_indented_for_people() {
        String text = Json.text(Json.newObject().put("a", 1), true);
        assertEquals("{\n  \"a\" : 1\n}", text.replace("\r\n", "\n"));
    }

    @Test
    void should_find_keys_in_any_case_as_go_does_but_not_those_that_are_data() throws Exception {
        ObjectNode json = Json.object(utf8("{\"Layers\":[{\"MediaType\":\"x\",\"Annotations\":{\"A\":\"1\",\"a\":\"2\"}}],\"OS.Version\":\"10\",\"Config\":{\"labels\":{\"B\":\"3\"},\"user\":\"me\"}}"), "it");
        assertEquals("x", json.path("layers").path(0).path("mediaType").asText());
        assertEquals("{\"A\":\"1\",\"a\":\"2\"}", json.path("layers").path(0).path("annotations").toString());
        assertEquals("10", json.path("os.version").asText());
        assertEquals("me", json.deepCopy().path("config").path("User").asText());
        assertTrue(json.path("config").path("Labels").path("b").isMissingNode());
    }

    @Test
    void should_take_the_last_of_keys_that_differ_in_case_as_go_does() throws Exception {
        ObjectNode json = Json.object(utf8("{\"layers\":null,\"LAYERS\":1,\"Layers\":2,\"other\":3}"), "it");
        assertEquals(2, json.path("layers").asInt());
        assertEquals("{\"Layers\":2,\"other\":3}", Json.text(json, false));
        assertEquals("{\"Layers\":4,\"other\":3}", Json.text(json.put("layers", 4), false));
        json.remove("lAyers");
        assertEquals("{\"other\":3}", Json.text(json, false));
    }

    static List<String> bad() {
        return List.of("", " ", "null", "1", "\"text\"", "[]", "[{}]", "{", "{\"a\":1", "{\"a\":1,}", "{a:1}", "{'a':1}",
                "{} {}", "{}x", "{\"a\":1,\"a\":2}", "{\"o\":{\"a\":1,\"a\":1}}", "{\"a\":NaN}", "{\"a\":01}", "{// comment\n}", "<!DOCTYPE html><html>", "\u0000\u0001\u0002",
                "{\"a\":" + "[".repeat(5000) + "]".repeat(5000) + "}", "{\"a\":" + "9".repeat(5000) + "}");
    }

    @ParameterizedTest(name = "[{index}]")
    @MethodSource("bad")
    void should_refuse_what_is_not_one_json_object_and_name_it(String text) {
        WrongContentException refused = assertThrows(WrongContentException.class, () -> Json.object(utf8(text), "the answer of localhost"));
        assertTrue(refused.getMessage().matches("the answer of localhost is not (JSON|a JSON object): it (is empty|begins with '\\p{Print}*')"), refused.getMessage());
    }

    @Test
    void should_show_how_the_wrong_content_begins_on_one_line() {
        WrongContentException refused = assertThrows(WrongContentException.class, () -> Json.object(utf8("<html>\r\n\t<title>Log in\u001b[31m</title>" + "x".repeat(500)), "it"));
        assertTrue(refused.getMessage().contains("'<html> <title>Log in [31m</title>x"), refused.getMessage());
        assertTrue(refused.getMessage().length() < 120, refused.getMessage());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
