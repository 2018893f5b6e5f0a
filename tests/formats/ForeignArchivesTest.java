package tests.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lib.image.Digest;
import lib.text.Json;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.store.TarMaker;
import tests.support.DebianRegistry;
import tests.support.DockerEngine;
import tests.support.Dray;
import tests.support.PodmanStore;
import tests.support.Program;
import tests.support.RealImages;
import tests.support.Tools;

//SOURCES ../store/TarMaker.java
//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/DockerEngine.java
//SOURCES ../support/Dray.java
//SOURCES ../support/PodmanStore.java
//SOURCES ../support/Program.java
//SOURCES ../support/RealImages.java
//SOURCES ../support/Tools.java

/** Archives that other programs wrote, in the forms that have no OCI layout in them. */
@Tag("slow")
@Order(3)
class ForeignArchivesTest {
    private final DebianRegistry registry = RealImages.registry();
    private final String real = registry.image(RealImages.REAL);

    @TempDir
    static Path expected;

    @TempDir
    Path folder;

    /** All are measured by what the image holds and what is said of it. */
    @BeforeAll
    static void expect() throws IOException {
        String real = RealImages.registry().image(RealImages.REAL);
        Dray.script("extract", "--platform", "linux/amd64", real, "-o", "files.tar").in(expected).run().orFail();
        Files.writeString(expected.resolve("inspected.json"), Dray.run("inspect", "--platform", "linux/amd64", real).orFail().text().lines().findFirst().orElseThrow());
    }

    private Program.Result dray(String name, String... arguments) {
        return Dray.script(name, arguments).in(folder).run();
    }

    private Program.Result program(String... command) {
        Tools.assumeInstalled(command[0]);
        return new Program(List.of(command)).in(folder).run();
    }

    private void pull(String... options) {
        String[] command = new String[options.length + 3];
        System.arraycopy(options, 0, command, 3, options.length);
        command[0] = "--platform";
        command[1] = "linux/amd64";
        command[2] = real;
        dray("pull", command).orFail();
    }

    private ObjectNode inspected(String file) throws IOException {
        String first = dray("inspect", "--platform", "linux/amd64", file).orFail().text().lines().findFirst().orElseThrow();
        return Json.object(first.getBytes(StandardCharsets.UTF_8), "inspect");
    }

    /** An archive is read when what is assembled of it has the name, the config and the files of the image that it was made of. */
    private void assertRead(String archive, String name) throws IOException {
        dray("assemble", archive, "-o", "assembled.tar").orFail();
        ObjectNode read = inspected("assembled.tar");
        ObjectNode image = Json.object(Files.readAllBytes(expected.resolve("inspected.json")), "inspect");
        assertEquals(name, read.path("image").path("name").asText());
        assertEquals(image.path("rootfs"), read.path("rootfs"));
        assertEquals(image.path("config"), read.path("config"));
        dray("extract", archive, "-o", "files.tar").orFail();
        assertEquals(-1, Files.mismatch(expected.resolve("files.tar"), folder.resolve("files.tar")));
    }

