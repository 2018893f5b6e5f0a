package tests.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import lib.text.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tests.support.DebianRegistry;
import tests.support.DockerEngine;
import tests.support.Dray;
import tests.support.Program;
import tests.support.RealImages;
import tests.support.Tools;

//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/DockerEngine.java
//SOURCES ../support/Dray.java
//SOURCES ../support/Program.java
//SOURCES ../support/RealImages.java
//SOURCES ../support/Tools.java

/** Layers that are compressed in another way than the registry's. */
@Tag("slow")
class RecompressionTest {
    private final DebianRegistry registry = RealImages.registry();

    @TempDir
    Path folder;

    private Program.Result dray(String name, String... arguments) {
        return Dray.script(name, arguments).in(folder).run();
    }

    private Program.Result pull(String image, String... options) {
        return dray("pull", Stream.concat(Stream.of("--platform", "linux/amd64", registry.image(image)), Stream.of(options)).toArray(String[]::new));
    }

    private ObjectNode manifest(String source) throws IOException {
        Tools.assumeInstalled("skopeo");
        Program.Result result = new Program(List.of("skopeo", "inspect", "--raw", source)).in(folder).run().orFail();
        return Json.object(result.text().getBytes(StandardCharsets.UTF_8), "manifest");
    }

    private byte[] blob(String layout, JsonNode descriptor) throws IOException {
        byte[] bytes = Files.readAllBytes(folder.resolve(layout).resolve("blobs").resolve(descriptor.path("digest").asText().replace(':', '/')));
        assertEquals(descriptor.path("size").asInt(), bytes.length);
        return bytes;
    }

    @ParameterizedTest
    @CsvSource({
        "test/real:1,      --uncompressed,    application/vnd.oci.image.layer.v1.tar,                   ",
        "test/real:zstd,   --recompress=gzip, application/vnd.oci.image.layer.v1.tar+gzip,              1f8b",
        "test/real:1,      --recompress=zstd, application/vnd.oci.image.layer.v1.tar+zstd,              28b52ffd",
        "test/real:docker, --uncompressed,    application/vnd.docker.image.rootfs.diff.tar,             ",
        "test/real:docker, --recompress=zstd, application/vnd.docker.image.rootfs.diff.tar.zstd,        28b52ffd",
    })
    void should_leave_the_config_and_the_files_as_they_are(String image, String option, String mediaType, String magic) throws IOException {
        pull(image, option, "--format", "oci-dir", "-o", "new.oci").orFail();
        pull(image, "--format", "oci-dir", "-o", "old.oci").orFail();
        ObjectNode made = manifest("oci:new.oci");
        ObjectNode old = manifest("oci:old.oci");
        assertEquals(old.path("config"), made.path("config"));
        assertEquals(old.path("layers").size(), made.path("layers").size());
        JsonNode diffIds = Json.object(blob("new.oci", made.path("config")), "config").path("rootfs").path("diff_ids");
        for (int i = 0; i < diffIds.size(); i++) {
            JsonNode layer = made.path("layers").get(i);
            assertEquals(mediaType, layer.path("mediaType").asText());
            if (magic == null) {
                assertEquals(diffIds.get(i), layer.path("digest"));
            } else {
                byte[] bytes = blob("new.oci", layer);
                for (int at = 0; at < magic.length() / 2; at++) {
                    assertEquals(Integer.parseInt(magic.substring(2 * at, 2 * at + 2), 16), bytes[at] & 0xff);
                }
            }
        }
        dray("extract", "old.oci", "-o", "old.tar").orFail();
        dray("extract", "new.oci", "-o", "new.tar").orFail();
        assertEquals(-1, Files.mismatch(folder.resolve("old.tar"), folder.resolve("new.tar")));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of("new.oci", "new.tar", "old.oci", "old.tar"), files.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void should_give_the_same_archive_again_by_each_way() throws IOException {
        pull(RealImages.REAL, "--recompress", "zstd", "-o", "pulled.tar").orFail();
        pull(RealImages.REAL, "-o", "plain.tar").orFail();
        dray("assemble", "--recompress", "zstd", "plain.tar", "-o", "assembled.tar").orFail();
        assertEquals(-1, Files.mismatch(folder.resolve("pulled.tar"), folder.resolve("assembled.tar")));
        Files.write(folder.resolve("streamed.tar"), dray("assemble", "--recompress", "zstd", "plain.tar", "-o", "-").orFail().stdout());
        assertEquals(-1, Files.mismatch(folder.resolve("pulled.tar"), folder.resolve("streamed.tar")));
        dray("assemble", "--recompress", "zstd", "assembled.tar", "-o", "again.tar").orFail();
        assertEquals(-1, Files.mismatch(folder.resolve("pulled.tar"), folder.resolve("again.tar")));
    }

    @Test
    void should_have_an_engine_load_what_it_does_not_know_itself() {
        // an engine takes over layers that it has from another test's image, unread
        DockerEngine engine = DockerEngine.start();
        pull(RealImages.ZSTD, "-t", "zstd.example/real:1", "-o", "zstd.tar").orFail();
        for (String option : List.of("--uncompressed", "--recompress=gzip")) {
            dray("assemble", option, "zstd.tar", "-o", "known.tar").orFail();
            engine.load(folder.resolve("known.tar")).orFail();
            engine.run("image", "rm", engine.run("image", "inspect", "--format", "{{.Id}}", "zstd.example/real:1").orFail().text().strip()).orFail();
        }
    }

    @Test
    void should_change_the_index_with_the_manifests_in_it() throws IOException {
        dray("pull", "--platform", "all", "--format", "oci", "--uncompressed", registry.image(RealImages.REAL), "-o", "all.tar").orFail();
        ObjectNode index = manifest("oci-archive:all.tar");
        ObjectNode before = manifest("--tls-verify=false", registry.image(RealImages.REAL));
        assertEquals(before.path("manifests").findValuesAsText("architecture"), index.path("manifests").findValuesAsText("architecture"));
        for (int i = 0; i < 3; i++) {
            assertNotEquals(before.path("manifests").get(i).path("digest"), index.path("manifests").get(i).path("digest"));
        }
        assertEquals(index.path("manifests").get(0).path("digest"), index.path("manifests").get(3).path("annotations").path("vnd.docker.reference.digest"));
        new Program(List.of("skopeo", "copy", "--all", "--quiet", "--insecure-policy", "oci-archive:all.tar", "oci:copy:1")).in(folder).run().orFail();
    }

    private ObjectNode manifest(String option, String image) throws IOException {
        Program.Result result = new Program(List.of("skopeo", "inspect", "--raw", option, "docker://" + image)).in(folder).run().orFail();
        return Json.object(result.text().getBytes(StandardCharsets.UTF_8), "index");
    }

    @Test
    void should_refuse_what_cannot_be() {
        assertEquals(2, pull(RealImages.SMALL, "--uncompressed", "--recompress", "gzip").exitCode());
        assertEquals(2, pull(RealImages.SMALL, "--recompress", "lzma").exitCode());
        assertEquals(2, pull(RealImages.SMALL, "--uncompressed", "--format", "rootfs").exitCode());
        pull(RealImages.SMALL, "-o", "old.tar").orFail();
        Program.Result since = pull(RealImages.REAL, "--uncompressed", "--since", "old.tar");
        assertEquals(2, since.exitCode());
        assertTrue(since.stderr().contains("--since OLD"), since.stderr());
    }
}
