package tests.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import lib.image.Digest;
import lib.text.Json;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.DebianRegistry;
import tests.support.Dray;
import tests.support.Program;
import tests.support.RealImages;
import tests.support.Tools;

//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/Program.java
//SOURCES ../support/RealImages.java
//SOURCES ../support/Tools.java

/** Where {@code -o} and {@code --to} lead, for all scripts that have them, and what is left if that goes wrong. */
@Tag("slow")
class TargetsTest {
    private static final DebianRegistry REGISTRY = RealImages.registry();

    @TempDir
    static Path shared;

    /** What {@code blob --to} made of the large image, and its JSON. */
    private static Path layout;
    private static byte[] fetched;
    private static byte[] chosen;
    private static String largeBlob;

    @TempDir
    Path folder;

    @BeforeAll
    static void fetch() throws IOException {
        layout = shared.resolve("real.oci");
        chosen = Dray.run("manifest", "--platform", "linux/amd64", REGISTRY.image(RealImages.REAL)).orFail().stdout();
        fetched = Dray.script("blob", "-q", "--to", layout.toString()).stdin(chosen).run().orFail().stdout();
        largeBlob = "test/real@" + Json.object(chosen, "the manifest").path("layers").path(6).path("digest").asText();
    }

    /** The scripts that have {@code -o}, told to write there; extract does it as a tar of the files. */
    private List<Program> writersTo(String output) {
        return Stream.of(
                Dray.script("pull", "-q", "--platform", "linux/amd64", "-o", output, REGISTRY.image(RealImages.REAL)),
                Dray.script("blob", "-q", "-o", output, REGISTRY.image(largeBlob)),
                Dray.script("assemble", "-q", "-o", output).stdin(fetched),
                Dray.script("extract", "-q", "-o", output).stdin(fetched)).map(program -> program.in(folder)).toList();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(file -> folder.relativize(file).toString()).sorted().toList();
        }
    }

    private void refused(int code, String words, Program program) {
        Program.Result result = program.run();
        assertEquals(code, result.exitCode(), result.toString());
        List<String> sentences = result.stderr().lines().filter(line -> !line.contains("are free where")).toList();
        assertEquals(1, sentences.size(), result.stderr());
        assertTrue(sentences.get(0).contains(words) && !result.stderr().contains("Exception"), result.stderr());
    }

    @Test
    void should_refuse_what_cannot_be_a_file_and_leave_everything_as_it_is() throws IOException {
        Files.createDirectory(folder.resolve("empty"));
        Files.writeString(folder.resolve("file"), "mine");
        List<String> before = names();
        for (Program writer : writersTo("empty")) {
            refused(2, "is a folder", writer);
        }
        for (Program writer : writersTo("")) {
            refused(2, "-o", writer);
        }
        for (Program writer : writersTo("no/folder/x")) {
            refused(3, "no/folder does not exist", writer);
        }
        for (Program writer : writersTo("file/x")) {
            refused(1, "file is not a folder", writer);
        }
        assertEquals(before, names());
    }

    @Test
    void should_name_the_folder_where_it_is_there_and_nothing_can_be_made_in_it() {
        assumeTrue(Files.isDirectory(Path.of("/proc/self")), "only Linux has such a folder");
        for (Program writer : writersTo("/proc/x.tar")) {
            refused(1, "/proc: nothing can be made in this folder", writer);
        }
        refused(1, "/proc: nothing can be made in this folder", Dray.script("extract", "-q", "-C", "/proc/x").stdin(fetched));
        refused(1, "/proc: nothing can be made in this folder", Dray.script("serve", "--writable", "--port", "0", "/proc/x").limit(30));
    }

    @Test
    void should_write_in_order_to_what_is_no_file() throws IOException {
        Program.run("mkfifo", folder.resolve("pipe").toString()).orFail();
        List<Digest> come = new ArrayList<>();
        for (Program writer : writersTo("pipe")) {
            try (Program.Running reading = new Program("cat", "pipe").in(folder).start()) {
                writer.run().orFail();
                come.add(Digest.of(reading.finish().orFail().stdout()));
            }
        }
        assertEquals(come.get(0), come.get(2), "by pull and by assemble");
        assertTrue(largeBlob.endsWith(come.get(1).toString()));
        assertEquals(List.of("", "pipe"), names());
    }

    @Test
    void should_say_that_a_device_is_full_and_leave_it_there() throws IOException {
        Files.createSymbolicLink(folder.resolve("full"), Path.of("/dev/full"));
        for (Program writer : writersTo("full")) {
            refused(1, "disk is full", writer);
        }
        assertEquals(Path.of("/dev/full"), Files.readSymbolicLink(folder.resolve("full")));
        Files.delete(folder.resolve("full"));
    }

    @Test
    void should_write_the_file_behind_a_link() throws IOException {
        Files.writeString(folder.resolve("file"), "old");
        Files.createSymbolicLink(folder.resolve("link"), Path.of("file"));
        for (Program writer : writersTo("link")) {
            Files.writeString(folder.resolve("file"), "old");
            writer.run().orFail();
            assertTrue(Files.size(folder.resolve("file")) > 1_000_000);
        }
        assertEquals(List.of("", "file", "link"), names());
        assertTrue(Files.isSymbolicLink(folder.resolve("link")));
    }

    @Test
    void should_give_nothing_its_name_on_a_full_disk() throws IOException {
        Tools.assumeRoot();
        Path small = Files.createDirectory(folder.resolve("small"));
        Program.run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", small.toString()).orFail();
        try {
            List<Program> writers = new ArrayList<>(writersTo("small/x.tar"));
            writers.add(Dray.script("blob", "-q", "--to", "small/x.oci").stdin(chosen).in(folder));
            writers.add(Dray.script("extract", "-q", "-C", "small/rootfs", layout.toString()).in(folder));
            String fetched = "; what was fetched into a file is not fetched again";
            Iterator<String> again = List.of(fetched, fetched, "", "; -C needs an empty folder again", fetched, "; -C needs an empty folder again").iterator();
            for (Program writer : writers) {
                refused(1, ": the disk is full: make room and run the same command again" + again.next(), writer);
                assertFalse(Files.exists(small.resolve("x.tar")), "the file has its name");
                assertFalse(Files.exists(small.resolve("x.oci/blobs/sha256/" + largeBlob.replaceFirst(".*:", ""))), "the blob has its name");
                new Program("bash", "-c", "rm -rf small/*").in(folder).run().orFail();
            }
        } finally {
            Program.run("umount", small.toString());
        }
    }

    /** Such a tar is of the files, so that layers of a registry are kept until all of them are there. */
    @Test
    void should_keep_temporary_files_where_it_is_told_to_and_name_the_place_when_that_is_full() throws IOException {
        Tools.assumeRoot();
        Path small = Files.createDirectory(folder.resolve("small"));
        Program.run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", small.toString()).orFail();
        try {
            String image = REGISTRY.image(RealImages.REAL);
            for (Program reader : List.of(
                    Dray.script("extract", "-q", "-o", "x.tar", "--platform", "linux/amd64", image), Dray.script("extract", "-q", "-o", "-", "--platform", "linux/amd64", image))) {
                refused(1, "; temporary files go into the folder that TMPDIR names", reader.in(folder).env("TMPDIR", small.toString()));
                assertEquals(List.of("", "small"), names());
                reader.env("TMPDIR", folder.toString()).run().orFail();
                Files.deleteIfExists(folder.resolve("x.tar"));
                assertEquals(List.of("", "small"), names());
            }
        } finally {
            Program.run("umount", small.toString());
        }
    }

    @Test
    void should_remove_what_a_run_before_left_when_it_was_killed() throws IOException {
        for (String script : List.of("assemble", "extract")) {
            Files.createFile(folder.resolve("x.tar.12-3ab.part"));
            Dray.script(script, "-q", "-o", "x.tar", layout.toString()).in(folder).run().orFail();
            assertEquals(List.of("", "x.tar"), names());
            Files.delete(folder.resolve("x.tar"));
        }
    }

    @Test
    void should_leave_nothing_half_written_when_it_is_ended() throws IOException {
        for (String script : List.of("assemble", "extract")) {
            try (Program.Running running = Dray.script(script, "-q", "-o", "x.tar", layout.toString()).in(folder).start()) {
                while (names().size() == 1 && running.process().isAlive()) {
                    Program.pause(1);
                }
                running.process().destroy();
                running.finish();
                assertTrue(Set.of(List.of(""), List.of("", "x.tar")).contains(names()), names().toString());
                Files.deleteIfExists(folder.resolve("x.tar"));
            }
        }
    }

    @Test
    void should_refuse_to_make_a_layout_where_something_else_is() throws IOException {
        Files.writeString(folder.resolve("file"), "mine");
        Files.createDirectory(folder.resolve("mine"));
        Files.writeString(folder.resolve("mine/file"), "mine");
        for (String place : List.of("file", "mine")) {
            refused(2, "not an OCI layout", Dray.script("blob", "-q", "--to", place).stdin(chosen).in(folder));
        }
        refused(1, "file", Dray.script("blob", "-q", "--to", "file/below").stdin(chosen).in(folder));
        assertEquals(List.of("", "file", "mine", "mine/file"), names());
        assertEquals("mine", Files.readString(folder.resolve("file")));
    }
}
