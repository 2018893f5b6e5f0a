package tests.many;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import lib.text.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.DebianRegistry;
import tests.support.Dray;
import tests.support.Program;
import tests.support.RealImages;

//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/Program.java
//SOURCES ../support/RealImages.java

/** Several images in one run: names on stdin, one that cannot be had, names to load under. */
@Tag("slow")
class SeveralTest {
    private final DebianRegistry registry = RealImages.registry();
    private final String real = registry.image(RealImages.REAL);
    private final String small = registry.image(RealImages.SMALL);
    private final String missing = registry.image("test/missing:1");

    @TempDir
    Path folder;

    private Program.Result run(String stdin, String name, String... arguments) {
        return Dray.script(name, arguments).in(folder).stdin(stdin.getBytes()).run();
    }

    private Program.Result pull(String stdin, String... arguments) {
        return run(stdin, "pull", Stream.concat(Stream.of("--platform", "linux/amd64"), Stream.of(arguments)).toArray(String[]::new));
    }

    private static List<String> names(byte[] archive) throws IOException {
        List<String> names = new ArrayList<>();
        byte[] list = new Program("tar", "-xOf", "-", "manifest.json").stdin(archive).run().orFail().stdout();
        for (JsonNode image : Json.object(("{\"images\":" + new String(list) + "}").getBytes(), "manifest.json").path("images")) {
            image.path("RepoTags").forEach(name -> names.add(name.asText()));
        }
        return names;
    }

    private List<String> names(String archive) throws IOException {
        return names(Files.readAllBytes(folder.resolve(archive)));
    }

    @Test
    void should_read_names_from_stdin_each_once_without_comments() throws IOException {
        pull("# the images of a cluster\n\n" + small + "   # for tests\r\n  " + real + "\n" + small + "\n", "-", "-o", "all.tar").orFail();
        pull("", small, real, "-o", "again.tar").orFail();
        assertEquals(List.of(small, real), names("all.tar"));
        assertEquals(-1, Files.mismatch(folder.resolve("all.tar"), folder.resolve("again.tar")));
    }

    @Test
    void should_pipe_each_image_of_an_archive_on() throws IOException {
        List<String> stages = pull("", small, real, "-o", "all.tar").orFail().text().lines().toList();
        for (String name : List.of(small, real)) {
            Program.Result found = run("", "inspect", "--platform", "linux/amd64", "all.tar", "--image", name).orFail();
            assertEquals(name, Json.object(found.stdout(), "inspect").path("image").path("name").asText());
            String stage = stages.get(name.equals(small) ? 0 : 1);
            assertEquals(name, Json.object(run(stage, "ls", "--json", "-").orFail().stdout(), "ls").path("image").path("name").asText());
        }
    }

    @Test
    void should_write_an_archive_for_each_name_on_stdin() {
        pull(small + "\n" + real + "\n", "-").orFail();
        assertTrue(Files.exists(folder.resolve("test_small_1.tar")) && Files.exists(folder.resolve("test_real_1.tar")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n# none\n", "UPPER/case\n", "two words\n"})
    void should_refuse_a_list_without_names_or_with_what_is_none(String stdin) {
        Program.Result result = pull(stdin, "-", "-o", "all.tar");
        assertEquals(2, result.exitCode(), result.toString());
        assertEquals(1, result.stderr().lines().count(), result.stderr());
    }

    @Test
    void should_keep_what_came_when_one_image_of_an_archive_cannot_be_had() throws IOException {
        Program.Result result = pull("", real, missing, small, "-o", "all.tar");
        assertEquals(3, result.exitCode(), result.toString());
        assertTrue(result.stderr().contains("pull: " + missing + ": "), result.stderr());
        assertTrue(result.stderr().endsWith("pull: 1 of 3 images failed\n"), result.stderr());
        assertFalse(Files.exists(folder.resolve("all.tar")));
        Program.Result next = pull("", real, small, "-o", "all.tar").orFail();
        assertTrue(next.stderr().contains("(0 B fetched)"), next.stderr());
        pull("", real, small, "-o", "other.tar").orFail();
        assertEquals(-1, Files.mismatch(folder.resolve("all.tar"), folder.resolve("other.tar")));
        assertFalse(Files.exists(folder.resolve("all.tar.part")) || Files.exists(folder.resolve("all.tar.part.journal")));
    }

    @Test
    void should_use_in_the_complete_archive_what_an_incomplete_run_kept() throws IOException {
        assertEquals(3, pull("", missing, real, "-o", "all.tar").exitCode());
        Program.Result next = pull("", small, real, "-o", "all.tar").orFail();
        assertFalse(next.stderr().contains("(0 B fetched)"), next.stderr());
        assertEquals(List.of(small, real), names("all.tar"));
        long real = Files.size(folder.resolve("all.tar"));
        assertTrue(next.stderr().matches("(?s).*\\([0-9.]+ [kM]?B fetched\\).*"), real + next.stderr());
    }

    @Test
    void should_go_on_with_the_other_archives_when_one_image_cannot_be_had() {
        Program.Result result = pull("", missing, small, registry.image("test/small:none"), real);
        assertEquals(3, result.exitCode(), result.toString());
        assertTrue(Files.exists(folder.resolve("test_small_1.tar")) && Files.exists(folder.resolve("test_real_1.tar")));
        assertTrue(result.stderr().endsWith("pull: 2 of 4 images failed\n"), result.stderr());
    }

    @Test
    void should_write_nothing_to_a_pipe_that_would_lack_an_image() {
        Program.Result result = pull("", small, missing, "-o", "-");
        assertEquals(3, result.exitCode(), result.toString());
        assertEquals(0, result.stdout().length);
    }

    @Test
    void should_refuse_two_images_for_one_file() {
        Program.Result result = pull("", small, small.replace("localhost", "127.0.0.1"));
        assertEquals(2, result.exitCode(), result.toString());
        assertTrue(result.stderr().contains("would both be written to test_small_1.tar"), result.stderr());
    }

    @Test
    void should_load_an_image_under_the_names_given() throws IOException {
        pull("", small, "-t", "app:1", "-t", "registry.example/team/app:latest").orFail();
        assertEquals(List.of("docker.io/library/app:1", "registry.example/team/app:latest"), names("app_1.tar"));
        pull("", small, "-o", "plain.tar").orFail();
        run("", "assemble", "plain.tar", "-t", "app:1", "-t", "registry.example/team/app", "-o", "same.tar").orFail();
        assertEquals(-1, Files.mismatch(folder.resolve("app_1.tar"), folder.resolve("same.tar")));
    }

    @Test
    void should_refuse_names_to_load_under_that_engines_do_not_take() {
        String digest = "@sha256:" + "0".repeat(64);
        assertEquals(2, pull("", small, "-t", "app" + digest).exitCode());
        assertEquals(2, pull("", small, "-t", "A B").exitCode());
        assertEquals(2, pull("", small, real, "-t", "app:1", "-o", "all.tar").exitCode());
        pull("", small, real, "-o", "all.tar").orFail();
        assertEquals(2, run("", "assemble", "all.tar", "-t", "app:1", "-o", "other.tar").exitCode());
    }
}
