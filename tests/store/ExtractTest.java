package tests.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import lib.image.Digest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.Dray;
import tests.support.LayoutWriter;
import tests.support.Program;
import tests.support.RealImages;
import tests.support.Scratch;
import tests.support.Tools;

//SOURCES TarMaker.java
//SOURCES Tree.java
//SOURCES ../support/Dray.java
//SOURCES ../support/LayoutWriter.java
//SOURCES ../support/Program.java
//SOURCES ../support/RealImages.java
//SOURCES ../support/Scratch.java
//SOURCES ../support/Tools.java

class ExtractTest {
    private static final String[] AMD64 = {"--platform", "linux/amd64"};

    private static Path extracted(String source) {
        Path folder = Scratch.folder("extract");
        Program.Result result = Dray.script("extract", source, "-C", folder.toString(), AMD64[0], AMD64[1]).limit(60).run().orFail();
        assertEquals("", result.text());
        return folder;
    }

    static Path unpacked(String image) {
        Tools.assumeInstalled("umoci");
        Path folder = Scratch.folder("umoci").resolve("root");
        Program.run("umoci", "raw", "unpack", "--image", image, folder.toString()).orFail();
        return folder;
    }

    @ParameterizedTest
    @ValueSource(strings = {RealImages.REAL, RealImages.ZSTD, RealImages.PLAIN, RealImages.DOCKER})
    void should_make_what_umoci_makes_of_a_real_image(String name) {
        Tools.assumeRoot();
        Map<String, String> expected = Tree.of(unpacked(RealImages.layout() + ":real-amd64"));
        Path folder = extracted(RealImages.registry().image(name));
        assertSame(expected, Tree.of(folder));
    }

    @Test
    void should_give_programs_the_capabilities_that_umoci_gives_them() throws Exception {
        Tools.assumeRoot();
        // setuid and net_raw, permitted and effective, as linux/capability.h lays them out: bytes that are no UTF-8
        String capability = "\1\0\0\2\u0080\u0020" + "\0".repeat(14);
        byte[] tar = new TarMaker().folder(".").folder("bin").pax("SCHILY.xattr.security.capability", capability, "mtime", "1600000000.5").file("bin/ping", "program")
                .hardLink("bin/ping6", "bin/ping").pax("SCHILY.xattr.user.note", "grown \u00ff").file("bin/other", "x").end();
        Path layout = layout(tar);
        Map<String, String> expected = Tree.of(unpacked(layout + ":test"));
        assertTrue(expected.get("bin/ping6").endsWith(" cap_setuid,cap_net_raw=ep"), expected::toString);
        Path folder = extracted(layout.toString());
        assertSame(expected, Tree.of(folder));
        assertEquals(List.of("bin"), List.of(folder.toFile().list()));
        assertEquals(3, folder.resolve("bin").toFile().list().length);
    }

    @Test
    void should_keep_the_attributes_of_root_and_of_users_together_whatever_the_time_of_a_file() throws Exception {
        Tools.assumeRoot();
        String capability = "\1\0\0\2\u0080\u0020" + "\0".repeat(14);
        TarMaker tar = new TarMaker();
        for (String time : List.of("-1", "0", "1600000000", "4102444800")) {
            tar.pax("SCHILY.xattr.security.capability", capability, "SCHILY.xattr.user.note", "kept", "mtime", time).file("at " + time, "program");
        }
        Path folder = extracted(layout(tar.end()).toString());
        Map<String, String> tree = Tree.of(folder);
        for (String time : List.of("-1", "0", "1600000000", "4102444800")) {
            assertTrue(tree.get("at " + time).endsWith(" cap_setuid,cap_net_raw=ep"), tree::toString);
            assertArrayEquals("kept".getBytes(), (byte[]) Files.getAttribute(folder.resolve("at " + time), "user:note"));
            assertEquals(Long.parseLong(time), Files.getLastModifiedTime(folder.resolve("at " + time)).to(TimeUnit.SECONDS));
        }
    }

    @Test
    void should_replace_the_attributes_of_a_folder_that_is_described_again() throws Exception {
        Path folder = extracted(layout(new TarMaker().pax("SCHILY.xattr.user.first", "1").folder("dir").file("dir/file", "x").end(),
                new TarMaker().pax("SCHILY.xattr.user.second", "2").folder("dir").end()).toString());
        assertEquals(List.of("second"), Files.getFileAttributeView(folder.resolve("dir"), UserDefinedFileAttributeView.class).list());
    }

