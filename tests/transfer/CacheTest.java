package tests.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.support.Reply.RIGHT;
import static tests.support.Reply.closingAt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import lib.image.Digest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tests.support.Dray;
import tests.support.Program;

//SOURCES Pulling.java
//SOURCES ../support/Dray.java
//SOURCES ../support/Program.java
//SOURCES ../support/Reply.java

/** The folder that DRAY_CACHE names: pulls take blobs from it and leave them there. */
@Tag("slow")
class CacheTest extends Pulling {

    private Program cached(Program program) {
        return program.in(folder).env("DRAY_CACHE", "cache");
    }

    private Program.Result cachedPull(String archive, String... more) {
        return cached(script(archive, more)).run();
    }

    private long sentBy(Runnable work) {
        registry.behave(request -> RIGHT);
        work.run();
        return registry.sent();
    }

    /** Every file of the cache has the digest that it is called by. */
    private Set<Path> blobs() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("cache/blobs/sha256"))) {
            Set<Path> blobs = new TreeSet<>(files.toList());
            for (Path blob : blobs) {
                assertEquals(blob.getFileName().toString(), Digest.of(Files.readAllBytes(blob)).hex());
            }
            return blobs;
        }
    }

    @Test
    void should_fetch_a_blob_once_for_all_pulls_into_whatever_form() throws IOException {
        assertEquals(imageSize, sentBy(() -> cachedPull("a.tar").orFail()));
        assertEquals(4, blobs().size());
        Files.delete(folder.resolve("a.tar"));
        assertEquals(0, sentBy(() -> cachedPull("b.tar").orFail()));
        assertRight("b.tar");
        for (String format : List.of("oci", "oci-dir")) {
            assertEquals(0, sentBy(() -> cachedPull("b." + format, "--format", format).orFail()), format);
        }
        assertEquals(0, sentBy(() -> assertEquals(digest("b.tar"), Digest.of(cachedPull("-").orFail().stdout()))));
    }

    @Test
    void should_be_filled_by_what_is_read_in_order() throws IOException {
        assertEquals(imageSize, sentBy(() -> cachedPull("-").orFail()));
        assertEquals(4, blobs().size());
        Path blob = blobs().iterator().next();
        Program one = cached(Dray.script("blob", image.replaceFirst(":1$", "@sha256:" + blob.getFileName())));
        assertEquals(0, sentBy(() -> assertEquals(blob.getFileName().toString(), Digest.of(one.run().orFail().stdout()).hex())));
        Files.delete(blob);
        one.run().orFail();
        assertEquals(4, blobs().size());
    }

    @Test
    void should_hold_what_is_right_of_a_pull_that_failed() throws IOException {
        registry.behave(request -> closingAt(2_900_000, request).at(4_000_000));
        assertEquals(6, cachedPull("a.tar", "--retries", "0").exitCode());
        assertFalse(blobs().isEmpty());
    }

    @Test
    void should_mend_what_is_damaged_in_it() throws IOException {
        cachedPull("a.tar").orFail();
        Path large = blobs().stream().filter(blob -> blob.toFile().length() == LARGE).findFirst().orElseThrow();
        byte[] right = Files.readAllBytes(large);
        for (String target : List.of("b.tar", "-")) {
            byte[] wrong = right.clone();
            wrong[LARGE / 2] ^= 1;
            Files.write(large, wrong);
            assertEquals(LARGE, sentBy(() -> cachedPull(target).orFail()));
            assertArrayEquals(right, Files.readAllBytes(large));
        }
        assertRight("b.tar");
    }

    @Test
    void should_serve_several_pulls_at_once() throws IOException {
        List<Program.Running> all = Stream.of("a.tar", "b.tar", "c.tar").map(archive -> cached(script(archive)).start()).toList();
        all.forEach(running -> running.finish().orFail());
        for (String archive : List.of("a.tar", "b.tar", "c.tar")) {
            assertRight(archive);
        }
        assertEquals(4, blobs().size());
    }

    @Test
    void should_tell_by_the_time_of_a_file_when_it_was_last_of_use() throws IOException {
        cachedPull("a.tar").orFail();
        FileTime old = FileTime.fromMillis(0);
        for (Path blob : blobs()) {
            Files.setLastModifiedTime(blob, old);
        }
        cachedPull("b.tar").orFail();
        for (Path blob : blobs()) {
            assertTrue(Files.getLastModifiedTime(blob).compareTo(old) > 0);
        }
    }

    @Test
    void should_refuse_a_folder_of_something_else_and_use_none_where_none_is_named_or_can_be_made() throws IOException {
        Files.createDirectory(folder.resolve("cache"));
        Files.writeString(folder.resolve("cache/letter"), "mine");
        assertFailed(2, "DRAY_CACHE: cache", cachedPull("a.tar"), "a.tar");
        Files.writeString(folder.resolve("file"), "mine");
        Program.Result pulled = script("b.tar").in(folder).env("DRAY_CACHE", "file/cache").run().orFail();
        assertEquals(1, pulled.stderr().lines().filter(line -> line.startsWith("warning: going on without a cache: file/cache, named by DRAY_CACHE, cannot be made or opened")).count(), pulled.stderr());
        assertRight("b.tar");
        Program without = script("a.tar");
        without.env("DRAY_CACHE", "").run().orFail();
        assertRight("a.tar");
    }
}
