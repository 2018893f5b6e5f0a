package tests.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import lib.image.Digest;
import lib.image.Platform;
import lib.text.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.store.TarMaker;
import tests.support.DebianRegistry;
import tests.support.Dray;
import tests.support.LayoutWriter;
import tests.support.Program;
import tests.support.RealImages;
import tests.support.Scratch;

//SOURCES CutLine.java
//SOURCES ../store/TarMaker.java
//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/LayoutWriter.java
//SOURCES ../support/Program.java
//SOURCES ../support/RealImages.java
//SOURCES ../support/Scratch.java

/** An empty registry is filled from archives and layouts, and has the very bytes. */
@Tag("slow")
class PushTest {
    private final DebianRegistry origin = RealImages.registry();
    private final String real = origin.image(RealImages.REAL);
    private final String small = origin.image(RealImages.SMALL);
    private final DebianRegistry empty = DebianRegistry.start(Scratch.folder("empty-registry"));

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        empty.close();
    }

    private Program.Result dray(String name, String... arguments) {
        return Dray.script(name, arguments).in(folder).run();
    }

    private String raw(String image) {
        return dray("manifest", "--platform", "all", "--raw", image).orFail().text();
    }

    private static long count(Program.Result result, String method) {
        return result.stderr().lines().filter(line -> line.contains("--request " + method)).count();
    }

    private Path archive(String format, String platform, String... images) {
        dray("pull", Stream.concat(Stream.of("--platform", platform, "--format", format, "-o", "archive"), Stream.of(images)).toArray(String[]::new)).orFail();
        return folder.resolve("archive");
    }

    private static Path largest(Path layout) throws IOException {
        try (Stream<Path> blobs = Files.list(layout.resolve("blobs/sha256"))) {
            return blobs.max(Comparator.comparingLong(blob -> blob.toFile().length())).orElseThrow();
        }
    }

    @Test
    void should_push_an_archive_byte_for_byte() throws IOException {
        archive("docker", "linux/amd64", real);
        Program.Result pushed = dray("push", "archive", empty.image("new/name:2")).orFail();
        String digest = dray("manifest", "--platform", "linux/amd64", real).orFail().text().replaceFirst("(?s).*\"digest\":\"(sha256:[0-9a-f]+)\",\"platform.*", "$1");
        assertEquals(empty.image("new/name:2@" + digest) + "\n", pushed.text());
        dray("pull", empty.image("new/name:2"), "-t", real, "-o", "back").orFail();
        assertEquals(-1, Files.mismatch(folder.resolve("archive"), folder.resolve("back")));
        Program.run("skopeo", "copy", "--quiet", "--insecure-policy", "--src-tls-verify=false", "docker://" + empty.image("new/name:2"),
                "oci:" + folder.resolve("skopeo") + ":x").orFail();
    }

    @Test
    void should_push_an_index_with_all_that_it_lists_and_only_what_is_not_there() {
        archive("oci-dir", "all", real);
        dray("push", "archive", empty.image("all:1")).orFail();
        assertEquals(raw(real), raw(empty.image("all:1")));
        dray("pull", "--platform", "linux/arm64", "-o", "arm64.tar", empty.image("all:1")).orFail();
        Program.Result again = dray("push", "--explain", "archive", empty.image("all:1")).orFail();
        assertEquals(0, count(again, "PUT") + count(again, "POST"), again.stderr());
        Program.Result tagged = dray("push", "--explain", "archive", empty.image("all:2")).orFail();
        assertEquals(1, count(tagged, "PUT"), tagged.stderr());
    }

    @Test
    void should_push_one_image_to_a_tag_where_no_index_joins_the_platforms() throws IOException {
        LayoutWriter layout = new LayoutWriter(folder.resolve("archive"));
        for (String architecture : List.of("arm64", "amd64", "s390x")) {
            layout.tag("reg.example/several:1", layout.image(LayoutWriter.linux(architecture, ""), List.of(layout.layer(new TarMaker().file("file", architecture).end(), ""))));
        }
        Program.Result pushed = dray("push", "--to", empty.host(), "archive").orFail();
        assertEquals(1, pushed.text().lines().count(), pushed.text());
        assertTrue(pushed.stderr().contains("linux/arm64, linux/amd64, linux/s390x"), pushed.stderr());
        assertEquals(Platform.ofThisMachine().architecture(), dray("cat", empty.image("several:1"), "file").orFail().text());
        dray("push", "--platform", "linux/s390x", "--to", empty.host(), "archive").orFail();
        assertEquals("s390x", dray("cat", empty.image("several:1"), "file").orFail().text());
        assertEquals(3, dray("push", "--platform", "linux/ppc64le", "--to", empty.host(), "archive").exitCode());
    }

    @Test
    void should_push_the_one_image_that_is_here_of_a_pinned_index_under_a_tag_but_not_by_the_digest() {
        String pinned = origin.image(RealImages.REAL.replaceFirst(":.*", "")) + "@" + Digest.of(dray("manifest", "--platform", "all", "--raw", real).orFail().stdout());
        archive("docker", "linux/amd64", pinned);
        Program.Result pushed = dray("push", "archive", empty.image("pinned:1")).orFail();
        assertTrue(pushed.stderr().contains("the other platforms of its index are not in"), pushed.stderr());
        assertEquals(dray("manifest", "--platform", "linux/amd64", "--raw", real).orFail().text(), raw(empty.image("pinned:1")));
        refused(5, "pull all platforms", "--to", empty.host(), "archive");
    }

    @Test
    void should_push_one_platform_of_an_index() {
        archive("oci-dir", "all", real);
        dray("push", "--platform", "linux/arm64", "archive", empty.image("arm:1")).orFail();
        assertEquals(dray("manifest", "--platform", "linux/arm64", "--raw", real).orFail().text(), raw(empty.image("arm:1")));
        assertEquals(3, dray("push", "--platform", "linux/s390x", "archive", empty.image("arm:1")).exitCode());
    }

    @Test
    void should_not_replace_an_index_by_one_platform_unasked() {
        archive("oci-dir", "all", real);
        dray("push", "archive", empty.image("all:1")).orFail();
        String index = raw(empty.image("all:1"));
        refused(4, "--replace-index", "--platform", "linux/arm64", "archive", empty.image("all:1"));
        assertEquals(index, raw(empty.image("all:1")));
        dray("push", "--replace-index", "--platform", "linux/arm64", "archive", empty.image("all:1")).orFail();
        assertEquals(dray("manifest", "--platform", "linux/arm64", "--raw", real).orFail().text(), raw(empty.image("all:1")));
    }

    @Test
    void should_not_push_where_nobody_said_where_to() {
        archive("docker", "linux/amd64", small);
        refused(2, "--own-names to push to " + small, "archive");
        refused(2, "exclude each other", "--own-names", "--to", empty.host(), "archive");
        assertTrue(dray("push", "--own-names", "archive").orFail().stderr().contains("already there"));
    }

    @Test
    void should_push_several_images_below_a_prefix_and_take_from_each_other_what_they_share() {
        archive("docker", "linux/amd64", real, small, origin.image(RealImages.PLAIN));
        Program.Result pushed = dray("push", "--to", empty.host() + "/mirror", "archive").orFail();
        assertEquals(3, pushed.text().lines().count(), pushed.text());
        dray("pull", "--platform", "linux/amd64", "-o", "back", empty.image("mirror/" + RealImages.SMALL)).orFail();
        Program.Result mounted = dray("push", "--explain", "--to", empty.host() + "/mirror", "archive").orFail();
        assertEquals(0, count(mounted, "PUT"), mounted.stderr());
    }

    @Test
    void should_have_the_registry_take_blobs_from_another_repository_of_its_own() {
        archive("docker", "linux/amd64", real);
        dray("push", "archive", empty.image("first:1")).orFail();
        dray("pull", "--platform", "linux/amd64", "-o", "named.tar", empty.image("first:1")).orFail();
        Program.Result mounted = dray("push", "--explain", "named.tar", empty.image("second:1")).orFail();
        assertEquals(1, count(mounted, "PUT"), "the manifest alone, but " + mounted.stderr());
        assertTrue(count(mounted, "POST") > 2, mounted.stderr());
        dray("pull", "-o", "back", empty.image("second:1")).orFail();
    }

    @Test
    void should_go_on_where_a_line_broke() {
        archive("docker", "linux/amd64", real);
        try (CutLine line = new CutLine(empty.host(), 3, 300_000)) {
            Program.Result pushed = dray("push", "--explain", "--connections", "1", "archive", line.host() + "/cut:1").orFail();
            assertEquals(0, line.left());
            assertTrue(pushed.stderr().contains("try 1 of"), pushed.stderr());
        }
        assertEquals(dray("manifest", "--platform", "linux/amd64", "--raw", real).orFail().text(), raw(empty.image("cut:1")));
        dray("pull", "-o", "back", empty.image("cut:1")).orFail();
    }

    @Test
    void should_tell_who_may_push() {
        archive("docker", "linux/amd64", small);
        try (DebianRegistry closed = DebianRegistry.startWithPassword(Scratch.folder("closed"), "alice", "secret")) {
            String name = closed.image("private:1");
            String ca = closed.ca().toString();
            assertEquals(4, dray("push", "--cacert", ca, "archive", name).exitCode());
            Program.Result pushed = Dray.script("push", "--cacert", ca, "-u", "alice", "--password-stdin", "--explain", "archive", name).in(folder).stdin("secret\n".getBytes()).run().orFail();
            assertFalse(pushed.toString().contains("YWxpY2U6c2VjcmV0"), pushed.toString());
            Dray.script("manifest", "--cacert", ca, "-u", "alice:secret", name).in(folder).run().orFail();
        }
    }

    @Test
    void should_push_nothing_that_is_not_right() throws IOException {
        Path layout = archive("oci-dir", "linux/amd64", real);
        Path blob = largest(layout);
        byte[] right = Files.readAllBytes(blob);
        byte[] wrong = right.clone();
        wrong[wrong.length / 2] ^= 1;
        Files.write(blob, wrong);
        refused(5, blob.getFileName().toString(), "archive", empty.image("bad:1"));
        Files.write(blob, right, StandardOpenOption.TRUNCATE_EXISTING);
        Files.delete(blob);
        refused(5, blob.getFileName().toString(), "archive", empty.image("bad:1"));
        Files.write(folder.resolve("cut.tar"), new byte[700]);
        refused(5, "cut.tar", "cut.tar", empty.image("bad:1"));
        assertEquals(3, dray("manifest", empty.image("bad:1")).exitCode());
    }

    @Test
    void should_push_no_image_that_no_engine_would_load() throws IOException {
        Path layout = archive("oci-dir", "linux/amd64", small);
        ObjectNode index = Json.object(Files.readAllBytes(layout.resolve("index.json")), "index.json");
        ObjectNode entry = (ObjectNode) index.path("manifests").get(0);
        Path manifest = layout.resolve("blobs/sha256").resolve(Digest.parse(entry.path("digest").asText()).hex());
        ObjectNode edited = Json.object(Files.readAllBytes(manifest), "the manifest");
        edited.putArray("layers");
        Digest digest = Digest.of(Json.bytes(edited));
        Files.write(layout.resolve("blobs/sha256").resolve(digest.hex()), Json.bytes(edited));
        entry.put("digest", digest.toString()).put("size", Json.bytes(edited).length);
        Files.write(layout.resolve("index.json"), Json.bytes(index));
        refused(5, "diff IDs", "archive", empty.image("bad:1"));
    }

    @Test
    void should_name_the_platform_of_an_index_that_is_not_there() throws IOException {
        LayoutWriter layout = new LayoutWriter(folder.resolve("archive"));
        List<ObjectNode> images = Stream.of("amd64", "arm64", "s390x").map(architecture -> layout.image(LayoutWriter.linux(architecture, ""),
                List.of(layout.layer(new TarMaker().file("file", architecture).end(), "")))).toList();
        layout.tag("1", layout.index(images));
        Files.delete(layout.folder().resolve("blobs/sha256").resolve(images.get(1).path("digest").asText().substring("sha256:".length())));
        refused(5, "for linux/arm64 of the index", "archive", empty.image("part:1"));
        dray("push", "--platform", "linux/amd64", "archive", empty.image("part:1")).orFail();
    }

    @Test
    void should_tell_that_a_registry_is_there_to_be_read_only() {
        archive("docker", "linux/amd64", small);
        try (DebianRegistry mirror = DebianRegistry.startMirrorOf(empty)) {
            refused(4, "405", "archive", mirror.image("new:1"));
        }
    }

    @Test
    void should_say_what_is_wrong_with_names_and_places() {
        archive("docker", "linux/amd64", real, small);
        refused(2, "holds", "archive", empty.image("one:1"));
        archive("docker", "linux/amd64", small);
        refused(2, "digest", "archive", empty.image("one@sha256:" + "0".repeat(64)));
        refused(3, "missing.tar", "missing.tar", empty.image("one:1"));
        refused(6, "", "--retries", "0", "--to", "localhost:1", "archive");
    }

    private void refused(int code, String word, String... arguments) {
        Program.Result result = dray("push", arguments);
        assertEquals(code, result.exitCode(), List.of(arguments) + result.toString());
        assertTrue(result.stderr().contains(word), result.stderr());
        assertEquals("", result.text());
    }
}
