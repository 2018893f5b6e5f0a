package tests.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import lib.text.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.DebianRegistry;
import tests.support.DockerEngine;
import tests.support.Dray;
import tests.support.PodmanStore;
import tests.support.Program;
import tests.support.RealImages;
import tests.support.Tools;

//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/DockerEngine.java
//SOURCES ../support/Dray.java
//SOURCES ../support/PodmanStore.java
//SOURCES ../support/Program.java
//SOURCES ../support/RealImages.java
//SOURCES ../support/Tools.java

/** Each form that images are written in, read by those who define it. */
@Tag("slow")
class FormatsTest {
    private final DebianRegistry registry = RealImages.registry();
    private final String real = registry.image(RealImages.REAL);
    private final String small = registry.image(RealImages.SMALL);

    @TempDir
    Path folder;

    private Program.Result dray(String name, String... arguments) {
        return Dray.script(name, arguments).in(folder).run();
    }

    private Program.Result pull(String... arguments) {
        return dray("pull", arguments);
    }

    private Program.Result program(String... command) {
        Tools.assumeInstalled(command[0]);
        return new Program(List.of(command)).in(folder).run();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private String raw(String... image) {
        return program(Stream.concat(Stream.of("skopeo", "inspect", "--raw"), Stream.of(image)).toArray(String[]::new)).orFail().text();
    }

    @Test
    void should_write_an_archive_of_a_layout_that_skopeo_and_umoci_read() throws IOException {
        pull("--platform", "linux/amd64", "--format", "oci", real).orFail();
        assertEquals(List.of("test_real_1.oci.tar"), names());
        assertFalse(program("tar", "-tf", "test_real_1.oci.tar").orFail().text().contains("manifest.json"));
        program("skopeo", "copy", "--quiet", "--insecure-policy", "--preserve-digests", "oci-archive:test_real_1.oci.tar", "oci:copy:1").orFail();
        program("umoci", "unpack", "--rootless", "--image", "copy:1", "bundle").orFail();
        assertTrue(Files.exists(folder.resolve("bundle/rootfs/usr/sbin/nginx")));
    }

    @Test
    void should_write_all_platforms_with_the_index_as_it_is() {
        pull("--platform", "all", "--format", "oci", "-o", "all.tar", real).orFail();
        assertEquals(raw("--tls-verify=false", "docker://" + real), raw("oci-archive:all.tar"));
    }

    @Test
    void should_write_a_folder_with_several_platforms_under_an_index_of_them() throws IOException {
        pull("--platform", "linux/arm64,linux/arm/v7", "--format", "oci-dir", real).orFail();
        assertEquals(List.of("test_real_1.oci"), names());
        JsonNode index = Json.object(raw("oci:test_real_1.oci").getBytes(StandardCharsets.UTF_8), "index");
        assertEquals(List.of("arm64", "arm"), index.path("manifests").findValuesAsText("architecture"));
        program("skopeo", "copy", "--all", "--quiet", "--insecure-policy", "oci:test_real_1.oci", "oci:copy:1").orFail();
        dray("extract", "--platform", "linux/arm64", "test_real_1.oci", "-C", "root").orFail();
    }

    @Test
    void should_write_a_tar_of_the_files_as_extract_does() throws IOException {
        pull("--platform", "linux/amd64", "--format", "rootfs", real).orFail();
        dray("extract", "--platform", "linux/amd64", real, "-o", "extracted.tar").orFail();
        assertEquals(-1, Files.mismatch(folder.resolve("test_real_1.rootfs.tar"), folder.resolve("extracted.tar")));
        assertEquals(List.of("extracted.tar", "test_real_1.rootfs.tar"), names());
        byte[] streamed = pull("--platform", "linux/amd64", "--format", "rootfs", real, "-o", "-").orFail().stdout();
        assertTrue(Arrays.equals(Files.readAllBytes(folder.resolve("extracted.tar")), streamed));
    }

    @Test
    void should_write_what_old_engines_load() throws IOException {
        pull("--platform", "linux/amd64", "--format", "legacy", real).orFail();
        assertEquals(List.of("test_real_1.legacy.tar"), names());
        program("tar", "-xf", "test_real_1.legacy.tar").orFail();
        JsonNode repositories = Json.object(Files.readAllBytes(folder.resolve("repositories")), "repositories");
        String name = repositories.fieldNames().next();
        assertEquals(registry.image("test/real"), name);
        String top = repositories.path(name).path("1").asText();
        int layers = 0;
        for (String id = top; !id.isEmpty(); layers++) {
            Path layer = folder.resolve(id);
            assertEquals("1.0", Files.readString(layer.resolve("VERSION")));
            program("tar", "-tf", id + "/layer.tar").orFail();
            JsonNode json = Json.object(Files.readAllBytes(layer.resolve("json")), "json");
            assertEquals(id, json.path("id").asText());
            id = json.path("parent").asText("");
        }
        assertEquals(7, layers);
    }

    @Test
    void should_have_an_old_engines_form_loaded_by_docker() {
        DockerEngine engine = DockerEngine.shared();
        pull("--platform", "linux/amd64", "--format", "legacy", real, "-t", "legacy.example/real:1", "-t", "short:2", "-o", "legacy.tar").orFail();
        engine.load(folder.resolve("legacy.tar")).orFail();
        assertTrue(engine.run("image", "inspect", "legacy.example/real:1", "short:2").orFail().text().contains("grüß dich"));
        pull("--platform", "linux/amd64", "--format", "legacy", small, real, "-o", "two.tar").orFail();
        engine.load(folder.resolve("two.tar")).orFail();
        assertEquals(2, engine.run("image", "inspect", "--format", "{{.Id}}", small, real).orFail().text().lines().count());
    }

    @Test
    void should_have_an_old_engines_form_read_by_newer_programs_under_the_same_image_id() {
        Tools.assumeInstalled("skopeo");
        pull("--platform", "linux/amd64", "--format", "legacy", real, "-t", "busybox:1", "-t", "legacy.example/real:1", "-o", "legacy.tar").orFail();
        String id = dray("manifest", "--platform", "linux/amd64", real).orFail().text().replaceFirst(".*\"config\":\\{[^}]*\"digest\":\"sha256:([^\"]+)\".*", "$1").strip();
        PodmanStore podman = new PodmanStore();
        podman.load(folder.resolve("legacy.tar")).orFail();
        DockerEngine engine = DockerEngine.shared();
        engine.load(folder.resolve("legacy.tar")).orFail();
        for (String name : List.of("docker.io/library/busybox:1", "legacy.example/real:1")) {
            assertEquals(id, podman.run("image", "inspect", "--format", "{{.Id}}", name).orFail().text().strip());
            assertEquals("sha256:" + id, engine.run("image", "inspect", "--format", "{{.Id}}", name).orFail().text().strip());
            Program.run("skopeo", "inspect", "docker-archive:" + folder.resolve("legacy.tar") + ":" + name).orFail();
        }
    }

    @Test
    void should_have_an_archive_of_a_layout_loaded_by_podman() {
        PodmanStore podman = new PodmanStore();
        pull("--platform", "linux/amd64", "--format", "oci", real, "-t", "oci.example/real:1", "-o", "real.tar").orFail();
        podman.load(folder.resolve("real.tar")).orFail();
        assertEquals(0, podman.run("image", "exists", "oci.example/real:1").exitCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"docker", "legacy", "rootfs"})
    void should_say_which_forms_hold_several_platforms(String format) {
        for (String platforms : List.of("all", "linux/amd64,linux/arm64")) {
            Program.Result result = pull("--platform", platforms, "--format", format, real);
            assertEquals(2, result.exitCode(), result.toString());
            assertTrue(result.stderr().contains("oci-dir"), result.stderr());
        }
    }

    @Test
    void should_refuse_a_form_that_there_is_not_and_a_folder_on_stdout() {
        assertTrue(pull("--format", "zip", real).stderr().contains("expected one of [docker, oci, oci-dir, legacy, rootfs] but was 'zip'"));
        assertEquals(2, pull("--recompress", "xz", real).exitCode());
        assertEquals(2, pull("--format", "oci-dir", "-o", "-", real).exitCode());
        assertEquals(2, pull("--format", "rootfs", "-o", "both.tar", "--platform", "linux/amd64", real, small).exitCode());
        assertEquals(3, pull("--format", "oci", "--platform", "linux/amd64,linux/s390x", real).exitCode());
    }

    @Test
    void should_convert_between_all_of_them_with_the_same_result_as_a_pull() throws IOException {
        for (String format : List.of("docker", "oci", "legacy", "rootfs")) {
            pull("--platform", "linux/amd64", "--format", format, "-o", "pulled." + format, real).orFail();
        }
        for (String from : List.of("docker", "oci")) {
            for (String to : List.of("docker", "oci", "legacy", "rootfs")) {
                dray("assemble", "--format", to, "pulled." + from, "-o", "made").orFail();
                assertEquals(-1, Files.mismatch(folder.resolve("made"), folder.resolve("pulled." + to)), from + " to " + to);
            }
        }
        dray("assemble", "--format", "oci-dir", "pulled.oci", "-o", "made.oci").orFail();
        dray("assemble", "made.oci", "-o", "made").orFail();
        assertEquals(-1, Files.mismatch(folder.resolve("made"), folder.resolve("pulled.docker")));
    }

    @Test
    void should_list_once_what_two_sources_have_under_one_name() throws IOException {
        pull("-o", "small.tar", small).orFail();
        pull("-o", "both.tar", "--platform", "linux/amd64", small, real).orFail();
        dray("assemble", "small.tar", "both.tar", "--platform", "linux/amd64", "-o", "made.tar").orFail();
        assertEquals(-1, Files.mismatch(folder.resolve("made.tar"), folder.resolve("both.tar")));
    }

    @Test
    void should_warn_of_an_image_for_another_platform_than_was_asked_for() {
        Program.Result other = pull("--platform", "linux/arm64", "-o", "small.tar", small).orFail();
        assertTrue(other.stderr().contains("is for linux/amd64 only, not for linux/arm64"), other.stderr());
        assertFalse(pull("--platform", "linux/amd64", "-o", "small.tar", small).orFail().stderr().contains("only"));
    }

    @Test
    void should_bring_all_platforms_through_the_pipe() throws IOException {
        byte[] index = dray("manifest", "--platform", "all", real).orFail().stdout();
        byte[] stage = Dray.script("blob", "--to", "all.oci").in(folder).stdin(index).run().orFail().stdout();
        Dray.script("assemble", "--platform", "all", "--format", "oci", "-o", "piped.tar").in(folder).stdin(stage).run().orFail();
        pull("--platform", "all", "--format", "oci", "-o", "pulled.tar", real).orFail();
        assertEquals(-1, Files.mismatch(folder.resolve("piped.tar"), folder.resolve("pulled.tar")));
        Dray.script("assemble", "--platform", "linux/arm64", "-o", "arm64.tar").in(folder).stdin(stage).run().orFail();
        pull("--platform", "linux/arm64", "-o", "pulled-arm64.tar", real).orFail();
        assertEquals(-1, Files.mismatch(folder.resolve("arm64.tar"), folder.resolve("pulled-arm64.tar")));
    }
}
