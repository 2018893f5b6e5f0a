package tests.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lib.image.Digest;
import lib.text.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.DebianRegistry;
import tests.support.Dray;
import tests.support.Program;
import tests.support.RealImages;
import tests.support.Tools;

//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/Program.java
//SOURCES ../support/RealImages.java
//SOURCES ../support/Tools.java

/** The stages piped into each other, and what is edited in between, on images of real files. */
class StagesTest {
    private static final List<String> AMD64 = List.of("--platform", "linux/amd64");
    private final DebianRegistry registry = RealImages.registry();

    @TempDir
    Path folder;

    private Program.Result run(byte[] stdin, String name, String... arguments) {
        return Dray.script(name, arguments).in(folder).stdin(stdin).run();
    }

    private byte[] manifest(String image, String... more) {
        String[] arguments = java.util.stream.Stream.concat(java.util.stream.Stream.of(more), java.util.stream.Stream.of(registry.image(image))).toArray(String[]::new);
        return run(new byte[0], "manifest", arguments).orFail().stdout();
    }

    private static ObjectNode json(byte[] bytes) throws IOException {
        return Json.object(bytes, "the stage's output");
    }

    private Digest digest(String file) throws IOException {
        return Digest.of(Files.readAllBytes(folder.resolve(file)));
    }

    @Test
    void should_give_the_same_archive_by_hand_and_by_pull_and_from_other_layer_types() throws IOException {
        for (String image : List.of(RealImages.REAL, RealImages.DOCKER, RealImages.PLAIN)) {
            byte[] token = run(new byte[0], "token", registry.image(image)).orFail().stdout();
            byte[] chosen = run(token, "manifest", "--platform", "linux/amd64").orFail().stdout();
            byte[] there = run(chosen, "blob", "-q", "--to", "image.oci").orFail().stdout();
            run(there, "assemble", "-q", "-o", "hand.tar").orFail();
            run(new byte[0], "pull", "-q", "--platform", "linux/amd64", "-o", "pull.tar", registry.image(image)).orFail();
            assertEquals(digest("hand.tar"), digest("pull.tar"), image);
            Files.delete(folder.resolve("hand.tar"));
            Files.delete(folder.resolve("pull.tar"));
        }
    }

    @Test
    void should_print_what_was_pulled_for_the_next_stage() throws IOException {
        String image = registry.image(RealImages.REAL);
        byte[] pulled = run(new byte[0], "pull", "--platform", "linux/amd64", "-t", "other:1", "-o", "pull.tar", image).orFail().stdout();
        assertEquals(1, new String(pulled, StandardCharsets.UTF_8).lines().count());
        ObjectNode origin = (ObjectNode) json(pulled).path("image");
        String digest = json(manifest(RealImages.REAL, "--platform", "linux/amd64")).path("image").path("digest").asText();
        assertEquals(List.of(image, digest, "pull.tar", "linux/amd64"), List.of(origin.path("name").asText(), origin.path("digest").asText(), origin.path("archive").asText(),
                origin.path("platform").asText()));
        run(pulled, "assemble", "-q", "-o", "hand.tar").orFail();
        assertEquals(digest("pull.tar"), digest("hand.tar"));
        byte[] files = run(pulled, "extract", "-o", "-").orFail().stdout();
        assertEquals(Digest.of(run(new byte[0], "extract", "pull.tar", "-o", "-").orFail().stdout()), Digest.of(files));
        byte[] layout = run(new byte[0], "pull", "-q", "--platform", "linux/amd64", "--format", "oci-dir", "-o", "pull.oci", image).orFail().stdout();
        assertEquals("pull.oci", json(layout).path("image").path("layout").asText());
        run(layout, "assemble", "-q", "-o", "hand.tar").orFail();
        byte[] small = run(new byte[0], "pull", "-q", "--platform", "linux/amd64", "--uncompressed", "-o", "plain.tar", image).orFail().stdout();
        String written = json(run(new byte[0], "inspect", "plain.tar").orFail().stdout()).path("image").path("digest").asText();
        assertEquals(written, json(small).path("image").path("digest").asText());
        assertEquals("", run(new byte[0], "pull", "--as-curl", "--platform", "linux/amd64", image).orFail().text().replaceAll("(?s)#!.*", ""));
    }

