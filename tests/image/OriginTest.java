package tests.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import lib.image.Digest;
import lib.image.Origin;
import lib.image.Platform;
import lib.image.Reference;
import lib.text.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OriginTest {
    private static final String HEX = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    private static final Origin FULL = new Origin(Reference.parse("nginx:alpine"), "https://registry-1.docker.io",
            Digest.parse("sha256:" + HEX), Platform.parse("linux/arm/v7"), "nginx.oci");

    @Test
    void should_be_written_with_every_part_of_the_name() {
        assertEquals("{\"name\":\"docker.io/library/nginx:alpine\",\"registry\":\"docker.io\",\"endpoint\":\"https://registry-1.docker.io\","
                + "\"repository\":\"library/nginx\",\"tag\":\"alpine\",\"digest\":\"sha256:" + HEX + "\",\"platform\":\"linux/arm/v7\",\"layout\":\"nginx.oci\"}",
                Json.text(FULL.toJson(), false));
    }

    @Test
    void should_leave_out_what_is_not_known() {
        Origin early = new Origin(Reference.parse("nginx@sha256:" + HEX), null, null, null, null);
        assertEquals("{\"name\":\"docker.io/library/nginx@sha256:" + HEX + "\",\"registry\":\"docker.io\",\"repository\":\"library/nginx\"}",
                Json.text(early.toJson(), false));
        assertEquals(early, Origin.takeFrom(stage(early)));
    }

    @Test
    void should_come_out_of_the_next_stage_as_it_went_in() {
        ObjectNode stage = stage(FULL);
        assertEquals(FULL, Origin.takeFrom(stage));
        assertFalse(stage.has("image"));
        assertEquals("{\"schemaVersion\":2}", Json.text(stage, false));
    }

    @Test
    void should_go_on_with_another_layout() {
        assertEquals("other.oci", FULL.withLayout("other.oci").layout());
        assertEquals(FULL, FULL.withLayout("other.oci").withLayout("nginx.oci"));
    }

    @Test
    void should_name_the_archive_that_an_image_is_in() {
        Origin pulled = FULL.withArchive("nginx.tar");
        assertEquals("nginx.tar", pulled.place());
        assertTrue(Json.text(pulled.toJson(), false).endsWith(",\"platform\":\"linux/arm/v7\",\"archive\":\"nginx.tar\"}"));
        assertEquals(pulled, Origin.takeFrom(stage(pulled)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"image\":null}", "{\"image\":\"nginx\"}", "{\"image\":{}}", "{\"image\":{\"name\":1}}", "{\"image\":[\"nginx\"]}"})
    void should_refuse_json_of_no_stage(String text) throws Exception {
        ObjectNode json = Json.object(text.getBytes(StandardCharsets.UTF_8), "it");
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> Origin.takeFrom(json));
        assertTrue(refused.getMessage().contains("is not a stage's output"), refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"name\":\"Nginx\"}", "{\"name\":\"nginx\",\"digest\":\"sha256:../../x\"}", "{\"name\":\"nginx\",\"digest\":\"\"}", "{\"name\":\"nginx\",\"platform\":\"arm\"}"})
    void should_refuse_parts_that_were_edited_badly(String image) throws Exception {
        ObjectNode json = Json.object(("{\"image\":" + image + "}").getBytes(StandardCharsets.UTF_8), "it");
        assertThrows(IllegalArgumentException.class, () -> Origin.takeFrom(json));
    }

    private static ObjectNode stage(Origin origin) {
        ObjectNode stage = Json.newObject().put("schemaVersion", 2);
        stage.set("image", origin.toJson());
        return stage;
    }
}