    @Test
    void should_give_a_folder_its_time_also_where_a_hard_link_in_it_leads_elsewhere() throws Exception {
        Path folder = extracted(layout(new TarMaker().folder("lib").folder("lib/git").folder("bin").file("bin/git", "program").file("lib/git/a", "1")
                .hardLink("lib/git/git", "bin/git").file("lib/git/b", "2").folder("etc").end()).toString());
        for (String name : List.of("lib", "lib/git", "bin", "etc")) {
            assertEquals(1_610_612_736, Files.getLastModifiedTime(folder.resolve(name)).to(TimeUnit.SECONDS), name);
        }
    }

    @Test
    void should_take_a_layout_an_archive_and_the_json_of_a_stage() throws Exception {
        Path archive = Scratch.folder("archive").resolve("small.tar");
        String image = RealImages.registry().image(RealImages.SMALL);
        Dray.run("pull", image, "-o", archive.toString(), "--platform", "linux/amd64").orFail();
        assertEquals("amd64\n", Files.readString(extracted(archive.toString()).resolve("etc/platform")));
        Program.Result manifest = Dray.run("manifest", image, "--platform", "linux/amd64").orFail();
        Path folder = Scratch.folder("extract");
        Dray.script("extract", "-C", folder.toString()).stdin(manifest.stdout()).run().orFail();
        assertEquals("amd64\n", Files.readString(folder.resolve("etc/platform")));
    }

    @Test
    void should_keep_what_it_fetches_and_not_fetch_it_again() throws Exception {
        Path layout = Scratch.folder("kept").resolve("layout");
        String image = RealImages.registry().image(RealImages.REAL);
        Program.Result first = Dray.run("extract", image, "-C", Scratch.folder("extract").toString(), "--keep", layout.toString(), AMD64[0], AMD64[1]).orFail();
        Path folder = Scratch.folder("extract");
        Program.Result second = Dray.run("extract", layout.toString(), "-C", folder.toString()).orFail();
        assertEquals(first.stderr().replaceAll("extract-[0-9]+", ""), second.stderr().replaceAll("extract-[0-9]+", ""));
        try (Stream<Path> files = Files.walk(layout)) {
            assertEquals(List.of(), files.filter(file -> file.toString().endsWith(".part")).toList());
        }
        // Of a layer that is there no byte is asked for: one that is damaged is noticed and not replaced.
        Path largest = Files.walk(layout).filter(Files::isRegularFile).max((a, b) -> Long.compare(a.toFile().length(), b.toFile().length())).orElseThrow();
        byte[] damaged = Files.readAllBytes(largest);
        damaged[damaged.length / 2] ^= 1;
        Files.write(largest, damaged);
        Program.Result third = Dray.run("extract", image, "-C", Scratch.folder("extract").toString(), "--keep", layout.toString(), AMD64[0], AMD64[1]);
        assertEquals(5, third.exitCode());
        assertTrue(third.stderr().contains(largest.getFileName().toString()), third.stderr());
    }

    @Test
    void should_make_one_tar_of_all_layers_that_unpacks_to_what_umoci_makes() throws Exception {
        Tools.assumeRoot();
        Path tar = Scratch.folder("flat").resolve("flat.tar");
        Program.Result made = Dray.run("extract", RealImages.registry().image(RealImages.REAL), AMD64[0], AMD64[1], "-o", tar.toString()).orFail();
        assertEquals("", made.text());
        assertEquals(List.of("flat.tar"), List.of(tar.getParent().toFile().list()));
        Path folder = Scratch.folder("unpacked");
        Program.run("tar", "--numeric-owner", "-xpf", tar.toString(), "-C", folder.toString()).orFail();
        Map<String, String> expected = Tree.of(unpacked(RealImages.layout() + ":real-amd64"));
        Map<String, String> actual = Tree.of(folder);
        actual.put("", expected.get("")); // a tar says nothing of the folder that it is unpacked into
        assertSame(expected, actual);
    }

