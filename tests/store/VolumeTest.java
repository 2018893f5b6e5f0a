package tests.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import lib.failure.NotFoundException;
import lib.failure.WrongContentException;
import lib.image.Digest;
import lib.store.volume.MadeVolumes;
import lib.store.volume.PartFiles;
import lib.store.volume.VolumeChoice;
import lib.store.volume.VolumeSet;
import lib.store.volume.Volumes;
import lib.text.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How archives are cut, and how volumes are read as one file, whatever is in them. */
class VolumeTest {
    private static final int SIZE = 2_500;
    private static final int VOLUME = 1_000;
    private static final byte[] CONTENT = new byte[SIZE];

    static {
        new Random(1).nextBytes(CONTENT);
    }

    @TempDir
    Path folder;

    private Path archive() {
        return folder.resolve("a.tar");
    }

    /** Writes volumes as a pull does: each byte to its place in the parts, in any order. */
    private void make() throws IOException {
        PartFiles parts = PartFiles.of(archive(), new VolumeChoice(VOLUME, new TreeSet<>()));
        try (FileChannel file = parts.open(StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (int from : List.of(1_700, 0, 900)) {
                ByteBuffer bytes = ByteBuffer.wrap(CONTENT, from, from == 1_700 ? 800 : from == 0 ? 900 : 800);
                for (long at = from; bytes.hasRemaining(); ) {
                    at += file.write(bytes, at);
                }
            }
        }
        assertTrue(new MadeVolumes(Volumes.of(archive(), SIZE, VOLUME), 0, Digest.of(CONTENT), List.of("a:1")).finish(parts, true));
        assertFalse(parts.exist());
    }

    private void restate(int number, String key, String value) throws IOException {
        Path file = folder.resolve("a.tar.00" + number + ".json");
        ObjectNode json = Json.exact(Files.readAllBytes(file), "the statement");
        Files.write(file, Json.bytes(json.set(key, Json.object(("{\"a\":" + value + "}").getBytes(), "the value").get("a"))));
    }

    @Test
    void should_read_volumes_as_one_file_at_any_place() throws IOException {
        make();
        try (FileChannel all = VolumeSet.at(archive()).open()) {
            assertArrayEquals(CONTENT, Channels.newInputStream(all).readAllBytes());
            assertEquals(-1, all.read(ByteBuffer.allocate(1)));
            ByteBuffer some = ByteBuffer.allocate(1_200);
            for (int at = 950; some.hasRemaining(); ) {
                at += all.read(some, at);
            }
            assertEquals(ByteBuffer.wrap(CONTENT, 950, 1_200).slice(), some.flip());
        }
    }

    @Test
    void should_find_volumes_by_the_names_of_files_and_folders() throws IOException {
        make();
        for (String name : List.of("a.tar", "a.tar.001", "a.tar.003", "a.tar.002.json", "a.tar.007", ".")) {
            assertEquals(3, VolumeSet.at(folder.resolve(name).normalize()).volumes().count(), name);
        }
        for (String name : List.of("b.tar", "b.tar.001", "a.tar.sha256", "a.tar.01", "a")) {
            assertNull(VolumeSet.at(folder.resolve(name)), name);
        }
        Files.writeString(folder.resolve("b.001"), "a file of its own");
        assertNull(VolumeSet.at(folder.resolve("b.001")));
        Files.copy(folder.resolve("a.tar.001.json"), folder.resolve("c.tar.001.json"));
        assertThrows(IllegalArgumentException.class, () -> VolumeSet.at(folder));
    }

    @Test
    void should_read_volumes_without_statements_as_split_makes_them() throws IOException {
        make();
        for (int number = 1; number <= 3; number++) {
            Files.delete(folder.resolve("a.tar.00" + number + ".json"));
        }
        VolumeSet volumes = VolumeSet.at(archive());
        volumes.checkComplete();
        assertArrayEquals(CONTENT, Channels.newInputStream(volumes.open()).readAllBytes());
        assertNull(volumes.wrong(1));
    }

    @Test
    void should_name_volumes_that_are_missing_short_or_changed() throws IOException {
        make();
        Files.write(folder.resolve("a.tar.002"), new byte[VOLUME]);
        assertTrue(VolumeSet.at(archive()).wrong(2).contains("volume 2 of 3"));
        assertNull(VolumeSet.at(archive()).wrong(1));
        assertTrue(VolumeSet.at(archive()).blame(new WrongContentException("it is wrong"), 900, 1_100).getMessage().startsWith("it is wrong; volume 2 of 3"));
        assertEquals("it is wrong", VolumeSet.at(archive()).blame(new WrongContentException("it is wrong"), 2_000, 2_500).getMessage());
        Files.write(folder.resolve("a.tar.003"), new byte[10]);
        assertThrows(WrongContentException.class, () -> VolumeSet.at(archive()).checkComplete());
        Files.delete(folder.resolve("a.tar.003"));
        assertThrows(NotFoundException.class, () -> VolumeSet.at(archive()).checkComplete());
    }

    @Test
    void should_take_back_what_is_right_and_only_that() throws IOException {
        make();
        Files.write(folder.resolve("a.tar.001"), new byte[VOLUME]);
        Files.delete(folder.resolve("a.tar.003")); // killed when it had its statement, but not its name
        Files.write(folder.resolve("a.tar.003.part"), Arrays.copyOfRange(CONTENT, 2 * VOLUME, SIZE));
        PartFiles parts = PartFiles.of(archive(), new VolumeChoice(VOLUME, new TreeSet<>()));
        MadeVolumes volumes = new MadeVolumes(Volumes.of(archive(), SIZE, VOLUME), 0, Digest.of(CONTENT), List.of("a:1"));
        assertFalse(volumes.areComplete());
        assertEquals(Map.of(1_000L, 2_000L), volumes.takeBack(parts));
        assertFalse(Files.exists(folder.resolve("a.tar.002")));
        Files.write(folder.resolve("a.tar.001.part"), Arrays.copyOf(CONTENT, VOLUME));
        volumes.finish(parts, true);
        assertTrue(volumes.areComplete());
        assertArrayEquals(CONTENT, Channels.newInputStream(volumes.open()).readAllBytes());
    }

    @Test
    void should_refuse_statements_that_contradict_each_other_or_themselves() throws IOException {
        for (Map.Entry<String, String> change : Map.of("plan", "\"" + Digest.of(new byte[1]) + "\"", "number", "1", "count", "9", "volumeSize", "0", "size", "-1", "digest", "\"x\"").entrySet()) {
            make();
            restate(2, change.getKey(), change.getValue());
            assertThrows(WrongContentException.class, () -> VolumeSet.at(archive()), change.toString());
        }
        make();
        Files.writeString(folder.resolve("a.tar.002.json"), "[]");
        assertThrows(WrongContentException.class, () -> VolumeSet.at(archive()));
    }

    @Test
    void should_understand_sizes_and_media() {
        assertEquals(4L << 30, Volumes.size("size", "4G"));
        assertEquals((4L << 30) - 1, Volumes.size("size", "fat32"));
        for (String medium : List.of("cd", "dvd", "dvd-dl", "bd25")) {
            assertTrue(Volumes.size("size", medium) >= 700L << 20, medium);
        }
        for (String wrong : List.of("", "0", "floppy", "-1", "4X", "FAT")) {
            assertThrows(IllegalArgumentException.class, () -> Volumes.size("size", wrong), wrong);
        }
        assertEquals(999, Volumes.of(archive(), 999, 1).count());
        assertThrows(IllegalArgumentException.class, () -> Volumes.of(archive(), 1_000, 1));
    }
}