    @Test
    void should_print_the_registrys_bytes_as_they_are_with_raw() throws IOException {
        byte[] raw = manifest(RealImages.REAL, "--raw", "--platform", "linux/amd64");
        ObjectNode shown = json(manifest(RealImages.REAL, "--platform", "linux/amd64"));
        assertEquals(shown.path("image").path("digest").asText(), Digest.of(raw).toString());
        assertEquals("linux/amd64", shown.path("image").path("platform").asText());
        shown.remove("image");
        assertEquals(json(raw), shown);
    }

    @Test
    void should_tell_the_digest_of_a_tag_without_fetching_what_it_stands_for() throws IOException {
        ObjectNode head = json(manifest(RealImages.REAL, "--head"));
        byte[] index = manifest(RealImages.REAL, "--raw", "--platform", "all");
        assertEquals(Digest.of(index).toString(), head.path("digest").asText());
        assertEquals(index.length, head.path("size").asInt());
        assertEquals(3, Dray.run("manifest", "--head", registry.host() + "/test/real:none").exitCode());
    }

    @Test
    void should_fetch_and_pack_only_what_is_left_by_an_edit() throws IOException {
        ObjectNode edited = json(manifest(RealImages.REAL, "--platform", "linux/amd64"));
        ArrayNode layers = edited.withArray("layers");
        while (layers.size() > 1) {
            layers.remove(0);
        }
        byte[] there = run(Json.bytes(edited), "blob", "-q", "--to", "last.oci").orFail().stdout();
        run(there, "assemble", "-q", "-o", "last.tar").orFail();
        List<String> names = Program.run("tar", "-tf", folder.resolve("last.tar").toString()).orFail().text().lines().filter(name -> name.matches("blobs/sha256/.+")).toList();
        assertEquals(3, names.size(), "a manifest, a config and a layer, but " + names);
        String inspected = Program.run("skopeo", "inspect", "docker-archive:" + folder.resolve("last.tar")).orFail().text();
        assertEquals(1, json(inspected.getBytes(StandardCharsets.UTF_8)).path("Layers").size());
    }

    @Test
    void should_choose_by_platform_with_older_variants_and_through_nested_indexes() throws IOException {
        assertEquals("linux/arm/v6", json(manifest(RealImages.REAL, "--platform", "linux/arm/v7")).path("image").path("platform").asText());
        assertEquals("linux/arm64", json(manifest(RealImages.REAL, "--platform", "linux/arm64/v8")).path("image").path("platform").asText());
        assertEquals("linux/amd64", json(manifest(RealImages.REAL, "--platform", "linux/amd64/v3")).path("image").path("platform").asText());
        assertTrue(json(manifest(RealImages.NESTED, "--platform", "linux/arm64")).path("layers").size() > 0);
        assertTrue(json(manifest(RealImages.REAL, "--platform", "all")).path("manifests").size() >= 3);
        assertTrue(json(manifest(RealImages.SMALL)).path("layers").size() > 0, "an image without an index needs no platform");
        Program.Result none = run(new byte[0], "manifest", "--platform", "linux/s390x", registry.image(RealImages.REAL));
        assertEquals(3, none.exitCode());
        assertTrue(none.stderr().contains("linux/amd64, linux/arm/v6, linux/arm64") && !none.stderr().contains("unknown"), none.stderr());
    }

    @Test
    void should_fetch_one_blob_by_its_digest_to_stdout_or_a_file() throws IOException {
        ObjectNode chosen = json(manifest(RealImages.REAL, "--platform", "linux/amd64"));
        String config = chosen.path("config").path("digest").asText();
        String name = registry.image(RealImages.REAL).replaceFirst(":1$", "") + "@" + config;
        assertEquals(config, Digest.of(run(new byte[0], "blob", name).orFail().stdout()).toString());
        run(new byte[0], "blob", "-q", "-o", "config.json", name).orFail();
        assertEquals(config, digest("config.json").toString());
        assertEquals(3, run(new byte[0], "blob", name.substring(0, name.length() - 4) + "0000").exitCode());
    }

