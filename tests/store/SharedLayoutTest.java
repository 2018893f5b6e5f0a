package tests.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import lib.failure.WrongContentException;
import lib.file.StandInLock;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.store.ImageStore;
import lib.store.KeptBlobs;
import lib.store.Layout;
import lib.text.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tests.support.Dray;
import tests.support.LayoutWriter;
import tests.support.Program;
import tests.support.Scratch;

//SOURCES TarMaker.java
//SOURCES ../support/Dray.java
//SOURCES ../support/LayoutWriter.java
//SOURCES ../support/Program.java
//SOURCES ../support/Scratch.java

/** Layouts that several processes write to, that somebody has begun to make, or that hold something else than files. */
class SharedLayoutTest {
    private final Path folder = Scratch.folder("layouts");

    private Path layout(String name) {
        LayoutWriter writer = new LayoutWriter(folder.resolve(name));
        writer.tag(name, writer.image(LayoutWriter.linux("amd64", ""), List.of(writer.layer(new TarMaker().file("file", name).end(), "gzip"))));
        return writer.folder();
    }

    private static Set<String> names(Path layout) throws IOException {
        Set<String> names = new TreeSet<>();
        ObjectNode index = Json.object(Files.readAllBytes(layout.resolve("index.json")), "the index");
        index.path("manifests").forEach(entry -> names.add(entry.path("digest").asText()));
        return names;
    }

    @Test
    @Tag("slow")
    void should_list_every_image_when_several_processes_add_one_each_to_a_layout_that_none_of_them_found() throws IOException {
        List<Program.Running> all = new ArrayList<>();
        Set<String> added = new TreeSet<>();
        for (int i = 0; i < 6; i++) {
            added.addAll(names(layout("image" + i)));
        }
        for (int i = 0; i < 6; i++) {
            all.add(Dray.script("assemble", "-q", "--format", "oci-dir", "-o", "all.oci", "image" + i).in(folder).start());
        }
        all.forEach(running -> running.finish().orFail());
        assertEquals(added, names(folder.resolve("all.oci")));
        assertEquals(Set.of("blobs", "index.json", "oci-layout"), Set.of(folder.resolve("all.oci").toFile().list()));
    }

