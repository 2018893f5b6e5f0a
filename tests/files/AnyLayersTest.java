package tests.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import lib.failure.NotFoundException;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.store.files.FileContents;
import lib.store.files.FlatTar;
import lib.store.layer.Layers;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import tests.store.TarMaker;

//SOURCES ../store/TarMaker.java

/**
 * Layers of a few names in any order, with links and whiteouts that cross each other: what is read from the top down, as far as needed,
 * is what is left when all layers are applied from the bottom up.
 */
@Tag("slow")
class AnyLayersTest {
    private static final int IMAGES = 400;
    private static final List<String> NAMES = List.of("a", "b", "c");

    private final Random random = new Random(7);
    private int content;

    @Test
    void should_find_from_the_top_what_all_layers_make() throws IOException {
        int good = 0;
        int files = 0;
        for (int i = 0; i < IMAGES; i++) {
            List<byte[]> layers = new ArrayList<>();
            for (int layer = random.nextInt(4); layer >= 0; layer--) {
                layers.add(layer());
            }
            ByteArrayOutputStream flat = new ByteArrayOutputStream();
            try {
                Layers all = layers(layers);
                FlatTar.write(all.descriptors(), all.diffIds(), all.stored(), List.of(), 1 << 20, flat);
            } catch (WrongContentException e) {
                continue; // refused, which makes no file system
            }
            good++;
            for (String path : paths()) {
                String expected = content(layers(List.of(flat.toByteArray())), path);
                assertEquals(expected, content(layers(layers), path), path + " of image " + i);
                files += expected.startsWith("content") ? 1 : 0;
            }
        }
        assertTrue(good > IMAGES / 5 && files > IMAGES / 5, good + " images with " + files + " files");
    }

    @Test
    void should_say_that_a_layer_is_encrypted() {
        byte[] layer = new byte[2000];
        Descriptor encrypted = new Descriptor("application/vnd.oci.image.layer.v1.tar+gzip+encrypted", Digest.of(layer), layer.length, null, null);
        Layers layers = new Layers(List.of(encrypted), Collections.singletonList(null), blob -> new ByteArrayInputStream(layer), null, 1 << 20);
        for (Executable read : List.<Executable>of(
                () -> FlatTar.write(layers.descriptors(), layers.diffIds(), layers.stored(), List.of(), 1 << 20, new ByteArrayOutputStream()),
                () -> content(layers, "hello"))) {
            String said = assertThrows(WrongContentException.class, read).getMessage();
            assertTrue(said.startsWith("layer " + Digest.of(layer) + " is encrypted ("), said);
        }
    }

    private static String content(Layers layers, String path) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (FileContents contents = FileContents.of(layers, List.of(path), false)) {
            contents.writeTo(out);
            return out.toString();
        } catch (NotFoundException e) {
            return "missing";
        } catch (IllegalArgumentException e) {
            return "folder";
        }
    }

    private byte[] layer() {
        TarMaker tar = new TarMaker();
        for (int i = random.nextInt(6); i >= 0; i--) {
            String path = path();
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> tar.file(path, "content " + content++);
                case 3, 4, 5 -> tar.folder(path);
                case 6 -> tar.symbolicLink(path, (random.nextBoolean() ? "/" : random.nextBoolean() ? "../" : "") + path());
                case 7 -> tar.hardLink(path, path());
                case 8 -> tar.file(path.replaceFirst("[^/]*$", ".wh.$0"), "");
                default -> tar.file(path + "/.wh..wh..opq", "");
            }
        }
        return tar.end();
    }

    private String path() {
        String path = (random.nextInt(8) == 0 ? "/" : "") + NAMES.get(random.nextInt(NAMES.size()));
        return random.nextInt(3) == 0 ? path : random.nextInt(4) == 0 ? path + "/" + path() : path + "/" + NAMES.get(random.nextInt(NAMES.size()));
    }

    private static List<String> paths() {
        List<String> paths = new ArrayList<>(NAMES);
        for (String one : NAMES) {
            for (String two : NAMES) {
                paths.add(one + "/" + two);
                NAMES.forEach(three -> paths.add(one + "/" + two + "/" + three));
            }
        }
        return paths;
    }

    private static Layers layers(List<byte[]> tars) {
        List<Descriptor> descriptors = tars.stream().map(tar -> new Descriptor("", Digest.of(tar), tar.length, null, null)).toList();
        return new Layers(descriptors, Collections.nCopies(tars.size(), null), blob -> new ByteArrayInputStream(tars.get(descriptors.indexOf(blob))), null, 1 << 20);
    }
}
