package tests.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.support.Reply.RIGHT;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import lib.image.Digest;
import lib.text.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tests.support.Dray;
import tests.support.Program;

//SOURCES Pulling.java
//SOURCES ../support/Dray.java
//SOURCES ../support/Program.java
//SOURCES ../support/Reply.java

/** Blobs that are somewhere on this machine already are not fetched again. */
@Tag("slow")
class ReuseTest extends Pulling {

    private void assertNothingFetched() {
        assertEquals(0, registry.sent());
        registry.behave(request -> RIGHT);
    }

    private Path layout(String name) {
        Dray.script("blob", "-q", "--to", folder.resolve(name).toString())
                .stdin(Dray.run("manifest", "--platform", "linux/amd64", image).orFail().stdout()).run().orFail();
        registry.behave(request -> RIGHT);
        return folder.resolve(name);
    }

    @Test
    void should_fetch_nothing_when_the_archive_is_complete() {
        pull("a.tar").orFail();
        registry.behave(request -> RIGHT);
        pull("a.tar").orFail();
        assertNothingFetched();
        assertRight("a.tar");
    }

    @Test
    void should_ask_for_nothing_when_the_archive_of_a_name_with_a_digest_is_complete() throws IOException {
        String digest = Json.object(Dray.run("manifest", "--head", image).orFail().stdout(), "the answer").path("digest").asText();
        List<String> arguments = List.of("--platform", "linux/amd64", "-o", "a.tar", image + "@" + digest);
        Program pinned = Dray.script("pull", arguments.toArray(String[]::new)).in(folder);
        pinned.run().orFail();
        Digest complete = digest("a.tar");
        registry.gate(authorization -> 403);
        assertTrue(pinned.run().orFail().stderr().contains("a.tar is already complete"));
        assertEquals(4, Dray.run("pull", "-q", "-o", folder.resolve("b.tar").toString(), image + "@" + digest).exitCode());
        registry.gate(authorization -> 200);
        assertEquals(complete, digest("a.tar"));
        pull("c.tar", "--reuse", "a.tar").orFail();
        assertRight("c.tar");
    }

    @Test
    void should_take_blobs_from_archives_layouts_and_folders_of_them() throws IOException {
        layout("image.oci");
        pull("b.tar", "--reuse", "image.oci").orFail();
        assertNothingFetched();
        assertRight("b.tar");
        Files.createDirectory(folder.resolve("place"));
        Files.move(folder.resolve("b.tar"), folder.resolve("place/b.tar"));
        Program.run("rm", "-r", folder.resolve("image.oci").toString()).orFail();
        pull("c.tar", "--reuse", "place/b.tar").orFail();
        assertNothingFetched();
        assertRight("c.tar");
        Files.delete(folder.resolve("c.tar"));
        pull("d.tar", "--reuse", "place").orFail();
        assertNothingFetched();
        assertRight("d.tar");
    }

    @Test
    void should_look_at_earlier_archives_of_the_repository_beside_the_new_one() throws IOException {
        pull("app_0.tar").orFail();
        registry.behave(request -> RIGHT);
        pull("app_1.tar").orFail();
        assertNothingFetched();
        assertRight("app_1.tar");
    }

    @Test
    void should_take_from_the_archive_that_it_replaces_what_another_version_of_the_tag_shares() throws IOException {
        pull("mine.tar").orFail();
        registry.image("1", new long[] {1, 2, 9}, LARGE, MIDDLE, SMALL);
        registry.behave(request -> RIGHT);
        pull("mine.tar").orFail();
        assertTrue(registry.sent() < SMALL + 1_000, registry.sent() + " bytes were fetched");
        pull("fresh.tar", "--reuse", ".").orFail();
        assertEquals(digest("fresh.tar"), digest("mine.tar"));
    }

    /** The old archive ends where a layer of the new one would go on. */
    @Test
    void should_take_nothing_for_a_blob_of_another_image_out_of_the_archive_that_it_replaces() throws IOException {
        pull("mine.tar").orFail();
        registry.image("1", new long[] {7, 8, 9}, LARGE + 500_000, MIDDLE, SMALL);
        registry.behave(request -> RIGHT);
        String said = pull("mine.tar").orFail().stderr();
        assertFalse(said.contains("once more"), said);
        assertEquals(registry.requests().stream().mapToLong(request -> request.to() - request.from()).sum(), registry.sent());
        assertTrue(registry.sent() < LARGE + 500_000 + MIDDLE + SMALL + 1_000, registry.sent() + " bytes were fetched");
    }

