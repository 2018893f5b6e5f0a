package tests.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.MediaType;
import lib.image.Reference;
import lib.store.NamedImage;
import lib.store.format.ArchivePlan;
import lib.store.format.Format;
import lib.text.Json;
import org.junit.jupiter.api.Test;
import tests.support.Program;
import tests.support.Scratch;

//SOURCES ../support/Program.java
//SOURCES ../support/Scratch.java

/** The geometry of archives, as tar and engines see it. */
class ArchivePlanTest {

    /** A manifest whose layers are nowhere, for plans. */
    private static NamedImage planned(String name, ObjectNode... layers) throws IOException {
        ObjectNode manifest = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_MANIFEST);
        manifest.set("config", blob("config", 10));
        manifest.putArray("layers").addAll(List.of(layers));
        return new NamedImage(Manifest.parse(Json.bytes(manifest), null), name == null ? null : Reference.parse(name));
    }

    private static ObjectNode blob(String content, long size) {
        return Json.newObject().put("mediaType", "application/octet-stream").put("digest", Digest.of(content.getBytes()).toString()).put("size", size);
    }

    private static String path(String content) {
        return "blobs/sha256/" + Digest.of(content.getBytes()).hex();
    }

    /** Writes all of a planned archive but the blobs, and returns what tar lists of it. */
    private static List<String> listed(ArchivePlan plan) throws Exception {
        Path file = Scratch.folder("plan").resolve("archive.tar");
        try (java.io.RandomAccessFile archive = new java.io.RandomAccessFile(file.toFile(), "rw")) {
            archive.setLength(plan.size());
            for (var text : plan.texts().entrySet()) {
                archive.seek(text.getKey());
                archive.write(text.getValue());
            }
        }
        return Program.run("tar", "--numeric-owner", "--utc", "-tvf", file.toString()).orFail().text().lines().map(line -> line.replaceAll(" +", " ")).toList();
    }

    @Test
    void should_plan_an_archive_that_tar_reads_and_engines_know() throws Exception {
        ArchivePlan plan = ArchivePlan.of(List.of(planned("nginx:alpine", blob("one", 1000), blob("two", 512), blob("none", 0))));
        List<String> lines = listed(plan);
        assertEquals(List.of("oci-layout", "index.json", "manifest.json", "blobs/", "blobs/sha256/"), lines.subList(0, 5).stream().map(line -> line.split(" ")[5]).toList());
        assertTrue(lines.contains("-rw-r--r-- 0/0 1000 1970-01-01 00:00 " + path("one")), lines::toString);
        assertTrue(lines.contains("-rw-r--r-- 0/0 0 1970-01-01 00:00 " + path("none")), lines::toString);
        assertEquals(10, lines.size(), lines::toString);
        assertEquals(0, plan.size() % 512);
        plan.places().forEach((blob, offset) -> assertEquals(0, offset % 512));
    }

    @Test
    void should_give_blobs_over_8_gib_their_size_and_those_behind_them_their_place() throws Exception {
        long limit = 8L << 30;
        ArchivePlan plan = ArchivePlan.of(List.of(planned(null, blob("below", limit - 1), blob("at", limit), blob("far", 5 * limit + 3), blob("last", 7))));
        List<String> lines = listed(plan);
        assertEquals(List.of("8589934591", "8589934592", "42949672963", "7"), lines.subList(lines.size() - 4, lines.size()).stream().map(line -> line.split(" ")[2]).toList());
        assertTrue(lines.get(lines.size() - 1).endsWith(path("last")), lines::toString);
        assertTrue(plan.size() > 7 * limit && plan.size() < 7 * limit + 20_000);
    }

    @Test
    void should_write_a_name_that_a_header_has_no_room_for() throws Exception {
        ObjectNode layer = Json.newObject().put("mediaType", "application/octet-stream").put("digest", "sha512:" + "ab".repeat(64)).put("size", 3);
        List<String> lines = listed(ArchivePlan.of(List.of(planned(null, layer))));
        assertTrue(lines.get(lines.size() - 1).endsWith(" 3 1970-01-01 00:00 blobs/sha512/" + "ab".repeat(64)), lines::toString);
        assertTrue(lines.stream().anyMatch(line -> line.endsWith(" blobs/sha512/")), lines::toString);
    }

    @Test
    void should_store_once_what_images_share_and_list_all_their_names() throws Exception {
        NamedImage alpine = planned("nginx:alpine", blob("shared", 5), blob("shared", 5));
        ArchivePlan plan = ArchivePlan.of(List.of(alpine, new NamedImage(alpine.manifest(), Reference.parse("localhost:5000/mine:1")), planned(null, blob("shared", 5), blob("own", 6))));
        assertEquals(3, plan.places().size());
        ByteArrayOutputStream texts = new ByteArrayOutputStream();
        plan.texts().values().forEach(texts::writeBytes);
        String all = texts.toString();
        assertTrue(all.contains("\"RepoTags\":[\"docker.io/library/nginx:alpine\",\"localhost:5000/mine:1\"]"), all);
        assertTrue(all.contains("\"RepoTags\":null"), all);
        assertTrue(all.contains("\"Layers\":[\"" + path("shared") + "\",\"" + path("shared") + "\"]"), all);
        assertTrue(all.contains("\"io.containerd.image.name\":\"docker.io/library/nginx:alpine\",\"org.opencontainers.image.ref.name\":\"alpine\""), all);
    }

    @Test
    void should_give_a_name_with_a_digest_to_no_engine() throws Exception {
        String digest = "@" + Digest.of(new byte[0]);
        ByteArrayOutputStream texts = new ByteArrayOutputStream();
        ArchivePlan.of(List.of(planned("nginx" + digest), planned("nginx:1" + digest, blob("x", 1)))).texts().values().forEach(texts::writeBytes);
        assertTrue(texts.toString().contains("\"RepoTags\":null"), texts.toString());
        assertTrue(texts.toString().contains("\"RepoTags\":[\"docker.io/library/nginx:1\"]"), texts.toString());
    }

    @Test
    void should_say_what_loads_one_image_and_what_several() throws Exception {
        Path tar = Path.of("x.tar");
        NamedImage alpine = planned("nginx:alpine");
        NamedImage one = planned("quay.io/x/y:1");
        assertEquals("load it with: podman load -i x.tar", Format.OCI.use(List.of(one), tar));
        assertEquals("load it with: docker load -i x.tar", Format.DOCKER.use(List.of(one, alpine), tar));
        assertEquals("load it with: ctr images import x.tar; podman takes one image at a time: podman pull oci-archive:x.tar:alpine",
                Format.OCI.use(List.of(one, planned("team/app:1"), alpine), tar));
        assertEquals("load it with: ctr images import x.tar", Format.OCI.use(List.of(one, planned("team/app:1")), tar));
        assertEquals("read it with: skopeo inspect oci:x.tar:1", Format.OCI_DIR.use(List.of(one, alpine), tar));
    }
}
