package tests.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import lib.text.Json;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.DebianRegistry;
import tests.support.Dray;
import tests.support.Program;
import tests.support.RealImages;
import tests.support.Scratch;

//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/Program.java
//SOURCES ../support/RealImages.java
//SOURCES ../support/Scratch.java

/** Only what the other side does not have is carried there. */
@Tag("slow")
class SinceTest {
    private final String real = RealImages.registry().image(RealImages.REAL);
    private final String small = RealImages.registry().image(RealImages.SMALL);

    @TempDir
    static Path made;
    private static String last;

    @TempDir
    Path folder;

    private Program.Result dray(String name, String... arguments) {
        return Dray.script(name, arguments).in(folder).run();
    }

    private Program.Result pull(String... arguments) {
        return dray("pull", Stream.concat(Stream.of("--platform", "linux/amd64"), Stream.of(arguments)).toArray(String[]::new));
    }

    private boolean holds(String archive, String digest) {
        return new Program(List.of("tar", "-tf", archive)).in(folder).run().orFail().text().contains(digest.replace("sha256:", "blobs/sha256/"));
    }

    private void assertSame(String one, String other) throws IOException {
        assertEquals(-1, Files.mismatch(folder.resolve(one), folder.resolve(other)));
    }

    /** The image as it was before its last two layers were added, under the name that the whole image has, and the whole image. */
    @BeforeAll
    static void makeOld() throws IOException {
        String real = RealImages.registry().image(RealImages.REAL);
        ObjectNode manifest = Json.object(made("manifest", "--platform", "linux/amd64", real).run().orFail().stdout(), "manifest");
        ArrayNode layers = (ArrayNode) manifest.get("layers");
        last = layers.remove(layers.size() - 1).path("digest").asText();
        layers.remove(layers.size() - 1);
        byte[] stage = made("blob", "--to", "old.oci").stdin(Json.bytes(manifest)).run().orFail().stdout();
        made("assemble", "-o", "old.tar").stdin(stage).run().orFail();
        made("pull", "--platform", "linux/amd64", real, "-o", "full.tar").run().orFail();
    }

    private static Program made(String name, String... arguments) {
        return Dray.script(name, arguments).in(made);
    }

    @BeforeEach
    void copyOld() {
        Program.run("cp", "-a", made + "/.", folder.toString()).orFail();
    }

    @Test
    void should_make_the_archive_of_a_full_pull_of_the_old_one_and_what_is_new() throws IOException {
        Program.Result pulled = pull("--since", "old.tar", real).orFail();
        assertTrue(pulled.stderr().contains("assemble OLD.tar test_real_1.delta.tar"), pulled.stderr());
        assertTrue(holds("test_real_1.delta.tar", last));
        assertTrue(Files.size(folder.resolve("test_real_1.delta.tar")) < Files.size(folder.resolve("full.tar")) - Files.size(folder.resolve("old.tar")) / 2);
        for (List<String> sources : List.of(List.of("old.tar", "test_real_1.delta.tar"), List.of("test_real_1.delta.tar", "old.tar"))) {
            dray("assemble", sources.get(0), sources.get(1), "-o", "made.tar").orFail();
            assertSame("full.tar", "made.tar");
        }
        pull("--since", "old.tar", real).orFail();
        assertTrue(pull("--since", "old.tar", real).orFail().stderr().contains("already complete"));
    }

    @Test
    void should_name_what_is_missing() {
        pull("--since", "old.tar", real, "-o", "delta.tar").orFail();
        Program.Result result = dray("assemble", "delta.tar", "-o", "made.tar");
        assertEquals(5, result.exitCode(), result.toString());
        assertTrue(result.stderr().contains("is incomplete: sha256:") && result.stderr().contains("written since"), result.stderr());
        assertFalse(Files.exists(folder.resolve("made.tar")));
        pull(small, "-o", "small.tar").orFail();
        assertEquals(5, dray("assemble", "small.tar", "delta.tar", "-o", "made.tar").exitCode());
        assertEquals(5, dray("extract", "delta.tar", "-C", "root").exitCode());
    }

