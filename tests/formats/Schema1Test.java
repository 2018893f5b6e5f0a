package tests.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import lib.image.Digest;
import lib.image.MediaType;
import lib.text.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.store.TarMaker;
import tests.support.DebianRegistry;
import tests.support.DockerEngine;
import tests.support.Dray;
import tests.support.FlakyRegistry;
import tests.support.LayoutWriter;
import tests.support.Program;
import tests.support.RealImages;
import tests.support.Scratch;
import tests.support.Tools;

//SOURCES ../store/TarMaker.java
//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/DockerEngine.java
//SOURCES ../support/Dray.java
//SOURCES ../support/FlakyRegistry.java
//SOURCES ../support/LayoutWriter.java
//SOURCES ../support/Program.java
//SOURCES ../support/RealImages.java
//SOURCES ../support/Scratch.java
//SOURCES ../support/Tools.java

/** Images whose manifests are of Docker's first form: skopeo writes signed ones, and Debian's registry keeps them when told to. */
@Tag("slow")
class Schema1Test {
    private static final byte[] LAYER = new Program("gzip", "-nc").stdin(new TarMaker().file("hello", "hello").end()).run().orFail().stdout();

    private final String real = RealImages.registry().image(RealImages.REAL);
    private final DebianRegistry registry = DebianRegistry.startForSchema1(Scratch.folder("schema1"));
    private final FlakyRegistry fake = new FlakyRegistry();
    private final String old = registry.image("old/app:1");

    @TempDir
    Path folder;

    @BeforeEach
    void push() {
        program("skopeo", "copy", "--quiet", "--insecure-policy", "--src-tls-verify=false", "--dest-tls-verify=false",
                "--override-arch", "amd64", "--override-os", "linux", "--format", "v2s1", "docker://" + real, "docker://" + old).orFail();
    }

    @AfterEach
    void close() {
        registry.close();
        fake.close();
    }

    private Program.Result dray(String name, String... arguments) {
        return Dray.script(name, arguments).in(folder).run();
    }

    private Program.Result program(String... command) {
        Tools.assumeInstalled(command[0]);
        return new Program(List.of(command)).in(folder).run();
    }

    private void assertSame(String one, String other) throws IOException {
        assertEquals(-1, Files.mismatch(folder.resolve(one), folder.resolve(other)));
    }

