package tests.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.support.Reply.RIGHT;
import static tests.support.Reply.closingAfter;
import static tests.support.Reply.closingAt;
import static tests.support.Reply.flippingAt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
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

/** {@code blob --to LAYOUT} moves blobs by the same means, a file each. */
@Tag("slow")
class LayoutTest extends Pulling {

    private Program.Result blobs(String... more) {
        byte[] manifest = Dray.run("manifest", "--platform", "linux/amd64", image).orFail().stdout();
        List<String> arguments = new ArrayList<>(List.of("-q", "--segment", "256K", "--connections", "4", "--to", "image.oci"));
        arguments.addAll(List.of(more));
        return Dray.script("blob", arguments.toArray(String[]::new)).in(folder).stdin(manifest).run();
    }

    /** The layout has the four blobs and the manifest under their digests, and nothing else. */
    private void assertRightLayout() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("image.oci/blobs/sha256"))) {
            List<Path> blobs = files.filter(Files::isRegularFile).toList();
            assertEquals(5, blobs.size(), blobs.toString());
            for (Path blob : blobs) {
                assertEquals(blob.getFileName().toString(), Digest.of(Files.readAllBytes(blob)).hex());
            }
        }
        try (Stream<Path> files = Files.list(folder.resolve("image.oci"))) {
            assertEquals(List.of("blobs", "index.json", "oci-layout"), files.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }

    /** A layout has one journal for the images that are pulled into it. */
    @Test
    void should_keep_what_had_come_of_one_image_while_another_one_is_pulled_into_the_same_layout() throws IOException {
        String large = Digest.of(layer(1, LARGE)).toString();
        String[] into = {"-q", "--platform", "linux/amd64", "--segment", "256K", "--connections", "1", "--retries", "0", "--format", "oci-dir", "-o", "image.oci"};
        registry.behave(request -> request.digest().equals(large) && request.to() > 1_500_000 ? RIGHT.upTo(1_500_000, request) : RIGHT);
        assertEquals(6, pull(into, image));
        long before = registry.sent();
        String other = registry.image("2", new long[] {7, 8}, 10_000, 20_000);
        assertEquals(0, pull(into, other));
        assertEquals(6, pull(into, other, image));
        registry.behave(request -> RIGHT);
        assertEquals(0, pull(into, other, image));
        assertTrue(before > 1_400_000 && registry.sent() < imageSize - 1_400_000, registry.sent() + " bytes after " + before);
        assertEquals(List.of("blobs", "index.json", "oci-layout"), Stream.of(folder.resolve("image.oci").toFile().list()).sorted().toList());
        Dray.script("check", "image.oci").in(folder).run().orFail();
    }

    private int pull(String[] options, String... images) {
        return Dray.script("pull", Stream.concat(Stream.of(options), Stream.of(images)).toArray(String[]::new)).in(folder).run().exitCode();
    }

    @Test
    void should_go_on_after_lost_connections_and_wrong_bytes() throws IOException {
        registry.behave(request -> request.number() == 1 ? closingAfter(100_000) : request.number() == 2 ? flippingAt(request.from()) : RIGHT);
        assertTrue(blobs().orFail().stderr().contains("once more"));
        assertRightLayout();
    }

    @Test
    void should_fetch_only_what_an_earlier_run_left() throws IOException {
        registry.behave(request -> closingAt(1_200_000, request));
        assertEquals(6, blobs("--retries", "0").exitCode());
        long before = registry.sent();
        assertTrue(before > 1_000_000);
        registry.behave(request -> RIGHT);
        blobs().orFail();
        assertRightLayout();
        assertTrue(registry.sent() <= imageSize - before + 4 * SEGMENT, registry.sent() + " bytes were sent again");
        registry.behave(request -> RIGHT);
        blobs().orFail();
        assertEquals(0, registry.sent());
    }

    @Test
    void should_not_take_more_of_a_part_file_than_the_blob_has() throws IOException {
        registry.behave(request -> closingAt(1_200_000, request));
        assertEquals(6, blobs("--retries", "0").exitCode());
        try (Stream<Path> files = Files.walk(folder.resolve("image.oci/blobs"))) {
            List<Path> parts = files.filter(file -> file.toString().endsWith(".part")).toList();
            assertTrue(!parts.isEmpty());
            for (Path part : parts) {
                try (FileChannel file = FileChannel.open(part, StandardOpenOption.WRITE)) {
                    file.write(ByteBuffer.wrap("damage".getBytes()), LARGE + 1_000);
                }
            }
        }
        registry.behave(request -> RIGHT);
        blobs().orFail();
        assertRightLayout();
    }

    @Test
    void should_leave_what_has_the_name_until_there_is_something_better() throws IOException {
        pull("a.tar").orFail();
        String large = registry.requests().stream().filter(request -> request.to() > MIDDLE).findFirst().orElseThrow().digest();
        byte[] mine = new byte[LARGE];
        Files.write(folder.resolve("mine.bin"), mine);
        String name = image.replaceFirst(":1$", "@" + large);
        registry.behave(request -> request.from() > 0 ? closingAfter(0) : closingAfter(100_000));
        assertEquals(6, Dray.script("blob", "-q", "--retries", "1", "-o", "mine.bin", name).in(folder).run().exitCode());
        assertArrayEquals(mine, Files.readAllBytes(folder.resolve("mine.bin")));
        registry.behave(request -> RIGHT);
        Dray.script("blob", "-q", "-o", "mine.bin", name).in(folder).run().orFail();
        assertEquals(large, digest("mine.bin").toString());
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of("a.tar", "mine.bin"), files.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void should_give_no_blob_its_name_that_is_wrong() throws IOException {
        registry.behave(request -> request.to() - request.from() > 100_000 ? flippingAt(request.from()) : RIGHT);
        assertEquals(5, blobs().exitCode());
        try (Stream<Path> files = Files.walk(folder.resolve("image.oci/blobs"))) {
            for (Path file : files.filter(Files::isRegularFile).filter(file -> file.getFileName().toString().length() == 64).toList()) {
                assertEquals(file.getFileName().toString(), Digest.of(Files.readAllBytes(file)).hex());
            }
        }
    }
}
