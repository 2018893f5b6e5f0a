package tests.haul;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.support.Reply.RIGHT;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import lib.image.MediaType;
import lib.text.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.DebianRegistry;
import tests.support.Dray;
import tests.support.FlakyRegistry;
import tests.support.Program;
import tests.support.Reply;

//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/FlakyRegistry.java
//SOURCES ../support/Program.java
//SOURCES ../support/Reply.java

/** What several images of a list lack together is tried once; a signature that does not come fails no image, and is counted. */
@Tag("slow")
class LossesTest {
    private static final int LARGE = 300_000;

    private final FlakyRegistry registry = new FlakyRegistry();
    private final String one = registry.image("1", new long[] {1, 2}, LARGE, 1001);
    private final String two = registry.image("2", new long[] {3, 1}, 1002, LARGE);
    private final String three = registry.image("3", new long[] {4}, 1003);

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        registry.close();
    }

    private Program.Result sync(List<String> list, String... arguments) throws IOException {
        Files.write(folder.resolve("list.txt"), list);
        return Dray.script("sync", Stream.concat(Stream.of("list.txt", "--platform", "linux/amd64", "--retries", "1"), Stream.of(arguments)).toArray(String[]::new)).in(folder).run();
    }

    /** The digest of the layer that the first two images share. */
    private String shared() throws IOException {
        return Json.object(Dray.run("manifest", one).orFail().stdout(), "the manifest").path("layers").path(0).path("digest").asText();
    }

    private static void fail(FlakyRegistry source, String layer) {
        source.behave(request -> request.digest().equals(layer) ? Reply.status(500, null) : RIGHT);
    }

    private static long asked(FlakyRegistry source, String layer) {
        return source.requests().stream().filter(request -> request.digest().equals(layer)).count();
    }

    @Test
    void should_try_a_layer_that_the_source_does_not_give_for_the_first_image_only() throws IOException {
        String layer = shared();
        fail(registry, layer);
        try (DebianRegistry far = DebianRegistry.start(folder.resolve("far"))) {
            Program.Result result = sync(List.of(one, two, three), "--to", far.host() + "/mirror", "--connections", "1");
            assertEquals(6, result.exitCode(), result.toString());
            assertEquals(2, asked(registry, layer), result.stderr());
            assertEquals(1003 + config(three), registry.sent() - config(one), "of the second image nothing is sent");
            assertTrue(result.stderr().contains("sync: " + two + ": ") && result.stderr().contains(" (as for " + one + " before)"), result.stderr());
            assertTrue(result.stderr().endsWith("sync: 2 of 3 images failed\n"), result.stderr());
        }
    }

    private long config(String image) throws IOException {
        return Json.object(Dray.run("manifest", image).orFail().stdout(), "the manifest").path("config").path("size").asLong();
    }

    @Test
    void should_take_such_a_layer_from_another_repository_of_the_list() throws IOException {
        String layer = shared();
        fail(registry, layer);
        try (DebianRegistry far = DebianRegistry.start(folder.resolve("far")); FlakyRegistry good = new FlakyRegistry()) {
            good.image("1", new long[] {1, 2}, LARGE, 1001);
            Program.Result result = sync(List.of(one, good.host() + "/good:1", two), "--to", far.host() + "/mirror");
            assertEquals(6, result.exitCode(), result.toString());
            assertEquals(2, asked(registry, layer), result.stderr());
            assertTrue(result.stderr().endsWith("sync: 1 of 3 images failed\n"), result.stderr());
            Dray.script("pull", far.image("mirror/app:2"), "-o", "two.tar").in(folder).run().orFail();
        }
    }

    /** Puts a signature beside the first image that cannot be read. */
    private void damageSignature() throws IOException {
        String digest = Json.object(Dray.run("manifest", one).orFail().stdout(), "the manifest").path("image").path("digest").asText();
        registry.manifest(digest.replace(':', '-') + ".sig", MediaType.OCI_MANIFEST, "{}".getBytes());
    }

    private static void assertCounted(Program.Result result, int of) throws IOException {
        assertEquals(0, result.exitCode(), result.toString());
        assertTrue(result.stderr().contains("warning: left out of what refers to "), result.stderr());
        assertTrue(result.stderr().endsWith("sync: 1 of " + of + " images may lack signatures or other referrers, as warned above; the same command looks for them again\n"), result.stderr());
        JsonNode images = Json.object(result.stdout(), "stdout").path("images");
        assertTrue(images.path(0).path("mayLackReferrers").asBoolean() && !images.path(1).path("mayLackReferrers").asBoolean(), images.toString());
    }

    @Test
    void should_end_with_0_and_count_the_images_whose_signatures_do_not_come() throws IOException {
        damageSignature();
        Program.Result pull = Dray.script("pull", one, "-o", "one.tar").in(folder).run();
        assertEquals(0, pull.exitCode(), "as pull does: " + pull);
        assertCounted(sync(List.of(one, three), "-o", "all.tar", "--dry-run"), 2);
        assertCounted(sync(List.of(one, three), "-o", "all.tar"), 2);
        assertCounted(sync(List.of(one, three), "-o", "all/"), 2);
        try (DebianRegistry far = DebianRegistry.start(folder.resolve("far"))) {
            assertCounted(sync(List.of(one, three), "--to", far.host() + "/mirror"), 2);
            assertTrue(sync(List.of(one, three), "--to", far.host() + "/mirror", "--settings", "registries.conf").orFail().stderr().contains("1 of 2 images may lack"));
        }
        assertFalse(sync(List.of(one, three), "-o", "none.tar", "--referrers", "none").orFail().stderr().contains("may lack"));
        assertFalse(sync(List.of(one, three), "-o", "again.tar", "--locked", "--lock", "all.lock.json").orFail().stderr().contains("may lack"), "a lock file says what there is to be");
    }

    @Test
    void should_fail_an_image_whose_signature_is_found_and_does_not_come_as_pull_does() throws IOException {
        String layer = Json.object(Dray.run("manifest", registry.image("sig", new long[] {5}, 500)).orFail().stdout(), "the manifest").path("layers").path(0).path("digest").asText();
        String digest = Json.object(Dray.run("manifest", one).orFail().stdout(), "the manifest").path("image").path("digest").asText();
        registry.image(digest.replace(':', '-') + ".sig", new long[] {5}, 500);
        fail(registry, layer);
        assertEquals(6, Dray.script("pull", one, "-o", "one.tar", "--retries", "0").in(folder).run().exitCode());
        Program.Result result = sync(List.of(one, three), "-o", "all.tar");
        assertEquals(6, result.exitCode(), result.toString());
        assertTrue(result.stderr().endsWith("sync: 1 of 2 images failed\n"), result.stderr());
    }
}
