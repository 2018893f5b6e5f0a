package tests.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import lib.image.Digest;
import lib.image.MediaType;
import lib.text.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.store.TarMaker;
import tests.support.DockerEngine;
import tests.support.Dray;
import tests.support.FlakyRegistry;
import tests.support.Program;

//SOURCES ../store/TarMaker.java
//SOURCES ../support/DockerEngine.java
//SOURCES ../support/Dray.java
//SOURCES ../support/FlakyRegistry.java
//SOURCES ../support/Program.java

/** Images that are rare, and what is in registries beside images. */
@Tag("slow")
class KindsTest {
    private static final byte[] LAYER = new TarMaker().file("hello", "hello").end();
    private static final String CONFIG = "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[%s]}}";

    private final FlakyRegistry registry = new FlakyRegistry();

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        registry.close();
    }

    private Program.Result dray(String name, String... arguments) {
        return Dray.script(name, arguments).in(folder).run();
    }

    private ObjectNode blob(String algorithm, String mediaType, byte[] bytes) {
        String digest = digest(algorithm, bytes).toString();
        registry.blob(digest, bytes);
        return Json.newObject().put("mediaType", mediaType).put("digest", digest).put("size", bytes.length);
    }

    private static Digest digest(String algorithm, byte[] bytes) {
        Digest any = Digest.parse(algorithm + ":" + "0".repeat(algorithm.equals("sha512") ? 128 : 64));
        return Digest.of(algorithm, any.newHash(bytes.length).digest(bytes));
    }

    private byte[] manifest(ObjectNode config, ObjectNode... layers) {
        ObjectNode manifest = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_MANIFEST);
        manifest.set("config", config);
        manifest.putArray("layers").addAll(List.of(layers));
        return Json.bytes(manifest);
    }

    private String image(String diffIds, ObjectNode... layers) {
        return registry.manifest("1", MediaType.OCI_MANIFEST, manifest(blob("sha256", MediaType.OCI_CONFIG, CONFIG.formatted(diffIds).getBytes()), layers));
    }

    private void assertRefused(int exitCode, String part, Program.Result result) {
        assertEquals(exitCode, result.exitCode(), result.toString());
        assertTrue(result.stderr().contains(part), result.stderr());
        assertEquals(1, result.stderr().lines().count(), result.stderr());
    }

    @Test
    void should_take_digests_of_sha512() throws IOException {
        String diffId = digest("sha512", LAYER).toString();
        ObjectNode config = blob("sha512", MediaType.OCI_CONFIG, CONFIG.formatted("\"" + diffId + "\"").getBytes());
        byte[] manifest = manifest(config, blob("sha512", MediaType.OCI_LAYER, LAYER));
        String pinned = registry.manifest(digest("sha512", manifest).toString(), MediaType.OCI_MANIFEST, manifest).replace(":sha512", "@sha512");
        dray("pull", pinned, "-t", "app:512", "-o", "app.tar").orFail();
        dray("assemble", "app.tar", "-o", "again.tar").orFail();
        assertEquals(-1, Files.mismatch(folder.resolve("app.tar"), folder.resolve("again.tar")));
        assertEquals("hello", dray("cat", "again.tar", "hello").orFail().text());
        assertEquals("hello", dray("cat", pinned, "hello").orFail().text());
        assertTrue(new Program(List.of("tar", "-tf", "app.tar")).in(folder).run().orFail().text().contains("blobs/sha512/" + digest("sha512", manifest).hex()));
        registry.blob(diffId, new TarMaker().file("hello", "wrong").end());
        Program.Result wrong = dray("cat", pinned, "hello");
        assertEquals(5, wrong.exitCode(), wrong.toString());
        assertTrue(wrong.stderr().contains(diffId), wrong.stderr());
    }

    /** Lists the image of one layer, which is for linux/amd64, in an index without a platform. */
    private String indexed(int wrongBytes) {
        byte[] manifest = manifest(blob("sha256", MediaType.OCI_CONFIG, CONFIG.formatted("\"" + Digest.of(LAYER) + "\"").getBytes()), blob("sha256", MediaType.OCI_LAYER, LAYER));
        registry.manifest(Digest.of(manifest).toString(), MediaType.OCI_MANIFEST, manifest);
        ObjectNode index = Json.newObject().put("schemaVersion", 2);
        index.putArray("manifests").addObject().put("mediaType", MediaType.OCI_MANIFEST).put("digest", Digest.of(manifest).toString()).put("size", manifest.length + wrongBytes);
        return registry.manifest("index", MediaType.OCI_INDEX, Json.bytes(index));
    }

    @Test
    void should_let_the_config_say_what_an_image_runs_on_where_the_index_does_not() {
        String name = indexed(0);
        dray("pull", "--platform", "linux/amd64", name, "-o", "app.tar").orFail();
        assertEquals("hello", dray("cat", "app.tar", "hello").orFail().text());
        assertTrue(dray("manifest", "--platform", "linux/amd64", name).orFail().text().contains("\"platform\":\"linux/amd64\""));
        assertRefused(3, "no image for linux/arm64, there are: linux/amd64", dray("manifest", "--platform", "linux/arm64", name));
    }

    @Test
    void should_say_how_to_get_an_image_whose_size_an_index_has_wrong() {
        String name = indexed(1);
        Program.Result refused = dray("manifest", "--platform", "linux/amd64", name);
        assertRefused(5, "the index is wrong: the image can be pulled as NAME@sha256:", refused);
        dray("manifest", name.replaceFirst(":[^:/]*$", "") + refused.stderr().replaceFirst("(?s).* NAME(@\\S+).*", "$1")).orFail();
    }

    @ParameterizedTest
    @ValueSource(strings = {"docker", "oci", "legacy", "rootfs"})
    void should_take_an_image_without_layers(String format) {
        dray("pull", "--format", format, image(""), "-o", "app.tar").orFail();
        if (format.equals("docker") || format.equals("oci")) {
            assertEquals("linux", Dray.script("inspect", "app.tar").in(folder).run().orFail().text().replaceAll(".*\"os\":\"([a-z]+)\".*\n", "$1"));
            dray("extract", "app.tar", "-C", "root").orFail();
        }
    }

    @Test
    void should_have_an_image_without_layers_loaded_by_docker() {
        DockerEngine engine = DockerEngine.shared();
        dray("pull", image(""), "-t", "kinds.example/empty:1", "-o", "app.tar").orFail();
        engine.load(folder.resolve("app.tar")).orFail();
        engine.run("image", "inspect", "kinds.example/empty:1").orFail();
    }

    @ParameterizedTest
    @CsvSource({
        "application/vnd.cncf.helm.config.v1+json, application/vnd.cncf.helm.chart.content.v1.tar+gzip, application/vnd.cncf.helm.config.v1+json",
        "application/vnd.oci.image.config.v1+json, application/vnd.dev.cosign.simplesigning.v1+json, application/vnd.dev.cosign.simplesigning.v1+json",
        "application/vnd.oci.empty.v1+json,        application/spdx+json, application/vnd.oci.empty.v1+json",
    })
    void should_carry_what_is_no_image_but_not_have_it_loaded_as_one(String config, String layer, String type) throws IOException {
        String chart = registry.manifest("chart", MediaType.OCI_MANIFEST, manifest(blob("sha256", config, "{}".getBytes()), blob("sha256", layer, "anything".getBytes())));
        assertRefused(2, type, dray("pull", "--format", "legacy", chart));
        assertRefused(2, type, dray("pull", "-o", "mixed.tar", chart, image("")));
        assertTrue(dray("pull", chart, "-o", "pulled.tar").orFail().stderr().contains("push pulled.tar NAME"));
        dray("pull", "--format", "oci", "oci://" + chart, "-o", "oci.tar").orFail();
        assertEquals(-1, Files.mismatch(folder.resolve("pulled.tar"), folder.resolve("oci.tar")));
        if (!layer.contains("cosign")) {
            assertRefused(2, type, dray("extract", chart, "-C", "root"));
        }
        byte[] stage = Dray.script("blob", "--to", "chart.oci").in(folder).stdin(dray("manifest", chart).orFail().stdout()).run().orFail().stdout();
        Dray.script("assemble", "-o", "piped.tar").in(folder).stdin(stage).run().orFail();
        assertEquals(-1, Files.mismatch(folder.resolve("pulled.tar"), folder.resolve("piped.tar")));
        dray("assemble", "--format", "oci", "pulled.tar", "-o", "again.tar").orFail();
        assertEquals(-1, Files.mismatch(folder.resolve("pulled.tar"), folder.resolve("again.tar")));
    }

    @Test
    void should_refuse_a_config_of_fewer_or_more_layers() {
        String diffId = "\"" + Digest.of(LAYER) + "\"";
        ObjectNode layer = blob("sha256", MediaType.OCI_LAYER, LAYER);
        for (String image : List.of(image("", layer), image(diffId, layer, layer), image(diffId))) {
            for (String format : List.of("docker", "oci", "oci-dir", "legacy", "rootfs")) {
                assertRefused(5, "diff IDs", dray("pull", "--format", format, image, "-o", "app." + format));
                assertFalse(Files.isRegularFile(folder.resolve("app." + format)));
            }
            assertRefused(5, "diff IDs", dray("pull", image, "-o", "-"));
            assertRefused(5, "diff IDs", dray("extract", image, "-o", "files.tar"));
            assertRefused(5, "diff IDs", dray("inspect", image));
        }
    }

    private byte[] index(String digest, int size) {
        ObjectNode index = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_INDEX);
        index.putArray("manifests").addObject().put("mediaType", MediaType.OCI_INDEX).put("digest", digest).put("size", size);
        return Json.bytes(index);
    }

    @Test
    void should_refuse_indexes_that_lead_in_a_circle_or_on_and_on() {
        String digest = Digest.of("anything".getBytes()).toString();
        byte[] circle = index(digest, index(digest, 100).length);
        registry.manifest(digest, MediaType.OCI_INDEX, circle);
        byte[] chain = index(digest, circle.length);
        for (int i = 0; i < 6; i++) {
            String next = Digest.of(chain).toString();
            registry.manifest(next, MediaType.OCI_INDEX, chain);
            chain = index(next, chain.length);
        }
        for (String platform : List.of("linux/amd64", "all", "linux/amd64,linux/arm64")) {
            assertRefused(5, digest, dray("pull", "--platform", platform, "--format", "oci", registry.manifest("circle", MediaType.OCI_INDEX, circle), "-o", "app.tar"));
            assertRefused(5, "the index sha256:", dray("pull", "--platform", platform, "--format", "oci", registry.manifest("chain", MediaType.OCI_INDEX, chain), "-o", "app.tar"));
        }
    }
}
