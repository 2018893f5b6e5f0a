package tests.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.store.layer.LayerTar;
import lib.store.layer.LayersAhead;
import lib.store.layer.UnpackLimit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.store.TarMaker;
import tests.support.Dray;
import tests.support.LayoutWriter;
import tests.support.Program;
import tests.support.Tools;

//SOURCES ../store/TarMaker.java
//SOURCES ../support/Dray.java
//SOURCES ../support/LayoutWriter.java
//SOURCES ../support/Program.java
//SOURCES ../support/Tools.java

/** Layers that are read while another one is written: more of them than there is memory for. */
class LayersAheadTest {
    private static final int LAYERS = 3;
    private static final int SIZE = 40_000_000;

    @TempDir
    Path folder;

    private final AtomicLong read = new AtomicLong();

    @Test
    void should_read_on_while_the_first_layer_is_not_written_yet() throws IOException {
        try (LayersAhead ahead = ahead()) {
            LayerTar first = ahead.next();
            long all = (long) LAYERS * SIZE;
            for (int look = 0; look < 24_000 && read.get() < all; look++) {
                Program.pause(5);
            }
            assertTrue(read.get() >= all, "only " + read.get() + " bytes of " + all);
            assertEquals(expected(), List.of(digest(first), digest(ahead.next()), digest(ahead.next())));
        }
    }

    @Test
    void should_go_on_with_little_room_where_nothing_can_be_written_on_the_side() throws IOException {
        layout();
        Path beside = Files.createDirectory(folder.resolve("beside"));
        for (Path temporary : List.of(beside, folder.resolve("missing"))) {
            assertExtracted(folder.resolve("root of " + temporary.getFileName()), temporary);
        }
        assertEquals(List.of(), names(beside));
    }

    /** There is room for what is extracted, and not for what is read ahead besides. */
    @Test
    void should_not_take_the_room_of_what_is_extracted() throws IOException {
        Tools.assumeRoot();
        layout();
        Path small = Files.createDirectory(folder.resolve("small"));
        Program.run("mount", "-t", "tmpfs", "-o", "size=140m", "tmpfs", small.toString()).orFail();
        try {
            assertExtracted(small.resolve("root"), small);
            assertEquals(List.of("root"), names(small));
        } finally {
            Program.run("umount", small.toString());
        }
    }

    private void layout() {
        LayoutWriter layout = new LayoutWriter(folder.resolve("layout"));
        List<LayoutWriter.Layer> layers = new ArrayList<>();
        for (int layer = 0; layer < LAYERS; layer++) {
            layers.add(layout.layer(new TarMaker().file("file" + layer, text(layer)).end(), "gzip"));
        }
        layout.tag("1", layout.image(LayoutWriter.linux("amd64", ""), layers));
    }

    private void assertExtracted(Path root, Path temporary) throws IOException {
        Dray.script("extract", "layout", "-C", root.toString()).in(folder).env("TMPDIR", temporary.toString()).run().orFail();
        for (int layer = 0; layer < LAYERS; layer++) {
            assertEquals(text(layer), Files.readString(root.resolve("file" + layer)));
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static String text(int layer) {
        return ("layer " + layer + "\n").repeat(SIZE / 8);
    }

    private LayersAhead ahead() {
        List<Descriptor> layers = IntStream.range(0, LAYERS)
                .mapToObj(layer -> new Descriptor("application/vnd.oci.image.layer.v1.tar", Digest.of(new byte[] {(byte) layer}), SIZE, null, null)).toList();
        return new LayersAhead(layers, Collections.nCopies(LAYERS, null), layer -> new Counted(tar(layers.indexOf(layer))), new UnpackLimit(Long.MAX_VALUE));
    }

    /** A tar of one file that is not the same anywhere. */
    private static InputStream tar(int layer) {
        InputStream header = new ByteArrayInputStream(new TarMaker().entry('0', "file", "", SIZE, 0644).unfinished());
        return new SequenceInputStream(header, new Numbers(layer));
    }

    private List<Digest> expected() throws IOException {
        List<Digest> digests = new ArrayList<>();
        for (int layer = 0; layer < LAYERS; layer++) {
            digests.add(Digest.of(new Numbers(layer).readNBytes(SIZE)));
        }
        return digests;
    }

    private static Digest digest(LayerTar tar) throws IOException {
        List<Digest> found = new ArrayList<>();
        tar.visit((entry, content) -> found.add(Digest.of(content.readNBytes(SIZE))), new UnpackLimit(Long.MAX_VALUE));
        return found.get(0);
    }

    /** As many bytes as a file of the size takes in a tar, which tell where in which layer they are, and the end of the tar. */
    private static final class Numbers extends InputStream {
        private static final int ALL = (SIZE + 511) / 512 * 512 + 1024;

        private final int layer;
        private int at;

        Numbers(int layer) {
            this.layer = layer;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            int count = Math.min(length, ALL - at);
            for (int i = 0; i < count; i++, at++) {
                bytes[offset + i] = (byte) (at < SIZE ? (at >> 16) * 31 + at + layer : 0);
            }
            return count == 0 && length > 0 ? -1 : count;
        }
    }

    private final class Counted extends FilterInputStream {
        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = super.read(bytes, offset, length);
            read.addAndGet(Math.max(0, count));
            return count;
        }
    }
}
