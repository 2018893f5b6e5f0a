package tests.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import lib.failure.NotFoundException;
import lib.failure.WrongContentException;
import lib.image.Digest;
import lib.image.MediaType;
import lib.image.Platform;
import lib.server.Server;
import lib.store.ImageStore;
import lib.store.NamedImage;
import lib.store.StoredImages;
import lib.store.format.ArchivePlan;
import lib.store.format.ArchiveWriter;
import lib.text.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.LayoutWriter;
import tests.support.Scratch;

//SOURCES TarMaker.java
//SOURCES ../support/LayoutWriter.java
//SOURCES ../support/Scratch.java

/** Layouts and archives as other tools write them: which images are in them. */
class StoredImagesTest {
    private static final Platform AMD64 = Platform.parse("linux/amd64");
    private static final Platform ARM64 = Platform.parse("linux/arm64");
    private static final String FULL_NAME = "io.containerd.image.name";
    private static final String REF_NAME = "org.opencontainers.image.ref.name";

    private final LayoutWriter writer = new LayoutWriter(Scratch.folder("layout"));
    private final ArrayNode listed = Json.newArray();

    private ObjectNode image(String architecture, String content) {
        return writer.image(LayoutWriter.linux(architecture, ""), List.of(writer.layer(new TarMaker().file("file", content).end(), "")));
    }

    private void list(ObjectNode descriptor, String annotation, String name) {
        ObjectNode entry = descriptor.deepCopy();
        if (name != null) {
            entry.putObject("annotations").put(annotation, name);
        }
        listed.add(entry);
    }

    private static ObjectNode withoutPlatform(ObjectNode descriptor) {
        return descriptor.deepCopy().without("platform");
    }

    private ImageStore store() throws IOException {
        ObjectNode index = Json.newObject().put("schemaVersion", 2);
        index.set("manifests", listed);
        Files.write(writer.folder().resolve("index.json"), Json.bytes(index));
        return ImageStore.open(writer.folder());
    }

    private StoredImages images() throws IOException {
        return store().images();
    }

    private static List<String> digests(List<NamedImage> images) {
        return images.stream().map(image -> image.manifest().digest().toString()).toList();
    }

    private static String digest(ObjectNode descriptor) {
        return descriptor.path("digest").asText();
    }

    private void delete(ObjectNode descriptor) throws IOException {
        Files.delete(writer.folder().resolve("blobs/sha256").resolve(digest(descriptor).substring("sha256:".length())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"reg.example/x:1", ""})
    void should_choose_among_manifests_for_several_platforms_that_no_index_joins(String name) throws Exception {
        ObjectNode arm = image("arm64", "x");
        ObjectNode amd = image("amd64", "x");
        list(withoutPlatform(arm), REF_NAME, name.isEmpty() ? null : name);
        list(amd, REF_NAME, name.isEmpty() ? null : name);
        assertEquals(List.of(digest(amd)), digests(images().choose(AMD64, false)));
        assertEquals(List.of(digest(arm)), digests(images().choose(ARM64, true)));
        assertEquals(List.of(digest(arm), digest(amd)), digests(images().choose(List.of())));
        assertTrue(images().images().get(0).hasVariants());
        NotFoundException refused = assertThrows(NotFoundException.class, () -> images().choose(Platform.parse("linux/s390x"), false));
        assertTrue(refused.getMessage().endsWith("no image for linux/s390x, there are: linux/amd64, linux/arm64"), refused.getMessage());
    }

    @Test
    void should_keep_images_apart_that_are_for_the_same_platform() throws Exception {
        list(image("amd64", "one"), REF_NAME, null);
        list(image("amd64", "two"), REF_NAME, null);
        list(image("arm64", "three"), REF_NAME, "other");
        assertEquals(3, images().images().size());
    }

    @Test
    void should_refuse_another_platform_than_was_asked_for() throws Exception {
        list(withoutPlatform(image("arm64", "x")), FULL_NAME, "docker.io/library/x:1");
        assertEquals(1, images().choose(AMD64, false).size());
        NotFoundException refused = assertThrows(NotFoundException.class, () -> images().choose(AMD64, true));
        assertTrue(refused.getMessage().endsWith("no image for linux/amd64, there are: linux/arm64"), refused.getMessage());
    }

    @Test
    void should_take_what_oras_lists_for_the_one_image_that_it_is() throws Exception {
        ObjectNode amd = image("amd64", "x");
        ObjectNode arm = image("arm64", "x");
        ObjectNode index = writer.index(List.of(amd, arm, writer.attestation(amd)));
        ObjectNode signature = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_MANIFEST).put("artifactType", "application/vnd.example.signature");
        signature.set("config", writer.blob("application/vnd.oci.empty.v1+json", "{}".getBytes()));
        signature.set("subject", Json.newObject().put("mediaType", MediaType.OCI_INDEX).put("digest", digest(index)).put("size", index.path("size").asInt()));
        ObjectNode signed = writer.blob(MediaType.OCI_MANIFEST, signature);
        list(arm, REF_NAME, null);
        list(signed, REF_NAME, null);
        list(index, REF_NAME, "v1");
        list(amd, REF_NAME, null);
        StoredImages images = images();
        assertEquals(List.of(digest(index)), images.images().stream().map(image -> image.roots().get(0).manifest().digest().toString()).toList());
        assertEquals(List.of(digest(arm)), digests(images.choose(ARM64, true)));
        assertEquals(List.of(), images.leftOut());
        assertEquals(List.of(digest(signed)), ImageStore.open(writer.folder()).referrers().of(Digest.parse(digest(index))).stream().map(entry -> entry.descriptor().digest().toString()).toList());
    }

