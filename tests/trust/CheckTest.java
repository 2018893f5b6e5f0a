package tests.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import lib.failure.WrongContentException;
import lib.image.Digest;
import lib.image.MediaType;
import lib.text.Json;
import lib.verb.check.StoreCheck;
import org.junit.jupiter.api.Test;
import tests.store.TarMaker;
import tests.support.LayoutWriter;
import tests.support.Scratch;

//SOURCES SignedImage.java
//SOURCES ../store/TarMaker.java
//SOURCES ../support/LayoutWriter.java

/** A layout is checked as a whole, and compared with a receipt of it. */
class CheckTest {
    private final LayoutWriter writer = new LayoutWriter(Scratch.folder("layout"));
    private final ObjectNode image = writer.image(LayoutWriter.linux("amd64", ""), List.of(writer.layer(new TarMaker().file("hello", "world").end(), "gzip")));

    private Path layout() {
        writer.tag("1", writer.index(List.of(image)));
        return writer.folder();
    }

    private Path file(Path layout, String digest) {
        return layout.resolve("blobs").resolve(digest.replace(':', '/'));
    }

    @Test
    void should_find_nothing_wrong_with_what_is_whole_and_the_same_again() throws IOException {
        Path layout = layout();
        StoreCheck.Checked checked = StoreCheck.of(layout);
        assertEquals(List.of(), checked.wrong());
        assertEquals(4, checked.receipt().path("blobs").size());
        assertEquals("[\"linux/amd64\"]", checked.receipt().at("/images/0/platforms").toString());
        assertEquals(List.of(), StoreCheck.differences(StoreCheck.of(layout).receipt(), Json.bytes(checked.receipt())));
    }

    @Test
    void should_find_an_image_that_only_docker_would_load() throws IOException {
        Path layout = layout();
        Files.writeString(layout.resolve("manifest.json"), "[{\"Config\":\"other.json\",\"RepoTags\":[\"app:1\"],\"Layers\":[]}]");
        List<String> wrong = StoreCheck.of(layout).wrong();
        assertTrue(wrong.size() == 1 && wrong.get(0).endsWith(": other.json"), wrong.toString());
    }

    @Test
    void should_name_what_is_damaged_or_missing() throws IOException {
        Path layout = layout();
        byte[] receipt = Json.bytes(StoreCheck.of(layout).receipt());
        ObjectNode manifest = SignedImage.json(Files.readAllBytes(file(layout, image.path("digest").asText())));
        String layer = manifest.at("/layers/0/digest").asText();
        byte[] bytes = Files.readAllBytes(file(layout, layer));
        bytes[bytes.length / 2] ^= 1;
        Files.write(file(layout, layer), bytes);
        StoreCheck.Checked damaged = StoreCheck.of(layout);
        assertTrue(damaged.wrong().size() == 1 && damaged.wrong().get(0).contains(layer), damaged.wrong().toString());
        assertEquals(1, StoreCheck.differences(damaged.receipt(), receipt).size());
        Files.delete(file(layout, layer));
        StoreCheck.Checked missing = StoreCheck.of(layout);
        assertTrue(missing.wrong().size() == 1 && missing.wrong().get(0).contains(layer), missing.wrong().toString());
    }

    @Test
    void should_look_at_what_refers_to_an_index_that_is_not_listed() throws IOException {
        SignedImage signed = new SignedImage();
        String index = signed.manifest(Json.bytes(Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_INDEX)
                .set("manifests", Json.newArray().add(signed.descriptor(signed.digest.toString())))));
        signed.refer(index, "application/x", "application/x", "x".getBytes(), Map.of());
        Path layout = signed.layout(true);
        StoreCheck.Checked checked = StoreCheck.of(layout);
        assertEquals(index, checked.receipt().at("/referrers/0/subject").asText());
        assertTrue(checked.receipt().path("blobs").has(index), checked.receipt().toString());
        Files.writeString(file(layout, Digest.of("x".getBytes()).toString()), "y");
        assertTrue(StoreCheck.of(layout).wrong().stream().anyMatch(one -> one.contains(Digest.of("x".getBytes()).toString())));
        Files.writeString(file(layout, index), "y");
        assertTrue(StoreCheck.of(layout).wrong().stream().anyMatch(one -> one.contains(index)));
    }

    @Test
    void should_tell_what_the_receipt_has_and_the_other_side_does_not() throws IOException {
        SignedImage signed = new SignedImage();
        signed.refer("application/x", "application/x", "x".getBytes(), Map.of());
        StoreCheck.Checked checked = StoreCheck.of(signed.layout(true));
        assertEquals(1, checked.receipt().path("referrers").size());
        List<String> differences = StoreCheck.differences(StoreCheck.of(layout()).receipt(), Json.bytes(checked.receipt()));
        assertTrue(differences.stream().anyMatch(one -> one.startsWith("the receipt has the referrer ")) && differences.stream().anyMatch(one -> one.startsWith("the image ")), differences.toString());
        assertThrows(WrongContentException.class, () -> StoreCheck.differences(checked.receipt(), "{}".getBytes()));
    }
}
