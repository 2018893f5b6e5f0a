package tests.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import lib.failure.WrongContentException;
import lib.image.Digest;
import lib.image.MediaType;
import lib.image.Platform;
import lib.store.files.FileContents;
import lib.store.files.FileList;
import lib.store.files.ListedFile;
import lib.store.rootfs.RootFs;
import lib.text.Json;
import lib.verb.Extraction;
import lib.verb.ImageChoice;
import lib.verb.ImageSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.Dray;
import tests.support.LayoutWriter;
import tests.support.Program;

//SOURCES TarMaker.java
//SOURCES ../support/Dray.java
//SOURCES ../support/LayoutWriter.java
//SOURCES ../support/Program.java

/** Artifacts, as oras and helm push them: their files are under the titles of their layers. */
class TitledFilesTest {
    private static final String TEXT = "text/plain";

    @TempDir
    Path folder;

    private Path layout;
    private LayoutWriter writer;
    private final ObjectNode manifest = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_MANIFEST).put("artifactType", "application/x.test");

    @BeforeEach
    void begin() {
        layout = folder.resolve("artifact.oci");
        writer = new LayoutWriter(layout);
        manifest.putArray("layers");
        config("application/vnd.oci.empty.v1+json", Json.newObject());
    }

    private void config(String mediaType, ObjectNode config) {
        manifest.set("config", writer.blob(mediaType, config));
    }

    private ObjectNode layer(String mediaType, byte[] bytes) {
        ObjectNode layer = writer.blob(mediaType, bytes);
        manifest.withArray("layers").add(layer);
        return layer.putObject("annotations");
    }

    private ObjectNode file(String title, String content) {
        return layer(TEXT, content.getBytes(StandardCharsets.UTF_8)).put("org.opencontainers.image.title", title);
    }

    private ObjectNode packed(String title, byte[] tar) {
        byte[] gzip = new Program("gzip", "-nc").stdin(tar).run().orFail().stdout();
        return layer("application/vnd.oci.image.layer.v1.tar+gzip", gzip).put("org.opencontainers.image.title", title)
                .put("io.deis.oras.content.unpack", "true").put("io.deis.oras.content.digest", Digest.of(tar).toString());
    }

    private ImageSource source() throws IOException {
        writer.tag("v1", writer.blob(MediaType.OCI_MANIFEST, manifest));
        return ImageSource.stored(layout, ImageChoice.ALL, Platform.ofThisMachine(), false, null, line -> { }, null);
    }

    private RootFs.Report extract(String... paths) throws IOException {
        return new Extraction(source(), List.of(paths), null, null).into(folder.resolve("out"));
    }

    private String out(String path) throws IOException {
        return Files.readString(folder.resolve("out").resolve(path));
    }

    @Test
    void should_write_files_under_their_titles_in_folders_too() throws IOException {
        String longest = "ü".repeat(60) + "/" + "n".repeat(120) + ".txt";
        file("a.txt", "a");
        file("docs/deep/b.txt", "");
        file(longest, "long");
        file("/c.txt", "a"); // the same content once more
        assertEquals(List.of(), extract().leftOut());
        assertEquals(List.of("a", "", "long", "a"), List.of(out("a.txt"), out("docs/deep/b.txt"), out(longest), out("c.txt")));
    }

    @Test
    void should_unpack_a_folder_as_oras_packed_it() throws IOException {
        packed("data", new TarMaker().folder("data").file("data/x", "in it").symbolicLink("data/link", "x").end());
        file("beside", "it");
        extract();
        assertEquals("in it", out("data/link"));
        assertEquals("it", out("beside"));
    }

    @Test
    void should_list_and_print_files() throws IOException {
        layer("application/x.untitled", new byte[3]);
        file("docs/a.txt", "a text");
        ImageSource source = source();
        List<ListedFile> listed = FileList.of(source.layers(null)).all();
        assertEquals(List.of("docs", "docs/a.txt"), listed.stream().map(ListedFile::path).toList());
        assertEquals(2, listed.get(1).layer());
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (FileContents contents = FileContents.of(source.layers(null), List.of("docs/a.txt"), false)) {
            contents.writeTo(printed);
        }
        assertEquals("a text", printed.toString());
    }

    @Test
    void should_say_how_many_blobs_have_no_title() throws IOException {
        file("a", "a");
        layer("application/x.untitled", new byte[3]);
        assertEquals(List.of("left out: 1 blob of the artifact without a title"), extract().leftOut());
    }

    @Test
    void should_call_a_chart_as_helm_does() throws IOException {
        config("application/vnd.cncf.helm.config.v1+json", Json.newObject().put("name", "app").put("version", "1.2.3"));
        manifest.remove("artifactType");
        layer("application/vnd.cncf.helm.chart.content.v1.tar+gzip", "the chart, as it is".getBytes());
        layer("application/vnd.cncf.helm.chart.provenance.v1.prov", "signed".getBytes());
        extract();
        assertEquals("the chart, as it is", out("app-1.2.3.tgz"));
        assertEquals("signed", out("app-1.2.3.tgz.prov"));
    }

    @Test
    void should_not_let_a_chart_choose_a_folder() throws IOException {
        config("application/vnd.cncf.helm.config.v1+json", Json.newObject().put("name", "../../app").put("version", "1"));
        layer("application/vnd.cncf.helm.chart.content.v1.tar+gzip", "chart".getBytes());
        extract();
        assertEquals("chart", out(".._.._app-1.tgz"));
    }

    @Test
    void should_take_what_has_an_images_config_without_layers_for_an_artifact() throws IOException {
        config("application/vnd.oci.image.config.v1+json", Json.newObject());
        layer("application/vnd.oci.image.layer.v1.tar", "not a tar".getBytes()).put("org.opencontainers.image.title", "a.txt");
        extract();
        assertEquals("not a tar", out("a.txt"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../a", "x/../../a", "/../a", "..", ".wh.a", "x/.wh.a/b"})
    void should_refuse_a_title_that_climbs_or_means_something_else(String title) {
        file(title, "a");
        assertThrows(WrongContentException.class, this::extract);
        assertFalse(Files.exists(folder.resolve("a")));
        assertFalse(Files.exists(folder.resolve("out")));
    }

    @Test
    void should_not_follow_a_link_of_one_layer_out_of_the_folder() throws IOException {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        packed("data", new TarMaker().folder("data").symbolicLink("data/link", outside.toString()).end());
        file("data/link/a", "a");
        try {
            extract();
        } catch (WrongContentException e) {
            assertTrue(e.getMessage().contains("data/link"), e.getMessage());
        }
        assertFalse(Files.exists(outside.resolve("a")));
    }

    @Test
    void should_refuse_two_files_of_one_title_and_a_damaged_one() throws IOException {
        file("a", "one");
        file("./a", "two");
        assertThrows(WrongContentException.class, this::extract);
        layout = folder.resolve("again.oci");
        writer = new LayoutWriter(layout);
        config("application/vnd.oci.empty.v1+json", Json.newObject());
        manifest.putArray("layers");
        file("a", "one");
        Files.writeString(layout.resolve("blobs/sha256/" + Digest.of("one".getBytes()).hex()), "eno");
        assertTrue(assertThrows(WrongContentException.class, this::extract).getMessage().contains("is damaged"));
    }

    @Test
    void should_say_what_to_do_with_an_artifact_without_titles() {
        layer("application/x.untitled", new byte[3]);
        assertTrue(assertThrows(IllegalArgumentException.class, this::extract).getMessage().contains("blob NAME@DIGEST"));
    }

    @Test
    void should_do_it_by_the_scripts() throws IOException {
        file("docs/a.txt", "a text");
        source();
        Dray.script("extract", "artifact.oci", "-C", "out").in(folder).run().orFail();
        assertEquals("a text", out("docs/a.txt"));
        layout = folder.resolve("climbing.oci");
        writer = new LayoutWriter(layout);
        config("application/vnd.oci.empty.v1+json", Json.newObject());
        file("../a", "a");
        source();
        assertEquals(5, Dray.script("extract", "climbing.oci", "-C", "gone").in(folder).run().exitCode());
    }
}
