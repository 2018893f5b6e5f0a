package tests.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import lib.text.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tests.store.TarMaker;
import tests.support.Dray;
import tests.support.Program;
import tests.support.RealImages;
import tests.support.Scratch;
import tests.support.Tools;

//SOURCES Tars.java
//SOURCES ../store/TarMaker.java
//SOURCES ../support/Dray.java
//SOURCES ../support/Program.java
//SOURCES ../support/RealImages.java
//SOURCES ../support/Scratch.java
//SOURCES ../support/Tools.java

class LsTest {
    /** Two layers: the upper one hides and replaces some of the lower one. */
    private static final Path LAYOUT = Tars.layout(
            new TarMaker().folder("etc").file("etc/kept", "12345").file("etc/gone", "x").file("etc/changed", "old").folder("opaque").file("opaque/below", "x")
                    .folder("usr", 0755).folder("usr/bin", 01777).entry('0', "usr/bin/su", "", 0, 04755).symbolicLink("bin", "usr/bin").symbolicLink("circle", "circle")
                    .symbolicLink("etc/up", "../../../usr/").symbolicLink("nowhere", "/none").entry('6', "pipe", "", 0, 0600).end(),
            new TarMaker().file("etc/.wh.gone", "").file("etc/changed", "newer").hardLink("etc/twin", "etc/kept").file("opaque/above", "x").file("opaque/.wh..wh..opq", "")
                    .file("implied/deep/file", "").end());

    private static List<String> lines(String... arguments) {
        return Dray.run("ls", arguments).orFail().text().lines().toList();
    }

    private static List<String> names(String... arguments) {
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = "--table";
        return lines(all);
    }

    /** The archive of classes has them: what counts is that none is loaded. */
    @Test
    void should_load_nothing_that_asks_a_registry_for_a_file() throws Exception {
        Path loaded = Scratch.folder("loaded").resolve("classes");
        Dray.script("ls", LAYOUT.toString()).env("_JAVA_OPTIONS", "-Xlog:class+load:file=" + loaded).run().orFail();
        List<String> ours = Files.readAllLines(loaded).stream().filter(line -> line.contains(" lib.")).toList();
        assertTrue(ours.stream().anyMatch(line -> line.contains(" lib.store.")), ours.toString());
        assertEquals(List.of(), ours.stream().filter(line -> line.matches(".* lib\\.(registry\\.(api|http(?!\\.Throttle)|tls|upload)|registry\\.Registry|registry\\.Client)\\b.*")).toList());
    }

    @Test
    void should_list_what_umoci_makes_of_a_real_image() throws Exception {
        Tools.assumeInstalled("umoci");
        Tools.assumeRoot();
        Path folder = Scratch.folder("umoci").resolve("root");
        Program.run("umoci", "raw", "unpack", "--image", RealImages.layout() + ":real-amd64", folder.toString()).orFail();
        Map<String, String> expected = new TreeMap<>();
        String found = new String(new Program("find", folder.toString(), "-mindepth", "1", "-printf", "%P\\0%y %04m %U %G %s %l\\0").env("LC_ALL", "C").run().orFail().stdout(),
                StandardCharsets.UTF_8);
        String[] parts = found.split("\0");
        for (int i = 0; i + 1 < parts.length; i += 2) {
            String line = parts[i + 1];
            expected.put(parts[i], line.startsWith("f") ? line : line.replaceFirst("^(. [0-9]+ [0-9]+ [0-9]+) [0-9]+", "$1"));
        }
        expected.replaceAll((path, line) -> line.startsWith("l") ? line.replaceFirst("^l [0-9]+", "l 0777") : line);
        JsonNode list = Tars.json("ls", "-R", RealImages.registry().image(RealImages.REAL), "--platform", "linux/amd64");
        Map<String, String> actual = new TreeMap<>();
        list.path("files").forEach(file -> actual.put(file.path("path").asText(), type(file) + " " + file.path("mode").asText() + " " + file.path("uid") + " "
                + file.path("gid") + (file.has("size") ? " " + file.path("size") : "") + " " + file.path("link").asText()));
        assertEquals(String.join("\n", lines(expected)), String.join("\n", lines(actual)));
        assertEquals("linux/amd64", list.path("image").path("platform").asText());
    }

