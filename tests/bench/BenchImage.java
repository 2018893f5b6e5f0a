package tests.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import lib.image.Digest;
import lib.image.MediaType;
import lib.text.Json;

//SOURCES BenchRegistry.java
//SOURCES LayerFile.java
//SOURCES Pieces.java

/**
 * An image in a registry.
 *
 * @param name  its full name, such as {@code localhost:40123/bench/five:1}
 * @param blobs the addresses of its layers
 * @param size  of all its layers as they are stored, in bytes
 */
record BenchImage(String name, List<String> blobs, long size) {
    private static final int FILES_A_FOLDER = 40;

    /** Makes an image of so many layers, which have this size together, from these pieces, and pushes it to the registry. */
    static BenchImage push(BenchRegistry registry, Path scratch, String repository, Pieces pieces, int layers, long size) throws IOException {
        ObjectNode config = Json.newObject().put("architecture", "amd64").put("os", "linux");
        config.putObject("rootfs").put("type", "layers").putArray("diff_ids");
        ObjectNode manifest = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_MANIFEST);
        manifest.putObject("config");
        manifest.putArray("layers");
        List<String> addresses = new ArrayList<>();
        long total = 0;
        for (int number = 1; number <= layers; number++) {
            Path file = scratch.resolve("layer");
            LayerFile layer = new LayerFile(file);
            try (layer) {
                fill(layer, number, pieces, size / layers);
            }
            Digest digest = layer.digest();
            config.withObject("/rootfs").withArray("diff_ids").add(layer.diffId().toString());
            manifest.withArray("layers").add(descriptor("application/vnd.oci.image.layer.v1.tar+gzip", digest, layer.size()));
            registry.putBlob(repository, digest, file);
            Files.delete(file);
            addresses.add("http://" + registry.host() + "/v2/" + repository + "/blobs/" + digest);
            total += layer.size();
        }
        byte[] bytes = Json.bytes(config);
        registry.putBlob(repository, Digest.of(bytes), Files.write(scratch.resolve("config"), bytes));
        manifest.set("config", descriptor("application/vnd.oci.image.config.v1+json", Digest.of(bytes), bytes.length));
        registry.putManifest(repository, "1", Json.bytes(manifest));
        return new BenchImage(registry.host() + "/" + repository + ":1", addresses, total);
    }

    /** Returns the same image as it is reached through another host. */
    BenchImage at(String oldHost, String newHost) {
        return new BenchImage(name.replace(oldHost, newHost), blobs.stream().map(url -> url.replace(oldHost, newHost)).toList(), size);
    }

    /** Returns the same image as it is reached over TLS through another host. */
    BenchImage overTls(String oldHost, String newHost) {
        BenchImage there = at(oldHost, newHost);
        return new BenchImage(there.name, there.blobs.stream().map(url -> url.replaceFirst("^http:", "https:")).toList(), size);
    }

    private static ObjectNode descriptor(String mediaType, Digest digest, long size) {
        return Json.newObject().put("mediaType", mediaType).put("digest", digest.toString()).put("size", size);
    }

    /** Folders of files and links. Every twentieth file of a higher layer replaces one of the lowest, and some are hidden by marks. */
    private static void fill(LayerFile layer, int number, Pieces pieces, long size) throws IOException {
        Random random = new Random(number);
        for (int i = 0; layer.size() < size; i++) {
            String folder = "usr/lib/" + number + "/" + i / FILES_A_FOLDER;
            if (i == 0) {
                layer.folder("usr/lib/" + number);
            }
            if (i % FILES_A_FOLDER == 0) {
                layer.folder(folder);
                layer.symbolicLink(folder + "/link", "file-" + i);
            }
            layer.file(folder + "/file-" + i, pieces.any(random));
            if (i % FILES_A_FOLDER == 0) {
                layer.hardLink(folder + "/twin", folder + "/file-" + i);
            }
            if (number > 1 && i % 20 == 10 && layer.size() < size / 2) {
                layer.file("usr/lib/1/" + i / FILES_A_FOLDER + "/file-" + i, pieces.any(random));
                layer.mark("usr/lib/1/" + i / FILES_A_FOLDER + "/.wh.file-" + (i + number));
            }
        }
    }
}