    @Test
    void should_name_what_cannot_be_chosen_and_take_the_others() throws Exception {
        ObjectNode amd = image("amd64", "x");
        list(writer.index(List.of(image("arm64", "y"))), FULL_NAME, "docker.io/library/other:1");
        list(writer.blob("application/vnd.example.what+json", "{}".getBytes()), REF_NAME, "what");
        list(writer.index(List.of(image("arm64", "y"), image("s390x", "y"))), FULL_NAME, "docker.io/library/arm:1");
        list(amd, FULL_NAME, "docker.io/library/x:1");
        StoredImages images = images();
        assertEquals(List.of(digest(amd)), digests(images.choose(AMD64, true)));
        assertEquals(3, images.leftOut().size(), images.leftOut().toString());
        assertTrue(images.leftOut().get(2).contains("arm:1 is left out: no image for linux/amd64, there are: linux/arm64, linux/s390x"), images.leftOut().toString());
        assertEquals(2, images().choose(AMD64, false).size(), "the only image of an index will do where nobody asked for a platform");
        assertThrows(NotFoundException.class, () -> images().choose(Platform.parse("linux/ppc64le"), true));
    }

    @Test
    void should_not_take_a_signature_for_the_image_of_a_platform_that_is_not_there() throws Exception {
        ObjectNode signature = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_MANIFEST).put("artifactType", "application/vnd.example.signature");
        signature.set("config", writer.blob("application/vnd.oci.empty.v1+json", "{}".getBytes()));
        list(image("amd64", "x"), REF_NAME, "1");
        list(writer.blob(MediaType.OCI_MANIFEST, signature), REF_NAME, "1.sig");
        NotFoundException refused = assertThrows(NotFoundException.class, () -> images().choose(ARM64, true));
        assertTrue(refused.getMessage().endsWith("no image for linux/arm64, there are: linux/amd64"), refused.getMessage());
        assertEquals(2, images().choose(AMD64, true).size());
    }

    @Test
    void should_choose_among_what_is_here_of_an_index() throws Exception {
        ObjectNode amd = image("amd64", "x");
        ObjectNode arm = image("arm64", "x");
        list(writer.index(List.of(amd, arm)), FULL_NAME, "docker.io/library/x:1");
        delete(amd);
        assertEquals(List.of(digest(arm)), digests(images().choose(AMD64, false)));
        NotFoundException refused = assertThrows(NotFoundException.class, () -> images().choose(AMD64, true));
        assertTrue(refused.getMessage().contains("there are: linux/arm64 (the index also lists linux/amd64"), refused.getMessage());
        delete(arm);
        assertTrue(assertThrows(WrongContentException.class, () -> images().choose(AMD64, true)).getMessage().contains(digest(amd)));
    }

    @Test
    void should_name_a_pinned_image_by_the_index_that_the_digest_stands_for() throws Exception {
        ObjectNode amd = image("amd64", "x");
        ObjectNode index = writer.index(List.of(amd, image("arm64", "x")));
        String pinned = "docker.io/library/x@" + digest(index);
        list(amd, FULL_NAME, "docker.io/library/x:1");
        list(index, FULL_NAME, pinned);
        NamedImage image = images().choose(AMD64, true).get(0);
        assertEquals(digest(amd), image.manifest().digest().toString());
        assertEquals("docker.io/library/x:1@" + digest(index), image.reference().toString());
        Path file = Scratch.folder("archive").resolve("x.tar");
        try (var out = Files.newOutputStream(file)) {
            ArchiveWriter.write(ArchivePlan.of(List.of(image)), store()::blob, out);
        }
        ImageStore archive = ImageStore.open(file);
        ObjectNode written = archive.index();
        assertEquals(2, written.path("manifests").size());
        assertEquals(digest(amd), written.at("/manifests/0/digest").asText());
        assertEquals(digest(index), written.at("/manifests/1/digest").asText());
        assertEquals(pinned, written.at("/manifests/1/annotations").path(FULL_NAME).asText());
        NamedImage again = archive.images().choose(AMD64, false).get(0);
        assertEquals(image.reference(), again.reference());
        assertEquals(image.storedIndexes().size(), again.storedIndexes().size());
    }

    private Path saved(String index, String list, String layerAgain) throws IOException {
        byte[] layer = new TarMaker().file("hello", "hello").end();
        String config = "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"" + Digest.of(layer) + "\"]}}";
        TarMaker tar = new TarMaker();
        if (index != null) {
            tar.file("index.json", index);
        }
        String text = new String(layer, StandardCharsets.ISO_8859_1);
        tar.file("c.json", config).file("l.tar", text).file("manifest.json", list);
        tar = layerAgain.equals("hard") ? tar.hardLink("l.tar", "l.tar") : layerAgain.isEmpty() ? tar : tar.file("./l.tar", layerAgain.equals("same") ? text : text.replace("hello", "other"));
        return Files.write(Scratch.folder("archive").resolve("saved.tar"), tar.end());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"manifests\":null}", "{\"schemaVersion\":2}", "\u00ef\u00bb\u00bf{\"manifests\":[]}",
        "{\"manifests\":[{\"digest\":\"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\",\"size\":7}]}", "{\"manifests\":[null]}", "null", "", "[]", "{\"manifests\":7}", "no JSON"})
    void should_go_by_manifest_json_where_index_json_leads_nowhere(String index) throws Exception {
        Path file = saved(index, "[{\"Config\":\"c.json\",\"RepoTags\":null,\"Layers\":[\"l.tar\"]}]", "");
        List<NamedImage> images = ImageStore.open(file).images().choose(AMD64, true);
        assertEquals(1, images.get(0).manifest().layers().size());
    }

    @Test
    void should_read_layouts_with_keys_in_any_case() throws Exception {
        ObjectNode manifest = image("amd64", "x");
        ObjectNode json = Json.object(Files.readAllBytes(writer.folder().resolve("blobs/sha256").resolve(digest(manifest).substring(7))), "it");
        String odd = json.toString().replace("\"layers\"", "\"Layers\"").replace("\"config\"", "\"Config\"").replace("\"digest\"", "\"DIGEST\"").replace("\"mediaType\"", "\"MediaType\"");
        ObjectNode oddManifest = writer.blob(MediaType.OCI_MANIFEST, odd.getBytes(StandardCharsets.UTF_8));
        String index = ("{\"SchemaVersion\":2,\"Manifests\":[" + oddManifest + "]}").replace("\"digest\"", "\"Digest\"").replace("\"size\"", "\"Size\"");
        Files.writeString(writer.folder().resolve("index.json"), index);
        NamedImage read = ImageStore.open(writer.folder()).images().choose(AMD64, true).get(0);
        assertEquals(1, read.manifest().layers().size());
        assertEquals(Digest.of(odd.getBytes(StandardCharsets.UTF_8)), read.manifest().digest());
    }

    @Test
    void should_read_the_others_where_one_is_damaged_and_name_it() throws Exception {
        ObjectNode good = image("amd64", "good");
        ObjectNode gone = image("amd64", "gone");
        ObjectNode corrupt = image("amd64", "corrupt");
        list(gone, FULL_NAME, "docker.io/library/gone:1");
        list(good, FULL_NAME, "docker.io/library/good:1");
        list(corrupt, FULL_NAME, "docker.io/library/corrupt:1");
        listed.addNull();
        delete(gone);
        Files.writeString(writer.folder().resolve("blobs/sha256").resolve(digest(corrupt).substring(7)), "x".repeat(corrupt.path("size").asInt()));
        StoredImages images = images();
        assertEquals(List.of(digest(good)), digests(images.choose(AMD64, true)));
        assertEquals(List.of("gone:1", "corrupt:1", "entry 4 of index.json"), List.copyOf(images.damaged().keySet()));
        assertTrue(images.damaged().values().stream().allMatch(why -> why.getMessage().contains(writer.folder().toString())), images.damaged().toString());
        assertTrue(images.damages().get(1).startsWith(writer.folder() + ": corrupt:1 is left out: "), images.damages().get(1));
        Server server = new Server(List.of(store()), 0);
        assertTrue(server.names().stream().allMatch(name -> name.endsWith("good:1")), server.names().toString());
        assertEquals(3, server.notes().size(), server.notes().toString());
    }

    @Test
    void should_read_the_other_images_of_manifest_json() throws Exception {
        Path file = saved(null, "[null,{\"Config\":\"no.json\",\"RepoTags\":[\"bad:1\"],\"Layers\":[\"l.tar\"]},{\"Config\":\"c.json\",\"RepoTags\":\"good:1\",\"Layers\":[\"l.tar\"]}]", "");
        StoredImages images = ImageStore.open(file).images();
        assertEquals("good:1", images.choose(AMD64, true).get(0).reference().familiarName());
        assertEquals(List.of("image 1 of manifest.json", "bad:1"), List.copyOf(images.damaged().keySet()));
        Path bad = saved(null, "[{\"Config\":\"no.json\",\"Layers\":[\"l.tar\"]}]", "");
        assertTrue(assertThrows(WrongContentException.class, () -> ImageStore.open(bad).images()).getMessage().endsWith("is incomplete: no.json is not there"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"index", "listed"})
    void should_not_take_another_platform_where_the_one_wanted_has_a_wrong_size(String form) throws Exception {
        ObjectNode amd = image("amd64", "x");
        ObjectNode arm = image("arm64", "x");
        amd.put("size", amd.path("size").asInt() + 1);
        if (form.equals("index")) {
            list(writer.index(List.of(amd, arm)), REF_NAME, "1");
        } else {
            list(amd, REF_NAME, "1");
            list(arm, REF_NAME, "1");
        }
        for (boolean isAsked : List.of(true, false)) {
            WrongContentException refused = assertThrows(WrongContentException.class, () -> images().choose(AMD64, isAsked));
            assertTrue(refused.getMessage().contains("refused; it can be had by its digest"), refused.getMessage());
        }
        assertEquals(List.of(digest(arm)), digests(images().choose(ARM64, true)));
    }

    @Test
    void should_read_keys_in_any_case_of_their_letters_as_go_does() throws Exception {
        Path file = saved(null, "[{\"config\":\"c.json\",\"repoTags\":[\"jib:1\",null],\"layers\":[\"l.tar\"]}]", "");
        List<NamedImage> images = ImageStore.open(file).images().choose(AMD64, true);
        assertEquals("jib:1", images.get(0).reference().familiarName());
        assertEquals(1, images.get(0).manifest().layers().size());
    }

    @Test
    void should_take_names_that_begin_with_a_slash_for_relative_ones() throws Exception {
        byte[] layer = new TarMaker().file("hello", "hello").end();
        String config = "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"" + Digest.of(layer) + "\"]}}";
        TarMaker tar = new TarMaker().file("/c.json", config).file("/l.tar", new String(layer, StandardCharsets.ISO_8859_1))
                .file("/manifest.json", "[{\"Config\":\"c.json\",\"RepoTags\":[\"x:1\"],\"Layers\":[\"l.tar\"]}]");
        Path file = Files.write(Scratch.folder("archive").resolve("saved.tar"), tar.end());
        assertEquals(1, ImageStore.open(file).images().choose(AMD64, true).get(0).manifest().layers().size());
    }

    @Test
    void should_follow_links_to_folders_and_links_to_links_inside_an_archive() throws Exception {
        byte[] layer = new TarMaker().file("hello", "hello").end();
        String config = "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"" + Digest.of(layer) + "\"]}}";
        TarMaker tar = new TarMaker().symbolicLink("id", "real/./there").symbolicLink("real/there", "../data//v1/").symbolicLink("id2/layer.tar", "../id/layer.tar").file("c.json", config)
                .file("data/v1/layer.tar", new String(layer, StandardCharsets.ISO_8859_1))
                .file("manifest.json", "[{\"Config\":\"c.json\",\"RepoTags\":[\"x:1\"],\"Layers\":[\"id2/layer.tar\"]},{\"Config\":\"c.json\",\"RepoTags\":[\"y:1\"],\"Layers\":[\"a/b\"]}]")
                .symbolicLink("a/b", "../b/a").symbolicLink("b/a", "../a/b");
        StoredImages images = ImageStore.open(Files.write(Scratch.folder("archive").resolve("links.tar"), tar.end())).images();
        assertEquals("x:1", images.choose(AMD64, true).get(0).reference().familiarName());
        assertTrue(images.damaged().get("y:1").getMessage().endsWith("a/b is a link that leads in a circle"), images.damaged().toString());
    }

    @Test
    void should_say_that_a_name_is_none_and_take_the_image() throws Exception {
        Path file = saved(null, "[{\"Config\":\"c.json\",\"RepoTags\":[\"Upper/Case:1\"],\"Layers\":[\"l.tar\"]}]", "");
        list(image("amd64", "x"), REF_NAME, "Upper/Case:1");
        for (ImageStore store : List.of(ImageStore.open(file), store())) {
            StoredImages images = store.images();
            assertEquals(null, images.choose(AMD64, true).get(0).reference());
            assertTrue(images.leftOut().toString().contains("an image is without its name there, 'Upper/Case:1': "), images.leftOut().toString());
            assertTrue(new Server(List.of(store), 0).notes().toString().contains("'Upper/Case:1'"));
        }
    }

    @Test
    void should_take_null_for_an_empty_list_of_images() throws Exception {
        Path file = saved(null, "null", "");
        assertTrue(assertThrows(NotFoundException.class, () -> ImageStore.open(file).images()).getMessage().endsWith("holds no image"));
    }

    @Test
    void should_say_of_an_entry_that_is_null_that_there_is_nothing() throws Exception {
        listed.addNull();
        String message = assertThrows(WrongContentException.class, () -> images()).getMessage();
        assertTrue(message.endsWith("is not a descriptor: there is nothing"), message);
    }

    @Test
    void should_take_an_entry_that_is_there_twice_with_the_same_bytes() throws Exception {
        String list = "[{\"Config\":\"c.json\",\"Layers\":[\"l.tar\"]}]";
        for (String again : List.of("same", "hard")) {
            assertEquals(1, ImageStore.open(saved(null, list, again)).images().images().size());
        }
        assertTrue(assertThrows(WrongContentException.class, () -> ImageStore.open(saved(null, list, "other"))).getMessage().contains("two entries of the name l.tar"));
    }

    @Test
    void should_serve_names_with_digests_and_leave_out_what_is_odd() throws Exception {
        ObjectNode amd = image("amd64", "x");
        list(amd, FULL_NAME, "docker.io/library/busybox@" + digest(amd));
        list(image("amd64", "y"), FULL_NAME, "example.com/both:1@" + digest(amd));
        list(image("amd64", "z"), REF_NAME, "no tag/at all");
        listed.addObject().put("digest", "sha256:short").put("size", 1);
        listed.addNull();
        Server server = new Server(List.of(store()), 0);
        List<String> names = server.names().stream().map(name -> name.replaceFirst("^[^/]*/", "")).toList();
        assertTrue(names.contains("library/busybox@" + digest(amd)), names.toString());
        assertTrue(names.contains("both:1"), names.toString());
        assertEquals(3, names.size(), names.toString());
        assertFalse(names.toString().contains("null"), names.toString());
        assertEquals(2, server.notes().size(), server.notes().toString());
    }
}
