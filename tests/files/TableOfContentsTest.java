package tests.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import lib.text.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.store.TarMaker;
import tests.support.Dray;
import tests.support.FlakyRegistry;
import tests.support.LayoutWriter;
import tests.support.Once;
import tests.support.Program;
import tests.support.Reply;
import tests.support.Scratch;
import tests.support.Tools;

//SOURCES StargzMaker.java
//SOURCES Tars.java
//SOURCES ../store/TarMaker.java
//SOURCES ../support/Dray.java
//SOURCES ../support/FlakyRegistry.java
//SOURCES ../support/LayoutWriter.java
//SOURCES ../support/Once.java
//SOURCES ../support/Program.java
//SOURCES ../support/Reply.java
//SOURCES ../support/Scratch.java
//SOURCES ../support/Tools.java

/** Layers whose parts can be fetched alone. */
@Tag("slow")
class TableOfContentsTest {
    private static final byte[] LARGE = new byte[12_000_000];
    private static final String CONF = "a small file\n";
    private static final Once<Path> STARGZ = new Once<>(() -> stargz(false));
    private static final Once<Path> OLD_STARGZ = new Once<>(() -> stargz(true));
    private static final Once<Path> ZSTD_CHUNKED = new Once<>(TableOfContentsTest::zstdChunked);

    static {
        new Random(1).nextBytes(LARGE);
    }

    /** A layer of eStargz over a plain one. */
    private static Path stargz(boolean isOld) {
        LayoutWriter layout = new LayoutWriter(Scratch.folder("stargz"));
        LayoutWriter.Layer lower = layout.layer(new TarMaker().folder("etc").file("etc/lower", "lower").end(), "gzip");
        LayoutWriter.Layer upper = new StargzMaker().folder("etc").file("etc/conf", CONF.getBytes(StandardCharsets.UTF_8)).file("etc/large", LARGE)
                .link("symlink", "link", "/etc/conf").link("hardlink", "etc/twin", "etc/conf").file("etc/empty", new byte[0]).end(layout, isOld);
        layout.tag("test", layout.image(LayoutWriter.linux("amd64", ""), List.of(lower, upper)));
        return layout.folder();
    }

    /** The same in zstd:chunked, as skopeo makes it of a tar. */
    private static Path zstdChunked() {
        Tools.assumeInstalled("skopeo");
        Path plain = Tars.layout(new TarMaker().folder("etc").file("etc/lower", "lower").end(),
                new TarMaker().folder("etc").file("etc/conf", CONF).file("etc/large", new String(LARGE, StandardCharsets.ISO_8859_1)).symbolicLink("link", "/etc/conf")
                        .hardLink("etc/twin", "etc/conf").file("etc/empty", "").end());
        Path chunked = Scratch.folder("zstd-chunked").resolve("layout");
        Program.run("skopeo", "copy", "--quiet", "--insecure-policy", "--dest-compress-format", "zstd:chunked", "oci:" + plain + ":test", "oci:" + chunked + ":test").orFail();
        return chunked;
    }

    /** Returns a layout that only this test has. */
    private static Path layout(String form) {
        Path made = (form.equals("zstd:chunked") ? ZSTD_CHUNKED : form.equals("stargz") ? OLD_STARGZ : STARGZ).get();
        Path copy = Scratch.folder("copy").resolve("layout");
        Program.run("cp", "-r", made.toString(), copy.toString()).orFail();
        return copy;
    }

    @ParameterizedTest
    @ValueSource(strings = {"eStargz", "stargz", "zstd:chunked"})
    void should_fetch_less_than_two_percent_of_a_large_layer_for_a_small_file(String form) {
        try (FlakyRegistry registry = new FlakyRegistry()) {
            String image = registry.layout("1", layout(form));
            for (String path : List.of("etc/conf", "link", "etc/twin")) {
                registry.behave(request -> Reply.RIGHT);
                Program.Result result = Dray.run("cat", image, path).orFail();
                assertEquals(CONF, result.text());
                assertEquals("", result.stderr());
                assertTrue(registry.sent() < LARGE.length / 50, registry.sent() + " bytes for " + path);
            }
            assertArrayEquals(LARGE, Dray.run("cat", image, "etc/large").orFail().stdout());
            assertEquals("lower", Dray.run("cat", image, "etc/lower", "etc/empty").orFail().text());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"eStargz", "zstd:chunked"})
    void should_list_by_the_table_what_the_layer_itself_has(String form) throws Exception {
        Path layout = layout(form);
        try (FlakyRegistry registry = new FlakyRegistry()) {
            String image = registry.layout("1", layout);
            List<String> byTable = Dray.run("ls", "-R", "--table", image).orFail().text().lines().toList();
            assertTrue(registry.sent() < LARGE.length / 50, registry.sent() + " bytes");
            assertEquals(Dray.run("ls", "-R", "--table", layout.toString()).orFail().text().lines().toList(), byTable);
            assertTrue(byTable.containsAll(List.of("etc/conf", "etc/lower", "etc/twin", "link")), byTable.toString());
            assertEquals(sizes(Tars.json("ls", "-R", layout.toString())), sizes(Tars.json("ls", "-R", image)));
        }
    }