    @Test
    void should_name_the_archive_by_repository_and_tag_and_keep_several_images_in_one() throws IOException {
        run(new byte[0], "pull", "--platform", "linux/amd64", registry.image(RealImages.SMALL), registry.image(RealImages.NESTED)).orFail();
        assertTrue(Files.exists(folder.resolve("test_small_1.tar")) && Files.exists(folder.resolve("test_nested_index_1.tar")));
        run(new byte[0], "pull", "-q", "--platform", "linux/amd64", "-o", "both.tar", registry.image(RealImages.SMALL), registry.image(RealImages.DOCKER)).orFail();
        String list = Program.run("tar", "-xOf", folder.resolve("both.tar").toString(), "manifest.json").orFail().text();
        assertTrue(list.contains("test/small:1") && list.contains("test/real:docker"), list);
        assertFalse(Files.exists(folder.resolve("both.tar.part")));
    }

    @Test
    void should_give_the_same_bytes_on_every_java_and_no_warnings() throws IOException {
        String image = registry.image(RealImages.ZSTD);
        List<Digest> byHand = new ArrayList<>();
        for (Path java : Tools.javas()) {
            byte[] piped = {};
            for (List<String> stage : List.of(
                    List.of("token", image), List.of("manifest"), List.of("blob", "-q", "--to", "image.oci"), List.of("assemble", "-q", "-o", "-"))) {
                Program.Result result = on(java, stage).stdin(piped).run().orFail();
                assertEquals(stage.get(0).equals("token") ? 1 : 0, result.stderr().lines().count(), java + " " + result);
                piped = result.stdout();
            }
            byHand.add(Digest.of(piped));
            byHand.add(Digest.of(on(java, List.of("pull", "-q", "-o", "-", image)).run().orFail().stdout()));
            assertEquals("", on(java, List.of("extract", "-q", "image.oci", "bin/busybox", "-C", "out" + byHand.size())).run().orFail().stderr());
        }
        assertEquals(1, byHand.stream().distinct().count(), Tools.javas() + " give " + byHand);
    }

    private Program on(Path java, List<String> stage) {
        return Dray.script(java, folder, stage.get(0), stage.subList(1, stage.size()).toArray(String[]::new)).in(folder);
    }

    @Test
    void should_give_the_same_bytes_in_every_time_zone_and_locale() throws IOException {
        List<String> arguments = List.of("-q", "--platform", "linux/amd64", "-o", "a.tar", registry.image(RealImages.SMALL));
        Dray.script("pull", arguments.toArray(String[]::new)).in(folder).run().orFail();
        Digest first = digest("a.tar");
        for (String language : List.of("C", "C.UTF-8")) {
            Files.delete(folder.resolve("a.tar"));
            Dray.script("pull", arguments.toArray(String[]::new)).in(folder).env("LC_ALL", language).env("TZ", "Pacific/Kiritimati")
                    .env("JAVA_TOOL_OPTIONS", "-Duser.language=tr -Duser.country=TR -Duser.timezone=Asia/Kathmandu").run().orFail();
            assertEquals(first, digest("a.tar"));
        }
    }

    @Test
    void should_print_nothing_but_what_one_would_pipe_and_say_the_rest_on_stderr() {
        Program.Result pull = run(new byte[0], "pull", "--platform", AMD64.get(1), registry.image(RealImages.SMALL)).orFail();
        assertTrue(pull.text().startsWith("{\"image\":{") && pull.text().endsWith("\"archive\":\"test_small_1.tar\"}}\n"), pull.text());
        assertTrue(pull.stderr().contains("docker load -i test_small_1.tar"), pull.stderr());
        Program.Result again = run(new byte[0], "pull", "--platform", AMD64.get(1), registry.image(RealImages.SMALL)).orFail();
        assertTrue(again.stderr().contains("already complete"), again.stderr());
        assertEquals("", run(new byte[0], "pull", "-q", "--platform", AMD64.get(1), "-o", "q.tar", registry.image(RealImages.SMALL)).orFail().stderr());
        String text = new String(manifest(RealImages.SMALL), StandardCharsets.UTF_8);
        assertEquals(1, text.lines().count(), "JSON in a pipe is one line");
    }
}