    @Test
    void should_write_the_same_tar_to_stdout_with_capabilities_in_it() throws Exception {
        Tools.assumeRoot();
        String capability = "\1\0\0\2\u0080\u0020" + "\0".repeat(14);
        Path layout = layout(new TarMaker().folder("bin").pax("SCHILY.xattr.security.capability", capability).file("bin/ping", "program").hardLink("bin/ping6", "bin/ping").end());
        Program.Result made = Dray.run("extract", layout.toString(), "-o", "-").orFail();
        assertEquals("", made.stderr());
        Path folder = Scratch.folder("unpacked");
        new Program("tar", "--xattrs", "--xattrs-include=*", "-xpf", "-", "-C", folder.toString()).stdin(made.stdout()).run().orFail();
        assertTrue(Tree.of(folder).get("bin/ping6").endsWith(" cap_setuid,cap_net_raw=ep"), () -> Tree.of(folder).toString());
        Path file = Scratch.folder("flat").resolve("flat.tar");
        Dray.run("extract", layout.toString(), "-o", file.toString()).orFail();
        assertArrayEquals(made.stdout(), Files.readAllBytes(file));
    }

    @Test
    void should_leave_no_tar_of_a_bad_image_and_want_one_place_to_write_to() throws Exception {
        Path layout = layout(new TarMaker().file("good", "x").file("../bad", "x").end());
        Path file = Scratch.folder("flat").resolve("flat.tar");
        assertEquals(5, Dray.run("extract", layout.toString(), "-o", file.toString()).exitCode());
        assertEquals(List.of(), List.of(file.getParent().toFile().list()));
        assertEquals(2, Dray.run("extract", layout.toString()).exitCode());
        assertEquals(2, Dray.run("extract", layout.toString(), "-o", file.toString(), "-C", file.getParent().toString()).exitCode());
        assertEquals(2, Dray.run("extract", layout.toString(), "../good", "-o", file.toString()).exitCode());
        assertEquals(3, Dray.run("extract", layout(new TarMaker().end()).toString(), "none", "-o", file.toString()).exitCode());
    }

    @Test
    void should_take_chosen_paths_with_what_their_links_need() throws Exception {
        Path layout = layout(new TarMaker().folder("etc", 0750).file("etc/other", "x").file("etc/real", "real").hardLink("etc/second", "etc/real").symbolicLink("first", "middle")
                .symbolicLink("middle", "/etc/second").folder("dir").file("dir/one", "1").folder("dir/sub").file("dir/sub/two", "2").end());
        Path folder = Scratch.folder("chosen");
        Dray.run("extract", layout.toString(), "/first", "dir/", "-C", folder.toString()).orFail();
        assertEquals("real", Files.readString(folder.resolve("etc/second")));
        assertEquals(List.of("", "dir", "dir/one", "dir/sub", "dir/sub/two", "etc", "etc/real", "etc/second", "first", "middle"),
                List.copyOf(Tree.ofUser(folder).keySet()));
        assertTrue(Tree.ofUser(folder).get("etc").startsWith("d 750"));
        Program.Result tar = Dray.run("extract", layout.toString(), "/first", "dir/", "-o", "-").orFail();
        Path flat = Scratch.folder("chosen");
        new Program("tar", "-xpf", "-", "-C", flat.toString()).stdin(tar.stdout()).run().orFail();
        assertEquals(List.of("", "dir", "dir/one", "dir/sub", "dir/sub/two", "etc", "etc/second", "first", "middle"), List.copyOf(Tree.ofUser(flat).keySet()));
        assertEquals("real", Files.readString(flat.resolve("first").getParent().resolve("etc/second")));
        Path emptied = Scratch.folder("chosen");
        Program.Result missing = Dray.run("extract", layout.toString(), "etc", "no/such", "-C", emptied.toString());
        assertEquals(3, missing.exitCode());
        assertTrue(missing.stderr().contains("no/such"), missing.stderr());
        assertEquals(List.of(), List.of(emptied.toFile().list()), "the same folder has to do for another path");
    }

    @Test
    void should_look_for_chosen_paths_in_the_image_and_not_on_this_machine() throws Exception {
        Path layout = layout(new TarMaker().folder("usr").folder("usr/lib").file("usr/lib/of-the-image", "x").symbolicLink("lib", "/usr/lib").end());
        Path folder = Scratch.folder("chosen");
        Dray.run("extract", layout.toString(), "lib/of-the-image", "-C", folder.toString()).orFail();
        assertEquals("x", Files.readString(folder.resolve("usr/lib/of-the-image")));
        String here = Stream.of(Path.of("/usr/lib").toFile().list()).filter(name -> !name.contains("of-the-image")).findFirst().orElseThrow();
        for (String none : List.of("lib/" + here, "x".repeat(300), "lib/none", "none/none")) {
            assertEquals(3, Dray.run("extract", layout.toString(), none, "-C", Scratch.folder("chosen").toString()).exitCode(), none);
        }
    }

