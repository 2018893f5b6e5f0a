package tests.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.store.files.FlatTar;
import lib.store.rootfs.RootFs;
import tests.support.Program;
import tests.support.Scratch;

//SOURCES Tree.java
//SOURCES ../support/Program.java
//SOURCES ../support/Scratch.java

/** An image of layers in memory, to be extracted into a folder that has another one beside it, which nothing may change. */
final class Image {
    private final List<byte[]> layers;
    private final List<Digest> diffIds = new ArrayList<>();
    private final Path around = Scratch.folder("image");
    private List<String> chosen = List.of();
    private long most = 1 << 30;

    /** @param layers the lowest first, as they are stored */
    Image(byte[]... layers) {
        this.layers = List.of(layers);
        this.layers.forEach(layer -> diffIds.add(null));
        try {
            Files.createDirectory(around.resolve("outside"));
            Files.writeString(around.resolve("outside/file"), "untouched");
            Files.createSymbolicLink(around.resolve("outside/link"), Path.of("file"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The folder that extracting must not touch; it is a sibling of the root folder. */
    Path outside() {
        return around.resolve("outside");
    }

    Path root() {
        return around.resolve("root");
    }

    Image choose(String... paths) {
        chosen = List.of(paths);
        return this;
    }

    Image maxSize(long bytes) {
        most = bytes;
        return this;
    }

    Image diffId(int layer, Digest digest) {
        diffIds.set(layer, digest);
        return this;
    }

    /** Extracts into a folder, and makes sure that a tar of the same files is the same. */
    RootFs.Report extract() throws IOException {
        RootFs.Report report = intoFolder();
        Path flat = Files.createDirectory(around.resolve("flat"));
        new Program("tar", "--numeric-owner", "-xpf", "-", "-C", flat.toString()).stdin(asTar()).run().orFail();
        Map<String, String> expected = new TreeMap<>(Tree.ofUser(root()));
        Map<String, String> actual = new TreeMap<>(Tree.ofUser(flat));
        expected.remove("");
        actual.remove(""); // a tar says nothing of the folder that it is unpacked into
        assertEquals(expected, actual);
        return report;
    }

    private RootFs.Report intoFolder() throws IOException {
        Map<String, String> before = Tree.ofUser(outside());
        try {
            return RootFs.into(root(), chosen).apply(descriptors(), diffIds, this::stored, most);
        } finally {
            assertEquals(before, Tree.ofUser(outside()));
        }
    }

    /** Returns a tar of all that the layers make. */
    byte[] asTar() throws IOException {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        FlatTar.write(descriptors(), diffIds, this::stored, chosen, most, tar);
        return tar.toByteArray();
    }

    private List<Descriptor> descriptors() {
        return layers.stream().map(layer -> new Descriptor("", Digest.of(layer), layer.length, null, null)).toList();
    }

    private InputStream stored(Descriptor blob) {
        return new ByteArrayInputStream(layers.get(descriptors().indexOf(blob)));
    }

    /** Makes sure that extracting is refused with these words in the message, into a folder as well as into a tar. */
    void refused(String... words) {
        String message = assertThrows(WrongContentException.class, this::intoFolder).getMessage();
        String ofTar = assertThrows(WrongContentException.class, this::asTar).getMessage();
        for (String word : words) {
            assertTrue(message.contains(word), message);
            assertTrue(ofTar.contains(word), ofTar);
        }
        assertTrue(message.endsWith(root() + " is incomplete"), message);
    }

    /** Extracts, and returns the content of a file of it. */
    String content(String path) throws IOException {
        if (!Files.exists(root())) {
            extract();
        }
        return Files.readString(root().resolve(path));
    }
}