    private ObjectNode json(String name, String... arguments) throws IOException {
        return Json.object(dray(name, arguments).orFail().stdout(), name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.13.1", "1.8.3", "1.8.2", "1.10.0-rc1", ""})
    void should_be_pulled_as_the_image_that_docker_makes_of_it(String version) throws IOException {
        DockerEngine engine = DockerEngine.shared();
        LayoutWriter layout = new LayoutWriter(folder.resolve("source"));
        List<LayoutWriter.Layer> layers = List.of(layout.layer(new TarMaker().file("one", "1").end(), "gzip"), layout.layer(new TarMaker().file("two", "2").end(), "gzip"));
        ObjectNode config = LayoutWriter.linux("amd64", "").put("docker_version", version).put("author", "<me> & you");
        // what engines before 1.8.3, or none, wrote is written anew by Docker: in its order, with what was not there, without what it does not know
        config.putObject("config").put("User", "app").put("Cmd", "run").putNull("OnBuild").put("Memory", 1).set("Volumes", Json.newObject().set("/b", Json.newObject()));
        ((ObjectNode) config.path("config").path("Volumes")).putObject("/a");
        ((ObjectNode) config.path("config")).putObject("Labels").put("z", "1").put("a", "2");
        layout.tag("1", layout.image(config, layers));
        program("skopeo", "copy", "--quiet", "--insecure-policy", "--dest-tls-verify=false", "--format", "v2s1", "oci:source:1", "docker://" + old).orFail();
        assertEquals(1, json("manifest", old).path("schemaVersion").asInt());
        dray("pull", old).orFail();
        engine.run("pull", old).orFail();
        String id = engine.run("image", "inspect", "--format", "{{.Id}}", old).orFail().text().strip();
        engine.run("image", "rm", old).orFail();
        engine.load(folder.resolve("old_app_1.tar")).orFail();
        assertEquals(id, engine.run("image", "inspect", "--format", "{{.Id}}", old).orFail().text().strip());
        assertEquals(List.of("old_app_1.tar", "source"), names());
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void should_have_the_same_files_in_every_way() throws IOException {
        dray("extract", "--platform", "linux/amd64", real, "-o", "expected.tar").orFail();
        dray("extract", old, "-o", "far.tar").orFail();
        assertSame("expected.tar", "far.tar");
        dray("pull", old, "-o", "app.tar").orFail();
        dray("extract", "app.tar", "-o", "near.tar").orFail();
        assertSame("expected.tar", "near.tar");
        dray("pull", "--format", "oci-dir", old, "-o", "app.oci").orFail();
        dray("assemble", "app.oci", "-o", "again.tar").orFail();
        assertSame("app.tar", "again.tar");
        Files.write(folder.resolve("streamed.tar"), dray("pull", old, "-o", "-").orFail().stdout());
        assertSame("app.tar", "streamed.tar");
        assertEquals(dray("cat", "app.tar", "etc/nginx/nginx.conf").orFail().text(), dray("cat", old, "etc/nginx/nginx.conf").orFail().text());
        assertEquals(dray("ls", "app.tar").orFail().text().lines().count(), dray("ls", old).orFail().text().lines().count());
    }

    @Test
    void should_come_through_the_pipe_also_edited_and_by_its_digest() throws IOException {
        byte[] manifest = dray("manifest", old).orFail().stdout();
        byte[] stage = Dray.script("blob", "--to", "piped.oci").in(folder).stdin(manifest).run().orFail().stdout();
        Dray.script("assemble", "-o", "piped.tar").in(folder).stdin(stage).run().orFail();
        dray("pull", old, "-o", "pulled.tar").orFail();
        assertSame("pulled.tar", "piped.tar");
        String digest = Json.object(manifest, "manifest").path("image").path("digest").asText();
        dray("pull", registry.image("old/app@" + digest), "-t", old, "-o", "pinned.tar").orFail();
        assertSame("pulled.tar", "pinned.tar");
        ObjectNode edited = Json.object(manifest, "manifest");
        ((ArrayNode) edited.get("fsLayers")).remove(0);
        ((ArrayNode) edited.get("history")).remove(0);
        stage = Dray.script("blob", "--to", "edited.oci").in(folder).stdin(Json.bytes(edited)).run().orFail().stdout();
        Dray.script("assemble", "-o", "edited.tar").in(folder).stdin(stage).run().orFail();
        assertEquals(json("inspect", "pulled.tar").path("history").size() - 1, json("inspect", "edited.tar").path("history").size());
    }

    @Test
    void should_be_looked_at_without_fetching_it() throws IOException {
        ObjectNode seen = json("inspect", old);
        assertEquals(json("inspect", "--platform", "linux/amd64", real).path("config").path("Env"), seen.path("config").path("Env"));
        assertTrue(dray("inspect", "--summary", old).orFail().text().contains("a layer"));
        assertTrue(dray("doctor", old).orFail().stdout().length > 0);
        assertEquals(2, dray("pull", "--as-curl", old).exitCode());
        dray("pull", "--platform", "linux/amd64", real, "-o", "real.tar").orFail();
        assertEquals(2, dray("pull", "--since", "real.tar", old).exitCode());
    }

    /** docker-registry takes signed ones only. */
    private String unsigned(String history, String... blobSums) {
        String layers = String.join(",", List.of(blobSums).stream().map(sum -> "{\"blobSum\":\"" + sum + "\"}").toList());
        String text = "{\"schemaVersion\":1,\"name\":\"app\",\"tag\":\"1\",\"architecture\":\"amd64\",\"fsLayers\":[" + layers + "],\"history\":[" + history + "]}";
        return fake.manifest("1", MediaType.DOCKER_SCHEMA_1, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String step(String json) {
        return "{\"v1Compatibility\":" + Json.text(Json.newObject().put("x", json.replace('\'', '"')).get("x"), false) + "}";
    }

    @Test
    void should_read_unsigned_ones_and_skip_steps_without_files() throws IOException {
        fake.image("parts", List.of(LAYER));
        String layer = Digest.of(LAYER).toString();
        String image = unsigned(step("{'id':'b','parent':'a','architecture':'amd64','os':'linux','throwaway':true,'config':{'Cmd':['a<b&c']},'container_config':{'Cmd':['CMD','x']}}")
                + "," + step("{'id':'a','created':'2014-01-01T00:00:00Z','author':'me','comment':'first'}"), "sha256:a3ed95caeb02ffe68cdd9fd84406680ae93d663cb16422d00e8a7c22955b46d4", layer);
        dray("pull", image, "-o", "app.tar").orFail();
        assertEquals("hello", dray("cat", "app.tar", "hello").orFail().text());
        ObjectNode config = json("inspect", "app.tar");
        assertEquals("a<b&c", config.path("config").path("Cmd").path(0).asText());
        assertEquals("[{\"created\":\"2014-01-01T00:00:00Z\",\"author\":\"me\",\"comment\":\"first\"},{\"created\":\"0001-01-01T00:00:00Z\",\"created_by\":\"CMD x\",\"empty_layer\":true}]",
                Json.text(config.path("history"), false));
        assertTrue(config.path("parent").isMissingNode() && config.path("throwaway").isMissingNode());
        assertEquals(1, config.path("rootfs").path("diff_ids").size());
    }

    @Test
    void should_refuse_what_does_not_fit_together() {
        fake.image("parts", List.of(LAYER));
        String layer = Digest.of(LAYER).toString();
        for (String image : List.of(unsigned("", layer), unsigned(step("{}") + "," + step("{}"), layer), unsigned(step("no json"), layer), unsigned(step("{}"), "sha256:short"), unsigned("1", layer))) {
            Program.Result result = dray("pull", image, "-o", "app.tar");
            assertEquals(5, result.exitCode(), result.toString());
            assertEquals(1, result.stderr().lines().count(), result.stderr());
        }
        assertEquals(3, dray("pull", unsigned(step("{}"), "sha256:" + "0".repeat(64)), "-o", "app.tar").exitCode());
        assertFalse(Files.exists(folder.resolve("app.tar")));
    }

    /** Whatever follows the signed part must not change what a digest means. */
    @Test
    void should_not_believe_what_is_not_signed() {
        String signed = "{\"schemaVersion\":1,\"fsLayers\":[],\"history\":[]}";
        String tail = Base64.getUrlEncoder().encodeToString("}".getBytes());
        for (Map.Entry<String, String> attack : Map.of(
                "an index", ",\"mediaType\":\"" + MediaType.OCI_INDEX + "\",\"manifests\":[]",
                "another length", "").entrySet()) {
            int length = signed.length() - 1 + (attack.getValue().isEmpty() ? 10_000 : 0);
            String form = Base64.getUrlEncoder().encodeToString("{\"formatLength\":%d,\"formatTail\":\"%s\"}".formatted(length, tail).getBytes());
            String text = signed.substring(0, signed.length() - 1) + attack.getValue() + ",\"signatures\":[{\"protected\":\"" + form + "\"}]}";
            String name = fake.manifest(Digest.of(signed.getBytes()).toString(), MediaType.DOCKER_SCHEMA_1_SIGNED, text.getBytes()).replace("app:sha256", "app@sha256");
            Program.Result result = dray("pull", name, "-t", "x:1", "-o", "app.tar");
            assertEquals(5, result.exitCode(), attack.getKey() + result);
        }
        String other = "{\"schemaVersion\":2,\"config\":{},\"layers\":[]}";
        String name = fake.manifest("other", MediaType.DOCKER_SCHEMA_1_SIGNED, other.getBytes());
        assertEquals(5, dray("pull", name, "-o", "app.tar").exitCode());
    }
}
