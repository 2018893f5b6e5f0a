package tests.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.support.Reply.RIGHT;
import static tests.support.Reply.flippingAt;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import lib.image.Digest;
import lib.text.Json;
import lib.verb.check.StoreCheck;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tests.support.Dray;
import tests.support.Program;

//SOURCES Pulling.java
//SOURCES ../support/Dray.java
//SOURCES ../support/Program.java
//SOURCES ../support/Reply.java

/** An archive in volumes: some blobs span several of them, and every command reads them as one archive. */
@Tag("slow")
class VolumesTest extends Pulling {
    private static final int VOLUME = 1 << 20;
    private static final int COUNT = 4;
    private static final int CONNECTIONS = 4;

    private Path volume(int number) {
        return folder.resolve(String.format("a.tar.%03d", number));
    }

    private ObjectNode statement(int number) throws IOException {
        Path file = volume(number).resolveSibling(volume(number).getFileName() + ".json");
        return Json.exact(Files.readAllBytes(file), file.toString());
    }

    private byte[] joined() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int number = 1; number <= COUNT; number++) {
            Files.copy(volume(number), all);
        }
        return all.toByteArray();
    }

    private void assertRight() throws IOException {
        Files.write(folder.resolve("joined.tar"), joined());
        assertRight("joined.tar");
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(), files.filter(file -> file.toString().contains(".part")).toList());
        }
    }

    private void pullVolumes(String... more) {
        pull("a.tar", Stream.concat(Stream.of("--volume-size", "1M"), Stream.of(more)).toArray(String[]::new)).orFail();
    }

    private Program.Result run(String script, String... arguments) {
        return Dray.script(script, arguments).in(folder).run();
    }

    /** Returns which blobs are at a place, all of them read. */
    private String blobs(String place) throws IOException {
        return StoreCheck.of(folder.resolve(place)).receipt().path("blobs").toString();
    }

    private void damage(int number) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(volume(number).toFile(), "rw")) {
            file.seek(VOLUME / 2);
            int was = file.read();
            file.seek(VOLUME / 2);
            file.write(was ^ 1);
        }
    }

    @Test
    void should_write_volumes_that_are_the_archive_one_after_the_other() throws IOException {
        pullVolumes();
        assertRight();
        Program.run("bash", "-c", "cd " + folder + " && sha256sum -c a.tar.sha256").orFail();
        for (int number = 1; number <= COUNT; number++) {
            assertEquals(number, statement(number).path("number").asInt());
            assertEquals(COUNT, statement(number).path("count").asInt());
            assertEquals(Digest.of(Files.readAllBytes(volume(number))).toString(), statement(number).path("digest").asText());
            assertEquals(statement(1).path("plan"), statement(number).path("plan"));
        }
        byte[] first = Files.readAllBytes(folder.resolve("a.tar.001.json"));
        registry.behave(request -> RIGHT);
        pullVolumes();
        assertEquals(0, registry.sent());
        run("assemble", "-q", "--volume-size", "1M", "-o", "a.tar", "joined.tar").orFail();
        assertRight();
        assertArrayEquals(first, Files.readAllBytes(folder.resolve("a.tar.001.json")));
    }

    @Test
    void should_be_read_by_the_name_of_any_volume_or_of_their_folder() throws IOException {
        pullVolumes();
        pull("whole.tar").orFail();
        Files.createDirectory(folder.resolve("medium"));
        for (int number = 1; number <= COUNT; number++) {
            Files.move(volume(number), folder.resolve("medium").resolve(volume(number).getFileName()));
            Files.move(folder.resolve(volume(number).getFileName() + ".json"), folder.resolve("medium").resolve(volume(number).getFileName() + ".json"));
        }
        String receipt = blobs("whole.tar");
        for (String place : List.of("medium/a.tar.001", "medium/a.tar.003", "medium")) {
            assertEquals(receipt, blobs(place));
        }
        registry.behave(request -> RIGHT);
        pull("again.tar", "--reuse", "medium").orFail();
        assertEquals(0, registry.sent());
        assertRight("again.tar");
    }

    @Test
    void should_name_the_volume_that_is_damaged_or_missing() throws IOException {
        pullVolumes();
        damage(2);
        Program.Result assemble = run("assemble", "-o", "joined.tar", "a.tar.001");
        assertEquals(5, assemble.exitCode(), assemble.toString());
        assertTrue(assemble.stderr().contains("volume 2 of 4 (a.tar.002) is damaged"), assemble.stderr());
        Files.delete(volume(3));
        Program.Result inspect = run("inspect", "a.tar.001");
        assertEquals(3, inspect.exitCode());
        assertTrue(inspect.stderr().contains("volume 3 of 4 (a.tar.003) is missing"), inspect.stderr());
        Program.Result check = run("check", "a.tar.001");
        assertEquals(5, check.exitCode());
        assertTrue(check.stderr().contains("volume 2 of 4 (a.tar.002) is damaged") && check.stderr().contains("volume 3 of 4 (a.tar.003) is missing"), check.stderr());
    }

    @Test
    void should_refuse_what_cannot_be_cut() {
        for (List<String> more : List.of(List.of("-o", "-"), List.of("--format", "rootfs"), List.of("--format", "oci-dir"))) {
            Program.Result result = pull("a.tar", Stream.concat(Stream.of("--volume-size", "1M"), more.stream()).toArray(String[]::new));
            assertEquals(2, result.exitCode(), result.toString());
        }
        assertEquals(2, pull("a.tar", "--volume-size", "1K").exitCode());
        assertEquals(2, pull("a.tar", "--volume", "1").exitCode());
        assertFalse(Files.exists(volume(1)));
    }

    @Test
    void should_go_on_after_being_killed_with_volumes_that_are_complete_already() throws IOException {
        pullVolumes();
        Files.delete(volume(3));
        Files.delete(folder.resolve("a.tar.003.json"));
        registry.behave(request -> RIGHT.at(500_000));
        try (Program.Running running = script("a.tar", "--volume-size", "1M").start()) {
            for (int look = 0; look < 3_000 && registry.sent() < 2 * SEGMENT; look++) {
                Program.pause(5);
            }
            running.process().destroyForcibly();
            running.finish();
        }
        long before = registry.sent();
        registry.behave(request -> RIGHT);
        pullVolumes();
        assertRight();
        assertTrue(before + registry.sent() <= VOLUME + 2L * CONNECTIONS * SEGMENT, before + " and " + registry.sent() + " bytes were sent for one volume");
    }

    @Test
    void should_make_each_volume_alone_and_fetch_only_what_is_in_it() throws IOException {
        pull("joined.tar").orFail();
        long all = 0;
        for (int number : List.of(3, 1, 4, 2)) {
            registry.behave(request -> RIGHT);
            Path medium = Files.createDirectory(folder.resolve("medium" + number));
            Program.Result made = Dray.script("pull", "--platform", "linux/amd64", "--volume-size", "1M", "--volume", "" + number, "-o", medium.resolve("a.tar").toString(), image).run().orFail();
            assertTrue(made.stderr().contains("can only be verified with the other volumes"), made.stderr());
            assertTrue(registry.sent() <= VOLUME, registry.sent() + " bytes were sent for a volume");
            all += registry.sent();
            assertEquals(3, run("check", medium.toString()).exitCode());
            Files.move(medium.resolve(volume(number).getFileName()), volume(number));
            Files.move(medium.resolve(volume(number).getFileName() + ".json"), folder.resolve(volume(number).getFileName() + ".json"));
        }
        assertRight();
        assertEquals(imageSize, all);
    }

    @Test
    void should_make_a_damaged_volume_anew_and_verify_blobs_with_the_volumes_beside_it() throws IOException {
        pullVolumes();
        damage(2);
        registry.behave(request -> flippingAt(request.from() + 1));
        assertFailed(5, "is damaged", pull("a.tar", "--volume-size", "1M", "--volume", "2"), "a.tar");
        registry.behave(request -> RIGHT);
        pullVolumes("--volume", "2");
        assertTrue(registry.sent() <= VOLUME, registry.sent() + " bytes were sent for a volume");
        assertRight();
    }

    @Test
    void should_refuse_a_volume_of_another_archive_beside_others() throws IOException {
        pullVolumes();
        byte[] first = Files.readAllBytes(volume(1));
        assertFailed(5, "in volumes of 2097152 bytes", pull("a.tar", "--volume-size", "2M", "--volume", "2"), "a.tar");
        pullVolumes();
        assertArrayEquals(first, Files.readAllBytes(volume(1)));
        pull("a.tar", "--volume-size", "2M").orFail();
        assertFalse(Files.exists(volume(3)));
    }

    @Test
    void should_make_a_volume_of_a_tag_by_the_digest_under_the_name_of_the_tag() throws IOException {
        pullVolumes();
        byte[] second = Files.readAllBytes(volume(2));
        String digest = statement(1).path("images").path(0).asText();
        Files.delete(volume(2));
        Files.delete(folder.resolve("a.tar.002.json"));
        List<String> again = List.of("--platform", "linux/amd64", "--volume-size", "1M", "--volume", "2", "-o", "a.tar", digest);
        Program.Result other = run("pull", again.toArray(String[]::new));
        assertFailed(5, "stored under another name, or in another form", other, "a.tar");
        run("pull", Stream.concat(again.stream(), Stream.of("-t", image)).toArray(String[]::new)).orFail();
        assertArrayEquals(second, Files.readAllBytes(volume(2)));
    }
}
