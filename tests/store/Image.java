package tests.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.WrongContent;
import lib.store.RootFs;
import tests.support.Scratch;

//SOURCES Tree.java
//SOURCES ../../lib/image/Descriptor.java
//SOURCES ../../lib/image/Digest.java
//SOURCES ../../lib/image/WrongContent.java
//SOURCES ../../lib/store/RootFs.java
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

    RootFs.Report extract() throws IOException {
        Map<String, String> before = Tree.ofUser(outside());
        List<Descriptor> descriptors = layers.stream().map(layer -> new Descriptor("", Digest.of(layer), layer.length, null, null)).toList();
        try {
            return RootFs.into(root(), chosen).apply(descriptors, diffIds, blob -> new ByteArrayInputStream(layers.get(descriptors.indexOf(blob))), most);
        } finally {
            assertEquals(before, Tree.ofUser(outside()));
        }
    }

    /** Extracts, and makes sure that it is refused with these words in the message. */
    void refused(String... words) {
        String message = assertThrows(WrongContent.class, this::extract).getMessage();
        for (String word : words) {
            assertTrue(message.contains(word), message);
        }
    }

    /** Extracts, and returns the content of a file of it. */
    String content(String path) throws IOException {
        if (!Files.exists(root())) {
            extract();
        }
        return Files.readString(root().resolve(path));
    }
}
