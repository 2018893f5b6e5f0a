package tests.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import lib.store.format.Recompression.Form;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.DebianRegistry;
import tests.support.DockerEngine;
import tests.support.Dray;
import tests.support.PodmanStore;
import tests.support.Program;
import tests.support.RealImages;
import tests.support.Tools;

//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/DockerEngine.java
//SOURCES ../support/Dray.java
//SOURCES ../support/PodmanStore.java
//SOURCES ../support/Program.java
//SOURCES ../support/RealImages.java
//SOURCES ../support/Tools.java

/** Archives that are compressed as a whole, by the ending of their name. */
class CompressedTest {
    private final DebianRegistry registry = RealImages.registry();
    private final String small = registry.image(RealImages.SMALL);

    @TempDir
    Path folder;

    private Program.Result dray(String name, String... arguments) {
        return Dray.script(name, arguments).in(folder).run();
    }

    private Program.Result pull(String... arguments) {
        return dray("pull", Stream.concat(Stream.of("--platform", "linux/amd64"), Stream.of(arguments)).toArray(String[]::new));
    }

    private byte[] unpacked(String name) {
        String program = name.endsWith("zst") ? "zstd" : "gzip";
        Tools.assumeInstalled(program);
        return new Program(program, "-dc", folder.resolve(name).toString()).run().orFail().stdout();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void should_tell_by_the_name_how_an_archive_is_compressed() {
        assertEquals(List.of(Form.GZIP, Form.GZIP, Form.ZSTD, Form.NONE, Form.NONE),
                Stream.of("a.tar.gz", "b/a.TGZ", "a.b.tar.zst", "a.tar", "a.gz").map(Path::of).map(Form::ofFile).toList());
        for (String name : List.of("a.tar.xz", "a.tar.bz2", "a.txz", "a.tbz2", "a.tar.lz4")) {
            assertThrows(IllegalArgumentException.class, () -> Form.ofFile(Path.of(name)), name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"small.tar.zst", "small.tgz"})
    void should_pull_a_compressed_archive_to_the_same_bytes_each_time(String name) throws IOException {
        pull(small, "-q", "-o", "plain.tar").orFail();
        byte[] plain = Files.readAllBytes(folder.resolve("plain.tar"));
        pull(small, "-o", name).orFail();
        byte[] compressed = Files.readAllBytes(folder.resolve(name));
        assertArrayEquals(plain, unpacked(name));
        assertTrue(pull(small, "-o", name).orFail().stderr().contains(name + " is already complete"));
        dray("assemble", "-q", "plain.tar", "-o", "assembled-" + name).orFail();
        assertArrayEquals(compressed, Files.readAllBytes(folder.resolve("assembled-" + name)));
        assertEquals(Stream.of("assembled-" + name, "plain.tar", name).sorted().toList(), names()); // nothing is left beside it
        Files.write(folder.resolve(name), List.of("damaged"));
        pull(small, "-q", "-o", name).orFail();
        assertArrayEquals(compressed, Files.readAllBytes(folder.resolve(name)));
    }

    @Test
    void should_go_on_where_a_run_stopped_before_it_had_compressed_the_archive() throws IOException {
        pull(small, "-q", "-o", "small.tar.zst.uncompressed").orFail();
        assertTrue(pull(small, "-o", "small.tar.zst").orFail().stderr().contains(" (0 B fetched)"));
        assertEquals(List.of("small.tar.zst"), names());
    }

    @Test
    void should_extract_into_a_compressed_tar() throws IOException {
        pull(small, "-q", "-o", "plain.tar").orFail();
        dray("extract", "plain.tar", "-o", "files.tar").orFail();
        dray("extract", "plain.tar", "-o", "files.tar.gz").orFail();
        assertArrayEquals(Files.readAllBytes(folder.resolve("files.tar")), unpacked("files.tar.gz"));
    }

    @Test
    @Tag("slow")
    void should_say_where_a_large_archive_is_unpacked_and_remove_it_when_interrupted() throws Exception {
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        try (OutputStream zeros = Form.ZSTD.on(Files.newOutputStream(folder.resolve("zeros.tar.zst")))) {
            for (int i = 0; i < 900; i++) {
                zeros.write(new byte[1 << 20]);
            }
        }
        Program.Running running = Dray.script("ls", "zeros.tar.zst").in(folder).env("TMPDIR", temporary.toString()).start();
        while (running.process().isAlive() && !running.stderr().contains("is compressed as a whole")) {
            Program.pause(20);
        }
        assertTrue(running.stderr().contains("zeros.tar.zst (" ) && running.stderr().contains("is unpacked into " + temporary), running.stderr());
        running.process().destroy();
        running.process().waitFor();
        try (Stream<Path> left = Files.list(temporary)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void should_refuse_what_is_only_read_before_anything_is_asked_for() {
        for (Program.Result result : List.of(pull("127.0.0.1:1/a", "-o", "a.tar.xz"), dray("extract", "127.0.0.1:1/a", "-o", "a.tar.bz2"))) {
            assertEquals(2, result.exitCode(), result.toString());
            assertTrue(result.stderr().contains(".tar.gz or .tar.zst"), result.stderr());
        }
        assertFalse(Files.exists(folder.resolve("a.tar.xz")));
    }

    @Test
    @Tag("slow")
    void should_have_compressed_archives_loaded_by_engines() {
        for (String name : List.of("small.tar.zst", "small.tar.gz")) {
            pull(small, "-q", "-t", "compressed.example/" + name + ":1", "-o", name).orFail();
            PodmanStore podman = new PodmanStore();
            podman.load(folder.resolve(name)).orFail();
            assertEquals(0, podman.run("image", "exists", "compressed.example/" + name + ":1").exitCode());
            DockerEngine engine = DockerEngine.shared();
            boolean knowsZstd = Integer.parseInt(engine.run("version", "--format", "{{.Server.Version}}").orFail().text().replaceFirst("\\..*", "").strip()) >= 23;
            if (knowsZstd || !name.endsWith("zst")) {
                engine.load(folder.resolve(name)).orFail();
                engine.run("image", "inspect", "compressed.example/" + name + ":1").orFail();
            }
        }
    }
}