    @Test
    void should_take_a_chosen_hard_link_to_a_hard_link_with_what_was_there_when_it_was_made() throws Exception {
        Path layout = layout(new TarMaker().folder("a").file("a/f", "old").hardLink("b", "a/f").hardLink("c", "b").end(), new TarMaker().file("a/f", "new").end());
        Path folder = Scratch.folder("chosen");
        Dray.run("extract", layout.toString(), "c", "-C", folder.toString()).orFail();
        assertEquals("old", Files.readString(folder.resolve("c")));
    }

    @Test
    void should_end_with_exit_code_5_and_the_name_when_a_layer_is_bad() {
        Path folder = Scratch.folder("bad");
        Program.Result bad = Dray.run("extract", layout(new TarMaker().symbolicLink("evil", "..").file("evil/file", "x").end()).toString(), "-C", folder.toString());
        assertEquals(5, bad.exitCode());
        assertTrue(bad.stderr().contains("'evil/file'"), bad.stderr());
        assertEquals(1, bad.stderr().lines().count(), bad.stderr());
        Program.Result large = Dray.run("extract", layout(new TarMaker().file("file", "x".repeat(2000)).end()).toString(), "--max-size", "1K", "-C", Scratch.folder("bad").toString());
        assertEquals(5, large.exitCode());
        assertTrue(large.stderr().contains("--max-size"), large.stderr());
        Program.Result full = Dray.run("extract", layout(new TarMaker().end()).toString(), "-C", folder.toString());
        assertEquals(2, full.exitCode());
        assertEquals(2, Dray.run("extract", "x", "--max-size", "much", "-C", folder.toString()).exitCode());
    }

    @Test
    void should_refuse_a_layer_whose_diff_id_is_not_that_of_the_config() {
        LayoutWriter layout = new LayoutWriter(Scratch.folder("layout"));
        LayoutWriter.Layer layer = layout.layer(new TarMaker().file("file", "x").end(), "gzip");
        layout.tag("test", layout.image(LayoutWriter.linux("amd64", ""), List.of(new LayoutWriter.Layer(layer.descriptor(), Digest.of(new byte[0])))));
        Program.Result wrong = Dray.run("extract", layout.folder().toString(), "-C", Scratch.folder("bad").toString());
        assertEquals(5, wrong.exitCode());
        assertTrue(wrong.stderr().contains("diff ID"), wrong.stderr());
    }

    @Test
    void should_need_no_more_memory_for_more_entries() {
        TarMaker tar = new TarMaker();
        for (int i = 0; i < 200_000; i++) {
            tar.entry(i % 2 == 0 ? '5' : '0', i % 2 == 0 ? "folder-" + i : "folder-" + (i - 1) + "/file", "", 0, 0755);
        }
        Path layout = layout(tar.end());
        Path folder = Scratch.folder("many");
        Program.Result result = new Program(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m", "-XX:+UseSerialGC",
                "-cp", System.getProperty("java.class.path"), "scripts.extract", layout.toString(), "-C", folder.toString()).limit(280).run().orFail();
        assertTrue(result.stderr().contains("wrote 200000 entries"), result.stderr());
        assertEquals(100_000, folder.toFile().list().length);
    }

    /** Returns a layout with one image, named test, of these layers. */
    static Path layout(byte[]... tars) {
        LayoutWriter layout = new LayoutWriter(Scratch.folder("layout"));
        layout.tag("test", layout.image(LayoutWriter.linux("amd64", ""), Stream.of(tars).map(tar -> layout.layer(tar, "gzip")).toList()));
        return layout.folder();
    }

    /** Says which entries differ, because nobody would read a whole tree. */
    static void assertSame(Map<String, String> expected, Map<String, String> actual) {
        StringBuilder differences = new StringBuilder();
        expected.forEach((path, line) -> {
            if (!line.equals(actual.get(path))) {
                differences.append('\n').append(path).append("\n  expected: ").append(line).append("\n  but was:  ").append(actual.get(path));
            }
        });
        actual.forEach((path, line) -> {
            if (!expected.containsKey(path)) {
                differences.append('\n').append(path).append("\n  is too many: ").append(line);
            }
        });
        assertEquals("", differences.toString());
    }
}
