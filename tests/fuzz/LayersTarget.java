package tests.fuzz;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.store.files.FlatTar;
import lib.store.rootfs.RootFs;
import tests.store.TarMaker;

//SOURCES ../store/TarMaker.java

/**
 * Whatever entries the layers of an image have, in whatever order, nothing outside the root folder changes.
 * Each input is a program: a byte chooses what comes next, and others the names, from a few that meet each other often.
 */
public final class LayersTarget {
    private static final int MOST_ENTRIES = 40;
    private static final int MOST_LAYERS = 4;
    private static final String NEXT_LAYER = "|";
    private static final String[] KINDS = {"0", "0", "5", "5", "2", "2", "1", "1", NEXT_LAYER, "7", "g", "?"};

    private final Path around;
    private final String[] words;
    private final byte[] input;
    private int at;

    private LayersTarget(byte[] input, Path around) {
        this.input = input;
        this.around = around;
        this.words = new String[] {"a", "b", "c", "outside", "file", ".", "..", "", "root", ".wh.a", ".wh.b", ".wh..wh..opq", ".wh..wh.plnk", ".wh...", ".wh.", around.toString(),
            "\u00e9", "\n", "a\\b", "x".repeat(90)};
    }

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        Path around = Files.createTempDirectory("fuzz");
        try {
            Path outside = Files.createDirectory(around.resolve("outside"));
            Files.writeString(outside.resolve("file"), "untouched");
            String before = look(outside);
            new LayersTarget(input, around).extract();
            if (!look(outside).equals(before)) {
                throw new AssertionError("the outside has changed from " + before + " to " + look(outside));
            }
            if (!names(around).equals(List.of("outside", "root")) && !names(around).equals(List.of("outside"))) {
                throw new AssertionError("something was written beside the root folder: " + names(around));
            }
        } finally {
            delete(around);
        }
    }

    private void extract() throws IOException {
        List<byte[]> layers = layers();
        List<Descriptor> descriptors = layers.stream().map(layer -> new Descriptor("", Digest.of(layer), layer.length, null, null)).toList();
        List<Digest> unknown = new ArrayList<>(descriptors.stream().map(layer -> (Digest) null).toList());
        boolean refused = false;
        try {
            RootFs.into(around.resolve("root"), List.of())
                    .apply(descriptors, unknown, blob -> new ByteArrayInputStream(layers.get(descriptors.indexOf(blob))), 1 << 20);
        } catch (WrongContentException e) {
            refused = true;
        }
        try {
            FlatTar.write(descriptors, unknown, blob -> new ByteArrayInputStream(layers.get(descriptors.indexOf(blob))), List.of(), 1 << 20, OutputStream.nullOutputStream());
            if (refused) {
                throw new AssertionError("refused as a folder, but not as a tar");
            }
        } catch (WrongContentException e) {
            if (!refused) {
                throw new AssertionError("refused as a tar, but not as a folder", e);
            }
        }
    }

    private List<byte[]> layers() {
        List<byte[]> layers = new ArrayList<>();
        TarMaker tar = new TarMaker();
        for (int entries = 0; at < input.length && entries < MOST_ENTRIES && layers.size() < MOST_LAYERS; entries++) {
            String kind = KINDS[next(KINDS.length)];
            switch (kind) {
                case NEXT_LAYER -> {
                    layers.add(tar.end());
                    tar = new TarMaker();
                }
                case "0" -> tar.file(path(), "new");
                case "5" -> tar.folder(path(), next(2) == 0 ? 0755 : 0);
                default -> tar.entry(kind.charAt(0), path(), path(), 0, 0644);
            }
        }
        layers.add(tar.end());
        return layers;
    }

    private String path() {
        StringBuilder path = new StringBuilder(words[next(words.length)]);
        for (int parts = next(4); parts > 0; parts--) {
            path.append('/').append(words[next(words.length)]);
        }
        return path.toString();
    }

    private int next(int most) {
        return at < input.length ? (input[at++] & 0xff) % most : 0;
    }

    private static String look(Path folder) throws IOException {
        StringBuilder seen = new StringBuilder(Files.getLastModifiedTime(folder).toString());
        for (String name : names(folder)) {
            Path file = folder.resolve(name);
            seen.append(' ').append(name).append(Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Files.readString(file, StandardCharsets.ISO_8859_1) : " is no file");
            seen.append(Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS)).append(Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
        }
        return seen.toString();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