    @Test
    void should_list_every_image_that_several_threads_add() throws Exception {
        Layout all = Layout.openOrCreate(folder.resolve("all"));
        Set<String> added = new TreeSet<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Path one = layout("image" + i);
            added.addAll(names(one));
            threads.add(new Thread(() -> {
                try {
                    all.add(ImageStore.open(one).images().images().get(0).roots().get(0));
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(added, names(all.path()));
    }

    @Test
    void should_remove_what_killed_runs_left_and_nothing_that_somebody_writes() throws IOException {
        Path all = folder.resolve("all");
        Dray.script("assemble", "-q", "--format", "oci-dir", "-o", "all", layout("image").toString()).in(folder).run().orFail();
        List<Path> left = new ArrayList<>();
        for (String name : List.of("index.json.77-abc.part", "layer.1-0.part", "blobs/sha256/" + "0".repeat(64) + ".77-x1y2.part")) {
            left.add(Files.writeString(all.resolve(name), "half"));
        }
        Path resumed = Files.writeString(all.resolve("blobs/sha256/" + "0".repeat(64) + ".part"), "the journal says what this holds");
        Path held = Files.writeString(all.resolve("index.json.78-abc.part"), "half");
        Path beside = Files.createDirectory(all.resolve("notes.1-0.part"));
        try (FileChannel writer = FileChannel.open(held, StandardOpenOption.WRITE); FileLock lock = writer.lock(Long.MAX_VALUE - 1, 1, false)) {
            Dray.script("assemble", "-q", "--format", "oci-dir", "-o", "all", layout("other").toString()).in(folder).run().orFail();
            assertTrue(lock.isValid());
            left.forEach(file -> assertFalse(Files.exists(file), file + " is left"));
            assertTrue(Files.exists(resumed) && Files.exists(held) && Files.exists(beside));
        }
        Layout.openOrCreate(all);
        assertFalse(Files.exists(held));
        assertEquals(2, names(all).size());
    }

    @Test
    void should_not_take_for_left_over_what_this_process_writes_itself() throws IOException {
        Layout all = Layout.openOrCreate(folder.resolve("all"));
        Digest digest = Digest.of("whole".getBytes());
        all.store(digest, "whole".getBytes());
        Descriptor blob = new Descriptor("", digest, 5, null, null);
        Layout other = Layout.openOrCreate(folder.resolve("other"));
        try (InputStream reading = new KeptBlobs(other, all::blob).open(blob)) {
            assertEquals('w', reading.read());
            Layout.openOrCreate(other.path());
            reading.readAllBytes();
        }
        assertTrue(other.has(blob));
        assertEquals(1, other.path().resolve("blobs/sha256").toFile().list().length);
    }

    @Test
    void should_go_on_with_a_layout_that_was_being_made_when_the_process_was_killed() throws IOException {
        Path half = folder.resolve("half");
        Files.createDirectories(half.resolve("blobs/sha256"));
        Files.createFile(half.resolve("index.json.lock"));
        Files.createFile(half.resolve("oci-layout.77-abc.part"));
        Layout.openOrCreate(half);
        assertEquals(Set.of(), names(half));
        Path torn = folder.resolve("torn");
        Files.createDirectories(torn.resolve("blobs"));
        Files.createFile(torn.resolve("oci-layout"));
        Layout.openOrCreate(torn);
        assertTrue(Files.readString(torn.resolve("oci-layout")).contains("imageLayoutVersion"));
        Path other = folder.resolve("other");
        Files.createDirectories(other.resolve("blobs/of mine"));
        assertThrows(IllegalArgumentException.class, () -> Layout.openOrCreate(other));
    }

    @Test
    void should_refuse_a_pipe_or_a_device_in_the_place_of_a_file_instead_of_waiting_for_it() throws IOException {
        Path layout = layout("image");
        Digest digest = Digest.of(Files.readAllBytes(blobs(layout).get(0)));
        Path blob = layout.resolve("blobs/sha256/" + digest.hex());
        long size = Files.size(blob);
        ImageStore store = ImageStore.open(layout);
        for (Path file : List.of(blob, layout.resolve("index.json"))) {
            Files.delete(file);
            Program.run("mkfifo", file.toString()).orFail();
            String name = layout.relativize(file).toString();
            assertTimeoutPreemptively(Duration.ofSeconds(60), () -> assertThrows(WrongContentException.class, () -> store.file(name)));
            assertFalse(store.has(name, size) || store.has(name, 0));
            Files.delete(file);
            Files.createSymbolicLink(file, Path.of("/dev/zero"));
            assertThrows(WrongContentException.class, () -> store.file(name));
        }
    }

    /** As skopeo's {@code --shared-blob-dir} has it. */
    @Test
    void should_take_blobs_that_are_links_to_a_store_outside() throws IOException {
        Path layout = layout("image");
        Path store = Files.createDirectory(folder.resolve("store"));
        for (Path blob : blobs(layout)) {
            Files.createSymbolicLink(blob, Files.move(blob, store.resolve(blob.getFileName())));
        }
        assertEquals(1, ImageStore.open(layout).images().images().size());
    }

    private static List<Path> blobs(Path layout) throws IOException {
        try (var files = Files.list(layout.resolve("blobs/sha256"))) {
            return files.toList();
        }
    }

    @Test
    void should_have_a_lock_where_a_file_system_has_none_that_does_not_outlive_a_killed_process_for_long() throws IOException {
        Path file = folder.resolve("file");
        try (StandInLock first = new StandInLock(file); StandInLock second = new StandInLock(file)) {
            assertTrue(first.isTaken());
            assertFalse(second.isTaken());
            first.close();
            assertTrue(second.isTaken());
            Files.setLastModifiedTime(folder.resolve("file.held"), FileTime.fromMillis(0));
            assertFalse(first.isTaken());
            assertTrue(first.isTaken());
        }
        assertFalse(Files.exists(folder.resolve("file.held")));
    }
}
