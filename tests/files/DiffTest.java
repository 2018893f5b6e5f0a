package tests.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import lib.image.Digest;
import lib.text.Json;
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
class DiffTest {
    private static final byte[] BASE = new TarMaker().folder("etc").file("etc/same", "same").file("etc/a", "1").file("etc/gone", "x").folder("o").file("o/x", "x")
            .file("large", "x".repeat(3_000_000)).end();
    private static final byte[] UPPER_A = new TarMaker().folder("app", 0700).file("app/version", "1").file("app/old", "x").file("app/kept", "kept").entry('0', "app/run", "", 0, 0644)
            .symbolicLink("app/link", "old").file("app/kind", "x").file("etc/a", "of a").file("etc/both", "b").end();
    private static final byte[] UPPER_B = new TarMaker().folder("app").file("app/version", "two").file("app/new", "x").file("app/kept", "kept").entry('0', "app/run", "", 0, 0755)
            .symbolicLink("app/link", "new").folder("app/kind").file("etc/.wh.gone", "").file("etc/.wh.both", "").file("etc/b", "of b").file("o/.wh..wh..opq", "").end();

    private static Map<String, String> changes(JsonNode diff) {
        Map<String, String> changes = new TreeMap<>();
        diff.path("changes").forEach(change -> changes.merge(change.path("path").asText(), change.path("change").asText() + words(change.path("what")), (a, b) -> a + " and " + b));
        return changes;
    }

    private static String words(JsonNode list) {
        StringBuilder words = new StringBuilder();
        list.forEach(word -> words.append(' ').append(word.asText()));
        return words.toString();
    }

    @Test
    void should_tell_all_differences_of_images_that_are_at_hand() throws Exception {
        JsonNode diff = Tars.json("diff", Tars.layout(BASE, UPPER_A).toString(), Tars.layout(BASE, UPPER_B).toString());
        Map<String, String> expected = new TreeMap<>(Map.of("app", "changed mode", "app/version", "changed size content", "app/old", "removed", "app/new", "added",
                "app/run", "changed mode", "app/link", "changed link", "app/kind", "changed type mode", "etc/a", "changed size content", "etc/both", "removed", "etc/b", "added"));
        expected.putAll(Map.of("etc/gone", "removed", "o/x", "removed"));
        assertEquals(expected, changes(diff));
        assertEquals(1, diff.path("layers").path("common").size());
        JsonNode version = diff.path("changes").path(6);
        assertEquals("app/version", version.path("path").asText());
        assertEquals(1, version.path("before").path("size").asInt());
        assertEquals(3, version.path("after").path("size").asInt());
        assertEquals(2, version.path("after").path("layer").path("number").asInt());
    }

    private static Path run(byte[] tar, String config) throws IOException {
        LayoutWriter layout = new LayoutWriter(Scratch.folder("run"));
        LayoutWriter.Layer base = layout.layer(BASE, "gzip");
        LayoutWriter.Layer layer = layout.layer(tar, "gzip");
        ObjectNode image = layout.image(LayoutWriter.linux("amd64", ""), List.of(base, layer));
        Path blobs = layout.folder().resolve("blobs/sha256");
        ObjectNode manifest = Json.object(Files.readAllBytes(blobs.resolve(image.path("digest").asText().substring(7))), "manifest");
        ObjectNode json = Json.object(Files.readAllBytes(blobs.resolve(manifest.path("config").path("digest").asText().substring(7))), "config");
        json.set("config", Json.object(config.getBytes(StandardCharsets.UTF_8), "config"));
        manifest.set("config", layout.blob("application/vnd.oci.image.config.v1+json", json.put("created", "2025-01-01T00:00:00Z")));
        layout.tag("test", layout.blob("application/vnd.oci.image.manifest.v1+json", manifest));
        return layout.folder();
    }

