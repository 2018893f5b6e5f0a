package tests.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import lib.failure.NotFoundException;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.MediaType;
import lib.image.Origin;
import lib.image.Platform;
import lib.image.Reference;
import lib.store.ImageStore;
import lib.store.Layout;
import lib.store.NamedImage;
import lib.store.format.ArchivePlan;
import lib.store.format.ArchiveWriter;
import lib.store.format.Assembly;
import lib.store.layer.BlobSource;
import lib.text.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.LayoutWriter;
import tests.support.Scratch;

//SOURCES TarMaker.java
//SOURCES ../support/LayoutWriter.java
//SOURCES ../support/Scratch.java

/** Layouts and archives of them: what is written, and what is taken as one. */
class StoreTest {
    private static final Platform AMD64 = Platform.parse("linux/amd64");

    private final LayoutWriter writer = new LayoutWriter(Scratch.folder("layout"));

    private ObjectNode image(String... contents) {
        return writer.image(LayoutWriter.linux("amd64", ""), List.of(contents).stream().map(content -> writer.layer(new TarMaker().file("file", content).end(), "gzip")).toList());
    }

    private Layout layout() throws IOException {
        return Layout.openOrCreate(writer.folder());
    }

    private NamedImage named(ObjectNode image, String name) throws IOException {
        Digest digest = Digest.parse(image.path("digest").asText());
        return new NamedImage(layout().manifest(layout().find(digest)), name == null ? null : Reference.parse(name));
    }

    private static ObjectNode blob(String content, long size) {
        return Json.newObject().put("mediaType", "application/octet-stream").put("digest", Digest.of(content.getBytes()).toString()).put("size", size);
    }

    private Path archive(NamedImage... images) throws IOException {
        Path file = Scratch.folder("archive").resolve("images.tar");
        try (var out = Files.newOutputStream(file)) {
            ArchiveWriter.write(ArchivePlan.of(List.of(images)), layout()::blob, out);
        }
        return file;
    }

    @Test
    void should_read_from_an_archive_what_was_written_into_it() throws Exception {
        NamedImage one = named(image("one", "two"), "one:1");
        NamedImage two = named(image("two"), "two:2");
        ImageStore archive = ImageStore.open(archive(one, two));
        List<NamedImage> images = archive.images().choose(AMD64, false);
        assertEquals(List.of("one:1", "two:2"), images.stream().map(image -> image.reference().familiarName()).toList());
        assertArrayEquals(one.manifest().bytes(), images.get(0).manifest().bytes());
        for (Descriptor blob : one.manifest().blobs()) {
            assertTrue(archive.has(blob));
            assertEquals(blob.digest(), Digest.of(archive.blob(blob).readAllBytes()));
            assertEquals(blob.size(), archive.find(blob.digest()).size());
        }
        assertThrows(NotFoundException.class, () -> archive.find(Digest.of(new byte[0])));
    }

    @Test
    void should_refuse_an_archive_that_ends_early() throws Exception {
        byte[] whole = Files.readAllBytes(archive(named(image("x".repeat(5000)), "one:1")));
        Path file = Scratch.folder("archive").resolve("short.tar");
        for (int length : new int[] {100, 512, 700, 2000, whole.length / 2, whole.length - 1500}) {
            Files.write(file, java.util.Arrays.copyOf(whole, length));
            assertThrows(WrongContentException.class, () -> {
                ImageStore archive = ImageStore.open(file);
                for (Descriptor blob : archive.images().choose(AMD64, false).get(0).manifest().blobs()) {
                    archive.blob(blob).readAllBytes();
                }
            }, "cut to " + length);
        }
    }

