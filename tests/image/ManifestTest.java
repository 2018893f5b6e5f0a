package tests.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.MediaType;
import lib.text.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {
    private static final String CONFIG = entry(0, 100);
    private static final String IMAGE = "{\"schemaVersion\":2,\"config\":%s,\"layers\":[%s]}";

    @Test
    void should_keep_the_bytes_and_read_what_they_list() throws Exception {
        byte[] bytes = utf8(" " + IMAGE.formatted(CONFIG, entry(1, 10) + "," + entry(2, 20)) + "\n");
        Manifest manifest = Manifest.parse(bytes, MediaType.OCI_MANIFEST);
        assertSame(bytes, manifest.bytes());
        assertEquals(Digest.of(bytes), manifest.digest());
        assertFalse(manifest.isIndex());
        assertFalse(manifest.isSchema1());
        assertEquals(digest(0), manifest.config().digest());
        assertEquals(List.of(digest(1), digest(2)), manifest.layers().stream().map(Descriptor::digest).toList());
        assertEquals(20, manifest.layers().get(1).size());
        assertNull(manifest.layers().get(1).platform());
        assertEquals("{\"mediaType\":\"" + MediaType.OCI_MANIFEST + "\",\"digest\":\"" + Digest.of(bytes) + "\",\"size\":" + bytes.length + "}",
                Json.text(manifest.descriptor(), false));
    }

    @Test
    void should_keep_a_digest_of_another_algorithm() throws Exception {
        Digest sha512 = Digest.parse("sha512:" + "0".repeat(128));
        assertEquals(sha512, Manifest.parse(sha512, utf8(IMAGE.formatted(CONFIG, "")), null).digest());
    }

    @ParameterizedTest
    @CsvSource({
        MediaType.OCI_MANIFEST + ",                           '',                             " + MediaType.OCI_MANIFEST,
        "'application/vnd.docker.distribution.manifest.v2+json; charset=utf-8', '',           " + MediaType.DOCKER_MANIFEST,
        "Application/Vnd.Docker.Distribution.Manifest.V2+JSON, '',                            " + MediaType.DOCKER_MANIFEST,
        MediaType.DOCKER_MANIFEST + ",                        " + MediaType.OCI_MANIFEST + ", " + MediaType.OCI_MANIFEST,
        "application/json,                                    " + MediaType.DOCKER_MANIFEST + "," + MediaType.DOCKER_MANIFEST,
        "application/octet-stream,                            '',                             " + MediaType.OCI_MANIFEST,
        ",                                                    '',                             " + MediaType.OCI_MANIFEST,
    })
    void should_be_of_the_type_it_states_else_was_sent_as_else_looks_like(String sentAs, String stated, String mediaType) throws Exception {
        String json = IMAGE.formatted(CONFIG, entry(1, 10));
        String text = stated.isEmpty() ? json : json.replaceFirst("\\{", "{\"mediaType\":\"" + stated + "\",");
        assertEquals(mediaType, Manifest.parse(utf8(text), sentAs).mediaType());
    }

    @Test
    void should_know_an_index_without_being_told() throws Exception {
        Manifest index = Manifest.parse(utf8("{\"schemaVersion\":2,\"manifests\":[" + entry(1, 10) + "]}"), null);
        assertTrue(index.isIndex());
        assertEquals(MediaType.OCI_INDEX, index.mediaType());
        assertEquals(digest(1), index.entries().get(0).digest());
    }

    @ParameterizedTest
    @ValueSource(strings = {MediaType.DOCKER_SCHEMA_1, MediaType.DOCKER_SCHEMA_1_SIGNED, "application/json"})
    void should_know_dockers_first_form(String sentAs) throws Exception {
        assertTrue(Manifest.parse(utf8("{\"schemaVersion\":1,\"fsLayers\":[],\"history\":[]}"), sentAs).isSchema1());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "''                                                                     | application/json",
        "<html><body>Log in</body></html>                                       | text/html",
        "[]                                                                     | application/json",
        "{}                                                                     | application/json",
        "{\"errors\":[{\"code\":\"DENIED\"}]}                                   | application/json",
        "{\"schemaVersion\":2,\"layers\":[]}                                    | application/json",
        "{\"schemaVersion\":2,\"manifests\":[],\"layers\":[]}                   | " + MediaType.OCI_INDEX,
        "{\"schemaVersion\":2,\"manifests\":[],\"layers\":[]}                   | " + MediaType.OCI_MANIFEST,
        "{\"schemaVersion\":2,\"manifests\":[]}                                 | " + MediaType.OCI_MANIFEST,
        "{\"schemaVersion\":2,\"config\":{},\"layers\":[]}                      | " + MediaType.DOCKER_LIST,
        "{\"mediaType\":\"" + MediaType.OCI_INDEX + "\",\"layers\":[]}          | " + MediaType.OCI_MANIFEST,
        "{\"layers\":[],\"layers\":[]}                                          | " + MediaType.OCI_MANIFEST,
    })
    void should_refuse_what_is_no_manifest_or_two(String text, String sentAs) {
        assertThrows(WrongContentException.class, () -> Manifest.parse(utf8(text), sentAs));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "\"text\"", "{}", "{\"digest\":\"sha256:../../x\",\"size\":1}", "{\"digest\":null,\"size\":1}", "{\"size\":1}",
        "{\"digest\":\"DIGEST\"}", "{\"digest\":\"DIGEST\",\"size\":-1}", "{\"digest\":\"DIGEST\",\"size\":\"1\"}", "{\"digest\":\"DIGEST\",\"size\":1.5}",
        "{\"digest\":\"DIGEST\",\"size\":1e3}", "{\"digest\":\"DIGEST\",\"size\":9223372036854775808}", "{\"digest\":\"DIGEST\",\"size\":null}"})
    void should_refuse_a_bad_descriptor_and_name_it(String descriptor) throws Exception {
        String bad = descriptor.replace("DIGEST", digest(7).toString());
        Manifest manifest = Manifest.parse(utf8(IMAGE.formatted(bad, entry(1, 10) + "," + bad)), MediaType.OCI_MANIFEST);
        assertTrue(assertThrows(WrongContentException.class, manifest::config).getMessage().startsWith("the manifest's config"));
        assertTrue(assertThrows(WrongContentException.class, manifest::layers).getMessage().startsWith("layer 2"));
    }

    @Test
    void should_refuse_layers_that_are_no_list() throws Exception {
        Manifest manifest = Manifest.parse(utf8("{\"config\":" + CONFIG + ",\"layers\":{}}"), MediaType.OCI_MANIFEST);
        assertThrows(WrongContentException.class, manifest::layers);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",\"layers\":null", ",\"layers\":[],\"manifests\":null,\"mediaType\":null"})
    void should_take_a_list_that_is_null_or_missing_for_an_empty_one(String layers) throws Exception {
        Manifest image = Manifest.parse(utf8("\ufeff{\"schemaVersion\":2,\"config\":" + CONFIG + layers + "}"), "application/json");
        assertEquals(MediaType.OCI_MANIFEST, image.mediaType());
        assertFalse(image.isIndex());
        assertEquals(List.of(), image.layers());
        assertEquals(List.of(digest(0)), image.blobs().stream().map(Descriptor::digest).toList());
        assertEquals(List.of(), image.diffIds(utf8("{\"rootfs\":null}")));
        assertEquals(List.of(), Manifest.parse(utf8("{\"schemaVersion\":2,\"manifests\":null}"), MediaType.OCI_INDEX).entries());
    }

    @Test
    void should_list_each_blob_once() throws Exception {
        Manifest manifest = image(entry(1, 10) + "," + entry(2, 20) + "," + entry(1, 10));
        assertEquals(3, manifest.layers().size());
        assertEquals(List.of(digest(0), digest(1), digest(2)), manifest.blobs().stream().map(Descriptor::digest).toList());
    }

    @Test
    void should_refuse_one_blob_with_two_sizes() throws Exception {
        WrongContentException refused = assertThrows(WrongContentException.class, () -> image(entry(1, 10) + "," + entry(1, 11)).blobs());
        assertTrue(refused.getMessage().contains("10") && refused.getMessage().contains("11"), refused.getMessage());
    }

    @Test
    void should_know_the_size_of_a_layer_of_many_gigabytes() throws Exception {
        assertEquals(1L << 40, image(entry(1, 1L << 40)).layers().get(0).size());
    }

    @Test
    void should_tell_where_else_a_foreign_layer_is() throws Exception {
        String foreign = entry(1, 10).replaceFirst("\\}$", ",\"urls\":[\"https://a/1\",\"https://b/2\"]}");
        assertEquals(List.of("https://a/1", "https://b/2"), image(foreign).layers().get(0).urls());
        assertEquals(List.of(), image(entry(1, 10)).layers().get(0).urls());
    }

    private static Manifest image(String layers) throws WrongContentException {
        return Manifest.parse(utf8(IMAGE.formatted(CONFIG, layers)), MediaType.OCI_MANIFEST);
    }

    private static String entry(int number, long size) {
        return "{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar+gzip\",\"digest\":\"" + digest(number) + "\",\"size\":" + size + "}";
    }

    private static Digest digest(int number) {
        return Digest.of(new byte[] {(byte) number});
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