    @Test
    void should_read_what_skopeo_writes() throws IOException {
        program("skopeo", "copy", "--quiet", "--insecure-policy", "--src-tls-verify=false", "--override-arch", "amd64", "--override-os", "linux",
                "docker://" + real, "docker-archive:skopeo.tar:skopeo.example/real:1").orFail();
        assertFalse(program("tar", "-tf", "skopeo.tar").text().contains("index.json"));
        assertRead("skopeo.tar", "skopeo.example/real:1");
        program("skopeo", "copy", "--quiet", "--insecure-policy", "docker-archive:assembled.tar:skopeo.example/real:1", "docker-archive:again.tar:skopeo.example/real:1").orFail();
        assertEquals(-1, Files.mismatch(folder.resolve("skopeo.tar"), folder.resolve("again.tar")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"the platform alone", "--all"})
    void should_read_the_folders_that_skopeo_writes(String all) throws IOException {
        List<String> copy = new ArrayList<>(List.of("skopeo", "copy", "--quiet", "--insecure-policy", "--src-tls-verify=false", "--override-arch", "amd64", "--override-os", "linux"));
        copy.addAll(all.equals("--all") ? List.of("--all", "docker://" + real, "dir:folder") : List.of("docker://" + real, "dir:folder"));
        program(copy.toArray(String[]::new)).orFail();
        dray("assemble", "--platform", "linux/amd64", "folder", "-t", "skopeo.example/real:1", "-o", "named.tar").orFail();
        assertRead("named.tar", "skopeo.example/real:1");
        dray("extract", "--platform", "linux/amd64", "folder", "-o", "direct.tar").orFail();
        assertEquals(-1, Files.mismatch(expected.resolve("files.tar"), folder.resolve("direct.tar")));
        assertTrue(dray("pull", "--platform", "linux/amd64", real, "--reuse", "folder", "-o", "reused.tar").orFail().stderr().contains("(0 B fetched)"));
        Files.delete(folder.resolve("folder").resolve(layer()));
        Program.Result incomplete = dray("assemble", "--platform", "linux/amd64", "folder", "-o", "no.tar");
        assertEquals(5, incomplete.exitCode(), incomplete.toString());
        assertTrue(incomplete.stderr().contains(layer()), incomplete.stderr());
    }

    private String layer() {
        return dray("manifest", "--platform", "linux/amd64", real).orFail().text().replaceFirst("(?s).*\"layers\":\\[[^]]*?sha256:([0-9a-f]{64}).*", "$1");
    }

    @Test
    void should_read_what_docker_saves() throws IOException {
        DockerEngine engine = DockerEngine.shared();
        pull("-t", "saved.example/real:1", "-t", "saved.example/real:2", "-o", "to-load.tar");
        engine.load(folder.resolve("to-load.tar")).orFail();
        engine.run("save", "-o", folder.resolve("saved.tar").toString(), "saved.example/real:1", "saved.example/real:2").orFail();
        assertRead("saved.tar", "saved.example/real:1");
        String id = engine.run("image", "inspect", "--format", "{{.Id}}", "saved.example/real:1").orFail().text().strip();
        engine.run("image", "rm", "--force", id).orFail();
        engine.load(folder.resolve("assembled.tar")).orFail();
        assertEquals(id, engine.run("image", "inspect", "--format", "{{.Id}}", "saved.example/real:1").orFail().text().strip());
    }

    @Test
    void should_read_what_podman_saves() throws IOException {
        PodmanStore podman = new PodmanStore();
        pull("-t", "podman.example/real:1", "-o", "to-load.tar");
        podman.load(folder.resolve("to-load.tar")).orFail();
        for (String format : List.of("docker-archive", "oci-archive")) {
            String saved = format + ".tar";
            podman.run("save", "--quiet", "--format", format, "-o", folder.resolve(saved).toString(), "podman.example/real:1").orFail();
            assertRead(saved, "podman.example/real:1");
        }
    }

    @Test
    void should_read_what_engines_before_manifest_json_wrote() throws IOException {
        pull("--format", "legacy", "-t", "old.example/real:1", "-o", "legacy.tar");
        Files.createDirectory(folder.resolve("old"));
        program("tar", "-xf", "legacy.tar", "-C", "old", "--exclude=*.json").orFail();
        program("tar", "-cf", "old.tar", "-C", "old", ".").orFail();
        assertRead("old.tar", "old.example/real:1");
    }

    @Test
    void should_read_what_is_not_in_the_order_of_its_parts() throws IOException {
        pull("--format", "legacy", "-t", "old.example/real:1", "-o", "legacy.tar");
        Files.createDirectory(folder.resolve("files"));
        program("tar", "-xf", "legacy.tar", "-C", "files").orFail();
        program("tar", "--sort=name", "-cf", "again.tar", "-C", "files", ".").orFail();
        assertRead("again.tar", "old.example/real:1");
    }

    /** A layer of one file. */
    private static final byte[] LAYER = new TarMaker().file("hello", "hello").end();

    private Program.Result assembled(TarMaker tar) throws IOException {
        Files.write(folder.resolve("made.tar"), tar.end());
        return dray("assemble", "made.tar", "-o", "out.tar");
    }

    private static TarMaker withLayer(TarMaker tar, String name) {
        return tar.file(name, new String(LAYER, StandardCharsets.ISO_8859_1));
    }

    private static String config(String diffId) {
        return "{'architecture':'amd64','os':'linux','rootfs':{'type':'layers','diff_ids':['%s']}}".formatted(diffId).replace('\'', '"');
    }

    private static String list(String config, String layer) {
        return "[{'Config':'%s','RepoTags':['made:1'],'Layers':['%s']}]".formatted(config, layer).replace('\'', '"');
    }

    private static String digest() {
        return Digest.of(LAYER).toString();
    }

    @Test
    void should_read_an_archive_whose_layer_is_a_link_to_another() throws IOException {
        for (String link : List.of("../first/layer.tar", "hard")) {
            TarMaker tar = withLayer(new TarMaker(), "first/layer.tar").file("c.json", config(digest())).file("manifest.json", list("c.json", "second/layer.tar"));
            assertEquals(0, assembled(link.equals("hard") ? tar.hardLink("second/layer.tar", "first/layer.tar") : tar.symbolicLink("second/layer.tar", link)).exitCode());
            assertEquals("hello", dray("cat", "out.tar", "hello").orFail().text());
        }
    }

    private static TarMaker withGzip(TarMaker tar, byte[] layer) {
        byte[] gzip = new Program("gzip", "-nc").stdin(layer).run().orFail().stdout();
        return tar.file("l.tar.gz", new String(gzip, StandardCharsets.ISO_8859_1)).file("manifest.json", list("c.json", "l.tar.gz"));
    }

    @Test
    void should_look_into_layers_that_are_compressed_for_the_digest_of_the_rest_is_not_known() throws IOException {
        assertEquals(0, assembled(withGzip(new TarMaker(), LAYER).file("c.json", config(digest()))).exitCode());
        Files.delete(folder.resolve("out.tar"));
        assertRefused(withGzip(new TarMaker(), new TarMaker().file("hello", "wrong").end()).file("c.json", config(digest())), "l.tar.gz has the digest");
    }

    @Test
    void should_read_an_archive_that_was_compressed_as_a_whole() throws IOException {
        byte[] tar = withLayer(new TarMaker(), "l.tar").file("c.json", config(digest())).file("manifest.json", list("c.json", "l.tar")).end();
        for (String program : List.of("gzip", "zstd", "xz", "bzip2")) {
            byte[] packed = new Program(program, "-c").stdin(tar).run().orFail().stdout();
            Files.write(folder.resolve("made.tar"), packed);
            assertEquals("hello", dray("cat", "made.tar", "hello").orFail().text(), program);
            Files.write(folder.resolve("made.tar"), Arrays.copyOf(packed, packed.length / 2));
        }
        Program.Result torn = dray("inspect", "made.tar");
        assertEquals(5, torn.exitCode(), torn.toString());
        assertTrue(torn.stderr().contains("made.tar: it cannot be decompressed"), torn.stderr());
        assertEquals(List.of("made.tar"), List.of(folder.toFile().list()));
        byte[] named = withLayer(new TarMaker().file("BZh", ""), "l.tar").file("c.json", config(digest())).file("manifest.json", list("c.json", "l.tar")).end();
        Files.write(folder.resolve("named.tar"), named);
        assertEquals(0, dray("inspect", "named.tar").exitCode(), "a name does not compress");
    }

    @Test
    void should_read_a_layout_in_a_tar_whose_blobs_are_links() throws IOException {
        pull("--format", "oci-dir", "-t", "links.example/real:1", "-o", "layout");
        Path blobs = folder.resolve("layout/blobs");
        Files.move(blobs.resolve("sha256"), blobs.resolve("elsewhere"));
        Files.createDirectory(blobs.resolve("sha256"));
        for (String blob : blobs.resolve("elsewhere").toFile().list()) {
            Files.createSymbolicLink(blobs.resolve("sha256").resolve(blob), Path.of("../elsewhere").resolve(blob));
        }
        program("tar", "-cf", "links.tar", "-C", "layout", ".").orFail();
        assertRead("links.tar", "links.example/real:1");
    }

    private void assertRefused(TarMaker tar, String part) throws IOException {
        Program.Result result = assembled(tar);
        assertEquals(5, result.exitCode(), result.toString());
        assertTrue(result.stderr().contains(part), result.stderr());
        assertFalse(Files.exists(folder.resolve("out.tar")));
    }

    @Test
    void should_name_the_part_that_is_missing_or_wrong() throws IOException {
        String wrong = "sha256:" + "0".repeat(64);
        assertRefused(new TarMaker().file("hello", "hello"), "neither index.json nor manifest.json nor repositories");
        assertRefused(new TarMaker().file("manifest.json", "{}"), "manifest.json");
        assertRefused(new TarMaker().file("manifest.json", "[1]"), "without a config");
        assertRefused(new TarMaker().file("manifest.json", list("c.json", "l.tar")), "c.json is not there");
        assertRefused(new TarMaker().file("manifest.json", list("c.json", "l.tar")).file("c.json", config(digest())), "l.tar is not there");
        assertRefused(withLayer(new TarMaker(), "l.tar").file("manifest.json", list("c.json", "l.tar")).file("c.json", config(wrong)), "l.tar has the digest");
        assertRefused(withLayer(new TarMaker(), "l.tar").file("manifest.json", list("c.json", "l.tar")).file("c.json", "{}"), "diff ID");
        assertRefused(new TarMaker().file("repositories", "{\"old\":{\"1\":\"aa\"}}"), "aa/json is not there");
        assertRefused(new TarMaker().file("repositories", "{\"old\":{\"1\":\"aa\"}}").file("aa/json", "{\"id\":\"aa\"}"), "aa/layer.tar is not there");
        assertRefused(new TarMaker().file("repositories", "{\"old\":{\"1\":\"aa\"}}").file("aa/json", "{\"parent\":\"aa\"}"), "above itself");
        assertRefused(withLayer(withLayer(new TarMaker(), "l.tar").file("l.tar", "other"), "l.tar").file("manifest.json", list("c.json", "l.tar")), "two entries of the name l.tar");
        assertRefused(withLayer(new TarMaker(), "l.tar").symbolicLink("./l.tar", "other.tar").file("manifest.json", list("c.json", "l.tar")), "two entries of the name l.tar");
    }
}
