package tests.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import lib.image.Digest;
import lib.image.MediaType;
import lib.text.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.store.TarMaker;
import tests.support.Containerd;
import tests.support.DockerEngine;
import tests.support.Dray;
import tests.support.FlakyRegistry;
import tests.support.PodmanStore;
import tests.support.Program;
import tests.support.Tools;

//SOURCES ../store/TarMaker.java
//SOURCES ../support/Containerd.java
//SOURCES ../support/DockerEngine.java
//SOURCES ../support/Dray.java
//SOURCES ../support/FlakyRegistry.java
//SOURCES ../support/PodmanStore.java
//SOURCES ../support/Program.java
//SOURCES ../support/Tools.java

/** Images whose names have a digest, as those in the files of a cluster do: the digest is there after the way into an engine. */
@Tag("slow")
class PinnedTest {
    private final FlakyRegistry registry = new FlakyRegistry();
    private String repository;
    private ObjectNode amd64;
    private ObjectNode index;

    @TempDir
    Path folder;

    @BeforeEach
    void fill() {
        amd64 = image("amd64");
        ObjectNode list = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_INDEX);
        list.putArray("manifests").add(amd64).add(image("arm64"));
        index = manifest(MediaType.OCI_INDEX, list);
        repository = registry.manifest("1", MediaType.OCI_INDEX, Json.bytes(list)).replaceFirst(":1$", "");
    }

    @AfterEach
    void close() {
        registry.close();
    }

    private ObjectNode image(String architecture) {
        byte[] layer = new TarMaker().file("hello", architecture).end();
        String config = "{\"architecture\":\"%s\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"%s\"]}}".formatted(architecture, Digest.of(layer));
        ObjectNode manifest = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_MANIFEST);
        manifest.set("config", blob(MediaType.OCI_CONFIG, config.getBytes()));
        manifest.putArray("layers").add(blob(MediaType.OCI_LAYER, layer));
        ObjectNode entry = manifest(MediaType.OCI_MANIFEST, manifest);
        entry.putObject("platform").put("os", "linux").put("architecture", architecture);
        return entry;
    }

    private ObjectNode blob(String mediaType, byte[] bytes) {
        registry.blob(Digest.of(bytes).toString(), bytes);
        return Json.newObject().put("mediaType", mediaType).put("digest", Digest.of(bytes).toString()).put("size", bytes.length);
    }

    private ObjectNode manifest(String mediaType, ObjectNode json) {
        registry.manifest(Digest.of(Json.bytes(json)).toString(), mediaType, Json.bytes(json));
        return Json.newObject().put("mediaType", mediaType).put("digest", Digest.of(Json.bytes(json)).toString()).put("size", Json.bytes(json).length);
    }

    private static String digest(ObjectNode descriptor) {
        return descriptor.path("digest").asText();
    }

    private Program.Result dray(String name, String... arguments) {
        return Dray.script(name, arguments).in(folder).run();
    }

    private Path pull(String... names) {
        dray("pull", Stream.concat(Stream.of("--platform", "linux/amd64", "-o", "a.tar"), Stream.of(names)).toArray(String[]::new)).orFail();
        return folder.resolve("a.tar");
    }

    @Test
    void should_bring_the_names_and_digests_of_a_cluster_into_containerd() {
        Containerd engine = Containerd.start();
        engine.load(pull(repository + ":1@" + digest(index), repository + "@" + digest(amd64))).orFail();
        assertEquals(Stream.of(repository + ":1 " + digest(amd64), repository + "@" + digest(index) + " " + digest(index), repository + "@" + digest(amd64) + " " + digest(amd64)).sorted().toList(),
                engine.images());
    }

    @Test
    void should_load_a_pinned_image_into_docker_and_podman() {
        Path archive = pull(repository + "@" + digest(index));
        PodmanStore podman = new PodmanStore();
        podman.load(archive).orFail();
        assertTrue(podman.run("images", "--digests").orFail().text().contains(digest(index)));
        DockerEngine.shared().load(archive).orFail();
    }

    @Test
    void should_ask_nothing_for_a_pinned_index_that_the_archive_has() throws IOException {
        Path archive = pull(repository + "@" + digest(index));
        byte[] first = Files.readAllBytes(archive);
        Program.Result again = dray("pull", "--explain", "--platform", "linux/amd64", "-o", "a.tar", repository + "@" + digest(index)).orFail();
        assertTrue(!again.stderr().contains("curl"), again.stderr());
        dray("assemble", "--platform", "linux/amd64", "a.tar", "-o", "b.tar").orFail();
        assertEquals(-1, Files.mismatch(archive, folder.resolve("b.tar")));
        byte[] fetched = Dray.script("blob", "--to", "l.oci").in(folder).stdin(dray("manifest", "--platform", "linux/amd64", repository + "@" + digest(index)).orFail().stdout()).run().orFail().stdout();
        Dray.script("assemble", "-o", "c.tar").in(folder).stdin(fetched).run().orFail();
        assertArrayEquals(first, Files.readAllBytes(folder.resolve("c.tar")));
    }

    @Test
    void should_keep_a_pinned_index_behind_another_one_by_each_way() throws IOException {
        ObjectNode list = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_INDEX);
        list.putArray("manifests").add(index);
        String pinned = repository + "@" + digest(manifest(MediaType.OCI_INDEX, list));
        byte[] pulled = Files.readAllBytes(pull(pinned));
        byte[] fetched = Dray.script("blob", "--to", "l.oci").in(folder).stdin(dray("manifest", "--platform", "linux/amd64", pinned).orFail().stdout()).run().orFail().stdout();
        Dray.script("assemble", "-o", "c.tar").in(folder).stdin(fetched).run().orFail();
        assertArrayEquals(pulled, Files.readAllBytes(folder.resolve("c.tar")));
    }

    @Test
    void should_keep_a_pinned_index_in_the_script_of_curl() throws IOException {
        Tools.assumeInstalled("curl", "jq");
        for (String name : List.of(repository + "@" + digest(index), repository + ":1@" + digest(index), repository + ":1@" + digest(amd64))) {
            Path pulled = pull(name);
            Files.write(folder.resolve("script.sh"), dray("pull", "--as-curl", "--platform", "linux/amd64", "-o", "curl.tar", name).orFail().stdout());
            new Program("bash", "script.sh").in(folder).run().orFail();
            assertEquals(files(pulled), files(folder.resolve("curl.tar")));
            assertEquals(list(pulled), list(folder.resolve("curl.tar")));
        }
    }

    private static List<String> files(Path archive) {
        return Program.run("tar", "-tf", archive.toString()).orFail().text().lines().filter(name -> !name.endsWith("/")).sorted().toList();
    }

    private static ObjectNode list(Path archive) throws IOException {
        return Json.object(Program.run("tar", "-xOf", archive.toString(), "index.json").orFail().stdout(), "index.json");
    }
}