    @Test
    void should_see_how_the_config_runs_an_image() throws Exception {
        byte[] tar = new TarMaker().file("x", "x").end();
        Path a = run(tar, "{\"Cmd\":[\"sh\"],\"User\":\"\",\"Env\":[\"PATH=/bin\",\"OLD=1\"],\"Labels\":{\"v\":\"1\",\"same\":\"x\"},\"Hostname\":\"a\",\"ExposedPorts\":{\"80/tcp\":{}}}");
        Path b = run(tar, "{\"Cmd\":[\"bash\"],\"User\":\"web\",\"Env\":[\"NEW=2\",\"PATH=/sbin\"],\"Labels\":{\"v\":\"2\",\"same\":\"x\"},\"Entrypoint\":null,\"Volumes\":{\"/data\":{}}}");
        Program.Result result = Dray.run("diff", "--exit-code", a.toString(), b.toString());
        assertEquals(1, result.exitCode(), result.toString());
        Map<String, String> seen = new TreeMap<>();
        Json.object(result.stdout(), "diff").path("config").forEach(one -> seen.put(one.path("key").asText(), one.path("change").asText()));
        assertEquals(Map.of("Cmd", "changed", "User", "added", "Env PATH", "changed", "Env OLD", "removed", "Env NEW", "added", "Labels v", "changed",
                "ExposedPorts 80/tcp", "removed", "Volumes /data", "added"), seen);
        String table = Dray.run("diff", "--table", a.toString(), b.toString()).orFail().text();
        assertTrue(table.contains("config: Cmd") && table.contains("[\"sh\"], [\"bash\"]"), table);
        assertEquals(0, Dray.run("diff", "--exit-code", a.toString(), a.toString()).exitCode());
    }

    @Test
    void should_see_capabilities_and_hard_links_with_or_without_the_layers_in_common() throws Exception {
        byte[] plain = new TarMaker().file("x", "x").file("y", "x").file("ping", "p").pax("SCHILY.xattr.user.note", "1").file("note", "n").end();
        byte[] other = new TarMaker().file("x", "x").hardLink("y", "x").pax("SCHILY.xattr.security.capability", "cap").file("ping", "p")
                .pax("SCHILY.xattr.user.note", "2").file("note", "n").end();
        Map<String, String> expected = Map.of("x", "changed hard links", "y", "changed hard links", "ping", "changed capabilities", "note", "changed attributes");
        assertEquals(expected, changes(Tars.json("diff", Tars.layout(BASE, plain).toString(), Tars.layout(BASE, other).toString())));
        try (FlakyRegistry registry = new FlakyRegistry()) {
            String a = registry.layout("a", Tars.layout(BASE, plain));
            String b = registry.layout("b", Tars.layout(BASE, other));
            assertEquals(expected, changes(Tars.json("diff", a, b)));
        }
    }

    @Test
    void should_compare_two_platforms_of_one_image() throws Exception {
        LayoutWriter layout = new LayoutWriter(Scratch.folder("platforms"));
        LayoutWriter.Layer amd = layout.layer(new TarMaker().file("x", "amd").end(), "gzip");
        LayoutWriter.Layer arm = layout.layer(new TarMaker().file("x", "arm").file("y", "y").end(), "gzip");
        layout.tag("test", layout.index(List.of(layout.image(LayoutWriter.linux("amd64", ""), List.of(amd)), layout.image(LayoutWriter.linux("arm64", ""), List.of(arm)))));
        String folder = layout.folder().toString();
        JsonNode diff = Tars.json("diff", "--platform", "linux/amd64,linux/arm64", folder, folder);
        assertEquals(Map.of("x", "changed content", "y", "added"), changes(diff));
        assertEquals("architecture", diff.path("config").path(0).path("key").asText());
        assertEquals(2, Dray.run("diff", "--platform", "linux/amd64,linux/arm64,linux/386", folder, folder).exitCode());
    }

    @Test
    void should_find_no_difference_in_a_slash_before_names_or_in_what_aufs_left() throws Exception {
        byte[] plain = new TarMaker().folder("etc").file("etc/a", "a").file("etc/b", "b").end();
        byte[] odd = new TarMaker().folder("/").file(".wh..wh.plnk/1.2", "b").folder("/etc").file("/etc/a", "a").hardLink("/etc/b", "/.wh..wh.plnk/1.2").end();
        try (FlakyRegistry registry = new FlakyRegistry()) {
            String a = registry.layout("a", Tars.layout(BASE, plain));
            String b = registry.layout("b", Tars.layout(BASE, odd));
            assertEquals(Map.of(), changes(Tars.json("diff", a, b)));
        }
    }