    @Test
    void should_list_names_that_begin_with_a_slash_by_the_table() throws Exception {
        LayoutWriter layout = new LayoutWriter(Scratch.folder("slashes"));
        LayoutWriter.Layer layer = new StargzMaker().folder("/").folder("/etc").file("/etc/conf", "x".getBytes(StandardCharsets.UTF_8)).end(layout, false);
        layout.tag("test", layout.image(LayoutWriter.linux("amd64", ""), List.of(layer)));
        try (FlakyRegistry registry = new FlakyRegistry()) {
            String image = registry.layout("1", layout.folder());
            assertEquals("etc\netc/conf\nstargz.index.json\n", Dray.run("ls", "-R", "--table", image).orFail().text());
            assertEquals("x", Dray.run("cat", image, "etc/conf").orFail().text());
        }
    }

    private static String sizes(ObjectNode list) {
        StringBuilder sizes = new StringBuilder();
        list.path("files").forEach(file -> sizes.append(file.path("path")).append(file.path("type")).append(file.path("mode")).append(file.path("size")).append(file.path("layer")));
        return sizes.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"eStargz", "zstd:chunked"})
    void should_read_the_layer_where_the_server_knows_no_ranges(String form) {
        try (FlakyRegistry registry = new FlakyRegistry()) {
            String image = registry.layout("1", layout(form));
            registry.behave(request -> Reply.ignoringRange());
            Program.Result result = Dray.run("cat", image, "etc/conf").orFail();
            assertEquals(CONF, result.text());
            assertEquals("", result.stderr());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"eStargz", "zstd:chunked"})
    void should_read_the_layer_where_the_table_is_not_the_one_that_the_manifest_means(String form) throws Exception {
        Path layout = layout(form);
        edit(layout, annotations -> {
            annotations.fieldNames().forEachRemaining(name -> {
                if (name.endsWith("digest") || name.endsWith("checksum")) {
                    annotations.put(name, "sha256:" + "0".repeat(64));
                }
            });
            return annotations;
        });
        assertStreams(layout);
    }

    @Test
    void should_read_the_layer_where_the_manifest_says_nothing_of_a_table() throws Exception {
        Path layout = layout("eStargz");
        edit(layout, annotations -> Json.newObject());
        assertStreams(layout);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1:5:5:1", "0:999999999:5:1", "5:0:0:1", "none", "99999999999999999:1:1:1"})
    void should_read_the_layer_where_the_table_is_said_to_be_in_no_possible_place(String position) throws Exception {
        Path layout = layout("zstd:chunked");
        edit(layout, annotations -> {
            annotations.fieldNames().forEachRemaining(name -> annotations.put(name, name.endsWith("position") ? position : annotations.path(name).asText()));
            return annotations;
        });
        assertStreams(layout);
    }

    @Test
    void should_read_the_layer_where_a_content_is_not_what_the_table_says() throws Exception {
        try (FlakyRegistry registry = new FlakyRegistry()) {
            String image = registry.layout("1", layout("eStargz"));
            registry.behave(request -> request.to() - request.from() < 1000 && request.from() > 0 && request.from() < 10_000 ? Reply.flippingAt(request.from() + 15) : Reply.RIGHT);
            Program.Result result = Dray.run("cat", image, "etc/conf").orFail();
            assertEquals(CONF, result.text());
            assertEquals("", result.stderr());
            assertTrue(registry.sent() > LARGE.length, registry.sent() + " bytes");
        }
    }

    /** Makes sure that the small file comes from the whole layer, without a word. */
    private static void assertStreams(Path layout) {
        try (FlakyRegistry registry = new FlakyRegistry()) {
            Program.Result result = Dray.run("cat", registry.layout("1", layout), "etc/conf").orFail();
            assertEquals(CONF, result.text());
            assertEquals("", result.stderr());
            assertTrue(registry.sent() > LARGE.length, registry.sent() + " bytes");
        }
    }

    /** Changes the annotations of the uppermost layer. */
    private static void edit(Path layout, UnaryOperator<ObjectNode> change) throws IOException {
        ObjectNode index = Json.object(Files.readAllBytes(layout.resolve("index.json")), "index.json");
        String digest = index.path("manifests").path(0).path("digest").asText();
        ObjectNode manifest = Json.object(Files.readAllBytes(layout.resolve("blobs").resolve(digest.replace(':', '/'))), "the manifest");
        JsonNode layer = manifest.path("layers").path(manifest.path("layers").size() - 1);
        ((ObjectNode) layer).set("annotations", change.apply((ObjectNode) layer.path("annotations").deepCopy()));
        ObjectNode entry = new LayoutWriter(layout).blob("application/vnd.oci.image.manifest.v1+json", manifest);
        index.putArray("manifests").add(entry);
        Files.write(layout.resolve("index.json"), Json.bytes(index));
    }
}
