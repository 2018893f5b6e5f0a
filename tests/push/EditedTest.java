package tests.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import lib.image.Digest;
import lib.image.MediaType;
import lib.text.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.store.TarMaker;
import tests.support.DebianRegistry;
import tests.support.Dray;
import tests.support.LayoutWriter;
import tests.support.Program;
import tests.support.Scratch;

//SOURCES ../store/TarMaker.java
//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/LayoutWriter.java
//SOURCES ../support/Program.java
//SOURCES ../support/Scratch.java

/** What manifest and blob print, edited or not, is pushed. */
@Tag("slow")
class EditedTest {
    private final DebianRegistry near = DebianRegistry.start(Scratch.folder("near"));
    private final DebianRegistry far = DebianRegistry.start(Scratch.folder("far"));
    private final String image = near.image("app:1");

    @TempDir
    Path folder;

    @BeforeEach
    void image() {
        LayoutWriter layout = new LayoutWriter(folder.resolve("layout"));
        LayoutWriter.Layer lower = layout.layer(new TarMaker().file("lower", "1").end(), "gzip");
        ObjectNode amd64 = layout.image(LayoutWriter.linux("amd64", ""), List.of(lower, layout.layer(new TarMaker().file("upper", "2").end(), "gzip")));
        ObjectNode arm64 = layout.image(LayoutWriter.linux("arm64", ""), List.of(lower));
        ObjectNode index = layout.index(List.of(amd64, arm64, layout.attestation(amd64)));
        layout.tag("reg.example/app:1", index);
        ObjectNode note = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_MANIFEST).put("artifactType", "application/x-note");
        ObjectNode empty = layout.blob("application/vnd.oci.empty.v1+json", "{}".getBytes());
        note.set("config", empty);
        note.putArray("layers").add(empty);
        note.set("subject", Json.newObject().put("mediaType", MediaType.OCI_INDEX).put("digest", index.path("digest").asText()).put("size", index.path("size").asLong()));
        layout.tag("reg.example/app:note", layout.blob(MediaType.OCI_MANIFEST, note));
        dray("push", "--to", near.host(), "layout").orFail();
    }

    @AfterEach
    void close() {
        near.close();
        far.close();
    }

    private Program.Result dray(String name, String... arguments) {
        return Dray.script(name, arguments).in(folder).run();
    }

    private ObjectNode printed(String... arguments) throws IOException {
        return Json.object(dray("manifest", arguments).orFail().stdout(), "the manifest");
    }

    private Program.Result push(ObjectNode piped, String... arguments) {
        return Dray.script("push", arguments).in(folder).stdin(Json.bytes(piped)).run();
    }

    private String raw(String name) {
        return dray("manifest", "--platform", "all", "--raw", name).orFail().text();
    }

    @Test
    void should_push_the_registrys_own_bytes_where_nothing_was_edited() throws IOException {
        ObjectNode all = printed("--platform", "all", image);
        Program.Result pushed = push(all, far.image("app:1")).orFail();
        assertEquals(raw(image), raw(far.image("app:1")));
        assertTrue(pushed.stderr().contains("with 1 artifact"), pushed.stderr());
        push(printed("--platform", "linux/amd64", image), "--to", far.host() + "/one").orFail();
        assertEquals(dray("manifest", "--platform", "linux/amd64", "--raw", image).orFail().text(), raw(far.image("one/app:1")));
    }

    @Test
    void should_push_an_edited_manifest_and_count_what_stays_behind() throws IOException {
        ObjectNode all = printed("--platform", "all", image);
        ((ArrayNode) all.path("manifests")).remove(1);
        Program.Result pushed = push(all, "-", far.image("app:1")).orFail();
        all.remove("image");
        assertEquals(Json.text(all, false), raw(far.image("app:1")));
        assertEquals(far.image("app:1@" + Digest.of(Json.bytes(all))) + "\n", pushed.text());
        assertTrue(pushed.stderr().contains("1 signature or other referrer is not pushed"), pushed.stderr());
        ObjectNode one = printed("--platform", "linux/amd64", image);
        one.putObject("annotations").put("ticket", "OPS-17");
        pushed = push(one, near.image("other:1")).orFail();
        assertTrue(pushed.stderr().contains("3 mounted from another repository"), pushed.stderr());
        assertTrue(raw(near.image("other:1")).contains("OPS-17"));
    }

    @Test
    void should_warn_of_layers_that_do_not_go_with_the_config() throws IOException {
        ObjectNode one = printed("--platform", "linux/amd64", image);
        ((ArrayNode) one.path("layers")).remove(0);
        Program.Result pushed = push(one, far.image("app:1")).orFail();
        assertTrue(pushed.stderr().contains("warning: engines will refuse this image"), pushed.stderr());
        assertEquals(1, printed(far.image("app:1")).path("layers").size());
    }

    @Test
    void should_take_blobs_from_the_layout_or_the_archive_that_has_them() throws IOException {
        byte[] stage = Dray.script("blob", "--to", "here").in(folder).stdin(Json.bytes(printed("--platform", "linux/amd64", image))).run().orFail().stdout();
        byte[] pulled = dray("pull", "--platform", "linux/amd64", "-o", "here.tar", image).orFail().stdout();
        near.close();
        ObjectNode edited = Json.object(stage, "the stage");
        push(edited, far.image("same:1")).orFail();
        edited.putObject("annotations").put("a", "b");
        push(edited, far.image("edited:1")).orFail();
        push(Json.object(pulled, "the stage"), far.image("pulled:1")).orFail();
        Program.Result both = Dray.script("push", "--to", far.host() + "/both").in(folder).stdin(new String(stage).replace(":1\"", ":2\"") + new String(pulled)).run();
        assertEquals(2, both.text().lines().count(), both.toString());
        assertEquals(raw(far.image("same:1")), raw(far.image("pulled:1")));
        assertTrue(raw(far.image("edited:1")).endsWith(",\"annotations\":{\"a\":\"b\"}}"), raw(far.image("edited:1")));
    }

    @Test
    void should_push_an_image_that_was_pulled_under_two_names() throws IOException {
        dray("push", image, near.image("app:2")).orFail();
        byte[] pulled = dray("pull", "--platform", "linux/amd64", "-o", "two.tar", image, near.image("app:2")).orFail().stdout();
        Program.Result pushed = Dray.script("push", "--to", far.host()).in(folder).stdin(pulled).run().orFail();
        assertEquals(2, pushed.text().lines().count(), pushed.toString());
        assertEquals(raw(far.image("app:1")), raw(far.image("app:2")));
    }

    @Test
    void should_refuse_what_is_no_stage() throws IOException {
        Program.Result other = push(Json.newObject().put("a", 1), far.image("app:1"));
        assertEquals(2, other.exitCode(), other.toString());
        ObjectNode unknown = printed("--platform", "linux/amd64", image);
        ((ObjectNode) unknown.path("layers").path(0)).put("digest", "sha256:" + "0".repeat(64));
        other = push(unknown, far.image("app:1"));
        assertEquals(3, other.exitCode(), other.toString());
        assertEquals(2, dray("push", far.image("app:1")).exitCode(), "nothing came on stdin");
    }

    @Test
    void should_change_media_types_there_and_back() throws IOException {
        Program.Result docker = dray("push", "--media-types", "docker", image, far.image("docker:1")).orFail();
        assertTrue(docker.stderr().contains("1 attestation in the index is not pushed"), docker.stderr());
        assertTrue(docker.stderr().contains("1 signature or other referrer is not pushed"), docker.stderr());
        assertEquals(MediaType.DOCKER_LIST, printed("--platform", "all", far.image("docker:1")).path("mediaType").asText());
        ObjectNode before = printed("--platform", "linux/amd64", image);
        ObjectNode after = printed("--platform", "linux/amd64", far.image("docker:1"));
        assertEquals(before.path("config").path("digest"), after.path("config").path("digest"), "the image ID");
        assertEquals("application/vnd.docker.image.rootfs.diff.tar.gzip", after.path("layers").path(0).path("mediaType").asText());
        dray("push", "--media-types", "oci", "--platform", "linux/amd64", far.image("docker:1"), far.image("oci:1")).orFail();
        assertEquals(dray("manifest", "--platform", "linux/amd64", "--raw", image).orFail().text(), raw(far.image("oci:1")));
        Program.Result same = dray("push", "--media-types", "oci", image, far.image("same:1")).orFail();
        assertEquals(raw(image), raw(far.image("same:1")));
        assertTrue(same.stderr().contains("with 1 artifact"), same.stderr());
        Program.run("skopeo", "inspect", "--raw", "--tls-verify=false", "docker://" + far.image("docker:1")).orFail();
        Program.run("skopeo", "copy", "--quiet", "--insecure-policy", "--src-tls-verify=false", "--override-arch", "amd64", "docker://" + far.image("docker:1"),
                "docker-archive:" + folder.resolve("skopeo.tar")).orFail();
    }
}
