package tests.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tests.store.TarMaker;
import tests.support.Dray;
import tests.support.FlakyRegistry;
import tests.support.LayoutWriter;
import tests.support.Program;
import tests.support.RealImages;
import tests.support.Reply;
import tests.support.Scratch;
import tests.support.Tools;

//SOURCES Tars.java
//SOURCES ../store/TarMaker.java
//SOURCES ../support/Dray.java
//SOURCES ../support/FlakyRegistry.java
//SOURCES ../support/LayoutWriter.java
//SOURCES ../support/Program.java
//SOURCES ../support/RealImages.java
//SOURCES ../support/Reply.java
//SOURCES ../support/Scratch.java
//SOURCES ../support/Tools.java

@Tag("slow")
class CatTest {
    private static String cat(Path layout, String... paths) {
        Program.Result result = run(layout, paths).orFail();
        assertEquals("", result.stderr());
        return result.text();
    }

    private static Program.Result run(Path layout, String... paths) {
        List<String> arguments = new ArrayList<>(List.of(layout.toString()));
        arguments.addAll(List.of(paths));
        return Dray.run("cat", arguments.toArray(String[]::new));
    }

    @Test
    void should_print_every_file_of_a_real_image_as_umoci_unpacks_it() throws Exception {
        Tools.assumeInstalled("umoci");
        Tools.assumeRoot();
        Path root = Scratch.folder("umoci").resolve("root");
        Program.run("umoci", "raw", "unpack", "--image", RealImages.layout() + ":real-amd64", root.toString()).orFail();
        List<String> arguments = new ArrayList<>(List.of("--platform", "linux/amd64", RealImages.registry().image(RealImages.REAL)));
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(one -> Files.isRegularFile(one, LinkOption.NOFOLLOW_LINKS) && !one.toString().contains("\ufffd")).toList()) {
                arguments.add(root.relativize(file).toString());
                expected.writeBytes(Files.readAllBytes(file));
            }
        }
        assertTrue(arguments.size() > 500, arguments.size() + " arguments");
        assertArrayEquals(expected.toByteArray(), Dray.run("cat", arguments.toArray(String[]::new)).orFail().stdout());
    }

    @Test
    void should_follow_links_of_a_real_image_within_the_image() {
        String image = RealImages.registry().image(RealImages.REAL);
        Program.Result both = Dray.run("cat", "--platform", "linux/amd64", image, "/etc/pair-b", "/etc/../etc/pair-a").orFail();
        assertEquals("pair, first content\npair, second content\n", both.text());
        byte[] python = Dray.run("cat", "--platform", "linux/amd64", image, "/usr/local/bin/python").orFail().stdout();
        assertArrayEquals(Dray.run("cat", "--platform", "linux/amd64", image, "usr/bin/python3.11").orFail().stdout(), python);
    }

    @Test
    void should_not_fetch_the_layers_below_the_answer() {
        Path layout = Tars.layout(new TarMaker().folder("etc").file("etc/a", "low").file("etc/b", "low").file("etc/c", "low").end(),
                new TarMaker().folder("etc").file("etc/b", "middle").end(), new TarMaker().folder("etc").file("etc/a", "high").file("etc/.wh.c", "").end());
        try (FlakyRegistry registry = new FlakyRegistry()) {
            String image = registry.layout("1", layout);
            assertEquals("high", Dray.run("cat", image, "etc/a").orFail().text());
            assertEquals(2, registry.requests().size(), registry.requests().toString()); // the config and a layer
            registry.behave(request -> Reply.RIGHT);
            assertEquals("middlehigh", Dray.run("cat", image, "etc/b", "etc/a").orFail().text());
            assertEquals(3, registry.requests().size(), registry.requests().toString());
            registry.behave(request -> Reply.RIGHT);
            Program.Result hidden = Dray.run("cat", image, "etc/c");
            assertEquals(3, hidden.exitCode());
            assertEquals("cat: no such file in the image: etc/c\n", hidden.stderr());
            assertEquals(2, registry.requests().size(), registry.requests().toString());
        }
    }

    @Test
    void should_be_sure_of_nothing_that_a_link_of_a_lower_layer_can_change() {
        Path layout = Tars.layout(new TarMaker().folder("usr").folder("usr/bin").symbolicLink("bin", "usr/bin").file("usr/bin/tool", "old").file("usr/bin/other", "old").end(),
                new TarMaker().folder("usr").folder("usr/bin").file("usr/bin/tool", "new").end(),
                new TarMaker().file("bin/tool", "by way of the link").file("bin/.wh.other", "").end());
        assertEquals("by way of the link", cat(layout, "usr/bin/tool"));
        assertEquals("by way of the link", cat(layout, "bin/tool"));
        assertEquals(3, run(layout, "usr/bin/other").exitCode());
    }

    @Test
    void should_honour_opaque_folders_and_folders_that_become_something_else() {
        Path layout = Tars.layout(new TarMaker().folder("o").file("o/below", "x").folder("f").file("f/x", "x").file("w", "x").end(),
                new TarMaker().folder("o").file("o/.wh..wh..opq", "").file("o/above", "seen").file("f", "a file now").file(".wh.w", "").file("w/x", "implied").end(),
                new TarMaker().folder("f").file("f/y", "a folder again").end());
        assertEquals("seena folder againimplied", cat(layout, "o/above", "f/y", "w/x"));
        assertEquals(3, run(layout, "o/below").exitCode());
        assertEquals(3, run(layout, "f/x").exitCode());
        assertEquals(3, run(layout, "o/above/x").exitCode());
    }

    @Test
    void should_follow_hard_links_to_what_was_there_when_they_were_made() {
        Path layout = Tars.layout(new TarMaker().folder("d").file("d/a", "first").end(), new TarMaker().folder("d").hardLink("d/b", "d/a").hardLink("d/c", "d/b").end(),
                new TarMaker().folder("d").file("d/a", "second").end());
        assertEquals("firstfirstsecond", cat(layout, "d/c", "d/b", "d/a"));
    }

    @Test
    void should_find_files_whose_names_begin_with_a_slash_and_what_aufs_kept_for_links() {
        Path layout = Tars.layout(new TarMaker().folder("/etc").file("/etc/a", "a").file("/etc/gone", "x").end(),
                new TarMaker().folder("/").folder("/etc").file("/etc/.wh.gone", "").file(".wh..wh.plnk/1.2", "kept").hardLink("/etc/b", ".wh..wh.plnk/1.2").end());
        assertEquals("akept", cat(layout, "etc/a", "etc/b"));
        assertEquals(3, run(layout, "etc/gone").exitCode());
        assertEquals(3, run(layout, ".wh..wh.plnk/1.2").exitCode());
    }

    @Test
    void should_keep_to_the_image_whatever_links_say() {
        Path layout = Tars.layout(new TarMaker().folder("etc").file("etc/passwd", "of the image").symbolicLink("up", "../../../../etc/passwd").symbolicLink("abs", "/etc/passwd")
                .symbolicLink("root", "/").symbolicLink("a", "b").symbolicLink("b", "a").symbolicLink("self", "self/x").symbolicLink("nowhere", "none").end());
        assertEquals("of the image".repeat(4), cat(layout, "up", "abs", "root/etc/passwd", "/../etc/passwd"));
        for (String path : List.of("a", "self", "nowhere", "none", "etc/passwd/x")) {
            Program.Result missing = run(layout, path);
            assertEquals(3, missing.exitCode(), path);
            assertEquals(1, missing.stderr().lines().count(), missing.stderr());
        }
        assertTrue(run(layout, "a").stderr().contains("circle"));
    }

    @Test
    void should_say_that_a_folder_or_a_device_has_no_content() {
        Path layout = Tars.layout(new TarMaker().folder("etc").entry('3', "null", "", 0, 0666).file("x", "x").end());
        Program.Result folder = run(layout, "x", "etc");
        assertEquals(2, folder.exitCode());
        assertEquals("cat: etc is a folder: name files in it, which ls lists\n", folder.stderr());
        assertEquals("", folder.text());
        assertEquals(2, run(layout, "null").exitCode());
        assertEquals(2, run(layout, "/").exitCode());
    }

    @Test
    void should_fill_the_gaps_of_sparse_files() throws IOException {
        Path folder = Scratch.folder("sparse");
        Program.run("bash", "-c", "cd " + folder + " && mkdir d && printf begin > d/file && truncate -s 1M d/file && printf end >> d/file && tar -S -cf layer.tar d").orFail();
        byte[] content = run(Tars.layout(Files.readAllBytes(folder.resolve("layer.tar"))), "d/file").orFail().stdout();
        assertArrayEquals(Files.readAllBytes(folder.resolve("d/file")), content);
    }

    /** A config of many kilobytes takes more than one read into a buffer of Java's own. */
    @Test
    void should_take_an_image_of_a_large_config_from_a_registry() {
        LayoutWriter layout = new LayoutWriter(Scratch.folder("layout"));
        layout.tag("test", layout.image(LayoutWriter.linux("amd64", "").put("note", "x".repeat(100_000)), List.of(layout.layer(new TarMaker().file("a", "text").end(), "gzip"))));
        try (FlakyRegistry registry = new FlakyRegistry()) {
            String image = registry.layout("1", layout.folder());
            assertEquals("text", Dray.run("cat", image, "a").orFail().text());
            assertTrue(Dray.run("inspect", image).orFail().text().contains("x".repeat(100_000)));
        }
    }

    @Test
    void should_print_nothing_of_a_layer_that_is_not_what_its_digest_says() throws IOException {
        Path layout = Tars.layout(new TarMaker().folder("etc").file("etc/a", "x".repeat(100_000)).file("etc/z", "end").end());
        Path layer;
        try (Stream<Path> files = Files.walk(layout)) {
            layer = files.filter(Files::isRegularFile).filter(file -> readsAsGzip(file)).findFirst().orElseThrow();
        }
        byte[] other = new Program("gzip", "-nc").stdin(new TarMaker().folder("etc").file("etc/a", "y".repeat(100_000)).file("etc/z", "end").end()).run().orFail().stdout();
        Files.write(layer, other);
        Program.Result wrong = run(layout, "etc/a");
        assertEquals(5, wrong.exitCode());
        assertEquals("", wrong.text());
    }

    private static boolean readsAsGzip(Path file) {
        try {
            return Files.readAllBytes(file)[0] == 0x1f;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void should_stop_in_the_middle_of_a_layer_and_say_so_where_speed_is_all() {
        byte[] tar = new TarMaker().folder("etc").file("etc/a", "small").file("etc/large", "x".repeat(60_000_000)).end();
        try (FlakyRegistry registry = new FlakyRegistry()) {
            String image = registry.image("1", List.of(tar));
            Program.Result fast = Dray.run("cat", "--fast", image, "etc/a").orFail();
            assertEquals("small", fast.text());
            assertEquals("a layer was not read to its end, so its digest was not checked; without --fast it is\n", fast.stderr());
            assertTrue(registry.sent() < tar.length / 2, registry.sent() + " bytes were sent");
            assertEquals("", Dray.run("cat", "--fast", "--quiet", image, "etc/a").orFail().stderr());
            assertEquals("", Dray.run("cat", image, "etc/a").orFail().stderr());
        }
    }

    @Test
    void should_say_of_a_link_to_the_root_folder_that_it_is_a_folder_also_where_speed_is_all() {
        try (FlakyRegistry registry = new FlakyRegistry()) {
            String image = registry.image("1", List.of(new TarMaker().symbolicLink("root", "/").folder("a").symbolicLink("a/up", "..").end()));
            for (String path : List.of("root", "a/up")) {
                for (List<String> options : List.of(List.<String>of(), List.of("--fast"))) {
                    Program.Result result = Dray.run("cat", Stream.concat(options.stream(), Stream.of(image, path)).toArray(String[]::new));
                    assertEquals(2, result.exitCode(), result.toString());
                }
            }
        }
    }

    @Test
    void should_lose_nothing_that_came_before_the_line_broke_where_speed_is_all() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 200_000; i++) {
            lines.append("line ").append(i).append('\n');
        }
        byte[] tar = new TarMaker().folder("etc").file("etc/a", "small").file("etc/large", lines.toString()).end();
        byte[] layer = new Program("gzip", "-nc").stdin(tar).run().orFail().stdout();
        try (FlakyRegistry registry = new FlakyRegistry()) {
            String image = registry.image("1", List.of(layer));
            registry.behave(request -> request.to() > 100_000 ? Reply.closingAfter(100_000) : Reply.RIGHT);
            assertEquals("small", Dray.run("cat", "--fast", "--retries", "0", image, "etc/a").orFail().text());
        }
    }

    @Test
    void should_refuse_what_extract_refuses_where_it_comes_upon_it() {
        String deep = "d/".repeat(10_000) + "f";
        for (byte[] tar : List.of(new TarMaker().file("x", "x").file("../up", "x").end(), new TarMaker().file("x", "x").file("/../abs", "x").end(),
                new TarMaker().file("x", "x").entry('Z', "odd", "", 0, 0644).end(), new TarMaker().file("x", "x").pax("path", deep).file("deep", "x").end(),
                new TarMaker().file("x", "x").entry('0', "long", "", 1L << 32, 0644).end())) {
            Program.Result result = run(Tars.layout(tar), "x");
            assertEquals(5, result.exitCode(), result.toString());
            assertEquals("", result.text());
        }
    }

    @Test
    void should_not_read_far_into_layers_that_nobody_asked_for() {
        try (FlakyRegistry registry = new FlakyRegistry()) {
            // the lower layer is not a tar at all: reading it fails
            String image = registry.image("1", List.of(new byte[3000], new TarMaker().folder("d").file("d/x", "x").end()));
            assertEquals("x", Dray.run("cat", image, "d/x").orFail().text());
        }
    }
}