    @Test
    void should_refuse_an_archive_with_two_different_entries_of_one_name() throws Exception {
        Path file = Files.write(Scratch.folder("archive").resolve("two.tar"), new TarMaker().file("index.json", "{}").file("./index.json", "[]").end());
        assertTrue(assertThrows(WrongContentException.class, () -> ImageStore.open(file)).getMessage().contains("index.json"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>", "{}", "PK\3\4"})
    void should_refuse_what_is_no_archive(String content) throws Exception {
        Path file = Files.writeString(Scratch.folder("archive").resolve("file"), content.repeat(400));
        assertThrows(WrongContentException.class, () -> ImageStore.open(file));
        assertThrows(NotFoundException.class, () -> ImageStore.open(file.resolveSibling("nothing")));
        assertThrows(NotFoundException.class, () -> ImageStore.open(file.getParent()));
    }

    @Test
    void should_refuse_an_index_that_points_nowhere() throws Exception {
        writer.tag("gone", blob("gone", 4).put("mediaType", MediaType.OCI_MANIFEST));
        String message = assertThrows(WrongContentException.class, () -> layout().images().choose(AMD64, false)).getMessage();
        assertTrue(message.contains(Digest.of("gone".getBytes()).toString()), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "null", "{\"manifests\":7}", "{\"manifests\":[{}]}", "{\"manifests\":[{\"digest\":\"sha256:../../etc/passwd\",\"size\":1}]}",
            "{\"manifests\":[{\"digest\":\"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\",\"size\":-1}]}"})
    void should_refuse_an_index_that_is_none(String json) throws Exception {
        Files.writeString(writer.folder().resolve("index.json"), json);
        IOException refused = assertThrows(IOException.class, () -> layout().images().choose(AMD64, false));
        assertTrue(refused instanceof WrongContentException || refused instanceof NotFoundException, refused.toString());
    }

    @Test
    void should_notice_a_blob_that_is_short_long_or_different() throws Exception {
        NamedImage image = named(image("content"), null);
        Descriptor layer = image.manifest().layers().get(0);
        Path file = layout().blobPath(layer.digest());
        byte[] right = Files.readAllBytes(file);
        byte[] different = right.clone();
        different[20] ^= 1;
        for (byte[] wrong : List.of(java.util.Arrays.copyOf(right, right.length - 1), java.util.Arrays.copyOf(right, right.length + 1), different, new byte[0])) {
            Files.write(file, wrong);
            assertThrows(WrongContentException.class, () -> layout().blob(layer).readAllBytes());
        }
        Files.delete(file);
        assertTrue(assertThrows(WrongContentException.class, () -> layout().blob(layer)).getMessage().contains(layer.digest().toString()));
    }

    @Test
    void should_add_images_by_name_and_replace_one_of_the_same_name() throws Exception {
        NamedImage one = named(image("one"), "app:1");
        NamedImage two = named(image("two"), "app:1");
        Path folder = Scratch.folder("layout").resolve("new");
        Layout layout = Layout.openOrCreate(folder);
        assertThrows(NotFoundException.class, () -> layout.images().choose(AMD64, false));
        layout.add(one);
        layout.add(new NamedImage(one.manifest(), Reference.parse("app:2")));
        layout.add(new NamedImage(one.manifest(), null));
        layout.add(new NamedImage(one.manifest(), null));
        layout.add(two);
        List<NamedImage> images = Layout.openOrCreate(folder).images().choose(AMD64, false);
        assertEquals(3, images.size());
        assertEquals(two.manifest().digest(), images.get(2).manifest().digest());
        assertEquals("app:2", images.get(0).reference().familiarName());
        assertEquals("{\"imageLayoutVersion\":\"1.0.0\"}", Files.readString(folder.resolve("oci-layout")));
        assertEquals(List.of("blobs", "index.json", "oci-layout"), List.of(folder.toFile().list()).stream().sorted().toList());
    }

    @Test
    void should_not_make_a_layout_of_a_folder_with_something_else_in_it() throws Exception {
        Path folder = Scratch.folder("mine");
        Files.writeString(folder.resolve("letter"), "x");
        assertThrows(IllegalArgumentException.class, () -> Layout.openOrCreate(folder));
        assertThrows(IllegalArgumentException.class, () -> Layout.openOrCreate(folder.resolve("letter")));
        assertEquals(List.of("letter"), List.of(folder.toFile().list()));
    }

    private Manifest assembled(ObjectNode image, ObjectNode edited) throws IOException {
        return Assembly.of(layout(), new Origin(Reference.parse("app:1"), null, Digest.parse(image.path("digest").asText()), null, null), edited, null);
    }

    @Test
    void should_assemble_the_registrys_own_manifest_when_nobody_edited_it() throws Exception {
        ObjectNode image = image("one", "two");
        Manifest original = named(image, null).manifest();
        assertArrayEquals(original.bytes(), assembled(image, original.json().deepCopy()).bytes());
    }

    @Test
    void should_give_an_edited_image_a_config_that_goes_with_its_layers() throws Exception {
        ObjectNode image = image("one", "two", "three");
        Manifest original = named(image, null).manifest();
        ObjectNode edited = original.json().deepCopy();
        edited.withArray("layers").remove(1);
        Manifest made = assembled(image, edited);
        assertEquals(List.of(original.layers().get(0).digest(), original.layers().get(2).digest()), made.layers().stream().map(Descriptor::digest).toList());
        byte[] config = layout().blob(made.config()).readAllBytes();
        assertEquals(List.of(Digest.of(new TarMaker().file("file", "one").end()), Digest.of(new TarMaker().file("file", "three").end())), made.diffIds(config));
        ObjectNode json = Json.object(config, "config");
        assertFalse(json.has("history"));
        assertEquals("grüß dich", json.path("config").path("Env").get(1).asText().substring("GREETING=".length()));
        BlobSource.checkConfig(layout()::blob, made);
    }

    @Test
    void should_keep_the_config_where_only_annotations_were_edited() throws Exception {
        ObjectNode image = image("one");
        ObjectNode edited = named(image, null).manifest().json().deepCopy();
        edited.putObject("annotations").put("mine", "yes");
        Manifest made = assembled(image, edited);
        assertEquals(edited.path("config"), made.json().path("config"));
        assertEquals("yes", made.json().path("annotations").path("mine").asText());
    }

    @Test
    void should_refuse_a_config_that_does_not_go_with_its_layers() throws Exception {
        LayoutWriter.Layer layer = writer.layer(new TarMaker().end(), "");
        ObjectNode image = writer.image(LayoutWriter.linux("amd64", ""), List.of(layer, layer));
        ObjectNode edited = named(image, null).manifest().json().deepCopy();
        edited.withArray("layers").remove(1);
        assertThrows(WrongContentException.class, () -> BlobSource.checkConfig(layout()::blob, Manifest.parse(Json.bytes(edited), null)));
    }
}
