package tests.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import lib.image.MediaType;
import lib.text.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.DebianRegistry;
import tests.support.Dray;
import tests.support.LayoutWriter;
import tests.support.Program;
import tests.support.Scratch;

//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/LayoutWriter.java
//SOURCES ../support/Program.java
//SOURCES ../support/Scratch.java

/** One registry is filled from another. */
@Tag("slow")
class CopyTest {
    private final DebianRegistry near = DebianRegistry.start(Scratch.folder("near"));
    private final DebianRegistry far = DebianRegistry.start(Scratch.folder("far"));
    private final String image = near.image("test/app:1");

    @TempDir
    Path folder;

    /** An index of two platforms that share a layer, and what refers to it. */
    @BeforeEach
    void image() {
        LayoutWriter layout = new LayoutWriter(folder.resolve("layout"));
        LayoutWriter.Layer shared = layout.layer(random(1), "");
        ObjectNode amd64 = layout.image(LayoutWriter.linux("amd64", ""), List.of(shared, layout.layer(random(2), "")));
        ObjectNode arm64 = layout.image(LayoutWriter.linux("arm64", ""), List.of(shared, layout.layer(random(3), "")));
        ObjectNode index = layout.index(List.of(amd64, arm64));
        layout.tag("reg.example/test/app:1", index);
        ObjectNode note = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_MANIFEST).put("artifactType", "application/x-note");
        ObjectNode empty = layout.blob("application/vnd.oci.empty.v1+json", "{}".getBytes());
        note.set("config", empty);
        note.putArray("layers").add(empty);
        note.set("subject", Json.newObject().put("mediaType", MediaType.OCI_INDEX).put("digest", index.path("digest").asText()).put("size", index.path("size").asLong()));
        layout.tag("reg.example/test/app:note", layout.blob(MediaType.OCI_MANIFEST, note));
        push("--to", near.host(), "layout").orFail();
    }

    private static byte[] random(int seed) {
        byte[] bytes = new byte[400_000];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @AfterEach
    void close() {
        near.close();
        far.close();
    }

    private Program.Result push(String... arguments) {
        return dray("push", arguments);
    }

    private Program.Result dray(String name, String... arguments) {
        return Dray.script(name, arguments).in(folder).run();
    }

    private String raw(String name) {
        return dray("manifest", "--platform", "all", "--raw", name).orFail().text();
    }

    private Program.Result refused(int code, String words, String... arguments) {
        Program.Result result = push(arguments);
        assertEquals(code, result.exitCode(), List.of(arguments) + result.toString());
        assertTrue(result.stderr().contains(words), result.stderr());
        assertEquals("", result.text());
        return result;
    }

    @Test
    void should_copy_all_platforms_and_what_refers_to_them_once() {
        Program.Result first = push(image, far.image("mirror/app:2")).orFail();
        assertEquals(raw(image), raw(far.image("mirror/app:2")));
        assertTrue(first.text().startsWith(far.image("mirror/app:2@sha256:")), first.text());
        assertTrue(first.stderr().contains("6 blobs, 0 already there, 0 mounted from another repository, 1.2 MB fetched, 1.2 MB sent, with 1 artifact"), first.stderr());
        assertTrue(dray("referrers", far.image("mirror/app:2")).orFail().text().contains("application/x-note"));
        Program.Result again = push(image, far.image("mirror/app:2")).orFail();
        assertTrue(again.stderr().contains("6 already there (1.2 MB), 0 mounted from another repository, 0 B sent"), again.stderr());
        assertFalse(again.stderr().contains("fetched"), again.stderr());
        Program.run("skopeo", "copy", "--all", "--quiet", "--insecure-policy", "--src-tls-verify=false", "docker://" + far.image("mirror/app:2"), "oci:" + folder.resolve("skopeo") + ":x").orFail();
    }

    @Test
    void should_mount_what_is_in_the_same_registry() {
        Program.Result mounted = push(image, near.image("other/app:1")).orFail();
        assertTrue(mounted.stderr().contains("6 mounted from another repository (1.2 MB), 0 B sent"), mounted.stderr());
        assertEquals(raw(image), raw(near.image("other/app:1")));
        Program.Result tagged = push(image, near.image("test/app:2")).orFail();
        assertTrue(tagged.stderr().contains("6 already there"), tagged.stderr());
    }

    @Test
    void should_copy_several_below_a_prefix_beside_archives_and_share_what_they_have() {
        push("layout", near.image("other:3")).orFail();
        String pinned = near.image("other") + "@" + push(image, near.image("test/app:2")).orFail().text().strip().replaceFirst(".*@", "");
        Program.Result several = push("--to", far.host() + "/all", near.image("other:3"), image, pinned, "layout");
        assertEquals(2, several.exitCode(), "the layout has the name of one of the others: " + several);
        several = push("--to", far.host() + "/all", near.image("other:3"), image, pinned).orFail();
        assertEquals(3, several.text().lines().count(), several.text());
        assertTrue(several.stderr().contains("6 mounted from another repository (1.2 MB), 0 B sent"), several.stderr());
        assertEquals(raw(image), raw(far.image("all/test/app:1")));
        Program.Result part = push("--to", far.host() + "/part", near.image("gone:1"), image);
        assertEquals(3, part.exitCode(), part.toString());
        assertEquals(1, part.text().lines().count(), part.text());
    }

    @Test
    void should_copy_one_platform_and_keep_an_index() {
        Program.Result one = push("--platform", "linux/arm64", image, far.image("arm:1")).orFail();
        assertTrue(one.stderr().contains("not pushed"), "what refers to the index has nothing to refer to: " + one.stderr());
        assertEquals(dray("manifest", "--platform", "linux/arm64", "--raw", image).orFail().text(), raw(far.image("arm:1")));
        refused(3, "linux/amd64, linux/arm64", "--platform", "linux/s390x", image, far.image("s390x:1"));
        refused(3, "linux/arm64", "--platform", "linux/s390x", far.image("arm:1"), far.image("s390x:1"));
        push(image, far.image("app:1")).orFail();
        refused(4, "index", "--platform", "linux/arm64", image, far.image("app:1"));
        push("--replace-index", "--platform", "linux/arm64", image, far.image("app:1")).orFail();
    }

    @Test
    void should_say_what_does_not_go_together() {
        refused(2, "one name is for one image", image, image, far.image("app:1"));
        refused(2, "where to?", "--own-names", image);
        refused(2, "exclude each other", "--own-names", "--to", far.host(), image);
        refused(3, "does not exist", "nothing.tar", far.image("app:1"));
        refused(3, "nothing", near.image("nothing:1"), far.image("app:1"));
    }

    @Test
    void should_show_each_registry_its_own_login() throws IOException {
        try (DebianRegistry from = DebianRegistry.startWithPassword(near.storage(), "alice", "Fr0mHere");
                DebianRegistry to = DebianRegistry.startWithPassword(Scratch.folder("closed"), "bob", "T0There")) {
            Path both = Files.writeString(folder.resolve("ca.pem"), Files.readString(from.ca()) + Files.readString(to.ca()));
            String source = from.image("test/app:1");
            String target = to.image("app:1");
            refused(4, source.replaceFirst("/.*", ""), "--cacert", both.toString(), "-u", "bob:T0There", source, target);
            Program.Result copied = push("--explain", "--cacert", both.toString(), "--from-user", "alice:Fr0mHere", "-u", "bob:T0There", source, target).orFail();
            assertTrue(copied.stderr().contains("1.2 MB fetched, 1.2 MB sent"), copied.stderr());
            Program.Result byVariables = Dray.script("push", "--cacert", both.toString(), source, to.image("app:2")).in(folder)
                    .env("DRAY_USERNAME", "bob").env("DRAY_PASSWORD", "T0There").env("DRAY_FROM_USERNAME", "alice").env("DRAY_FROM_PASSWORD", "Fr0mHere").run().orFail();
            assertTrue(byVariables.stderr().contains("6 already there"), byVariables.stderr());
        }
    }
}