    @Test
    void should_fetch_no_layer_that_both_images_begin_with() throws Exception {
        try (FlakyRegistry registry = new FlakyRegistry()) {
            String a = registry.layout("a", Tars.layout(BASE, UPPER_A));
            String b = registry.layout("b", Tars.layout(BASE, UPPER_B));
            registry.behave(request -> Reply.RIGHT);
            Program.Result result = Dray.run("diff", a, b).orFail();
            Map<String, String> expected = new TreeMap<>(Map.of("app", "changed mode", "app/version", "changed size content", "app/old", "removed or changed",
                    "app/new", "added or changed", "app/run", "changed mode", "app/link", "changed link", "app/kind", "changed type mode", "etc/a", "removed or changed",
                    "etc/both", "removed", "etc/b", "added or changed"));
            expected.putAll(Map.of("etc/gone", "removed", "o", "changed opaque"));
            assertEquals(expected, changes(Json.object(result.stdout(), "diff")));
            assertEquals(4, registry.requests().size(), registry.requests().toString()); // two configs and the two upper layers
            assertEquals("12 differences; the images have 1 of 2 and 2 layers in common\n"
                    + "the common layers were not read; --full reads them too and can tell added from changed\n", result.stderr());
            registry.behave(request -> Reply.RIGHT);
            JsonNode full = Tars.json("diff", "--full", a, b);
            assertEquals("added", changes(full).get("app/new"));
            assertEquals("changed size content", changes(full).get("etc/a"));
            assertEquals(5, registry.requests().size(), registry.requests().toString());
        }
    }

    @Test
    void should_read_the_layers_in_common_from_the_image_that_is_at_hand() throws Exception {
        Path local = Tars.layout(BASE, UPPER_A);
        try (FlakyRegistry registry = new FlakyRegistry()) {
            String b = registry.layout("b", Tars.layout(BASE, UPPER_B));
            registry.behave(request -> Reply.RIGHT);
            assertEquals("changed size content", changes(Tars.json("diff", local.toString(), b)).get("etc/a"));
            assertEquals("changed size content", changes(Tars.json("diff", b, local.toString())).get("etc/a"));
            assertEquals(4, registry.requests().size(), registry.requests().toString());
        }
    }

    @Test
    void should_find_no_difference_where_layers_are_compressed_in_another_way() {
        String[] images = {RealImages.registry().image(RealImages.REAL), RealImages.registry().image(RealImages.ZSTD)};
        Program.Result same = Dray.run("diff", "--platform", "linux/amd64", "--exit-code", images[0], images[1]);
        assertEquals(0, same.exitCode(), same.stderr());
        assertEquals("no difference; the images have 7 of 7 and 7 layers in common\n", same.stderr());
        assertTrue(same.text().startsWith("{\"changes\":[],"), same.text());
    }

    @Test
    void should_find_what_umoci_makes_different_of_real_images() throws Exception {
        Tools.assumeInstalled("umoci");
        Tools.assumeRoot();
        Path layout = Scratch.folder("real").resolve("layout");
        Program.run("cp", "-r", RealImages.layout().toString(), layout.toString()).orFail();
        ObjectNode manifest = manifest(layout);
        ObjectNode config = Json.object(Files.readAllBytes(blob(layout, manifest.path("config").path("digest").asText())), "the config");
        List<LayoutWriter.Layer> layers = new ArrayList<>();
        for (JsonNode layer : manifest.path("layers")) {
            layers.add(new LayoutWriter.Layer((ObjectNode) layer, Digest.parse(config.path("rootfs").path("diff_ids").path(layers.size()).asText())));
        }
        Path before = image(layout, layers.subList(0, 3));
        Path after = image(layout, layers.subList(0, 6));
        Map<String, String> expected = new TreeMap<>();
        Map<String, String> ofA = files(before);
        Map<String, String> ofB = files(after);
        ofA.forEach((path, file) -> expected.put(path, !ofB.containsKey(path) ? "removed" : ofB.get(path).equals(file) ? "same" : "changed"));
        ofB.keySet().forEach(path -> expected.putIfAbsent(path, "added"));
        expected.values().removeIf("same"::equals);
        Map<String, String> actual = changes(Tars.json("diff", before.toString(), after.toString()));
        actual.values().removeIf(change -> change.matches("changed( hard links| capabilities| attributes)+")); // which the files here do not tell
        actual.replaceAll((path, change) -> change.replaceFirst(" .*", ""));
        assertEquals(lines(expected), lines(actual));
        assertTrue(expected.values().containsAll(List.of("added", "removed", "changed")), expected.toString());
    }

