package tests.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lib.failure.NotFoundException;
import lib.failure.WrongContentException;
import lib.image.Choice;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.ManifestTree;
import lib.image.MediaType;
import lib.image.Platform;
import lib.text.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The choice of an image from an index. Entries are told apart by their size, which is their place in the index. */
class ChooseTest {
    private final List<ObjectNode> entries = new ArrayList<>();
    private final Map<Digest, ObjectNode> below = new HashMap<>();

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
        NotFoundException refused = assertThrows(NotFoundException.class, () -> choose("windows(10.0.2034)/amd64"));
        assertTrue(refused.getMessage().contains("windows(10.0.17763.6054)/amd64, windows(10.0.20348.10001)/amd64"), refused.getMessage());
    }

    @Test
    void should_list_what_there_is_when_none_fits() {
        add("linux", "arm64", "v8");
        add("linux", "amd64", null);
        addAttestation();
        NotFoundException refused = assertThrows(NotFoundException.class, () -> choose("linux/s390x"));
        assertEquals("no image for linux/s390x, there are: linux/amd64, linux/arm64", refused.getMessage());
    }

    @Test
    void should_not_fall_back_to_32_bits() {
        add("linux", "386", null);
        add("linux", "arm", "v7");
        assertThrows(NotFoundException.class, () -> choose("linux/amd64"));
        assertThrows(NotFoundException.class, () -> choose("linux/arm64"));
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
        below.put(digest(1), index(List.of(entry("linux", "arm64", 7))));
        assertEquals(2, choose("linux/amd64"));
        assertEquals(7, choose("linux/arm64"));
    }

    @Test
    void should_say_when_there_is_nothing_at_all() {
        NotFoundException refused = assertThrows(NotFoundException.class, () -> choose("linux/amd64"));
        assertEquals("no image for linux/amd64: the index lists no images", refused.getMessage());
    }

    @Test
    void should_let_the_configs_decide_where_entries_name_no_platform() throws Exception {
        addImage("{\"os\":\"linux\",\"architecture\":\"arm64\"}");
        addImage("{\"os\":\"linux\",\"architecture\":\"amd64\"}");
        addImage("{\"os\":\"linux\",\"architecture\":\"amd64\",\"variant\":\"v3\"}");
        entries.get(1).putObject("platform").put("os", "").put("architecture", "");
        entries.get(2).putNull("platform");
        assertEquals(0, choose("linux/arm64"));
        assertEquals(1, choose("linux/amd64"));
        assertEquals(2, choose("linux/amd64/v3"));
        NotFoundException refused = assertThrows(NotFoundException.class, () -> choose("linux/s390x"));
        assertEquals("no image for linux/s390x, there are: linux/amd64, linux/amd64/v3, linux/arm64", refused.getMessage());
        add("linux", "s390x", null);
        assertEquals(3, choose("linux/s390x"));
    }

    @Test
    void should_take_an_image_of_which_nothing_tells_what_it_runs_on() throws Exception {
        addImage("{}");
        assertEquals(0, choose("linux/amd64"));
        addImage("{\"os\":\"linux\",\"architecture\":\"amd64\"}");
        assertEquals(1, choose("linux/amd64"));
    }

    @Test
    void should_name_the_types_of_what_is_no_image() {
        addWithoutPlatform("application/vnd.example.unknown+json");
        addWithoutPlatform(MediaType.OCI_MANIFEST);
        ObjectNode chart = Json.newObject();
        chart.putObject("config").put("mediaType", "application/vnd.cncf.helm.config.v1+json");
        below.put(digest(1), chart);
        NotFoundException refused = assertThrows(NotFoundException.class, () -> choose("linux/amd64"));
        assertEquals("no image for linux/amd64: the index lists no images, only application/vnd.cncf.helm.config.v1+json, application/vnd.example.unknown+json; get one by its digest", refused.getMessage());
    }

    @Test
    void should_not_look_at_manifests_without_an_end() {
        for (int i = 0; i < 101; i++) {
            addImage("{\"os\":\"linux\",\"architecture\":\"arm64\"}");
        }
        assertTrue(assertThrows(WrongContentException.class, () -> choose("linux/amd64")).getMessage().contains("more than 100"));
    }

    @Test
    void should_refuse_indexes_that_lead_to_indexes_for_ever() {
        addWithoutPlatform(MediaType.OCI_INDEX);
        below.put(digest(0), index(entries));
        assertTrue(assertThrows(WrongContentException.class, () -> choose("linux/amd64")).getMessage().contains("5th that leads to another"));
    }

    private long choose(String wanted) throws Exception {
        return Choice.of(Manifest.parse(Json.bytes(index(entries)), MediaType.OCI_INDEX), Platform.parse(wanted), new Source()).entry().size();
    }

    private static ObjectNode index(List<ObjectNode> entries) {
        ObjectNode index = Json.newObject();
        index.putArray("manifests").addAll(entries);
        return index;
    }

    /** What entries lead to; where nothing else is known, to an image. Its config is in its manifest here. */
    private final class Source implements ManifestTree.Source {
        @Override
        public Manifest manifest(Descriptor entry) throws WrongContentException {
            return Manifest.parse(Json.bytes(below.getOrDefault(entry.digest(), Json.newObject())), entry.mediaType());
        }

        @Override
        public byte[] config(Manifest manifest) {
            return Json.bytes(manifest.json().path("itself"));
        }

        @Override
        public boolean has(Descriptor entry) {
            return true;
        }
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
        entries.add(Json.newObject().put("mediaType", mediaType).put("digest", digest(entries.size()).toString()).put("size", entries.size()));
    }

    private void addImage(String config) {
        addWithoutPlatform(MediaType.OCI_MANIFEST);
        ObjectNode manifest = Json.newObject();
        manifest.putObject("config").put("mediaType", MediaType.OCI_CONFIG).put("digest", digest(200).toString()).put("size", config.length());
        below.put(digest(entries.size() - 1), manifest.set("itself", parsed(config)));
    }

    private static ObjectNode parsed(String json) {
        try {
            return Json.object(json.getBytes(), "the config");
        } catch (WrongContentException e) {
            throw new AssertionError(e);
        }
    }

    private static ObjectNode entry(String os, String architecture, int place) {
        ObjectNode entry = Json.newObject().put("mediaType", MediaType.OCI_MANIFEST).put("digest", digest(place).toString()).put("size", place);
        entry.putObject("platform").put("os", os).put("architecture", architecture);
        return entry;
    }

    private static Digest digest(int place) {
        return Digest.of(new byte[] {(byte) place});
    }
}
