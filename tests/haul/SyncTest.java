package tests.haul;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.support.Reply.RIGHT;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
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

/** Lists into archives and layouts, from a registry that fails at times: what fails is left out, told, and alone fetched by the next run. */
@Tag("slow")
class SyncTest {
    private static final int LARGE = 300_000;

    private final FlakyRegistry registry = new FlakyRegistry();
    private final String one = registry.image("1", new long[] {1, 2}, LARGE, 1001);
    private final String two = registry.image("2", new long[] {1, 3}, LARGE, 1002);
    private final String three = registry.image("3", new long[] {4, 5, 6}, LARGE, LARGE + 1, 1003);

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        registry.close();
    }

    private Program.Result sync(String list, String... arguments) throws IOException {
        Files.writeString(folder.resolve("list.txt"), list);
        return Dray.script("sync", Stream.concat(Stream.of("list.txt", "--platform", "linux/amd64", "--retries", "1"), Stream.of(arguments)).toArray(String[]::new)).in(folder).run();
    }

    private String all() {
        return one + "\n" + two + "\n" + three + "\n";
    }

    private void lose(String layer) {
        registry.behave(request -> request.digest().equals(layer) ? Reply.status(404, null) : RIGHT);
    }

    /** The digest of a layer that only the third image has. */
    private String layerOfThree(int index) throws IOException {
        JsonNode image = Json.object(Dray.run("manifest", three).orFail().stdout(), "the manifest");
        return image.path("layers").path(index).path("digest").asText();
    }

    private List<String> loaded(String archive) throws IOException {
        byte[] list = new Program("tar", "-xOf", archive, "manifest.json").in(folder).run().orFail().stdout();
        List<String> names = new ArrayList<>();
        Json.array(list, "manifest.json").forEach(image -> names.add(image.path("RepoTags").path(0).asText()));
        return names;
    }

    @Test
    void should_write_the_same_archive_again_by_the_lock_file_and_say_when_the_list_does_not_fit_it() throws IOException {
        JsonNode printed = Json.object(sync(all(), "-o", "all.tar").orFail().stdout(), "stdout");
        assertEquals(3, printed.path("images").size());
        assertEquals(List.of(one, two, three), loaded("all.tar"));
        registry.image("1", new long[] {9}, 1000); // the tag moves on
        sync(all(), "-o", "again.tar", "--locked", "--lock", "all.lock.json").orFail();
        assertEquals(-1, Files.mismatch(folder.resolve("all.tar"), folder.resolve("again.tar")));
        Program.Result other = sync(one + "\n" + two + "\n", "-o", "other.tar", "--locked", "--lock", "all.lock.json");
        assertEquals(2, other.exitCode(), other.toString());
        assertTrue(other.stderr().contains("does not fit all.lock.json"), other.stderr());
        Program.Result moved = sync(all(), "-o", "moved.tar", "--since", "all.lock.json").orFail();
        assertTrue(Files.size(folder.resolve("moved.tar")) < 50_000 && moved.stderr().contains("assemble OLD.tar moved.tar"), moved.toString());
        Dray.script("assemble", "all.tar", "moved.tar", "-o", "full.tar").in(folder).run().orFail();
        sync(all(), "-o", "whole.tar").orFail();
        Dray.script("check", "full.tar").in(folder).run().orFail();
        assertEquals(Files.readString(folder.resolve("moved.lock.json")), Files.readString(folder.resolve("whole.lock.json")));
    }

    @Test
    void should_go_on_past_images_that_fail_and_fetch_only_those_the_next_time() throws IOException {
        lose(layerOfThree(2));
        Program.Result result = sync(one + "\n" + registry.host() + "/app:gone\n" + two + "\n" + three + "\n", "-o", "all.tar");
        assertEquals(3, result.exitCode(), result.toString());
        assertTrue(result.stderr().contains("sync: " + registry.host() + "/app:gone: ") && result.stderr().contains("sync: " + three + ": ")
                && result.stderr().endsWith("sync: 2 of 4 images failed\n"), result.stderr());
        assertEquals(2, Json.object(result.stdout(), "stdout").path("failed").size());
        assertEquals(List.of(one, two), loaded("all.tar"));
        registry.behave(request -> RIGHT);
        long before = registry.sent();
        sync(all(), "-o", "all.tar").orFail();
        assertEquals(1003, registry.sent() - before);
        assertEquals(List.of(one, two, three), loaded("all.tar"));
        assertFalse(Files.exists(folder.resolve("all.tar.part.oci")) || Files.exists(folder.resolve("all.tar.part")));
        Program.Result third = sync(all(), "-o", "all.tar").orFail();
        assertTrue(third.stderr().contains("is already complete"), third.stderr());
    }

    @Test
    void should_keep_in_the_archive_what_fails_now_and_came_before() throws IOException {
        sync(all(), "-o", "all.tar").orFail();
        byte[] before = Files.readAllBytes(folder.resolve("all.tar"));
        byte[] locked = Files.readAllBytes(folder.resolve("all.lock.json"));
        registry.gate(authorization -> 403);
        Program.Result result = sync(all(), "-o", "all.tar");
        assertEquals(4, result.exitCode(), result.toString());
        assertTrue(result.stderr().contains(two + " stays as it is in all.tar"), result.stderr());
        assertArrayEquals(before, Files.readAllBytes(folder.resolve("all.tar")));
        assertArrayEquals(locked, Files.readAllBytes(folder.resolve("all.lock.json")));
    }

    @Test
    void should_fill_a_layout_with_all_that_can_be_had() throws IOException {
        lose(layerOfThree(1));
        assertEquals(3, sync(all(), "-o", "all/").exitCode());
        registry.behave(request -> RIGHT);
        long before = registry.sent();
        sync(all(), "-o", "all/").orFail();
        assertTrue(registry.sent() - before < 2 * LARGE + 2000, registry.sent() - before + " bytes"); // the third image alone
        Dray.script("check", "all").in(folder).run().orFail();
    }

    @Test
    void should_fill_another_registry_skip_what_is_there_and_print_settings_for_it() throws IOException {
        lose(layerOfThree(1));
        try (DebianRegistry far = DebianRegistry.start(folder.resolve("far"))) {
            Program.Result first = sync(all(), "--to", far.host() + "/mirror");
            assertEquals(3, first.exitCode(), first.toString());
            assertTrue(first.stderr().contains("sync: " + three + ": "), first.stderr());
            registry.behave(request -> RIGHT);
            long before = registry.sent();
            Program.Result second = sync(all(), "--to", far.host() + "/mirror", "--settings", "registries.conf").orFail();
            assertTrue(registry.sent() - before <= 2 * LARGE + 2000 && second.stderr().contains("3 images in " + far.host() + "/mirror, 2 of them were there already"), second.stderr());
            assertTrue(second.text().contains("location = \"" + far.host() + "/mirror\""), second.text());
            Dray.script("pull", far.image("mirror/app:3"), "-o", "three.tar").in(folder).run().orFail();
            assertEquals(0, Json.object(sync(all(), "--to", far.host() + "/mirror", "--dry-run").orFail().stdout(), "stdout").path("fetch").asLong());
        }
        assertTrue(Files.exists(folder.resolve("list.lock.json")));
    }

    @Test
    void should_cut_the_same_archive_into_volumes_and_make_one_of_them_alone() throws IOException {
        assertEquals(2, Json.object(sync(all(), "-o", "v.tar", "--volume-size", "512K", "--dry-run").orFail().stdout(), "stdout").path("volumes").asInt());
        sync(all(), "-o", "v.tar", "--volume-size", "512K").orFail();
        sync(all(), "-o", "all.tar", "--reuse", "v.tar.001").orFail();
        new Program("bash", "-c", "cat v.tar.001 v.tar.002 | cmp - all.tar").in(folder).run().orFail();
        Files.delete(folder.resolve("v.tar.002"));
        assertEquals(2, sync(all(), "-o", "v.tar", "--volume-size", "512K", "--volume", "2").exitCode());
        sync(all(), "-o", "v.tar", "--volume-size", "512K", "--volume", "2", "--locked").orFail();
        new Program("bash", "-c", "cat v.tar.001 v.tar.002 | cmp - all.tar").in(folder).run().orFail();
    }

    @Test
    void should_say_without_a_blob_what_would_be_fetched() throws IOException {
        JsonNode plan = Json.object(sync(all(), "-o", "all.tar", "--dry-run").orFail().stdout(), "stdout");
        assertEquals(0, registry.requests().size());
        assertFalse(Files.exists(folder.resolve("all.tar")) || Files.exists(folder.resolve("all.lock.json")));
        assertEquals(LARGE, plan.path("images").path(1).path("shared").asLong());
        sync(all(), "-o", "all.tar").orFail();
        assertEquals(plan.path("fetch").asLong(), registry.sent());
        assertEquals(plan.path("archive").asLong(), Files.size(folder.resolve("all.tar")));
        JsonNode later = Json.object(sync(all(), "-o", "all.tar", "--dry-run").orFail().stdout(), "stdout");
        assertEquals(0, later.path("fetch").asLong());
        assertTrue(later.path("bytesPerSecond").asLong() >= 0);
    }

    @Test
    void should_refuse_targets_that_would_destroy_what_is_needed() throws IOException {
        sync(all(), "-o", "all.tar").orFail();
        assertEquals(2, sync(all(), "-o", "all.tar", "--since", "all.lock.json").exitCode());
        assertEquals(2, sync(all(), "-o", "all.tar", "--since", "all.tar").exitCode());
        assertEquals(2, sync(all(), "-o", "-").exitCode());
        assertEquals(3, sync(all(), "-o", "new.tar", "--locked").exitCode());
    }

    @Test
    void should_ask_no_host_that_a_lock_file_names_and_the_list_does_not() throws IOException {
        sync(all(), "-o", "all.tar").orFail();
        String lock = Files.readString(folder.resolve("all.lock.json"));
        int images = lock.indexOf("\"images\"");
        String host = one.substring(0, one.indexOf('/'));
        Files.writeString(folder.resolve("forged.json"), lock.substring(0, images) + lock.substring(images).replace(host, "localhost:1"));
        Program.Result forged = sync(all(), "-o", "other.tar", "--locked", "--lock", "forged.json");
        assertEquals(2, forged.exitCode(), forged.toString());
        assertTrue(forged.stderr().contains("does not lead to localhost:1/"), forged.stderr());
    }
}
