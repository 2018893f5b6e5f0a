package tests.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static tests.trust.SignedImage.data;
import static tests.trust.SignedImage.json;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import lib.failure.NoSignatureException;
import lib.image.Digest;
import lib.text.Json;
import lib.trust.TrustedKey;
import lib.verb.ImageChoice;
import lib.verb.SignedImages;
import lib.verb.Verification;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

//SOURCES SignedImage.java

/** A signed image in a layout proves nothing of another one beside it, whatever that pretends to be. */
class VerifyArchiveTest {
    private static final String TAG = "org.opencontainers.image.ref.name";
    private static final String CONTAINERDS = "io.containerd.image.name";
    private static final Verification COSIGN = new Verification(TrustedKey.of(data("cosign.pub"), "cosign.pub"), Map.of());

    @ParameterizedTest
    @ValueSource(strings = {"an image", "tag of a signature", "kind of a signature", "another name", "no name", "an index", "another config"})
    void should_refuse_an_image_that_nobody_signed_and_that_pretends_to_be_something_else(String what) throws IOException {
        SignedImage image = new SignedImage().bundle(data("bundle/bundle-50b821db.json"));
        Path layout = image.layout(true);
        assertEquals(1, SignedImages.inStore(layout, ImageChoice.ALL, null, COSIGN, line -> { }).size());
        ObjectNode other = json("hello.manifest.json");
        other.withObject("annotations").put("other", "yes");
        if (what.equals("another config")) {
            other.withObject("config").put("mediaType", "application/vnd.example.config");
        }
        ObjectNode entry = store(layout, other);
        if (what.equals("an index")) {
            ObjectNode index = Json.newObject().put("schemaVersion", 2).put("mediaType", "application/vnd.oci.image.index.v1+json");
            index.putArray("manifests").add(entry);
            entry = store(layout, index);
        }
        ObjectNode annotations = entry.putObject("annotations");
        String tag = image.tag(".sig");
        switch (what) {
            case "tag of a signature", "an index" -> annotations.put(TAG, "2").put("dray.tag", tag);
            case "kind of a signature" -> annotations.put(TAG, "2").put("kind", "dev.cosignproject.cosign/sigs");
            case "another name" -> annotations.put(TAG, tag).put(CONTAINERDS, "docker.io/library/app:2");
            case "no name" -> annotations.put(TAG, tag);
            default -> annotations.put(TAG, "2");
        }
        ObjectNode list = json(Files.readAllBytes(layout.resolve("index.json")));
        list.withArray("manifests").add(entry);
        Files.write(layout.resolve("index.json"), Json.bytes(list));
        assertThrows(NoSignatureException.class, () -> SignedImages.inStore(layout, ImageChoice.ALL, null, COSIGN, line -> { }));
    }

    private static ObjectNode store(Path layout, ObjectNode manifest) throws IOException {
        byte[] bytes = Json.bytes(manifest);
        Digest digest = Digest.of(bytes);
        Files.write(layout.resolve("blobs/sha256").resolve(digest.hex()), bytes);
        return Json.newObject().put("mediaType", manifest.path("mediaType").asText()).put("digest", digest.toString()).put("size", bytes.length);
    }
}
