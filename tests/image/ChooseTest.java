package tests.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import lib.image.Digest;
import lib.image.Json;
import lib.image.Manifest;
import lib.image.MediaType;
import lib.image.NotFound;
import lib.image.Platform;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

//SOURCES ../../lib/image/Digest.java
//SOURCES ../../lib/image/Json.java
//SOURCES ../../lib/image/Manifest.java
//SOURCES ../../lib/image/MediaType.java
//SOURCES ../../lib/image/NotFound.java
//SOURCES ../../lib/image/Platform.java

/** The choice of an image from an index. Entries are told apart by their size, which is their place in the index. */
class ChooseTest {
    private final List<ObjectNode> entries = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({
        "linux/amd64,    0",
        "linux/x86_64,   0",
        "linux/amd64/v2, 0",
        "linux/amd64/v3, 1",
        "linux/amd64/v4, 1",
        "linux/arm64,    2",
        "linux/arm/v6,   3",
        "linux/arm/v7,   3",
        "linux/arm,      3",
        "linux/arm/v5,   5",
        "windows/amd64,  6",
    })
    void should_take_the_best_that_runs(String wanted, int place) throws Exception {
        add("linux", "amd64", null);
        add("linux", "amd64", "v3");
        add("linux", "arm64", "v8");
        add("linux", "arm", "v6");
        add("linux", "amd64", null);
        add("linux", "arm", "v5");
        add("windows", "amd64", null);
        assertEquals(place, choose(wanted));
    }

    @ParameterizedTest
    @CsvSource({
        "windows/amd64,                  0",
        "windows(10.0.17763)/amd64,      0",
        "windows(10.0.20348)/amd64,      3",
        "windows(10.0)/amd64,            3",
        "windows(10.0.20348.2655)/amd64, 1",
        "windows(10.0.20348.2700)/amd64, 2",
    })
    void should_take_the_version_of_windows_that_is_asked_for(String wanted, int place) throws Exception {
        for (String version : List.of("10.0.17763.6054", "10.0.20348.2655", "10.0.20348.2700", "10.0.20348.10001", "10.0.20348.999")) {
            add("windows", "amd64", null);
            ((ObjectNode) entries.get(entries.size() - 1).path("platform")).put("os.version", version);
        }
        assertEquals(place, choose(wanted));
        NotFound refused = assertThrows(NotFound.class, () -> choose("windows(10.0.2034)/amd64"));
        assertTrue(refused.getMessage().contains("windows(10.0.17763.6054)/amd64, windows(10.0.20348.10001)/amd64"), refused.getMessage());
    }

    @Test
    void should_list_what_there_is_when_none_fits() {
        add("linux", "arm64", "v8");
        add("linux", "amd64", null);
        addAttestation();
        NotFound refused = assertThrows(NotFound.class, () -> choose("linux/s390x"));
        assertEquals("no image for linux/s390x, there are: linux/amd64, linux/arm64", refused.getMessage());
    }

    @Test
    void should_not_fall_back_to_32_bits() {
        add("linux", "386", null);
        add("linux", "arm", "v7");
        assertThrows(NotFound.class, () -> choose("linux/amd64"));
        assertThrows(NotFound.class, () -> choose("linux/arm64"));
    }

    @Test
    void should_skip_the_notes_of_build_tools() throws Exception {
        addAttestation();
        entries.get(0).putObject("platform").put("os", "linux").put("architecture", "amd64");
        add("linux", "amd64", null);
        assertEquals(1, choose("linux/amd64"));
    }

    @Test
    void should_look_into_an_index_in_the_index_when_nothing_else_fits() throws Exception {
        addWithoutPlatform("application/vnd.example.unknown+json");
        addWithoutPlatform(MediaType.OCI_INDEX);
        add("linux", "amd64", null);
        assertEquals(2, choose("linux/amd64"));
        assertEquals(1, choose("linux/arm64"));
    }

    @Test
    void should_say_when_there_is_nothing_at_all() {
        NotFound refused = assertThrows(NotFound.class, () -> choose("linux/amd64"));
        assertTrue(refused.getMessage().endsWith("there are: none"), refused.getMessage());
    }

    private long choose(String wanted) throws Exception {
        ObjectNode index = Json.newObject();
        index.putArray("manifests").addAll(entries);
        return Manifest.parse(Json.bytes(index), MediaType.OCI_INDEX).choose(Platform.parse(wanted)).size();
    }

    private void add(String os, String architecture, String variant) {
        addWithoutPlatform(MediaType.OCI_MANIFEST);
        entries.get(entries.size() - 1).putObject("platform").put("os", os).put("architecture", architecture).put("variant", variant);
    }

    private void addAttestation() {
        add("unknown", "unknown", null);
        entries.get(entries.size() - 1).putObject("annotations").put("vnd.docker.reference.type", "attestation-manifest");
    }

    private void addWithoutPlatform(String mediaType) {
        String digest = Digest.of(new byte[] {(byte) entries.size()}).toString();
        entries.add(Json.newObject().put("mediaType", mediaType).put("digest", digest).put("size", entries.size()));
    }
}
