package tests.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import lib.image.Digest;
import lib.text.Json;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Dray;
import tests.support.FlakyRegistry;
import tests.support.Program;

//SOURCES ../support/Dray.java
//SOURCES ../support/FlakyRegistry.java
//SOURCES ../support/Program.java

/** What the tests of this room share: a registry with faults, an image of three layers, and what an undisturbed pull makes of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class Pulling {
    static final int SEGMENT = 256 * 1024;
    static final int LARGE = 3_000_000;
    static final int MIDDLE = 700_001;
    static final int SMALL = 513;
    Path folder;

    final FlakyRegistry registry = new FlakyRegistry();
    final String image = registry.image("1", new long[] {1, 2, 3}, LARGE, MIDDLE, SMALL);
    /** The sizes of the layers and the config. */
    long imageSize;
    private Digest undisturbed;

    @BeforeAll
    void pull_undisturbed(@TempDir Path other) throws IOException {
        folder = other;
        pull("undisturbed.tar").orFail();
        undisturbed = digest("undisturbed.tar");
        imageSize = LARGE + MIDDLE + SMALL + configSize();
    }

    private long configSize() throws IOException {
        try (InputStream manifest = URI.create("http://" + registry.host() + "/v2/app/manifests/1").toURL().openStream()) {
            return Json.object(manifest.readAllBytes(), "the manifest").path("config").path("size").asLong();
        }
    }

    @BeforeEach
    void has_no_faults(@TempDir Path fresh) {
        folder = fresh;
        registry.image("1", new long[] {1, 2, 3}, LARGE, MIDDLE, SMALL);
        registry.behave(request -> tests.support.Reply.RIGHT);
        registry.gate(authorization -> 200);
    }

    @AfterAll
    void close() {
        registry.close();
    }

    /** Returns a layer as the registry makes it from a seed. */
    static byte[] layer(long seed, int size) {
        byte[] layer = new byte[size];
        new Random(seed).nextBytes(layer);
        return layer;
    }

    Program script(String archive, String... more) {
        List<String> arguments = new ArrayList<>(List.of("--platform", "linux/amd64", "-q", "--segment", "256K", "--connections", "4", "-o", archive));
        arguments.addAll(List.of(more));
        arguments.add(image);
        return Dray.script("pull", arguments.toArray(String[]::new)).in(folder);
    }

    Program.Result pull(String archive, String... more) {
        return script(archive, more).run();
    }

    Digest digest(String file) {
        try {
            return Digest.of(Files.readAllBytes(folder.resolve(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The archive has the bytes it would have had without the fault, and nothing is left beside it. */
    void assertRight(String archive) {
        assertEquals(undisturbed, digest(archive));
        assertFalse(Files.exists(folder.resolve(archive + ".part")), "the part file was left");
        assertFalse(Files.exists(folder.resolve(archive + ".part.journal")), "the journal was left");
    }

    /** The pull failed with this code and one sentence, and gave no file its name. */
    void assertFailed(int code, String words, Program.Result result, String archive) {
        assertEquals(code, result.exitCode(), result.toString());
        assertTrue(result.stderr().contains(words), result.stderr());
        assertFalse(result.stderr().contains("\tat "), "a stack trace");
        assertFalse(Files.exists(folder.resolve(archive)), "the archive has its name");
    }
}