    /** A wrong byte in the large layer, in the header before it, and in the header of the whole archive. */
    @Test
    void should_fetch_no_more_than_the_blob_that_is_damaged_in_the_archive_that_it_replaces() throws IOException {
        pull("mine.tar").orFail();
        byte[] right = Files.readAllBytes(folder.resolve("mine.tar"));
        int layer = Collections.indexOfSubList(bytes(right), bytes(layer(1, LARGE)));
        for (int place : List.of(layer + LARGE / 2, layer - 400, 3)) {
            byte[] wrong = right.clone();
            wrong[place] ^= 1;
            Files.write(folder.resolve("mine.tar"), wrong);
            registry.behave(request -> RIGHT);
            pull("mine.tar").orFail();
            assertRight("mine.tar");
            assertEquals(place > layer ? LARGE : 0, registry.sent(), "a wrong byte at " + (place - layer));
        }
    }

    @Test
    void should_fetch_what_was_cut_off_the_archive_that_it_replaces() throws IOException {
        pull("mine.tar").orFail();
        byte[] right = Files.readAllBytes(folder.resolve("mine.tar"));
        int layer = Collections.indexOfSubList(bytes(right), bytes(layer(1, LARGE)));
        for (int length : List.of(right.length - 600, layer + LARGE / 2, layer - 100, 0)) {
            Files.write(folder.resolve("mine.tar"), Arrays.copyOf(right, length));
            registry.behave(request -> RIGHT);
            pull("mine.tar").orFail();
            assertRight("mine.tar");
            assertTrue(registry.sent() <= right.length - length, registry.sent() + " bytes were fetched for " + (right.length - length));
        }
    }

    /** A disk image, say, of a terabyte: it would take an hour to look for headers in all of it. */
    @Test
    @Tag("slow")
    void should_not_look_for_headers_in_all_of_a_large_file_that_is_no_archive() throws IOException {
        try (RandomAccessFile disk = new RandomAccessFile(folder.resolve("mine.tar").toFile(), "rw")) {
            disk.setLength(1L << 40);
        }
        pull("mine.tar").orFail();
        assertRight("mine.tar");
    }

    private static List<Byte> bytes(byte[] bytes) {
        return new AbstractList<>() {
            @Override
            public Byte get(int index) {
                return bytes[index];
            }

            @Override
            public int size() {
                return bytes.length;
            }
        };
    }

    @Test
    void should_fetch_what_is_broken_there() throws IOException {
        Path layout = layout("image.oci");
        try (Stream<Path> blobs = Files.walk(layout.resolve("blobs"))) {
            Path large = blobs.filter(file -> file.toFile().length() == LARGE).findFirst().orElseThrow();
            byte[] bytes = Files.readAllBytes(large);
            bytes[LARGE / 2] ^= 1;
            Files.write(large, bytes);
        }
        pull("a.tar", "--reuse", "image.oci").orFail();
        assertRight("a.tar");
        assertTrue(registry.sent() >= LARGE && registry.sent() < LARGE + MIDDLE, registry.sent() + " bytes were fetched");
    }

    @Test
    void should_not_stumble_over_what_is_no_archive() throws IOException {
        Files.createDirectory(folder.resolve("place"));
        Files.writeString(folder.resolve("place/no.tar"), "nonsense");
        Files.write(folder.resolve("place/zero.tar"), new byte[2048]);
        Files.createDirectories(folder.resolve("place/empty.oci/blobs"));
        Files.writeString(folder.resolve("place/empty.oci/oci-layout"), "{");
        pull("a.tar", "--reuse", "place").orFail();
        assertRight("a.tar");
        assertEquals(imageSize, registry.sent());
        assertEquals(2, pull("b.tar", "--reuse", "nowhere").exitCode());
    }

    @Test
    void should_do_no_harm_when_two_pulls_take_from_the_archives_that_the_other_is_about_to_replace() throws IOException {
        pull("a.tar").orFail();
        Files.copy(folder.resolve("a.tar"), folder.resolve("b.tar"));
        registry.image("1", new long[] {9, 2, 3}, 800_000, MIDDLE, SMALL);
        List<Program.Running> both = List.of(script("a.tar", "--reuse", "b.tar").start(), script("b.tar", "--reuse", "a.tar").start());
        both.forEach(running -> running.finish().orFail());
        pull("c.tar").orFail();
        assertEquals(digest("c.tar"), digest("a.tar"));
        assertEquals(digest("c.tar"), digest("b.tar"));
    }

    @Test
    void should_do_no_harm_when_two_pulls_share_a_place() {
        layout("image.oci");
        List<Program.Running> both = Stream.of("a.tar", "b.tar").map(archive -> script(archive, "--reuse", "image.oci").start()).toList();
        both.forEach(running -> running.finish().orFail());
        assertNothingFetched();
        assertRight("a.tar");
        assertRight("b.tar");
    }
}
