package tests.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.DebianRegistry;
import tests.support.Dray;
import tests.support.LayoutWriter;
import tests.support.Program;
import tests.support.Scratch;
import tests.support.Tools;

//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/LayoutWriter.java
//SOURCES ../support/Program.java
//SOURCES ../support/Scratch.java
//SOURCES ../support/Tools.java

/** Archives from a pipe. */
class PipedTest {
    private final DebianRegistry registry = DebianRegistry.start(Scratch.folder("piped"));

    @TempDir
    Path folder;

    private Path temporary;

    @BeforeEach
    void image() throws IOException {
        byte[] layer = new byte[200_000];
        new Random(4).nextBytes(layer);
        LayoutWriter layout = new LayoutWriter(folder.resolve("layout"));
        layout.tag("1", layout.image(LayoutWriter.linux("amd64", ""), List.of(layout.layer(layer, ""))));
        temporary = Files.createDirectory(folder.resolve("temporary"));
    }

    @AfterEach
    void close() {
        registry.close();
    }

    private Program.Result push(byte[] stdin, String... arguments) {
        return Dray.script("push", arguments).in(folder).env("TMPDIR", temporary.toString()).stdin(stdin).limit(120).run();
    }

    private void nothingIsLeft() throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            assertEquals(List.of(), files.toList());
        }
    }

    private void refused(int code, String words, byte[] stdin, String... arguments) throws IOException {
        Program.Result result = push(stdin, arguments);
        assertEquals(code, result.exitCode(), result.toString());
        assertTrue(result.stderr().contains(words), result.stderr());
        nothingIsLeft();
    }

    @Test
    void should_push_what_comes_by_a_pipe_as_it_would_the_file() throws IOException {
        Tools.assumeInstalled("skopeo");
        for (String kind : List.of("docker-archive", "oci-archive")) {
            Program.run("skopeo", "copy", "--quiet", "--insecure-policy", "oci:" + folder.resolve("layout") + ":1", kind + ":" + folder.resolve(kind) + ":app:1").orFail();
            Program.Result piped = push(Files.readAllBytes(folder.resolve(kind)), "-", registry.image("piped:" + kind)).orFail();
            Program.Result file = push(new byte[0], kind, registry.image("file:" + kind)).orFail();
            assertEquals(file.text().replaceFirst(".*@", ""), piped.text().replaceFirst(".*@", ""));
            nothingIsLeft();
        }
    }

    @Test
    void should_leave_nothing_behind_where_it_fails() throws IOException {
        refused(2, "nothing came on stdin", new byte[0], "-", registry.image("app:1"));
        refused(5, "stdin.tar", new byte[3000], "-", registry.image("app:1"));
        refused(2, "either the image or the password", new byte[3000], "-u", "alice", "--password-stdin", "-", registry.image("app:1"));
    }

    @Test
    void should_leave_nothing_behind_where_it_is_ended() throws IOException {
        Program.run("tar", "-cf", folder.resolve("layout.tar").toString(), "-C", folder.resolve("layout").toString(), ".").orFail();
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Program.Running pushing = Dray.script("push", "-", "127.0.0.1:" + silent.getLocalPort() + "/app:1").in(folder)
                    .env("TMPDIR", temporary.toString()).stdin(Files.readAllBytes(folder.resolve("layout.tar"))).limit(60).start();
            silent.accept(); // by then the archive has been read
            assertEquals(1, temporary.toFile().list().length);
            pushing.process().destroy();
            pushing.process().onExit().join();
            nothingIsLeft();
        }
    }

    @Test
    void should_say_how_a_pipe_is_given() throws IOException {
        Program.run("mkfifo", folder.resolve("pipe").toString()).orFail();
        refused(2, "push -", new byte[0], "pipe", registry.image("app:1"));
    }
}