    private static String type(JsonNode file) {
        return switch (file.path("type").asText()) {
            case "folder" -> "d";
            case "link" -> "l";
            case "pipe" -> "p";
            case "device" -> file.path("minor").asInt() == 3 ? "c" : "b";
            default -> "f";
        };
    }

    private static List<String> lines(Map<String, String> map) {
        return map.entrySet().stream().map(file -> file.getKey() + " " + file.getValue()).toList();
    }

    @Test
    void should_list_names_of_a_folder_or_paths_of_all_below() {
        assertEquals(List.of("bin", "circle", "etc", "implied", "nowhere", "opaque", "pipe", "usr"), names(LAYOUT.toString()));
        assertEquals(List.of("changed", "kept", "twin", "up"), names(LAYOUT.toString(), "/etc/"));
        assertEquals(List.of("opaque/above"), names(LAYOUT.toString(), "opaque", "-R"));
        assertEquals(List.of("usr/bin", "usr/bin/su"), names("-R", LAYOUT.toString(), "usr"));
        assertEquals(List.of("kept"), names(LAYOUT.toString(), "etc/kept"));
    }

    @Test
    void should_follow_links_to_folders_within_the_image() {
        assertEquals(List.of("su"), names(LAYOUT.toString(), "bin"));
        assertEquals(List.of("bin"), names(LAYOUT.toString(), "etc/up"));
        assertEquals(List.of("usr/bin/su"), names("-R", LAYOUT.toString(), "etc/up/../bin"));
        assertEquals(List.of("nowhere"), names(LAYOUT.toString(), "nowhere"));
        assertEquals(List.of("circle"), names(LAYOUT.toString(), "circle"));
    }

    @Test
    void should_say_what_each_file_is_and_which_layer_it_comes_from() throws Exception {
        JsonNode list = Tars.json("ls", "-R", LAYOUT.toString());
        Map<String, JsonNode> files = new TreeMap<>();
        list.path("files").forEach(file -> files.put(file.path("path").asText(), file));
        assertEquals(1, files.get("etc/kept").path("layer").path("number").asInt());
        assertEquals(2, files.get("etc/changed").path("layer").path("number").asInt());
        assertEquals(2, files.get("etc/twin").path("layer").path("number").asInt());
        assertEquals(2, files.get("implied/deep").path("layer").path("number").asInt());
        assertEquals(5, files.get("etc/twin").path("size").asInt());
        JsonNode digest = files.get("etc/kept").path("layer").path("digest");
        assertTrue(LAYOUT.resolve("blobs").resolve(digest.asText().replace(':', '/')).toFile().isFile(), digest.asText());
        assertEquals("circle", files.get("circle").path("link").asText());
        assertEquals("4755", files.get("usr/bin/su").path("mode").asText());
    }

    @Test
    void should_print_a_table_as_ls_does() {
        List<String> table = lines("-l", "--table", LAYOUT.toString(), "/");
        assertTrue(table.get(0).matches("MODE +OWNER +SIZE +TIME +LAYER +NAME"), table.get(0));
        assertTrue(table.get(1).matches("lrwxrwxrwx +0:0 +0 +2021-.* +1 [0-9a-f]{12} +bin -> usr/bin"), table.get(1));
        assertTrue(table.get(4).matches("drwxr-xr-x +0:0 +0 +- +2 [0-9a-f]{12} +implied"), table.get(4));
        assertTrue(table.get(7).matches("prw------- .* pipe"), table.get(7));
        assertTrue(lines("-l", "--table", LAYOUT.toString(), "usr").get(1).startsWith("drwxrwxrwt "));
        assertTrue(lines("-l", "--table", LAYOUT.toString(), "usr/bin").get(1).startsWith("-rwsr-xr-x "));
    }

    @Test
    void should_keep_to_one_layer_where_that_is_wanted() {
        assertEquals(List.of("etc/changed", "etc/twin", "implied", "implied/deep", "implied/deep/file", "opaque/above"), names("-R", "--layer", "2", LAYOUT.toString()));
        Program.Result none = Dray.run("ls", "--layer", "3", LAYOUT.toString());
        assertEquals(2, none.exitCode());
        assertEquals("ls: --layer 3: the image has the layers 1 to 2\n", none.stderr());
    }