    private static String lines(Map<String, String> map) {
        StringBuilder lines = new StringBuilder();
        map.forEach((path, change) -> lines.append(path).append(' ').append(change).append('\n'));
        return lines.toString();
    }

    private static Path blob(Path layout, String digest) {
        return layout.resolve("blobs").resolve(digest.replace(':', '/'));
    }

    private static ObjectNode manifest(Path layout) throws IOException {
        for (JsonNode entry : Json.object(Files.readAllBytes(layout.resolve("index.json")), "index.json").path("manifests")) {
            if (entry.path("annotations").path("org.opencontainers.image.ref.name").asText().equals("real-amd64")) {
                return Json.object(Files.readAllBytes(blob(layout, entry.path("digest").asText())), "the manifest");
            }
        }
        throw new AssertionError("no image");
    }

    /** Returns a layout with the blobs of another one, and an image of some layers. */
    private static Path image(Path blobs, List<LayoutWriter.Layer> layers) throws IOException {
        Path folder = Scratch.folder("image").resolve("layout");
        Program.run("cp", "-r", blobs.toString(), folder.toString()).orFail();
        LayoutWriter layout = new LayoutWriter(folder);
        layout.tag("test", layout.image(LayoutWriter.linux("amd64", ""), layers));
        return folder;
    }

    /** Returns the files of an image as umoci unpacks them, times aside. */
    private static Map<String, String> files(Path layout) {
        Path folder = Scratch.folder("umoci").resolve("root");
        Program.run("umoci", "raw", "unpack", "--image", layout + ":test", folder.toString()).orFail();
        Map<String, String> files = new TreeMap<>();
        String script = "cd \"$0\" && find . -mindepth 1 -type f -printf '%P\\0%y %m %U:%G %s\\0' && find . -mindepth 1 -not -type f -printf '%P\\0%y %m %U:%G %l\\0'";
        put(files, new Program("bash", "-c", script, folder.toString()).env("LC_ALL", "C").run().orFail());
        String hashes = "cd \"$0\" && find . -type f -print0 | while IFS= read -r -d '' file; do printf '%s\\0%s\\0' \"${file#./}\" \"$(sha256sum < \"$file\")\"; done";
        put(files, new Program("bash", "-c", hashes, folder.toString()).env("LC_ALL", "C").run().orFail());
        return files;
    }

    private static void put(Map<String, String> files, Program.Result result) {
        String[] parts = new String(result.stdout(), StandardCharsets.UTF_8).split("\0");
        for (int i = 0; i + 1 < parts.length; i += 2) {
            files.merge(parts[i], parts[i + 1], String::concat);
        }
    }

    @Test
    void should_print_a_table_for_people_and_end_with_1_where_that_is_asked_for() {
        String a = Tars.layout(BASE, UPPER_A).toString();
        String b = Tars.layout(BASE, UPPER_B).toString();
        Program.Result table = Dray.run("diff", "--table", "--exit-code", "--quiet", a, b);
        assertEquals(1, table.exitCode());
        assertEquals("", table.stderr());
        List<String> lines = table.text().lines().map(line -> line.replaceAll("  +", "|")).toList();
        assertEquals("CHANGE|PATH|WHAT", lines.get(0));
        assertTrue(lines.containsAll(List.of("changed|app|mode: 0700, 0755", "changed|app/version|size: 1, 3; content", "added|app/new|file of 1 B",
                "changed|app/link|link: old, new", "changed|app/kind|type: file, folder; mode: 0644, 0755")), table.text());
        assertEquals(0, Dray.run("diff", a, b).exitCode());
        assertEquals(2, Dray.run("diff", "-", "-").exitCode());
    }

    @Test
    void should_read_the_layers_in_common_where_a_hard_link_leads_into_them() throws Exception {
        try (FlakyRegistry registry = new FlakyRegistry()) {
            String a = registry.layout("a", Tars.layout(BASE, new TarMaker().file("one", "x").end()));
            String b = registry.layout("b", Tars.layout(BASE, new TarMaker().hardLink("twin", "etc/same").end()));
            assertEquals(Map.of("one", "removed", "twin", "added"), changes(Tars.json("diff", a, b)));
        }
    }
}
