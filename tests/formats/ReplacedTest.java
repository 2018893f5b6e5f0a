package tests.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import lib.text.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.DebianRegistry;
import tests.support.Dray;
import tests.support.RealImages;

//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/RealImages.java

/** Results whose layers are not stored as the registry has them, written again over an earlier one. */
@Tag("slow")
class ReplacedTest {
    private final DebianRegistry registry = RealImages.registry();

    @TempDir
    Path folder;

    /** Pulls into x, and returns the digests of the layers that were asked for. */
    private Set<String> pull(String image, String form) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(form.split(" ")));
        arguments.addAll(List.of("-o", "x", "--har", "x.har", "--platform", "linux/amd64", "-t", "some.example/app:1", registry.image(image)));
        Dray.script("pull", arguments.toArray(String[]::new)).in(folder).run().orFail();
        Set<String> layers = new TreeSet<>();
        for (JsonNode entry : Json.object(Files.readAllBytes(folder.resolve("x.har")), "the record").path("log").path("entries")) {
            String url = entry.path("request").path("url").asText();
            if (url.contains("/blobs/") && entry.path("response").path("content").path("size").asLong() > 5_000) { // no config
                layers.add(url.replaceFirst(".*/", ""));
            }
        }
        return layers;
    }

    @ParameterizedTest
    @ValueSource(strings = {"--format legacy", "--uncompressed", "--recompress zstd", "--recompress gzip --format oci", "--recompress zstd --format oci-dir"})
    void should_fetch_no_layer_that_is_there_in_another_form(String form) throws IOException {
        assertTrue(!pull(RealImages.PLAIN, form).isEmpty(), "something was fetched");
        assertEquals(Set.of(), pull(RealImages.PLAIN, form));
        String other = form.contains("gzip") ? RealImages.ZSTD : RealImages.REAL;
        assertEquals(Set.of(), pull(other, form), "the same layers, compressed in another way");
        Path replaced = folder.resolve("x");
        Path fresh = folder.resolve("replaced");
        Files.move(replaced, fresh);
        assertTrue(!pull(other, form).isEmpty());
        if (Files.isRegularFile(fresh)) {
            assertEquals(-1, Files.mismatch(fresh, replaced), "the same as without what was replaced");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--format legacy", "--uncompressed"})
    void should_fetch_what_is_damaged_there(String form) throws IOException {
        pull(RealImages.REAL, form);
        Path right = Files.copy(folder.resolve("x"), folder.resolve("right"));
        byte[] bytes = Files.readAllBytes(right);
        bytes[bytes.length / 2] ^= 1;
        Files.write(folder.resolve("x"), bytes);
        assertTrue(!pull(RealImages.REAL, form).isEmpty(), "a layer was fetched");
        assertEquals(-1, Files.mismatch(right, folder.resolve("x")));
    }
}