    @Test
    void should_say_in_one_sentence_what_is_not_there() {
        Program.Result gone = Dray.run("ls", LAYOUT.toString(), "etc/gone");
        assertEquals(3, gone.exitCode());
        assertEquals("ls: no such file in the image: etc/gone\n", gone.stderr());
        assertEquals("", gone.text());
        Program.Result behind = Dray.run("ls", LAYOUT.toString(), "bin/none");
        assertEquals(3, behind.exitCode());
        assertEquals("ls: no such file in the image: bin/none (there is no usr/bin/none)\n", behind.stderr());
        assertEquals(3, Dray.run("ls", LAYOUT.toString(), "circle/x").exitCode());
    }

    @Test
    void should_show_names_of_any_bytes_without_harm() throws Exception {
        Path layout = Tars.layout(new TarMaker().file("a\u00ffb", "x").file("red\u001b[31m", "x").end());
        assertEquals(List.of("a\\xffb", "red?[31m"), names(layout.toString()));
        Program.Result json = Dray.run("ls", layout.toString()).orFail();
        assertTrue(json.text().contains("\"a\\udcffb\""), json.text());
        assertEquals(2, Json.object(json.stdout(), "ls").path("files").size());
    }

    @Test
    void should_show_any_time() {
        String layout = Tars.layout(new TarMaker().pax("mtime", "9999999999999999").file("late", "x").pax("mtime", "-9999999999999999").file("early", "x").end()).toString();
        assertTrue(Dray.run("ls", "-l", "--table", layout).orFail().text().contains("1677-09-22 00:00"));
        assertTrue(Dray.run("ls", layout).orFail().text().contains("2262-04-11"));
    }

    @Test
    void should_list_names_that_begin_with_a_slash_and_nothing_that_aufs_left() {
        byte[] lower = new TarMaker().folder("/").folder("/usr").file("/usr/a", "a").file("/gone", "x").end();
        byte[] upper = new TarMaker().folder("/").folder(".wh..wh.plnk").file(".wh..wh.plnk/1.2", "x").file(".wh..wh.aufs", "").hardLink("/usr/x", "/.wh..wh.plnk/1.2").file("/.wh.gone", "").end();
        assertEquals("usr\nusr/a\nusr/x\n", Dray.run("ls", "-R", "--table", Tars.layout(lower, upper).toString()).orFail().text());
    }

    /** Java itself warns on stdout of a heap that is smaller than some part of it was to be. */
    @Tag("slow")
    @Test
    void should_say_in_one_sentence_that_the_memory_is_too_small_and_print_nothing_else() {
        TarMaker many = new TarMaker();
        for (int i = 0; i < 40_000; i++) {
            many.file("a file of a rather long name, so that the heap is full of names, and its number is " + i, "");
        }
        Program.Result result = Dray.script("ls", Tars.layout(many.end()).toString()).env("JDK_JAVA_OPTIONS", "-Xmx16m").run();
        assertEquals(1, result.exitCode(), result.toString());
        assertEquals("", result.text());
        assertTrue(result.stderr().contains("ls: out of memory (") && result.stderr().contains("Java may use 1"), result.stderr());
        assertFalse(result.stderr().contains("\tat "), result.stderr());
        Program.Result enough = Dray.script("cat", Tars.layout(new TarMaker().file("x", "x".repeat(3_000_000)).end()).toString(), "x").env("JDK_JAVA_OPTIONS", "-Xmx16m").run().orFail();
        assertEquals(3_000_000, enough.stdout().length);
    }

    @Test
    void should_refuse_what_extract_refuses() {
        Program.Result outside = Dray.run("ls", Tars.layout(new TarMaker().file("../x", "x").end()).toString());
        assertEquals(5, outside.exitCode());
        assertTrue(outside.stderr().contains("leads upwards"), outside.stderr());
        Program.Result bomb = Dray.run("ls", "--max-size", "1K", Tars.layout(new TarMaker().file("x", "x".repeat(4096)).end()).toString());
        assertEquals(5, bomb.exitCode());
    }
}
