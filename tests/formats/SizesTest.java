package tests.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.store.layer.UnpackLimit;
import lib.text.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.store.TarMaker;
import tests.support.DebianRegistry;
import tests.support.Dray;
import tests.support.FlakyRegistry;
import tests.support.LayoutWriter;
import tests.support.Program;
import tests.support.Reply;
import tests.support.Scratch;

//SOURCES ../store/TarMaker.java
//SOURCES ../support/Dray.java
//SOURCES ../support/FlakyRegistry.java
//SOURCES ../support/LayoutWriter.java
//SOURCES ../support/Program.java
//SOURCES ../support/Reply.java
//SOURCES ../support/Scratch.java

/** Sizes that manifests only claim, and what small bytes unpack to. */
@Tag("slow")
class SizesTest {
    private static final int UNPACKED = 5_000_000;

    @TempDir
    Path folder;

    private Program.Result dray(String name, String... arguments) {
        return Dray.script(name, arguments).in(folder).run();
    }

    /** Returns a layout of an image with layers of a few bytes, which are said to have these sizes. */
    private static Path layout(long... sizes) {
        LayoutWriter layout = new LayoutWriter(Scratch.folder("sizes"));
        List<LayoutWriter.Layer> layers = LongStream.of(sizes).mapToObj(size -> {
            LayoutWriter.Layer layer = layout.layer(new TarMaker().file("of" + size, "x").end(), "gzip");
            layer.descriptor().put("size", size);
            return layer;
        }).toList();
        layout.tag("1", layout.image(LayoutWriter.linux("amd64", ""), layers));
        return layout.folder();
    }

    private void assertRefused(Program.Result result, String why) {
        assertEquals(5, result.exitCode(), result.toString());
        assertTrue(result.stderr().contains(why), result.stderr());
        assertFalse(result.stderr().contains("unexpected"), result.stderr());
    }

    @Test
    void should_refuse_sizes_that_no_file_can_have_before_anything_is_fetched() throws IOException {
        try (FlakyRegistry registry = new FlakyRegistry()) {
            String sum = registry.layout("sum", layout(1L << 62, (1L << 62) + 1, 5));
            String one = registry.layout("one", layout((1L << 62) + 1));
            registry.behave(request -> Reply.RIGHT);
            assertRefused(dray("pull", sum, "-o", "x.tar"), "add up to more than 9223372036854775807 bytes");
            assertRefused(dray("ls", sum), "add up to");
            assertRefused(dray("pull", one, "-o", "x.tar"), "more than any archive can hold");
            try (var files = Files.list(folder)) {
                assertEquals(0, files.count());
            }
        }
    }

    @Test
    void should_ask_no_further_where_the_registry_has_less_than_the_manifest_says() {
        try (FlakyRegistry registry = new FlakyRegistry()) {
            String image = registry.layout("1", layout(1L << 40));
            registry.behave(request -> Reply.RIGHT);
            assertRefused(dray("pull", image, "-o", "x.tar"), "bytes at the registry, but 1099511627776 by the manifest");
            assertTrue(registry.requests().size() <= 6, registry.requests().toString());
            assertRefused(dray("extract", image, "-C", "root"), "by the manifest");
        }
    }

    /** By its size the layer could unpack to 100 TB. */
    @Test
    void should_unpack_nothing_of_a_blob_in_store_that_has_another_size() throws IOException {
        String layout = layout(1L << 40).toString();
        assertRefused(dray("extract", layout, "-C", "root"), "is shorter than the 1099511627776 bytes it should have");
        assertEquals(0, folder.resolve("root").toFile().list().length);
        assertRefused(dray("assemble", layout, "-o", "x.tar"), "is not there");
    }

    @Test
    void should_unpack_layers_of_dockers_archives_no_further_than_is_allowed() throws IOException {
        byte[] tar = new TarMaker().file("zeros", "\0".repeat(UNPACKED)).end();
        String layer = new String(new Program("gzip", "-nc").stdin(tar).run().orFail().stdout(), StandardCharsets.ISO_8859_1);
        String config = "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"" + Digest.of(tar) + "\"]}}";
        Files.write(folder.resolve("docker.tar"), new TarMaker().file("manifest.json", "[{\"Config\":\"c.json\",\"RepoTags\":[\"app:1\"],\"Layers\":[\"l.tar\"]}]")
                .file("c.json", config).file("l.tar", layer).end());
        for (List<String> script : List.of(List.of("ls"), List.of("extract", "-o", "files.tar"), List.of("inspect"), List.of("assemble", "-o", "whole.tar"))) {
            String[] more = script.subList(1, script.size()).toArray(String[]::new);
            assertRefused(dray(script.get(0), with(more, "--max-size", "1M", "docker.tar")), "more than 1048576 bytes: refused; --max-size allows more");
            dray(script.get(0), with(more, "--max-size", "8M", "docker.tar")).orFail();
        }
        try (DebianRegistry registry = DebianRegistry.start(Scratch.folder("registry"))) {
            String[] target = {"docker.tar", registry.host() + "/sizes/app:1"};
            assertRefused(dray("push", with(target, "--max-size", "1M")), "more than 1048576 bytes: refused; --max-size allows more");
            dray("push", with(target, "--max-size", "8M")).orFail();
        }
        assertRefused(dray("assemble", "--uncompressed", "--max-size", "1M", "whole.tar", "-o", "plain.tar"), "--max-size allows more");
        dray("assemble", "--uncompressed", "whole.tar", "-o", "plain.tar").orFail();
        assertEquals("zeros", Json.object(dray("ls", "plain.tar").orFail().stdout(), "ls").path("files").path(0).path("path").asText());
    }

    private static String[] with(String[] some, String... more) {
        List<String> all = new ArrayList<>(List.of(more));
        all.addAll(List.of(some));
        return all.toArray(String[]::new);
    }

    @Test
    void should_unpack_what_is_pulled_no_further_than_is_allowed() {
        LayoutWriter layout = new LayoutWriter(Scratch.folder("zeros"));
        layout.tag("1", layout.image(LayoutWriter.linux("amd64", ""), List.of(layout.layer(new TarMaker().file("zeros", "\0".repeat(UNPACKED)).end(), "gzip"))));
        try (FlakyRegistry registry = new FlakyRegistry()) {
            String image = registry.layout("1", layout.folder());
            registry.behave(request -> Reply.RIGHT);
            for (String form : List.of("--format=legacy", "--format=rootfs", "--uncompressed")) {
                assertRefused(dray("pull", form, "--max-size", "1M", "--platform", "linux/amd64", "-o", "x", image), "--max-size allows more");
                dray("pull", form, "--max-size", "8M", "--platform", "linux/amd64", "-o", "x", image).orFail();
            }
        }
    }

    @Test
    void should_reckon_the_usual_limit_by_what_was_sent() {
        Descriptor layer = new Descriptor("", Digest.of(new byte[0]), 100_000_000, null, null);
        assertEquals(10_000_000_000L, UnpackLimit.usual(List.of(layer)));
        assertEquals(10_000_000_000L, UnpackLimit.usual(Collections.nCopies(1000, layer)));
        assertEquals(1L << 30, UnpackLimit.usual(List.of()));
    }

    @Test
    void should_say_that_a_limit_is_none() {
        Program.Result tooLarge = dray("ls", "--max-size", "999999999T", layout(5).toString());
        assertEquals(2, tooLarge.exitCode(), tooLarge.toString());
        assertEquals("ls: --max-size '999999999T': no file is as large as that\n", tooLarge.stderr());
    }
}