    @Test
    void should_do_the_same_from_layouts_to_layouts_and_with_others_beside() throws IOException {
        pull(small, "-o", "small.tar").orFail();
        dray("assemble", "full.tar", "--since", "old.oci", "--format", "oci-dir", "-o", "delta.oci").orFail();
        dray("assemble", "old.oci", "delta.oci", "small.tar", "-o", "made.tar").orFail();
        dray("assemble", "full.tar", "small.tar", "-o", "expected.tar").orFail();
        assertSame("expected.tar", "made.tar");
    }

    @Test
    void should_take_one_step_after_the_other() throws IOException {
        pull("--since", "old.tar", real, "-t", "step:2", "-o", "2.tar").orFail();
        pull("--since", "old.tar", "--since", "2.tar", real, small, "-o", "3.tar").orFail();
        dray("assemble", "old.tar", "2.tar", "3.tar", "-o", "made.tar").orFail();
        pull(real, small, "-o", "expected.tar").orFail();
        assertSame("expected.tar", "made.tar");
        assertFalse(holds("3.tar", last));
    }

    @Test
    void should_write_all_platforms_and_streams() throws IOException {
        byte[] delta = dray("pull", "--platform", "all", "--format", "oci", "--since", "old.tar", real, "-o", "-").orFail().stdout();
        Files.write(folder.resolve("delta.tar"), delta);
        dray("assemble", "--platform", "all", "--format", "oci", "old.tar", "delta.tar", "-o", "made.tar").orFail();
        dray("pull", "--platform", "all", "--format", "oci", real, "-o", "expected.tar").orFail();
        assertSame("expected.tar", "made.tar");
    }

    @Test
    void should_have_a_registry_take_what_is_missing_from_where_another_image_has_it() {
        pull("--since", "old.tar", real, "-t", "far/new:1", "-t", "far/side:2", "-o", "delta.tar").orFail();
        try (DebianRegistry registry = DebianRegistry.start(Scratch.folder("since"))) {
            dray("push", "old.tar", registry.image("far/side:1")).orFail();
            assertEquals(2, dray("push", "--to", registry.host(), "delta.tar").orFail().text().lines().count());
            pull(registry.image("far/new:1"), "-t", real, "-o", "back.tar").orFail();
        }
    }

    @Test
    void should_fill_a_registry_that_has_the_old_one() {
        pull("--since", "old.tar", real, "-o", "delta.tar").orFail();
        try (DebianRegistry registry = DebianRegistry.start(Scratch.folder("since"))) {
            String image = registry.image("far/side:1");
            Program.Result incomplete = dray("push", "delta.tar", image);
            assertEquals(5, incomplete.exitCode(), incomplete.toString());
            assertTrue(incomplete.stderr().contains("the registry does not have it; make a whole of it"), incomplete.stderr());
            dray("push", "old.tar", image).orFail();
            dray("push", "delta.tar", image).orFail();
            assertEquals(dray("manifest", "--raw", "--platform", "linux/amd64", real).orFail().text(), dray("manifest", "--raw", image).orFail().text());
        }
    }

    @Test
    void should_refuse_to_write_over_the_old_one_and_forms_that_cannot_lack_layers() throws IOException {
        byte[] old = Files.readAllBytes(folder.resolve("old.tar"));
        assertEquals(2, pull("--since", "old.tar", real, "-o", "old.tar").exitCode());
        assertEquals(2, dray("assemble", "--since", "old.tar", "full.tar", "-o", "old.tar").exitCode());
        assertEquals(2, pull("--since", "old.tar", "--format", "legacy", real).exitCode());
        assertEquals(3, pull("--since", "nowhere.tar", real).exitCode());
        assertEquals(5, pull("--since", "old.oci/oci-layout", real).exitCode());
        assertTrue(Arrays.equals(old, Files.readAllBytes(folder.resolve("old.tar"))));
    }
}
